package model

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"google.golang.org/protobuf/reflect/protoreflect"

	"convexgateway/convex/spec"
)

// Numbers of fields that protobuf keeps for itself, and the last one.
const (
	firstKept, lastKept = 19000, 19999
	lastNumber          = 1<<29 - 1
)

// want is a field that a message has to have.
type want struct {
	json   string // by which the lock has it
	name   string // that a new one gets if it is free
	number int    // that a new one gets if it is free; 0: the next
	member bool
	when   []string
	slot   func(old) Slot
}

// fixed is a field of the gateway's own.
func fixed(name string, number int, slot Slot) want {
	return want{json: DefaultJSON(name), name: name, number: number, slot: func(old) Slot { return slot }}
}

// fill gives a message its fields: those of the lock with their names and numbers, if their values are the same on the wire, and new
// ones. Of new ones the first gets its name first. Numbers of fields that went elsewhere are reserved.
func (b *fileBuilder) fill(m *Message, was protoreflect.MessageDescriptor, wants []want) {
	f := filler{fileBuilder: b, m: m, names: fieldNames{names{}}, was: map[string]protoreflect.FieldDescriptor{}}
	if was != nil {
		f.readLock(was)
	}
	var fresh []*Field
	for _, w := range wants {
		fd := f.was[w.json]
		delete(f.was, w.json)
		field := &Field{JSON: w.json, Slot: w.slot(oldOf(fd)), Member: w.member, When: w.when}
		m.Fields = append(m.Fields, field)
		if fd != nil && b.fits(fd, field) {
			field.Name, field.Number = string(fd.Name()), int(fd.Number())
			f.names.take(field)
			continue
		}
		if fd != nil {
			f.reserve(int(fd.Number()))
		}
		field.Name, field.Number = w.name, w.number
		fresh = append(fresh, field)
	}
	f.keepGone()
	f.nameOneof(was)
	f.addNew(fresh)
	slices.SortFunc(m.Fields, func(x, y *Field) int { return cmp.Compare(x.Number, y.Number) })
}

// filler fills one message.
type filler struct {
	*fileBuilder
	m     *Message
	names fieldNames
	was   map[string]protoreflect.FieldDescriptor // by JSON name; those that are not wanted in the end
}

func (f *filler) readLock(was protoreflect.MessageDescriptor) {
	for i := range was.Fields().Len() {
		fd := was.Fields().Get(i)
		f.was[jsonOf(fd)] = fd
	}
	for i := range was.ReservedRanges().Len() {
		r := was.ReservedRanges().Get(i)
		f.m.Reserved = append(f.m.Reserved, Range{int(r[0]), int(r[1]) - 1})
	}
	for i := range was.ReservedNames().Len() {
		f.m.ReservedNames = append(f.m.ReservedNames, string(was.ReservedNames().Get(i)))
	}
}

func (f *filler) reserve(number int) { f.m.Reserved = append(f.m.Reserved, Range{number, number}) }

// keepGone keeps the fields of the lock that nothing wants, or, to prune, reserves their numbers and names.
func (f *filler) keepGone() {
	byNumber := func(a, b protoreflect.FieldDescriptor) int { return cmp.Compare(a.Number(), b.Number()) }
	for _, fd := range slices.SortedFunc(maps.Values(f.was), byNumber) {
		if f.prune {
			f.reserve(int(fd.Number()))
			f.m.ReservedNames = append(f.m.ReservedNames, string(fd.Name()))
			continue
		}
		field := f.goneField(fd)
		f.names.take(field)
		f.m.Fields = append(f.m.Fields, field)
		if field.Member {
			f.m.Oneof = string(fd.ContainingOneof().Name())
		}
	}
	slices.SortFunc(f.m.Reserved, compareRanges)
	f.m.Reserved = joined(f.m.Reserved)
}

// nameOneof gives the oneof of a message, if it has one, the name that it has in the lock, or one that is free.
func (f *filler) nameOneof(was protoreflect.MessageDescriptor) {
	if !slices.ContainsFunc(f.m.Fields, func(field *Field) bool { return field.Member }) {
		f.m.Oneof = ""
		return
	}
	if name := oneofOf(was); name != "" {
		f.m.Oneof = name
	} else if f.m.Oneof != "" {
		f.m.Oneof = f.names.taken.free(f.m.Oneof, "_", nil)
	}
	f.names.taken[f.m.Oneof] = true
}

