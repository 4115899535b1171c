package model

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"convexgateway/convex/spec"
)

// Bounds of messages; what is over them is google.protobuf.Value.
const (
	maxMessageDepth = 30   // messages within each other
	maxFields       = 1000 // fields of an object
)

// place is where a value is.
type place struct {
	message string // the name of a message for the value itself
	inner   string // what messages for values within it are named by
	depth   int    // messages around it
}

// at returns the place of something within the one of a message's name or another prefix.
func (p place) at(step string) place { return place{p.inner + step, p.inner + step, p.depth} }

// old is what the lock has at a place: a message, and the label of its field. The zero value is nothing.
type old struct {
	message protoreflect.MessageDescriptor
	label   Label
}

// as returns what is there with a label: messages are for single values, or for elements.
func (o old) as(label Label) old {
	if o.label != label {
		return old{}
	}
	return o
}

// oldOf returns what a field of the lock has; nil has nothing.
func oldOf(fd protoreflect.FieldDescriptor) old {
	switch {
	case fd == nil:
		return old{}
	case fd.IsMap():
		return old{fd.MapValue().Message(), Map}
	case fd.IsList():
		return old{fd.Message(), Repeated}
	}
	return old{fd.Message(), Single}
}

// field returns the slot of a field whose presence is Required or Optional.
func (b *fileBuilder) field(p place, v spec.Validator, presence Presence, locked old) Slot {
	a := alternativesOf(v)
	if a.nullable && a.count() == 1 && presence == Required && !a.any {
		slot := b.single(p, v, a, locked.as(Single))
		slot.Presence, slot.Doc = Nullable, sentence(slot.Doc, "Absent is null.")
		return slot
	}
	if presence == Required && !a.nullable && a.count() == 1 {
		switch {
		case len(a.arrays) == 1:
			return b.element(p.at("Item"), a.arrays[0].Element, locked.as(Repeated), Repeated)
		case len(a.records) == 1:
			slot := b.element(p.at("Value"), a.records[0].Values, locked.as(Map), Map)
			slot.Doc = sentence(slot.Doc, docOfKeys(a.records[0].Keys))
			return slot
		}
	}
	slot := b.value(p, v, locked.as(Single))
	slot.Presence = presence
	return slot
}

// element returns the slot of a list or a map.
func (b *fileBuilder) element(p place, v spec.Validator, locked old, label Label) Slot {
	slot := b.value(p, v, locked)
	slot.Label = label
	return slot
}

// value returns the slot of a value that is there.
func (b *fileBuilder) value(p place, v spec.Validator, locked old) Slot {
	a := alternativesOf(v)
	switch {
	case a.count() == 0 && a.nullable && !a.any:
		return Slot{Kind: Null}
	case a.count() == 1 && !a.nullable && !a.any:
		return b.single(p, v, a, locked)
	case a.any || a.count() == 0 || !a.apart() || p.depth >= maxMessageDepth:
		return anySlot(v)
	}
	return b.message(p, Union, locked, func(m *Message, was protoreflect.MessageDescriptor) { b.unionFields(m, p.depth, a, was) })
}

// single returns the slot of a value that has one member besides null.
func (b *fileBuilder) single(p place, v spec.Validator, a alternatives, locked old) Slot {
	switch {
	case len(a.scalars) == 1:
		return Slot{Kind: a.scalars[0], Doc: docOf(v)}
	case p.depth >= maxMessageDepth:
		return anySlot(v)
	case len(a.arrays) == 1:
		return b.message(p, List, locked, func(m *Message, was protoreflect.MessageDescriptor) {
			b.valuesField(m, was, func(locked old) Slot {
				return b.element(place{p.inner + "Item", p.inner + "Item", p.depth + 1}, a.arrays[0].Element, locked.as(Repeated), Repeated)
			})
		})
	case len(a.records) == 1:
		return b.message(p, Record, locked, func(m *Message, was protoreflect.MessageDescriptor) {
			b.valuesField(m, was, func(locked old) Slot {
				slot := b.element(place{p.inner + "Value", p.inner + "Value", p.depth + 1}, a.records[0].Values, locked.as(Map), Map)
				slot.Doc = sentence(slot.Doc, docOfKeys(a.records[0].Keys))
				return slot
			})
		})
	case len(a.objects[0].Fields) > maxFields:
		return anySlot(v)
	}
	return b.message(p, Object, locked, func(m *Message, was protoreflect.MessageDescriptor) {
		b.objectFields(m, place{inner: m.Name, depth: p.depth + 1}, a.objects[0], was)
	})
}

