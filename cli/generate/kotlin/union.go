package kotlin

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"convexgateway/convex"
	"convexgateway/convex/spec"
	"convexgateway/server/typed/model"
)

// kind is one of the kinds of values that have forms of their own in Convex's JSON.
type kind struct {
	name  string         // of the member of a union
	json  string         // that the member has in the contract
	test  string         // the function of Types
	whole spec.Validator // which describes all of them; nil: no scalar does
}

var (
	booleans = &kind{"Boolean", "boolValue", "isBoolean", spec.Boolean}
	numbers  = &kind{"Number", "numberValue", "isNumber", spec.Number}
	int64s   = &kind{"Int64", "int64Value", "isInt64", spec.Int64}
	texts    = &kind{"String", "stringValue", "isString", spec.String}
	bytes    = &kind{"Bytes", "bytesValue", "isBytes", spec.Bytes}
	lists    = &kind{"List", "arrayValue", "isList", nil}
	records  = &kind{"Record", "recordValue", "isObject", nil}
	objects  = &kind{"Object", "objectValue", "isObject", nil}
)

// order is that of members, so that it is the same for each order of a spec.
var order = []*kind{booleans, numbers, int64s, texts, bytes, lists, records, objects}

// kindOf returns the kind of a member of a union besides null.
func kindOf(v spec.Validator) *kind {
	switch v := v.(type) {
	case spec.Scalar:
		switch v {
		case spec.Boolean:
			return booleans
		case spec.Number:
			return numbers
		case spec.Int64, spec.CommitTS:
			return int64s
		case spec.Bytes:
			return bytes
		}
	case spec.Literal:
		switch v.Value.(type) {
		case bool:
			return booleans
		case float64:
			return numbers
		case int64:
			return int64s
		}
	case spec.Array:
		return lists
	case spec.Record:
		return records
	case spec.Object:
		return objects
	}
	return texts
}

// union returns the type of a union without null.
func (s *scope) union(u spec.Union, p place) kotlinType {
	members := map[*kind][]spec.Validator{}
	var literals []spec.Literal
	for _, m := range u.Members {
		members[kindOf(m)] = append(members[kindOf(m)], m)
		if l, ok := m.(spec.Literal); ok {
			literals = append(literals, l)
		}
	}
	switch {
	case len(u.Members) == 0:
		return s.scalar(spec.Any)
	case len(literals) == len(u.Members):
		return s.literals(literals, p)
	case len(members) == 1 && kindOf(u.Members[0]).whole != nil:
		return s.value(kindOf(u.Members[0]).whole, p)
	case len(members[lists]) > 1, len(members[records]) > 1, len(members[records]) == 1 && len(members[objects]) > 0:
		return s.scalar(spec.Any)
	}
	var d discriminator
	if len(members[objects]) > 1 {
		if d = discriminatorOf(members[objects], p.form(model.Union)); d.field == "" {
			return s.scalar(spec.Any)
		}
	}
	return s.sealed(members, d, p)
}

// member is a member of a sealed interface.
type member struct {
	name       string
	test       string     // an expression of json
	box        kotlinType // of the value in it; of a member that is the class of an object nothing
	properties []property
	literals   []literalField
}

// sealed writes the interface of a union whose members differ in JSON.
func (s *scope) sealed(members map[*kind][]spec.Validator, d discriminator, p place) kotlinType {
	name := s.taken.take(p.name)
	at := place{name, name, p.locked}
	classes := s.nested()
	var all []member
	for _, k := range order {
		of := members[k]
		switch {
		case len(of) == 0:
		case k == objects && d.field != "":
			for i, o := range of {
				all = append(all, s.discriminated(o.(spec.Object), d.field, d.values[i], at, classes))
			}
		default:
			box := s.of(spec.NewUnion(of...), at.within(k.name, at.member(k.json)))
			all = append(all, member{name: classes.take(k.name + "Value"), test: fmt.Sprintf("%s.%s(json)", s.types, k.test), box: box})
		}
	}
	s.sealedInterface(name, all)
	return s.made(s.qualified(name))
}

// discriminated returns the member that is an object with literals in a field.
func (s *scope) discriminated(o spec.Object, field string, values []spec.Literal, at place, classes names) member {
	m := member{name: classes.take(literalName(values[0].Value))}
	var tests []string
	for _, v := range values {
		tests = append(tests, fmt.Sprintf("%s.has(json, %q, %s)", s.types, field, constant(v.Value)))
	}
	m.test = strings.Join(tests, " || ")
	at = at.within(m.name, lockedMember(at.form(model.Union), values))
	fields := fieldsOf(o, at.form(model.Object))
	if len(values) == 1 { // which is in the name of the class
		m.literals = []literalField{{field, values[0].Value}}
		fields = slices.DeleteFunc(fields, func(f fieldOf) bool { return f.Name == field })
	}
	m.properties = s.properties(fields, at.inner)
	return m
}

// lockedMember returns what the lock has of the member of a union with one of some literals.
func lockedMember(m *model.Message, values []spec.Literal) model.Slot {
	if m == nil {
		return model.Slot{}
	}
	for _, f := range m.Fields {
		for _, v := range values {
			if text, _ := convex.Encode(v.Value); slices.Contains(f.When, string(text)) {
				return f.Slot
			}
		}
	}
	return model.Slot{}
}

