package kotlin

import (
	"cmp"
	"slices"

	"convexgateway/convex/spec"
	"convexgateway/server/typed/model"
)

// place is where a value is.
type place struct {
	name   string // of a type for the value itself
	inner  string // what types within it are named by
	locked model.Slot
}

// within returns the place of something within the value.
func (p place) within(step string, locked model.Slot) place {
	return place{p.inner + step, p.inner + step, locked}
}

// form returns the message of the value if it is of a form.
func (p place) form(form model.Form) *model.Message {
	if m := p.locked.Message; p.locked.Label == model.Single && m != nil && m.Form == form {
		return m
	}
	return nil
}

// elements returns what the lock has of the elements of an array or a record.
func (p place) elements() model.Slot {
	slot := p.locked
	for _, form := range []model.Form{model.List, model.Record} {
		if m := p.form(form); m != nil {
			slot = slotOf(m, "values")
		}
	}
	slot.Label = model.Single
	return slot
}

// member returns what the lock has of a member of a union. Where the union is one member and null, that is the value's own.
func (p place) member(json string) model.Slot {
	if m := p.form(model.Union); m != nil {
		return slotOf(m, json)
	}
	return p.locked
}

func slotOf(m *model.Message, json string) model.Slot {
	if f := m.Field(json); f != nil {
		return f.Slot
	}
	return model.Slot{}
}

// fieldOf is a field of an object, with what the lock has of it.
type fieldOf struct {
	spec.Field
	locked model.Slot
}

// fieldsOf returns the fields of an object in the order of their numbers: those that have to be there first.
func fieldsOf(o spec.Object, m *model.Message) []fieldOf {
	fields := make([]fieldOf, len(o.Fields))
	number := map[string]int{}
	for i, f := range o.Fields {
		fields[i].Field = f
		if m == nil {
			continue
		}
		if locked := m.Field(f.Name); locked != nil {
			fields[i].locked, number[f.Name] = locked.Slot, locked.Number
		}
	}
	rank := map[bool]int{false: 0, true: 1}
	slices.SortStableFunc(fields, func(a, b fieldOf) int {
		return cmp.Or(cmp.Compare(rank[a.Optional], rank[b.Optional]), cmp.Compare(number[a.Name], number[b.Name]))
	})
	return fields
}
