package spec

import (
	"errors"
	"strconv"

	"convexgateway/convex"
	"convexgateway/convex/jsonscan"
)

// Check returns how a value differs from a validator, and nil if it does not. The value is in its canonical form
// (convex.Canonical, convex.CanonicalArguments). It takes and refuses what get-convex/convex-backend
// crates/common/src/schemas/validator.rs does, but for ids: which table a number belongs to is the deployment's, so an id of another
// table is taken. It may be called concurrently, and allocates nothing for most values that match.
func Check(v Validator, canonical []byte) *Mismatch {
	c := checker{Scanner: jsonscan.NewScanner(canonical)}
	return c.check(v)
}

// checker compares one value with validators, from front to back.
type checker struct {
	jsonscan.Scanner
	quiet bool // mismatches are not described: another alternative may match
}

// check consumes the next value if it matches.
func (c *checker) check(v Validator) *Mismatch {
	switch v := v.(type) {
	case Scalar:
		return c.scalar(v)
	case ID:
		return c.id(v)
	case Literal:
		return c.literal(v)
	case Array:
		return c.array(v)
	case Record:
		return c.record(v)
	case Object:
		return c.object(v)
	case Union:
		return c.union(v)
	default:
		return c.noMatch(v)
	}
}

// scalarKinds are the kinds of values that scalars describe.
var scalarKinds = map[Scalar]valueKind{
	Null: kindNull, Boolean: kindBoolean, Number: kindNumber, Int64: kindInt64, CommitTS: kindInt64, String: kindString, Handle: kindString, Bytes: kindBytes,
}

func (c *checker) scalar(s Scalar) *Mismatch {
	if s != Any && scalarKinds[s] != c.kind() {
		return c.noMatch(s)
	}
	return c.skip()
}

// skip consumes the next value.
func (c *checker) skip() *Mismatch {
	if _, err := c.Raw(); err != nil {
		return &Mismatch{Reason: err.Error()}
	}
	return nil
}

func (c *checker) id(id ID) *Mismatch {
	if c.kind() != kindString {
		return c.noMatch(id)
	}
	start := c.Scanner
	if content, err := c.Text(); err != nil || !isDocumentID(content) {
		c.Scanner = start
		return c.noMatch(id)
	}
	return nil
}

func (c *checker) literal(l Literal) *Mismatch {
	start := c.Scanner
	matches := false
	if want, isText := l.Value.(string); isText {
		if c.kind() == kindString {
			content, err := c.Text()
			matches = err == nil && string(content) == want
		}
	} else {
		want, _ := convex.Encode(l.Value)
		given, err := c.Raw()
		matches = err == nil && string(given) == string(want)
	}
	if !matches {
		c.Scanner = start
		return c.noMatch(l)
	}
	return nil
}

// errStop ends a walk over members; the mismatch is elsewhere.
var errStop = errors.New("stopped")

func (c *checker) array(a Array) (m *Mismatch) {
	if c.kind() != kindArray {
		return c.noMatch(a)
	}
	err := c.Elements(func(i int) error {
		if m = c.check(a.Element); m == nil {
			return nil
		}
		if !c.quiet {
			m = m.under("[" + strconv.Itoa(i) + "]")
		}
		return errStop
	})
	return result(m, err)
}

// result is the mismatch that a walk found, or the error of the text.
func result(m *Mismatch, err error) *Mismatch {
	if m == nil && err != nil {
		return &Mismatch{Reason: err.Error()}
	}
	return m
}

func (c *checker) record(r Record) (m *Mismatch) {
	if c.kind() != kindObject {
		return c.noMatch(r)
	}
	err := c.Fields(func(name []byte) error {
		switch {
		case !isKey(r.Keys, name):
			m = c.mismatch(string(name), "is a key that should be %s", r.Keys)
		default:
			if m = c.check(r.Values); m == nil {
				return nil
			}
			if !c.quiet {
				m = m.under(string(name))
			}
		}
		return errStop
	})
	return result(m, err)
}

