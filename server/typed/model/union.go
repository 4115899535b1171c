package model

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"convexgateway/convex"
	"convexgateway/convex/spec"
)

// alternatives are the members of a validator by their kinds in JSON. Members that are the same scalar in protobuf are one.
type alternatives struct {
	nullable bool
	scalars  []Kind                    // in the order of scalarNames
	members  map[Kind][]spec.Validator // of each of them
	arrays   []spec.Array
	records  []spec.Record
	objects  []spec.Object
	any      bool
}

// scalarNames are the names of scalars as members of a union, in order.
var scalarNames = []struct {
	kind Kind
	name string
}{{Bool, "bool_value"}, {Double, "number_value"}, {Int64, "int64_value"}, {String, "string_value"}, {Bytes, "bytes_value"}}

// Names of members that are no scalars.
const (
	nullName   = "null_value"
	arrayName  = "array_value"
	recordName = "record_value"
	objectName = "object_value"
)

// alternativesOf sorts the members of a validator; one that is no union is its only member.
func alternativesOf(v spec.Validator) alternatives {
	a := alternatives{members: map[Kind][]spec.Validator{}}
	members := []spec.Validator{v}
	if u, ok := v.(spec.Union); ok {
		members = u.Members
	}
	for _, member := range members {
		switch m := member.(type) {
		case spec.Array:
			a.arrays = append(a.arrays, m)
		case spec.Record:
			a.records = append(a.records, m)
		case spec.Object:
			a.objects = append(a.objects, m)
		default:
			a.addScalar(m)
		}
	}
	slices.SortFunc(a.scalars, func(x, y Kind) int { return cmp.Compare(scalarRank(x), scalarRank(y)) })
	a.scalars = slices.Compact(a.scalars)
	return a
}

func (a *alternatives) addScalar(v spec.Validator) {
	switch kind := scalarKind(v); kind {
	case Null:
		a.nullable = true
	case Any:
		a.any = true
	default:
		a.scalars = append(a.scalars, kind)
		a.members[kind] = append(a.members[kind], v)
	}
}

func scalarRank(kind Kind) int {
	return slices.IndexFunc(scalarNames, func(s struct {
		kind Kind
		name string
	}) bool {
		return s.kind == kind
	})
}

// scalarKind returns the kind of a scalar, an id or a literal.
func scalarKind(v spec.Validator) Kind {
	switch v := v.(type) {
	case spec.ID:
		return String
	case spec.Literal:
		switch v.Value.(type) {
		case string:
			return String
		case bool:
			return Bool
		case int64:
			return Int64
		default:
			return Double
		}
	case spec.Scalar:
		return scalarKinds[v]
	}
	return Any
}

var scalarKinds = map[spec.Scalar]Kind{
	spec.Any: Any, spec.Null: Null, spec.Boolean: Bool, spec.Number: Double, spec.Int64: Int64, spec.CommitTS: Int64,
	spec.String: String, spec.Handle: String, spec.Bytes: Bytes,
}

// count is the number of members besides null.
func (a alternatives) count() int {
	return len(a.scalars) + len(a.arrays) + len(a.records) + len(a.objects)
}

// apart reports whether JSON alone, or a literal in objects, shows which member a value is.
func (a alternatives) apart() bool {
	switch {
	case a.any || len(a.arrays) > 1 || len(a.records) > 1 || len(a.records) == 1 && len(a.objects) > 0:
		return false
	case len(a.objects) > 1:
		return len(discriminators(a.objects)) > 0
	}
	return true
}

// discriminator is a field of objects whose literals differ in all of them.
type discriminator struct {
	field  string
	values [][]literal // of each object, in the order of the texts
}

// literal is one value of a discriminator.
type literal struct {
	text      string // by which the member is known: of a string the string itself, of an int64 its digits
	canonical string
}

// discriminators returns the fields that show which object a value is, by name.
func discriminators(objects []spec.Object) (found []discriminator) {
	for _, field := range objects[0].Fields {
		d := discriminator{field: field.Name}
		for _, o := range objects {
			values, ok := literalsOf(o, field.Name)
			if !ok {
				break
			}
			d.values = append(d.values, values)
		}
		if len(d.values) == len(objects) && distinct(d.values) {
			found = append(found, d)
		}
	}
	return found
}

// literalsOf returns the literals that a required field of an object may be.
func literalsOf(o spec.Object, name string) (values []literal, ok bool) {
	i := slices.IndexFunc(o.Fields, func(f spec.Field) bool { return f.Name == name })
	if i < 0 || o.Fields[i].Optional {
		return nil, false
	}
	members := []spec.Validator{o.Fields[i].Type}
	if u, isUnion := members[0].(spec.Union); isUnion {
		members = u.Members
	}
	for _, member := range members {
		l, isLiteral := member.(spec.Literal)
		if !isLiteral {
			return nil, false
		}
		value := literalOf(l)
		if !isMemberName(value.text) {
			return nil, false
		}
		values = append(values, value)
	}
	slices.SortFunc(values, func(a, b literal) int { return cmp.Compare(a.text, b.text) })
	return values, len(values) > 0
}

func literalOf(l spec.Literal) literal {
	canonical, _ := convex.Encode(l.Value)
	switch value := l.Value.(type) {
	case string:
		return literal{value, string(canonical)}
	case int64:
		return literal{strconv.FormatInt(value, 10), string(canonical)}
	}
	return literal{string(canonical), string(canonical)}
}

// maxMemberName is the longest literal that a member is named by, in bytes.
const maxMemberName = 64

// isMemberName reports whether a literal can be the JSON name of a member: protoc takes no brackets around one, and the members that
// are no objects have names of their own.
func isMemberName(text string) bool {
	printable := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) < 0
	return text != "" && len(text) <= maxMemberName && printable && text[0] != '[' && !strings.HasSuffix(text, "Value")
}

// distinct reports whether no two objects have a literal in common.
func distinct(values [][]literal) bool {
	seen := map[string]bool{}
	for _, of := range values {
		for _, l := range of {
			if seen[l.text] {
				return false
			}
			seen[l.text] = true
		}
	}
	return true
}
