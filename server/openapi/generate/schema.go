package main

import (
	"fmt"
	"math"

	"google.golang.org/protobuf/compiler/protogen"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// addMessage adds the schema of a message, and of the messages that it refers to. closed: unknown fields are refused, as in
// requests.
func (d *document) addMessage(m *protogen.Message, closed bool) error {
	name := string(m.Desc.Name())
	if d.schemas[name] != nil {
		return nil
	}
	properties, needed := object{}, []any{}
	schema := object{"type": "object", "description": description(m.Comments.Leading), "properties": properties}
	d.schemas[name] = schema
	if closed {
		schema["additionalProperties"] = false
	}
	for _, field := range m.Fields {
		property, err := d.field(field, closed)
		if err != nil {
			return err
		}
		if required(field) {
			needed = append(needed, field.Desc.JSONName())
		} else if closed {
			property = orNull(property)
		}
		properties[field.Desc.JSONName()] = property
	}
	if len(needed) > 0 {
		schema["required"] = needed
	}
	for _, oneof := range m.Oneofs {
		schema["oneOf"] = exactlyOne(oneof)
	}
	return nil
}

// orNull allows null, which is the same as an absent field.
func orNull(schema object) object {
	choices, alternatives := schema["oneOf"].([]any)
	switch {
	case alternatives:
		schema["oneOf"] = append(choices, object{"type": "null"})
	case schema["$ref"] != nil:
		schema["oneOf"] = []any{object{"$ref": schema["$ref"]}, object{"type": "null"}}
		delete(schema, "$ref")
	default:
		schema["type"] = []any{schema["type"], "null"}
	}
	return schema
}

// exactlyOne returns the condition that exactly one field of a oneof is set.
func exactlyOne(oneof *protogen.Oneof) []any {
	var choices []any
	for _, field := range oneof.Fields {
		choices = append(choices, object{"required": []any{field.Desc.JSONName()}})
	}
	return choices
}

// field returns the schema of a field in proto JSON.
func (d *document) field(f *protogen.Field, closed bool) (object, error) {
	schema, err := d.value(f, closed)
	if err != nil {
		return nil, err
	}
	if f.Desc.IsList() {
		schema = object{"type": "array", "items": schema}
	}
	if text := description(f.Comments.Leading); text != "" {
		schema["description"] = text
	}
	return schema, nil
}

func (d *document) value(f *protogen.Field, closed bool) (object, error) {
	switch f.Desc.Kind() {
	case protoreflect.StringKind:
		return object{"type": "string"}, nil
	case protoreflect.BoolKind:
		return object{"type": "boolean"}, nil
	case protoreflect.Int32Kind:
		return object{"type": "integer", "format": "int32"}, nil
	case protoreflect.Uint32Kind:
		return object{"type": "integer", "minimum": 0, "maximum": math.MaxUint32}, nil
	case protoreflect.BytesKind:
		return object{"type": "string", "contentEncoding": "base64", "pattern": "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"}, nil
	case protoreflect.EnumKind:
		schema := reference(d.addEnum(f.Enum))
		if closed { // parsers accept the number, too
			schema = object{"oneOf": []any{schema, object{"type": "integer", "minimum": 0, "maximum": len(f.Enum.Values) - 1}}}
		}
		return schema, nil
	case protoreflect.MessageKind:
		if schema := wellKnown(f.Message.Desc.FullName()); schema != nil {
			return schema, nil
		}
		return reference(string(f.Message.Desc.Name())), d.addMessage(f.Message, closed)
	}
	return nil, fmt.Errorf("%s: fields of kind %s are not supported", f.Desc.FullName(), f.Desc.Kind())
}

// wellKnown returns the schema of a message of google.protobuf in proto JSON; nil for others. Source: the comments of
// protocolbuffers/protobuf src/google/protobuf/*.proto.
func wellKnown(name protoreflect.FullName) object {
	switch name {
	case "google.protobuf.Value":
		return object{} // anything
	case "google.protobuf.Struct":
		return object{"type": "object"}
	case "google.protobuf.Timestamp":
		return object{"type": "string", "format": "date-time"}
	case "google.protobuf.Duration":
		return object{"type": "string", "pattern": `^-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,9})?s$`}
	}
	return nil
}

// addEnum adds the schema of an enumeration and returns its name. The value zero means unset and is left out.
func (d *document) addEnum(e *protogen.Enum) string {
	name := string(e.Desc.Name())
	if parent, nested := e.Desc.Parent().(protoreflect.MessageDescriptor); nested {
		name = string(parent.Name()) + name
	}
	text, values := description(e.Comments.Leading), []any{}
	for _, value := range e.Values {
		if value.Desc.Number() == 0 {
			continue
		}
		values = append(values, string(value.Desc.Name()))
		text += fmt.Sprintf("\n- `%s`: %s", value.Desc.Name(), description(value.Comments.Leading))
	}
	d.schemas[name] = object{"type": "string", "enum": values, "description": text}
	return name
}

func reference(schema string) object { return object{"$ref": "#/components/schemas/" + schema} }