// joined joins ranges that follow each other.
func joined(ranges []Range) (short []Range) {
	for _, r := range ranges {
		if n := len(short); n > 0 && r.First <= short[n-1].Last+1 {
			short[n-1].Last = max(short[n-1].Last, r.Last)
			continue
		}
		short = append(short, r)
	}
	return short
}

// addNew gives new fields names and numbers.
func (f *filler) addNew(fresh []*Field) {
	wanted := map[int]bool{}
	for _, field := range fresh {
		wanted[field.Number] = true
	}
	next := 1
	for _, field := range f.m.Fields {
		next = max(next, field.Number+1)
	}
	for _, r := range f.m.Reserved {
		if r.Last < lastNumber {
			next = max(next, r.Last+1)
		}
	}
	for _, field := range fresh {
		if field.Number == 0 || f.hasNumber(field) {
			for next = f.unreserved(next); wanted[next]; next = f.unreserved(next) {
				next++
			}
			field.Number = next
			next++
		}
		field.Name = f.names.allocate(field.Name)
		f.isNew("the field %s of %s", field.Name, f.m.Name)
	}
	slices.Sort(f.m.ReservedNames)
	f.m.ReservedNames = slices.DeleteFunc(slices.Compact(f.m.ReservedNames), func(name string) bool { return f.names.taken[name] })
}

// unreserved returns the first number from next on that is not reserved.
func (f *filler) unreserved(next int) int {
	for _, r := range joined(slices.SortedFunc(slices.Values(slices.Concat(f.m.Reserved, []Range{{firstKept, lastKept}})), compareRanges)) {
		if next >= r.First && next <= r.Last {
			next = r.Last + 1
		}
	}
	if next > lastNumber {
		f.full = append(f.full, f.m.Name)
	}
	return next
}

func compareRanges(a, b Range) int { return cmp.Compare(a.First, b.First) }

// hasNumber reports whether another field has the number that a field wants, or had it.
func (f *filler) hasNumber(field *Field) bool {
	return f.isReserved(field.Number) ||
		slices.ContainsFunc(f.m.Fields, func(other *Field) bool { return other != field && other.Number == field.Number })
}

func (f *filler) isReserved(number int) bool {
	return slices.ContainsFunc(f.m.Reserved, func(r Range) bool { return number >= r.First && number <= r.Last })
}

// fits reports whether a field's values are on the wire as they are by the lock.
func (b *fileBuilder) fits(fd protoreflect.FieldDescriptor, field *Field) bool {
	label, kind := typeOf(fd)
	return label == field.Label && kind == field.Kind && field.Member == isMember(fd)
}

func isMember(fd protoreflect.FieldDescriptor) bool {
	return fd.ContainingOneof() != nil && !fd.ContainingOneof().IsSynthetic()
}

// typeOf returns label and type of a field of the lock.
func typeOf(fd protoreflect.FieldDescriptor) (Label, Kind) {
	label := Single
	switch {
	case fd.IsMap():
		label, fd = Map, fd.MapValue()
	case fd.IsList():
		label = Repeated
	}
	switch {
	case fd.Enum() != nil:
		return label, Kind(fd.Enum().FullName())
	case fd.Message() == nil:
		return label, Kind(fd.Kind().String())
	case fd.Message().ParentFile() == fd.ParentFile():
		return label, OfMessage
	}
	return label, Kind(fd.Message().FullName())
}

// goneField is a field of the lock, as it is there.
func (b *fileBuilder) goneField(fd protoreflect.FieldDescriptor) *Field {
	field := &Field{Name: string(fd.Name()), JSON: jsonOf(fd), Number: int(fd.Number()), Member: isMember(fd), Gone: true}
	field.Label, field.Kind = typeOf(fd)
	if fd.HasOptionalKeyword() {
		field.Presence = Optional
	}
	if field.Kind == OfMessage {
		field.Message = b.goneMessage(oldOf(fd).message)
	}
	return field
}

// goneMessage is a message of the lock that only what is gone has, with all that it has.
func (b *fileBuilder) goneMessage(was protoreflect.MessageDescriptor) *Message {
	name := string(was.Name())
	for _, m := range b.file.Messages {
		if m.Name == name { // of a request that is in two others
			return m
		}
	}
	m, was := b.newMessage(name, Gone, was)
	if was == nil {
		return m
	}
	f := filler{fileBuilder: b, m: m, names: fieldNames{names{}}, was: map[string]protoreflect.FieldDescriptor{}}
	f.readLock(was)
	f.keepGone()
	for _, field := range m.Fields { // the field above them is gone, or the method
		field.Gone = isDeprecated(was.Fields().ByNumber(protoreflect.FieldNumber(field.Number)))
	}
	m.Discriminator = discriminatorOf(was)
	slices.SortFunc(m.Fields, func(x, y *Field) int { return cmp.Compare(x.Number, y.Number) })
	return m
}