// isKey reports whether a name is good as the key of a record.
func isKey(keys Validator, name []byte) bool {
	for _, k := range alternatives(keys) {
		if _, isID := k.(ID); k == String || isID && isDocumentID(name) {
			return true
		}
	}
	return false
}

// object walks the fields of value and validator, both in the order of their names. Of several mismatches it returns the one that the
// deployment reports: of a field of the validator before that of a field which is not in it.
func (c *checker) object(o Object) *Mismatch {
	if c.kind() != kindObject {
		return c.noMatch(o)
	}
	w := objectWalk{checker: c, left: o.Fields}
	if err := c.Fields(w.field); err != nil || w.found != nil {
		return result(w.found, err)
	}
	if w.absent(""); w.found != nil {
		return w.found
	}
	return w.extra
}

// objectWalk compares the fields of one object.
type objectWalk struct {
	*checker
	left  []Field   // of the validator, that were not met yet
	found *Mismatch // of a field of the validator
	extra *Mismatch // the first field that is not in it
}

// absent skips the fields of the validator before the one that is named, or all. It stops at one that is required.
func (w *objectWalk) absent(before string) {
	for ; len(w.left) > 0 && (before == "" || w.left[0].Name < before); w.left = w.left[1:] {
		if !w.left[0].Optional {
			w.found = w.mismatch(w.left[0].Name, "is required", nil)
			return
		}
	}
}

// field compares the field whose value comes next.
func (w *objectWalk) field(name []byte) error {
	if len(name) > 0 {
		if w.absent(string(name)); w.found != nil {
			return errStop
		}
	}
	if len(w.left) == 0 || w.left[0].Name != string(name) {
		if w.extra == nil {
			w.extra = w.mismatch(string(name), "is not a field that is expected here", nil)
		}
		_, err := w.Raw()
		return err
	}
	t := w.left[0].Type
	w.left = w.left[1:]
	if m := w.check(t); m != nil {
		if w.found = m; !w.quiet {
			w.found = m.under(string(name))
		}
		return errStop
	}
	return nil
}

func (c *checker) union(u Union) *Mismatch {
	start, quiet := c.Scanner, c.quiet
	c.quiet = true
	for _, member := range u.Members {
		c.Scanner = start
		if c.check(member) == nil {
			c.quiet = quiet
			return nil
		}
	}
	c.Scanner, c.quiet = start, quiet
	if quiet {
		return undescribed
	}
	return c.closest(u)
}

// closest describes why no member of a union matches: as the mismatch of the only member that is of the value's kind and whose literal
// fields match, and otherwise as one of the union.
func (c *checker) closest(u Union) *Mismatch {
	start := c.Scanner
	var only *Mismatch
	candidates := 0
	for _, member := range u.Members {
		if object, ok := member.(Object); ok && !c.hasLiterals(object) {
			continue
		}
		c.Scanner = start
		if m := c.check(member); m.Field != "" {
			only = m
			candidates++
		}
	}
	c.Scanner = start
	if candidates == 1 {
		return only
	}
	return c.noMatch(u)
}

// hasLiterals reports whether the next value is an object with all literals that a validator's required fields are. It consumes nothing.
func (c *checker) hasLiterals(o Object) bool {
	ahead := checker{Scanner: c.Scanner, quiet: true}
	if ahead.kind() != kindObject {
		return false
	}
	literals := map[string]Literal{}
	for _, field := range o.Fields {
		if literal, ok := field.Type.(Literal); ok && !field.Optional {
			literals[field.Name] = literal
		}
	}
	err := ahead.Fields(func(name []byte) error {
		literal, ok := literals[string(name)]
		if !ok {
			_, err := ahead.Raw()
			return err
		}
		delete(literals, string(name))
		if ahead.literal(literal) != nil {
			return errStop
		}
		return nil
	})
	return err == nil && len(literals) == 0
}
