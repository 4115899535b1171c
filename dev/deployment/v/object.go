package v

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// ObjectField is one field of an Object.
type ObjectField struct {
	name      string
	validator Validator
	optional  bool
}

// FieldOption changes a field.
type FieldOption func(*ObjectField)

// Optional permits that a field is absent. It does not permit null; Nullable does.
func Optional(f *ObjectField) { f.optional = true }

// Field names a field of an Object.
func Field(name string, validator Validator, options ...FieldOption) ObjectField {
	f := ObjectField{name: name, validator: validator}
	for _, option := range options {
		option(&f)
	}
	return f
}

// Object accepts objects of exactly these fields: a further field is a mismatch.
func Object(fields ...ObjectField) Validator {
	o := object(slices.Clone(fields))
	slices.SortFunc(o, func(a, b ObjectField) int { return cmp.Compare(a.name, b.name) })
	return o
}

// object is sorted by name.
type object []ObjectField

func (o object) String() string {
	shown := make([]string, len(o))
	for i, f := range o {
		shown[i] = f.name + ": " + f.validator.String()
		if f.optional {
			shown[i] = f.name + ": v.optional(" + f.validator.String() + ")"
		}
	}
	return "v.object({" + strings.Join(shown, ", ") + "})"
}

func (o object) check(value any, tables Tables) *Mismatch {
	given, ok := value.(map[string]any)
	if !ok {
		return noMatch(o, value)
	}
	for _, f := range o {
		if m := o.checkField(f, given, tables); m != nil {
			return m
		}
	}
	for _, name := range sortedNames(given) {
		if !slices.ContainsFunc(o, func(f ObjectField) bool { return f.name == name }) {
			return o.mismatch(fmt.Sprintf("Object contains extra field `%s` that is not in the validator.", name), given)
		}
	}
	return nil
}

func (o object) checkField(f ObjectField, given map[string]any, tables Tables) *Mismatch {
	value, present := given[f.name]
	switch {
	case present:
		if m := f.validator.check(value, tables); m != nil {
			return m.under("." + f.name)
		}
	case !f.optional:
		return o.mismatch(fmt.Sprintf("Object is missing the required field `%s`. Consider wrapping the field validator "+
			"in `v.optional(...)` if this is expected.", f.name), given)
	}
	return nil
}

func (o object) mismatch(text string, given map[string]any) *Mismatch {
	return &Mismatch{before: text + "\n", after: "\nObject: " + Show(given) + "\nValidator: " + o.String()}
}
