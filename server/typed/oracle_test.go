package typed_test

import (
	"encoding/json"
	"fmt"
	"slices"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/known/structpb"

	"convexgateway/convex"
	"convexgateway/convex/spec"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// oracle makes dynamic messages of JSON by the validator and the descriptor, slowly: what plans have to make as well.
type oracle struct{}

// set sets a field to a value of a validator.
func (o oracle) set(m protoreflect.Message, fd protoreflect.FieldDescriptor, v spec.Validator, text json.RawMessage) {
	switch {
	case fd.IsList():
		list := m.Mutable(fd).List()
		for _, element := range decoded[[]json.RawMessage](text) {
			list.Append(o.value(list.NewElement(), fd, inner(v), element))
		}
	case fd.IsMap():
		entries := m.Mutable(fd).Map()
		for name, value := range decoded[map[string]json.RawMessage](text) {
			entries.Set(protoreflect.ValueOfString(name).MapKey(), o.value(entries.NewValue(), fd.MapValue(), inner(v), value))
		}
	case string(text) == "null" && nullable(v) && !holdsNull(fd):
	default:
		m.Set(fd, o.value(m.NewField(fd), fd, v, text))
	}
}

// holdsNull reports whether null is a value of a field, and not its absence.
func holdsNull(fd protoreflect.FieldDescriptor) bool {
	if fd.Enum() != nil {
		return true
	}
	if fd.Message() == nil {
		return false
	}
	return fd.Message().FullName() == "google.protobuf.Value" || fd.Message().Fields().ByName("null_value") != nil
}

func nullable(v spec.Validator) bool {
	_, null := spec.Nullable(v)
	return null
}

// inner is the validator of the elements of the array or the record that a validator has.
func inner(v spec.Validator) spec.Validator {
	for _, member := range members(v) {
		switch m := member.(type) {
		case spec.Array:
			return m.Element
		case spec.Record:
			return m.Values
		}
	}
	panic(fmt.Sprintf("%v has no elements", v))
}

func members(v spec.Validator) []spec.Validator {
	if u, ok := v.(spec.Union); ok {
		return u.Members
	}
	return []spec.Validator{v}
}

// value returns the value of a field or an element. empty is one of its type.
func (o oracle) value(empty protoreflect.Value, fd protoreflect.FieldDescriptor, v spec.Validator, text json.RawMessage) protoreflect.Value {
	if fd.Message() == nil {
		return scalar(text)
	}
	m := empty.Message()
	if fd.Message().FullName() == "google.protobuf.Value" {
		value := &structpb.Value{}
		must(protojson.Unmarshal(text, value))
		wire, err := proto.Marshal(value)
		must(err)
		must(proto.Unmarshal(wire, m.Interface()))
		return empty
	}
	if oneofs := fd.Message().Oneofs(); oneofs.Len() > 0 && !oneofs.Get(0).IsSynthetic() {
		field, member := memberOf(fd.Message(), v, text)
		o.set(m, field, member, text)
		if field.Message() != nil && !m.Has(field) {
			m.Set(field, m.NewField(field))
		}
		return empty
	}
	for _, member := range members(v) {
		switch member := member.(type) {
		case spec.Object:
			fields := decoded[map[string]json.RawMessage](text)
			for _, f := range member.Fields {
				if value, ok := fields[f.Name]; ok {
					o.set(m, fieldOf(m.Descriptor(), f.Name), f.Type, value)
				}
			}
			return empty
		case spec.Array, spec.Record:
			o.set(m, m.Descriptor().Fields().ByName("values"), member, text)
			return empty
		}
	}
	panic("no member")
}

// memberOf returns the field of a union that a value is for, and its validator: the first member that takes the value.
func memberOf(m protoreflect.MessageDescriptor, v spec.Validator, text json.RawMessage) (protoreflect.FieldDescriptor, spec.Validator) {
	canonical, err := convex.Canonical(text)
	must(err)
	for _, member := range members(v) {
		if _, isID := member.(spec.ID); isID && text[0] == '"' {
			return m.Fields().ByName("string_value"), member
		}
		if spec.Check(withoutIDs(member), canonical) != nil {
			continue
		}
		if name := memberName(member); name != "" {
			return m.Fields().ByName(protoreflect.Name(name)), member
		}
		object := member.(spec.Object)
		if field := m.Fields().ByName("object_value"); field != nil {
			return field, member
		}
		for i := range m.Fields().Len() {
			if tag := m.Fields().Get(i); slices.Contains(tags(object, discriminator(m)), convexName(tag)) {
				return tag, member
			}
		}
	}
	panic(fmt.Sprintf("%s is of no member", text))
}

// convexName is the name of a field in Convex.
func convexName(fd protoreflect.FieldDescriptor) string {
	var options descriptorpb.FieldOptions
	wire, err := proto.Marshal(fd.Options())
	must(err)
	must(proto.Unmarshal(wire, &options))
	if name, _ := proto.GetExtension(&options, gatewayv1.E_ConvexName).(string); name != "" {
		return name
	}
	return fd.JSONName()
}

func fieldOf(m protoreflect.MessageDescriptor, name string) protoreflect.FieldDescriptor {
	for i := range m.Fields().Len() {
		if fd := m.Fields().Get(i); convexName(fd) == name {
			return fd
		}
	}
	panic("no field " + name)
}

// discriminator is the field that decides on the members of a message that are objects.
func discriminator(m protoreflect.MessageDescriptor) string {
	var options descriptorpb.OneofOptions
	wire, err := proto.Marshal(m.Oneofs().Get(0).Options())
	must(err)
	must(proto.Unmarshal(wire, &options))
	name, _ := proto.GetExtension(&options, gatewayv1.E_Discriminator).(string)
	return name
}

// tags are the literals of a field of an object, as members are named.
func tags(o spec.Object, field string) (names []string) {
	for _, f := range o.Fields {
		if f.Name != field {
			continue
		}
		for _, member := range members(f.Type) {
			if l, ok := member.(spec.Literal); ok {
				names = append(names, fmt.Sprint(l.Value))
			}
		}
	}
	return names
}

// withoutIDs returns a validator that takes any string for an id, as the random values have.
func withoutIDs(v spec.Validator) spec.Validator {
	switch v := v.(type) {
	case spec.ID:
		return spec.String
	case spec.Array:
		return spec.Array{Element: withoutIDs(v.Element)}
	case spec.Record:
		return spec.Record{Keys: v.Keys, Values: withoutIDs(v.Values)}
	case spec.Union:
		var all []spec.Validator
		for _, member := range v.Members {
			all = append(all, withoutIDs(member))
		}
		return spec.NewUnion(all...)
	case spec.Object:
		fields := slices.Clone(v.Fields)
		for i := range fields {
			fields[i].Type = withoutIDs(fields[i].Type)
		}
		return spec.Object{Fields: fields}
	}
	return v
}

// memberName is the name of a member of a union; empty for objects.
func memberName(v spec.Validator) string {
	switch v := v.(type) {
	case spec.Array:
		return "array_value"
	case spec.Record:
		return "record_value"
	case spec.Object:
		return ""
	case spec.Literal:
		switch v.Value.(type) {
		case bool:
			return "bool_value"
		case float64:
			return "number_value"
		case int64:
			return "int64_value"
		}
	case spec.Scalar:
		return map[spec.Scalar]string{
			spec.Null: "null_value", spec.Boolean: "bool_value", spec.Number: "number_value", spec.Int64: "int64_value", spec.CommitTS: "int64_value",
			spec.String: "string_value", spec.Handle: "string_value", spec.Bytes: "bytes_value",
		}[v]
	}
	return "string_value"
}

func scalar(text json.RawMessage) protoreflect.Value {
	value, err := convex.Decode(text)
	must(err)
	switch value := value.(type) {
	case nil:
		return protoreflect.ValueOfEnum(0)
	case []byte:
		return protoreflect.ValueOfBytes(value)
	default:
		return protoreflect.ValueOf(value)
	}
}

func decoded[T any](text json.RawMessage) (value T) {
	must(json.Unmarshal(text, &value))
	return value
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
