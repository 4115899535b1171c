package functions

import (
	"encoding/json"

	"convexgateway/convex"
	"convexgateway/convex/spec"
)

// The schemas of validators. Two things of Convex's encoding they leave out, because generated clients are the better for it: where a number
// is, NaN, an infinity or −0 may be {"$float": …}; and an id is any string of its alphabet.

// arguments returns the schema of a function's arguments, which are an object.
func arguments(v spec.Validator) object {
	if v == spec.Any {
		return object{"type": "object", "description": "The function declares no arguments."}
	}
	return schema(v)
}

// needsArguments reports whether a function cannot be called without arguments.
func needsArguments(v spec.Validator) bool {
	o, _ := v.(spec.Object)
	for _, field := range o.Fields {
		if !field.Optional {
			return true
		}
	}
	return false
}

func schema(v spec.Validator) object {
	switch v := v.(type) {
	case spec.Scalar:
		return scalarSchema(v)
	case spec.ID:
		return object{"type": "string", "pattern": "^[0-9a-hjkmnp-tv-z]{31,37}$", "description": "The id of a document in the table " + v.Table + "."}
	case spec.Literal:
		return object{"const": literal(v)}
	case spec.Array:
		return object{"type": "array", "items": schema(v.Element)}
	case spec.Record:
		return recordSchema(v)
	case spec.Object:
		return objectSchema(v)
	case spec.Union:
		return unionSchema(v)
	}
	return object{}
}

func scalarSchema(s spec.Scalar) object {
	switch s {
	case spec.Null, spec.Boolean, spec.Number, spec.String:
		return object{"type": string(s)}
	case spec.Handle:
		return object{"type": "string", "description": "A function handle."}
	case spec.Int64:
		return special("$integer", "An Int64: base64 of 8 bytes, little-endian.")
	case spec.CommitTS:
		return special("$integer", "The time of a commit, an Int64: base64 of 8 bytes, little-endian.")
	case spec.Bytes:
		return special("$bytes", "Bytes, as base64.")
	default:
		return object{"description": "Any value in Convex's encoding."}
	}
}

// special returns the schema of an object for what JSON lacks.
func special(name, description string) object {
	return object{
		"type": "object", "description": description, "required": []any{name}, "additionalProperties": false,
		"properties": object{name: object{"type": "string", "contentEncoding": "base64"}},
	}
}

// literal returns the JSON of a literal.
func literal(l spec.Literal) any {
	text, err := convex.Encode(l.Value)
	if err != nil {
		panic(err) // the four kinds of literals can be encoded
	}
	return json.RawMessage(text)
}

func recordSchema(r spec.Record) object {
	s := object{"type": "object", "additionalProperties": schema(r.Values)}
	if r.Keys != spec.String {
		s["propertyNames"] = schema(r.Keys)
	}
	return s
}

func objectSchema(o spec.Object) object {
	properties, required := object{}, []any{}
	for _, field := range o.Fields {
		properties[field.Name] = schema(field.Type)
		if !field.Optional {
			required = append(required, field.Name)
		}
	}
	s := object{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		s["required"] = required
	}
	return s
}

// unionSchema returns an enumeration of literals, a type that may be null, or a choice of schemas.
func unionSchema(u spec.Union) object {
	if len(u.Members) == 0 {
		return object{"not": object{}}
	}
	rest, nullable := spec.Nullable(u)
	if s, ok := rest.(spec.Scalar); ok && nullable && scalarSchema(s)["type"] == string(s) {
		return object{"type": []any{string(s), "null"}}
	}
	values, choices := []any{}, []any{}
	for _, member := range u.Members {
		if l, ok := member.(spec.Literal); ok {
			values = append(values, literal(l))
		} else {
			choices = append(choices, schema(member))
		}
	}
	switch {
	case len(values) > 0 && len(choices) == 0:
		return object{"enum": values}
	case len(values) == 0:
		return object{"anyOf": choices}
	case len(choices) == 1 && nullable:
		return object{"enum": append(values, nil)}
	}
	return object{"anyOf": append(choices, object{"enum": values})}
}