// objectFields gives a message the fields of an object. Of the place only inner and depth count.
func (b *fileBuilder) objectFields(m *Message, p place, o spec.Object, was protoreflect.MessageDescriptor) {
	var wants []want
	for _, field := range o.Fields {
		presence := Required
		if field.Optional {
			presence = Optional
		}
		wants = append(wants, want{json: field.Name, name: snake(field.Name, "field"), slot: func(locked old) Slot {
			return b.field(p.at(camel(field.Name, "field")), field.Type, presence, locked)
		}})
	}
	b.fill(m, was, wants)
}

// valuesField gives a message the one field of a List or a Record.
func (b *fileBuilder) valuesField(m *Message, was protoreflect.MessageDescriptor, slot func(old) Slot) {
	b.fill(m, was, []want{{json: "values", name: "values", number: 1, slot: slot}})
}

// unionFields gives a message the members of a union.
func (b *fileBuilder) unionFields(m *Message, depth int, a alternatives, was protoreflect.MessageDescriptor) {
	p := place{inner: m.Name, depth: depth + 1}
	var wants []want
	add := func(name string, when []string, slot func(old) Slot) {
		wants = append(wants, want{json: DefaultJSON(name), name: name, member: true, when: when, slot: slot})
	}
	member := func(step string, v spec.Validator) func(old) Slot {
		return func(locked old) Slot { return b.value(p.at(step), v, locked.as(Single)) }
	}
	if a.nullable {
		add(nullName, nil, func(old) Slot { return Slot{Kind: Null} })
	}
	for _, scalar := range scalarNames {
		if slices.Contains(a.scalars, scalar.kind) {
			doc := docOf(spec.Union{Members: a.members[scalar.kind]})
			add(scalar.name, nil, func(old) Slot { return Slot{Kind: scalar.kind, Doc: doc} })
		}
	}
	if len(a.arrays) > 0 {
		add(arrayName, nil, member("Array", a.arrays[0]))
	}
	if len(a.records) > 0 {
		add(recordName, nil, member("Record", a.records[0]))
	}
	switch {
	case len(a.objects) == 1:
		add(objectName, nil, member("Object", a.objects[0]))
	case len(a.objects) > 1:
		wants = append(wants, b.objectMembers(m, a, was, member)...)
	}
	m.Oneof = "kind"
	b.fill(m, was, wants)
}

// objectMembers returns the members of a union that are objects, by the literals of the field in the lock while that shows which is
// which, and else of the first such field.
func (b *fileBuilder) objectMembers(m *Message, a alternatives, was protoreflect.MessageDescriptor, slot func(string, spec.Validator) func(old) Slot) []want {
	found := discriminators(a.objects)
	d := found[0]
	if i := slices.IndexFunc(found, func(d discriminator) bool { return d.field == discriminatorOf(was) }); i >= 0 {
		d = found[i]
	} else {
		b.isNew("the discriminator of %s", m.Name)
	}
	m.Discriminator = d.field
	wants := make([]want, len(a.objects))
	for i, o := range a.objects {
		name := memberText(d.values[i], was)
		w := want{json: name, name: snake(name, "value"), member: true, slot: slot(camel(name, "value"), o)}
		for _, value := range d.values[i] {
			w.when = append(w.when, value.canonical)
		}
		wants[i] = w
	}
	slices.SortFunc(wants, func(x, y want) int { return cmp.Compare(x.json, y.json) })
	return wants
}

// memberText returns the literal that a member is known by: one that the lock has, and else the first.
func memberText(values []literal, was protoreflect.MessageDescriptor) string {
	for _, value := range values {
		if was != nil && hasMember(was, value.text) {
			return value.text
		}
	}
	return values[0].text
}

func hasMember(was protoreflect.MessageDescriptor, json string) bool {
	for i := range was.Fields().Len() {
		if fd := was.Fields().Get(i); isMember(fd) && jsonOf(fd) == json {
			return true
		}
	}
	return false
}

// isNew records that the lock does not have something.
func (b *fileBuilder) isNew(format string, args ...any) {
	b.model.New = append(b.model.New, b.file.Path+": "+fmt.Sprintf(format, args...))
}