// sealedInterface writes a union.
func (s *scope) sealedInterface(name string, members []member) {
	qualified := s.qualified(name)
	const json = "kotlinx.serialization.json.JsonElement"
	s.line(1, "@kotlinx.serialization.Serializable(with = %s.%s::class)", qualified, s.codec)
	s.line(1, "public sealed interface %s {", name)
	for _, m := range members {
		if m.box.name == "" {
			s.class(2, m.name, qualified+"."+m.name, qualified, m.properties, m.literals)
		} else {
			s.line(2, "public data class %s(public val value: %s) : %s\n", m.name, m.box.name, qualified)
		}
	}
	s.line(2, "/** Another value, which a newer deployment has. */")
	s.line(2, "public data class Unknown(public val json: %s) : %s\n", json, qualified)
	s.line(2, "public object %s : com.convexgateway.client.types.ConvexType<%s>(%q) {", s.codec, qualified, name)
	s.line(3, "override fun read(json: %s): %s = when {", json, qualified)
	for _, m := range members {
		if m.box.name == "" {
			s.line(4, "%s -> %s.%s.%s.read(json)", m.test, qualified, m.name, s.codec)
		} else {
			s.line(4, "%s -> %s.%s(%s.read(json))", m.test, qualified, m.name, m.box.codec)
		}
	}
	s.line(4, "else -> %s.Unknown(json)", qualified)
	s.line(3, "}\n")
	s.line(3, "override fun write(value: %s): %s = when (value) {", qualified, json)
	for _, m := range members {
		if m.box.name == "" {
			s.line(4, "is %s.%s -> %s.%s.%s.write(value)", qualified, m.name, qualified, m.name, s.codec)
		} else {
			s.line(4, "is %s.%s -> %s.write(value.value)", qualified, m.name, m.box.codec)
		}
	}
	s.line(4, "is %s.Unknown -> value.json", qualified)
	s.line(3, "}")
	s.line(2, "}")
	s.line(1, "}\n")
}

// discriminator is a field whose literals differ in all members of a union.
type discriminator struct {
	field  string           // empty: there is none
	values [][]spec.Literal // of each member, sorted
}

// discriminatorOf returns the discriminator of the lock while it works, and else the first by name. It sorts the objects by it.
func discriminatorOf(members []spec.Validator, locked *model.Message) discriminator {
	var candidates []string
	if locked != nil && locked.Discriminator != "" {
		candidates = append(candidates, locked.Discriminator)
	}
	for _, f := range members[0].(spec.Object).Fields {
		candidates = append(candidates, f.Name)
	}
	for _, field := range candidates {
		by := func(v spec.Validator) []spec.Literal { return literalsOf(v.(spec.Object), field) }
		seen := map[any]bool{}
		works := true
		for _, m := range members {
			values := by(m)
			works = works && len(values) > 0
			for _, v := range values {
				works = works && !seen[keyOf(v)]
				seen[keyOf(v)] = true
			}
		}
		if !works {
			continue
		}
		slices.SortFunc(members, func(a, b spec.Validator) int { return compareLiterals(by(a)[0], by(b)[0]) })
		d := discriminator{field: field}
		for _, m := range members {
			d.values = append(d.values, by(m))
		}
		return d
	}
	return discriminator{}
}

// literalsOf returns the literals that a required field of an object may be, sorted; nil if it may be anything else.
func literalsOf(o spec.Object, name string) (values []spec.Literal) {
	i := slices.IndexFunc(o.Fields, func(f spec.Field) bool { return f.Name == name && !f.Optional })
	if i < 0 {
		return nil
	}
	members := []spec.Validator{o.Fields[i].Type}
	if u, isUnion := members[0].(spec.Union); isUnion {
		members = u.Members
	}
	for _, m := range members {
		l, isLiteral := m.(spec.Literal)
		if !isLiteral {
			return nil
		}
		values = append(values, l)
	}
	slices.SortFunc(values, compareLiterals)
	return values
}

// keyOf returns the canonical text of a literal, in which −0 is not 0.
func keyOf(l spec.Literal) string {
	text, _ := convex.Encode(l.Value)
	return string(text)
}

func compareLiterals(a, b spec.Literal) int {
	return cmp.Or(cmp.Compare(slices.Index(order, kindOf(a)), slices.Index(order, kindOf(b))), strings.Compare(keyOf(a), keyOf(b)))
}

// literals returns the type of one of several literals.
func (s *scope) literals(values []spec.Literal, p place) kotlinType {
	slices.SortFunc(values, compareLiterals)
	k := kindOf(values[0])
	t := kotlinType{"kotlin.Any", s.types + ".scalar", 1}
	if kindOf(values[len(values)-1]) == k {
		t = s.scalar(k.whole.(spec.Scalar))
	}
	if k == booleans && len(values) == 2 && t.name != "kotlin.Any" {
		return t
	}
	name := s.taken.take(p.name)
	qualified := s.qualified(name)
	classes := s.nested()
	s.line(1, "@kotlinx.serialization.Serializable(with = %s.%s::class)", qualified, s.codec)
	s.line(1, "public sealed interface %s {", name)
	s.line(2, "public val value: %s\n", t.name)
	var known []string
	for _, v := range values {
		class := classes.take(literalName(v.Value))
		known = append(known, qualified+"."+class)
		s.line(2, "public data object %s : %s {", class, qualified)
		s.line(3, "override val value: %s get() = %s", t.name, constant(v.Value))
		s.line(2, "}\n")
	}
	s.line(2, "/** Another value, which a newer deployment has. */")
	s.line(2, "public data class Unknown(override val value: %s) : %s\n", t.name, qualified)
	s.line(2, "public object %s : com.convexgateway.client.types.LiteralType<%s, %s>(", s.codec, qualified, t.name)
	s.line(3, "%q, %s, { %s.Unknown(it) }, { it.value },", name, t.codec, qualified)
	s.line(3, "%s,", strings.Join(known, ", "))
	s.line(2, ")")
	s.line(1, "}\n")
	return s.made(qualified)
}
