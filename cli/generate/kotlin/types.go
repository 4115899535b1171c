package kotlin

import (
	"maps"
	"slices"

	"convexgateway/convex/spec"
	"convexgateway/server/typed/model"
)

// kotlinType is a type of Kotlin.
type kotlinType struct {
	name  string
	codec string
	slots int // of the JVM, as a parameter
}

func jsonElement(types string) kotlinType {
	return kotlinType{"kotlinx.serialization.json.JsonElement", types + ".any", 1}
}

// made is a type that is written, by its full name.
func (a *app) made(name string) kotlinType { return kotlinType{name, name + "." + a.codec, 1} }

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// scalars are the types of scalars, by the property of Types that reads them.
var scalars = map[spec.Scalar]struct {
	name, codec string
	slots       int
}{
	spec.Any: {"kotlinx.serialization.json.JsonElement", "any", 1}, spec.Null: {"kotlin.Unit", "nothing", 1},
	spec.Boolean: {"kotlin.Boolean", "boolean", 1}, spec.Number: {"kotlin.Double", "number", 2},
	spec.Int64: {"kotlin.Long", "int64", 2}, spec.CommitTS: {"kotlin.Long", "int64", 2},
	spec.String: {"kotlin.String", "string", 1}, spec.Handle: {"kotlin.String", "string", 1},
	spec.Bytes: {"com.convexgateway.client.types.Bytes", "bytes", 1},
}

func (s *scope) scalar(v spec.Scalar) kotlinType {
	t := scalars[v]
	return kotlinType{t.name, s.types + "." + t.codec, t.slots}
}

// of returns the type of a value, which may be null, and writes the types that are made for it.
func (s *scope) of(v spec.Validator, p place) kotlinType {
	for _, t := range s.tables {
		if spec.Equal(t.document, v) {
			name := "Documents." + t.class
			return s.made(name)
		}
	}
	rest, nullable := spec.Nullable(v)
	if !nullable || v == spec.Null {
		return s.value(v, p)
	}
	t := s.of(rest, p)
	if t.name == scalars[spec.Any].name {
		return t
	}
	return kotlinType{t.name + "?", s.types + ".nullable(" + t.codec + ")", 1}
}

// value returns the type of a value that is not null.
func (s *scope) value(v spec.Validator, p place) kotlinType {
	switch v := v.(type) {
	case spec.ID:
		return s.made(s.ids[v.Table])
	case spec.Literal:
		return s.literals([]spec.Literal{v}, p)
	case spec.Array:
		t := s.of(v.Element, p.within("Item", p.elements()))
		return kotlinType{"kotlin.collections.List<" + t.name + ">", s.types + ".list(" + t.codec + ")", 1}
	case spec.Record:
		keys := s.of(v.Keys, place{})
		t := s.of(v.Values, p.within("Value", p.elements()))
		return kotlinType{"kotlin.collections.Map<" + keys.name + ", " + t.name + ">", s.types + ".record(" + keys.codec + ", " + t.codec + ")", 1}
	case spec.Object:
		return s.objectClass(v, p)
	case spec.Union:
		return s.union(v, p)
	case spec.Scalar:
		return s.scalar(v)
	}
	return s.scalar(spec.Any)
}

// objectClass returns the class of an object.
func (s *scope) objectClass(o spec.Object, p place) kotlinType {
	name := s.taken.take(p.name)
	s.class(1, name, s.qualified(name), "", s.properties(fieldsOf(o, p.form(model.Object)), name), nil)
	return s.made(s.qualified(name))
}
