package v

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Tables returns the table that a document id belongs to. ok is false for a text that is no id, and for an unknown table.
type Tables func(id string) (table string, ok bool)

// Validator accepts some Convex values. Its String is Convex's notation of it, for example `v.array(v.string())`.
type Validator interface {
	String() string
	check(value any, tables Tables) *Mismatch
	spec() map[string]any
}

// Check returns nil if value matches, and otherwise a *Mismatch. With nil tables no document id matches.
func Check(validator Validator, value any, tables Tables) error {
	if tables == nil {
		tables = func(string) (string, bool) { return "", false }
	}
	if m := validator.check(value, tables); m != nil {
		return m
	}
	return nil
}

// Null accepts null.
func Null() Validator {
	return scalar{"v.null()", "null", func(value any) bool { return value == nil }}
}

// Number accepts a Float64: a plain JSON number.
func Number() Validator { return scalar{"v.float64()", "number", is[float64]} }

// Int64 accepts an Int64.
func Int64() Validator { return scalar{"v.int64()", "bigint", is[int64]} }

// Boolean accepts true and false.
func Boolean() Validator { return scalar{"v.boolean()", "boolean", is[bool]} }

// String accepts a string.
func String() Validator { return scalar{"v.string()", "string", is[string]} }

// Bytes accepts bytes.
func Bytes() Validator { return scalar{"v.bytes()", "bytes", is[[]byte]} }

// Any accepts every value.
func Any() Validator { return scalar{"v.any()", "any", func(any) bool { return true }} }

func is[T any](value any) bool {
	_, ok := value.(T)
	return ok
}

type scalar struct {
	name    string
	kind    string // in a spec
	accepts func(any) bool
}

func (s scalar) String() string { return s.name }

func (s scalar) check(value any, _ Tables) *Mismatch {
	if s.accepts(value) {
		return nil
	}
	return noMatch(s, value)
}

// ID accepts the ids of a table's documents. That the document exists is not checked.
func ID(table string) Validator { return id(table) }

type id string

func (t id) String() string { return fmt.Sprintf(`v.id("%s")`, string(t)) }

func (t id) check(value any, tables Tables) *Mismatch {
	text, ok := value.(string)
	if !ok {
		return noMatch(t, value)
	}
	table, ok := tables(text)
	switch {
	case !ok:
		return noMatch(t, value)
	case table != string(t):
		return &Mismatch{before: fmt.Sprintf("Found ID \"%s\" from table `%s`, which does not match the table name in "+
			"validator `%s`.", text, table, t)}
	}
	return nil
}

// Literal accepts one value: a string, bool, float64 or int64.
func Literal(value any) Validator { return literal{value} }

type literal struct{ value any }

func (l literal) String() string { return "v.literal(" + l.shown() + ")" }

func (l literal) shown() string {
	switch value := l.value.(type) {
	case int64:
		return "<bigint>"
	case float64:
		if math.IsNaN(value) || math.IsInf(value, 0) {
			return "<number>"
		}
		return Show(value)
	default:
		text, _ := json.Marshal(value)
		return string(text)
	}
}

func (l literal) check(value any, _ Tables) *Mismatch {
	switch value.(type) {
	case string, bool, float64, int64:
		if value == l.value {
			return nil
		}
	}
	return &Mismatch{before: "`" + Show(value) + "` does not match literal validator `" + l.String() + "`."}
}

// Array accepts arrays whose every element matches.
func Array(element Validator) Validator { return array{element} }

type array struct{ element Validator }

func (a array) String() string { return "v.array(" + a.element.String() + ")" }

func (a array) check(value any, tables Tables) *Mismatch {
	list, ok := value.([]any)
	if !ok {
		return noMatch(a, value)
	}
	for i, element := range list {
		if m := a.element.check(element, tables); m != nil {
			return m.under(fmt.Sprintf("[%d]", i))
		}
	}
	return nil
}

// Record accepts objects of any field names that match keys and values that match values.
func Record(keys, values Validator) Validator { return record{keys, values} }

type record struct{ keys, values Validator }

func (r record) String() string {
	return "v.record(" + r.keys.String() + ", " + r.values.String() + ")"
}

func (r record) check(value any, tables Tables) *Mismatch {
	object, ok := value.(map[string]any)
	if !ok {
		return noMatch(r, value)
	}
	for _, name := range sortedNames(object) {
		if m := r.keys.check(name, tables); m != nil {
			return m.under(".keys()")
		}
		if m := r.values.check(object[name], tables); m != nil {
			return m.under(".values()")
		}
	}
	return nil
}

// Union accepts what any of the members accepts. Of one member it is that member; of none it accepts nothing.
func Union(members ...Validator) Validator { return union(members) }

// Nullable accepts what validator accepts, and null.
func Nullable(validator Validator) Validator { return Union(validator, Null()) }

type union []Validator

func (u union) String() string {
	shown := make([]string, len(u))
	for i, member := range u {
		shown[i] = member.String()
	}
	return "v.union(" + strings.Join(shown, ", ") + ")"
}

func (u union) check(value any, tables Tables) *Mismatch {
	if len(u) == 1 {
		return u[0].check(value, tables)
	}
	for _, member := range u {
		if member.check(value, tables) == nil {
			return nil
		}
	}
	return noMatch(u, value)
}

func sortedNames(object map[string]any) []string {
	names := make([]string, 0, len(object))
	for name := range object {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
