package spec

import (
	"encoding/json"
	"maps"
	"slices"

	"convexgateway/convex"
)

// maxDepth is how deep validators may be within each other. Values are at most 64 levels deep, so only unions and validators that no
// value matches are deeper.
const maxDepth = 200

// validatorText is a validator of any type, as a spec has it.
type validatorText struct {
	Type      string          `json:"type"`
	TableName string          `json:"tableName"` // of an id
	Value     json.RawMessage `json:"value"`     // of a literal, array, object or union
	Keys      json.RawMessage `json:"keys"`      // of a record
	Values    fieldText       `json:"values"`    // of a record
}

type fieldText struct {
	FieldType json.RawMessage `json:"fieldType"`
	Optional  bool            `json:"optional"`
}

// validator reads the validator at a place. What it cannot read is Any, with a warning.
func (p *parser) validator(place string, text json.RawMessage, depth int) Validator {
	if depth >= maxDepth {
		p.warn(place, "is deeper than %d validators; any value is taken", maxDepth)
		return Any
	}
	var v validatorText
	if err := json.Unmarshal(text, &v); err != nil {
		p.warn(place, "cannot be read, and any value is taken: %v", err)
		return Any
	}
	switch scalar := Scalar(v.Type); scalar {
	case Any, Null, Boolean, Number, Int64, CommitTS, String, Bytes, Handle:
		return scalar
	}
	switch v.Type {
	case "id":
		return p.id(place, v.TableName)
	case "literal":
		return p.literal(place, v.Value)
	case "array":
		return Array{Element: p.validator(place+"[]", v.Value, depth+1)}
	case "record":
		return p.record(place, v, depth)
	case "object":
		return p.object(place, v.Value, depth)
	case "union":
		return p.union(place, v.Value, depth)
	default:
		p.warn(place, "has the unknown type %q; any value is taken", v.Type)
		return Any
	}
}

func (p *parser) id(place, table string) Validator {
	if !isIdentifier(table) {
		p.warn(place, "is an id of a table with the name %q; any value is taken", table)
		return Any
	}
	return ID{Table: table}
}

func (p *parser) literal(place string, text json.RawMessage) Validator {
	value, err := convex.Decode(text)
	switch value.(type) {
	case string, bool, float64, int64:
		if err == nil {
			return Literal{Value: value}
		}
	}
	p.warn(place, "is a literal that is no string, boolean or number; any value is taken")
	return Any
}

func (p *parser) record(place string, v validatorText, depth int) Validator {
	keys := p.validator(place+"{key}", v.Keys, depth+1)
	for _, alternative := range alternatives(keys) {
		if _, isID := alternative.(ID); !isID && alternative != String {
			p.warn(place, "is a record whose keys are neither strings nor ids; any value is taken")
			return Any
		}
	}
	return Record{Keys: keys, Values: p.validator(place+"{}", v.Values.FieldType, depth+1)}
}

func (p *parser) object(place string, text json.RawMessage, depth int) Validator {
	var fields map[string]fieldText
	if err := json.Unmarshal(text, &fields); err != nil || fields == nil {
		p.warn(place, "is an object whose fields cannot be read; any value is taken")
		return Any
	}
	var o Object
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if !isIdentifier(name) {
			p.warn(place, "is an object with a field %q; any value is taken", name)
			return Any
		}
		field := fields[name]
		t := p.validator(place+"."+name, field.FieldType, depth+1)
		o.Fields = append(o.Fields, Field{Name: name, Type: t, Optional: field.Optional})
	}
	return o
}

func (p *parser) union(place string, text json.RawMessage, depth int) Validator {
	var texts []json.RawMessage
	if err := json.Unmarshal(text, &texts); err != nil || texts == nil {
		p.warn(place, "is a union whose members cannot be read; any value is taken")
		return Any
	}
	members := make([]Validator, len(texts))
	for i, member := range texts {
		members[i] = p.validator(place, member, depth+1)
	}
	return NewUnion(members...)
}

// isIdentifier reports whether a name is [A-Za-z_][A-Za-z0-9_]*, at most 64 bytes, as fields and tables of validators are.
func isIdentifier(name string) bool {
	for i := range len(name) {
		c := name[i]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return name != "" && len(name) <= 64
}
