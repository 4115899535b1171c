package spec

import (
	"fmt"
	"strings"

	"convexgateway/convex"
)

// Mismatch is how a value differs from a validator. It holds no part of the value but names of fields.
type Mismatch struct {
	Field  string // where, from the top: paginationOpts.numItems, tags[3]; empty for the value itself
	Reason string // what is wrong: `want a string, not a number`, `is required`
}

func (m *Mismatch) Error() string {
	if m.Field == "" {
		return m.Reason
	}
	return m.Field + ": " + m.Reason
}

// maxName is how much of a field's name a mismatch shows, in bytes: no name of a validator is longer.
const maxName = 64

// under returns the mismatch with a step, a field's name or [index], in front of its field.
func (m *Mismatch) under(step string) *Mismatch {
	if len(step) > maxName {
		step = step[:maxName] + "…"
	}
	return &Mismatch{Field: convex.JoinPath(step, m.Field), Reason: m.Reason}
}

// undescribed is the mismatch of a quiet checker.
var undescribed = &Mismatch{Reason: "does not match"}

// mismatch describes what is wrong with a field of the value; format has a place for a validator if there is one.
func (c *checker) mismatch(field, format string, v Validator) *Mismatch {
	if c.quiet {
		return undescribed
	}
	m := &Mismatch{Reason: format}
	if v != nil {
		m.Reason = fmt.Sprintf(format, describe(v))
	}
	return m.under(field)
}

// noMatch describes that the next value is not of a validator.
func (c *checker) noMatch(v Validator) *Mismatch {
	if c.quiet {
		return undescribed
	}
	kind := c.kind()
	m := &Mismatch{Reason: fmt.Sprintf("want %s, not %s", describe(v), kind)}
	if hasKind(v, kind) {
		m.Reason = "want " + describe(v)
	}
	return m
}

// hasKind reports whether a validator describes some values of a kind.
func hasKind(v Validator, kind valueKind) bool {
	switch v := v.(type) {
	case Scalar:
		return scalarKinds[v] == kind
	case ID:
		return kind == kindString
	case Array:
		return kind == kindArray
	case Record, Object:
		return kind == kindObject
	case Union:
		for _, member := range v.Members {
			if hasKind(member, kind) {
				return true
			}
		}
		return false
	default: // a literal
		return true
	}
}

// valueKind is the kind of a value, as a mismatch names it.
type valueKind string

const (
	kindNothing valueKind = "nothing"
	kindNull    valueKind = "null"
	kindBoolean valueKind = "a boolean"
	kindNumber  valueKind = "a number"
	kindInt64   valueKind = "an int64"
	kindString  valueKind = "a string"
	kindBytes   valueKind = "bytes"
	kindArray   valueKind = "an array"
	kindObject  valueKind = "an object"
)

// kind returns the kind of the next value, of which it consumes nothing.
func (c *checker) kind() valueKind {
	switch c.Peek() {
	case 0:
		return kindNothing
	case 'n':
		return kindNull
	case 't', 'f':
		return kindBoolean
	case '"':
		return kindString
	case '[':
		return kindArray
	case '{':
		return specialKind(c.Rest())
	default:
		return kindNumber
	}
}

// specialKind returns the kind of canonical text that begins with a brace. Names of fields never begin with $.
func specialKind(canonical []byte) valueKind {
	const length = len(`{"$i`)
	if len(canonical) < length {
		return kindObject
	}
	switch string(canonical[:length]) {
	case `{"$i`:
		return kindInt64
	case `{"$f`:
		return kindNumber
	case `{"$b`:
		return kindBytes
	default:
		return kindObject
	}
}

// maxAlternatives is how many members of a union a mismatch names.
const maxAlternatives = 10

// describe names the values of a validator.
func describe(v Validator) string {
	switch v := v.(type) {
	case Scalar:
		return describeScalar(v)
	case ID:
		return "an id of table " + v.Table
	case Literal:
		value, _ := convex.Encode(v.Value)
		return string(value)
	case Array:
		return string(kindArray)
	case Union:
		return describeUnion(v)
	default:
		return string(kindObject)
	}
}

func describeScalar(s Scalar) string {
	switch s {
	case Any:
		return "any value"
	case Int64, CommitTS:
		return `an int64 ({"$integer": …})`
	case Handle:
		return "a function handle"
	default:
		return string(scalarKinds[s])
	}
}

func describeUnion(u Union) string {
	var names []string
	for i, member := range u.Members {
		if i == maxAlternatives {
			names = append(names, "another alternative")
			break
		}
		names = append(names, describe(member))
	}
	if len(names) == 0 {
		return "no value at all"
	}
	return strings.Join(names, " or ")
}