// anySlot is the slot of values that protobuf has no type for.
func anySlot(v spec.Validator) Slot {
	doc := "Any value, in Convex's encoded JSON."
	if v != spec.Any {
		doc = "In Convex's encoded JSON."
	}
	return Slot{Kind: Any, Doc: doc}
}

// message makes the message of a place. fill makes its fields, from those of the message in the lock, which is nil if there is none.
func (b *fileBuilder) message(p place, form Form, locked old, fill func(*Message, protoreflect.MessageDescriptor)) Slot {
	m, was := b.newMessage(p.message, form, locked.message)
	fill(m, was)
	return Slot{Kind: OfMessage, Message: m}
}

// newMessage makes a message with the name that it has in the lock, if it is there and nothing else has taken it yet, or a new one.
func (b *fileBuilder) newMessage(name string, form Form, was protoreflect.MessageDescriptor) (*Message, protoreflect.MessageDescriptor) {
	if was != nil && (b.locked == nil || was.ParentFile() != b.locked || b.used[string(was.Name())]) {
		was = nil
	}
	m := &Message{Form: form}
	if was != nil {
		m.Name = string(was.Name())
	} else {
		m.Name = b.taken.free(name, "", nil)
		b.isNew("the message %s", m.Name)
	}
	b.taken[m.Name], b.used[m.Name] = true, true
	b.file.Messages = append(b.file.Messages, m)
	return m, was
}

// Texts of comments.

// maxDocLiterals is how many literals a comment lists.
const maxDocLiterals = 20

// docOf describes what of a scalar is not in its type.
func docOf(v spec.Validator) string {
	members := []spec.Validator{v}
	if u, ok := v.(spec.Union); ok {
		members = u.Members
	}
	var literals, others []string
	for _, member := range members {
		switch m := member.(type) {
		case spec.Literal:
			literals = append(literals, literalOf(m).canonical)
		case spec.ID:
			others = append(others, "an id of the table "+m.Table)
		case spec.Scalar:
			if doc := scalarDocs[m]; doc != "" {
				others = append(others, doc)
			}
		}
	}
	if len(literals) > maxDocLiterals {
		literals = append(literals[:maxDocLiterals], "another one")
	}
	doc := strings.Join(append(literals, others...), " or ")
	switch {
	case literals == nil && (len(others) == 0 || len(others) == 1 && strings.HasPrefix(doc, "any ")):
		return ""
	case literals != nil && others == nil:
		return fmt.Sprintf("%s; a newer deployment may have others.", upperFirst(doc))
	}
	return upperFirst(doc) + "."
}

// scalarDocs are of scalars beside others.
var scalarDocs = map[spec.Scalar]string{
	spec.Handle: "a function handle", spec.CommitTS: "the time of a commit", spec.String: "any string", spec.Int64: "any int64", spec.Number: "any number",
}

func docOfKeys(keys spec.Validator) string {
	if keys == spec.String {
		return ""
	}
	return "Each key: " + strings.TrimSuffix(lowerFirst(docOf(keys)), ".") + "."
}

func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// sentence joins two sentences, of which each may be empty.
func sentence(a, b string) string { return strings.TrimSpace(a + " " + b) }
