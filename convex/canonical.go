package convex

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"convexgateway/convex/jsontext"
)

// Limits of Convex values, from get-convex/convex-backend crates/value/src/{array,object,size}.rs.
const (
	MaxArrayLength   = 8192     // elements of an array
	MaxObjectFields  = 1024     // fields of an object
	MaxNesting       = 64       // levels: a scalar is 0, a container 1 more than its deepest member
	MaxFieldName     = 1024     // characters of a field name
	MaxValueSize     = 32 << 20 // bytes of any value, in Convex's own measure
	MaxArgumentsSize = 16 << 20 // bytes of a call's arguments, in Convex's own measure
)

// ValueError says why a text or Go value is not a Convex value.
type ValueError struct {
	Path   string // where, from the top: `tags[3].name`; empty for the value itself
	Reason string // what is wrong and, where there is one, the limit; holds no part of any value
}

func (e *ValueError) Error() string {
	if e.Path == "" {
		return e.Reason
	}
	return e.Path + ": " + e.Reason
}

// at puts where in front of the path of a value error. Errors of other kinds become value errors.
func at(where string, err error) error {
	var ve *ValueError
	if !errors.As(err, &ve) {
		return &ValueError{Path: where, Reason: err.Error()}
	}
	switch {
	case ve.Path == "" || ve.Path[0] == '[':
		return &ValueError{Path: where + ve.Path, Reason: ve.Reason}
	default:
		return &ValueError{Path: where + "." + ve.Path, Reason: ve.Reason}
	}
}

// CanonicalArguments checks the named arguments of a call and returns their canonical form. The text must be a JSON
// object of at most MaxArgumentsSize; empty text means no arguments.
func CanonicalArguments(text []byte) ([]byte, error) {
	if len(text) == 0 {
		return []byte("{}"), nil
	}
	s := jsontext.NewScanner(text)
	if s.Peek() != '{' {
		return nil, &ValueError{Reason: "arguments must be a JSON object"}
	}
	w := canonicalWriter{Scanner: s, dst: make([]byte, 0, len(text)), maxSize: MaxArgumentsSize}
	dst, err := w.whole()
	if err != nil {
		return nil, err
	}
	if dst[0] != '{' || isSpecial(dst) {
		return nil, &ValueError{Reason: "arguments must be an object, not a special value"}
	}
	return dst, nil
}

// isSpecial reports whether canonical text is a {"$…": …} form. Field names never start with $.
func isSpecial(canonical []byte) bool { return bytes.HasPrefix(canonical, []byte(`{"$`)) }

// Canonical checks a text of Convex-encoded JSON and returns its canonical form: sorted keys, no white space, shortest
// numbers, −0 and the like as $float. Two texts have equal canonical forms exactly if they stand for equal values, so it
// is what to hash or compare. Names, special forms and limits are enforced; errors are *ValueError.
func Canonical(text []byte) ([]byte, error) {
	w := canonicalWriter{Scanner: jsontext.NewScanner(text), dst: make([]byte, 0, len(text)), maxSize: MaxValueSize}
	return w.whole()
}

// canonicalWriter turns JSON into canonical JSON in one pass: it writes each object's fields as they come and only moves
// them if they came out of order.
type canonicalWriter struct {
	jsontext.Scanner
	dst     []byte
	size    int // Convex's measure of what was read so far
	maxSize int
}

func (w *canonicalWriter) whole() ([]byte, error) {
	_, err := w.value(0)
	if err == nil && !w.AtEnd() {
		err = errors.New("text goes on after the JSON value")
	}
	if err != nil {
		return nil, at("", err)
	}
	return w.dst, nil
}

// grow counts n bytes of Convex's measure.
func (w *canonicalWriter) grow(n int) error {
	if w.size += n; w.size > w.maxSize {
		return fmt.Errorf("value is larger than %d bytes", w.maxSize)
	}
	return nil
}

// value writes the next value, depth containers deep, and returns its nesting.
func (w *canonicalWriter) value(depth int) (nesting int, err error) {
	switch c := w.Peek(); c {
	case '{':
		return w.object(depth)
	case '[':
		return w.array(depth)
	case '"':
		return 0, w.stringValue()
	case 't':
		return 0, w.word("true")
	case 'f':
		return 0, w.word("false")
	case 'n':
		return 0, w.word("null")
	default:
		f, err := w.Number()
		if err != nil {
			return 0, err
		}
		w.dst = appendFloat(w.dst, f)
		return 0, w.grow(9)
	}
}

func (w *canonicalWriter) word(word string) error {
	if err := w.Literal(word); err != nil {
		return err
	}
	w.dst = append(w.dst, word...)
	return w.grow(1)
}

func (w *canonicalWriter) stringValue() error {
	content, err := w.Text()
	if err != nil {
		return err
	}
	w.dst = jsontext.AppendString(w.dst, content)
	return w.grow(2 + len(content))
}

func (w *canonicalWriter) array(depth int) (nesting int, err error) {
	if depth >= MaxNesting {
		return 0, errTooNested
	}
	w.dst = append(w.dst, '[')
	if err := w.grow(2); err != nil {
		return 0, err
	}
	err = w.Elements(func(i int) error {
		if i >= MaxArrayLength {
			return fmt.Errorf("array has more than %d elements", MaxArrayLength)
		}
		if i > 0 {
			w.dst = append(w.dst, ',')
		}
		n, err := w.value(depth + 1)
		if err != nil {
			return at("["+strconv.Itoa(i)+"]", err)
		}
		nesting = max(nesting, n)
		return nil
	})
	w.dst = append(w.dst, ']')
	return nesting + 1, err
}

var errTooNested = fmt.Errorf("value is nested deeper than %d levels", MaxNesting)

// field is where one object field stands in the canonical text: `"name":value`.
type field struct {
	name       string
	start, end int
}

func (w *canonicalWriter) object(depth int) (nesting int, err error) {
	start := len(w.dst)
	w.dst = append(w.dst, '{')
	if err := w.grow(2); err != nil {
		return 0, err
	}
	var fixed [8]field
	written, sorted, special := fixed[:0], true, false
	err = w.Fields(func(name []byte) error {
		if special {
			return errSpecialCompany
		}
		if len(name) > 0 && name[0] == '$' {
			if len(written) > 0 {
				return errSpecialCompany
			}
			special = true
			w.dst = w.dst[:start]
			return w.specialValue(string(name))
		}
		n, err := w.field(written, string(name), depth)
		if err != nil {
			return err
		}
		nesting = max(nesting, n)
		f := field{name: string(name), start: w.fieldStart(start, written), end: len(w.dst)}
		sorted = sorted && (len(written) == 0 || written[len(written)-1].name < f.name)
		written = append(written, f)
		return nil
	})
	if err != nil || special {
		return 0, err
	}
	if depth >= MaxNesting {
		return 0, errTooNested
	}
	if !sorted {
		if err := w.sortFields(start, written); err != nil {
			return 0, err
		}
	}
	w.dst = append(w.dst, '}')
	return nesting + 1, nil
}

var errSpecialCompany = errors.New("a field name that starts with $ must be the only field of its object")

// fieldStart is where the field after written starts: behind the brace or the comma.
func (w *canonicalWriter) fieldStart(objectStart int, written []field) int {
	if len(written) == 0 {
		return objectStart + 1
	}
	return written[len(written)-1].end + 1
}

func (w *canonicalWriter) field(written []field, name string, depth int) (nesting int, err error) {
	if depth >= MaxNesting {
		return 0, errTooNested
	}
	if len(written) >= MaxObjectFields {
		return 0, fmt.Errorf("object has more than %d fields", MaxObjectFields)
	}
	if err := checkFieldName(name); err != nil {
		return 0, err
	}
	if len(written) > 0 {
		w.dst = append(w.dst, ',')
	}
	w.dst = append(jsontext.AppendString(w.dst, name), ':')
	if err := w.grow(len(name) + 1); err != nil {
		return 0, err
	}
	if nesting, err = w.value(depth + 1); err != nil {
		return 0, at(name, err)
	}
	return nesting, nil
}

// checkFieldName holds a name to get-convex/convex-backend crates/value/src/field_name.rs.
func checkFieldName(name string) error {
	if len(name) > MaxFieldName {
		return fmt.Errorf("field name is longer than %d characters", MaxFieldName)
	}
	for i := range len(name) {
		if c := name[i]; c < 0x20 || c > 0x7e {
			return errors.New("field name has a character outside printable ASCII")
		}
	}
	return nil
}

// sortFields brings the fields written since the brace at start into the order of their names.
func (w *canonicalWriter) sortFields(start int, written []field) error {
	slices.SortFunc(written, func(a, b field) int { return bytes.Compare([]byte(a.name), []byte(b.name)) })
	old := slices.Clone(w.dst[start+1:])
	w.dst = w.dst[:start+1]
	for i, f := range written {
		if i > 0 {
			if written[i-1].name == f.name {
				return at(f.name, errors.New("field stands twice in its object"))
			}
			w.dst = append(w.dst, ',')
		}
		w.dst = append(w.dst, old[f.start-start-1:f.end-start-1]...)
	}
	return nil
}

// specialValue reads the value of a lone $ field, up to but not including the closing brace.
func (w *canonicalWriter) specialValue(name string) error {
	switch name {
	case "$integer", "$float", "$bytes":
	default:
		return fmt.Errorf("%q is not a kind of special value", name)
	}
	if w.Peek() != '"' {
		return fmt.Errorf("%s must hold a base64 string", name)
	}
	content, err := w.Text()
	if err != nil {
		return err
	}
	decoded := make([]byte, base64.StdEncoding.DecodedLen(len(content)))
	n, err := base64.StdEncoding.Strict().Decode(decoded, content)
	if err != nil || bytes.ContainsAny(content, "\r\n") {
		return fmt.Errorf("%s does not hold padded standard base64", name)
	}
	return w.specialBytes(name, content, decoded[:n])
}

func (w *canonicalWriter) specialBytes(name string, encoded, decoded []byte) error {
	size := 2 + len(decoded)
	if name != "$bytes" {
		if len(decoded) != 8 {
			return fmt.Errorf("%s must hold 8 bytes", name)
		}
		size = 9
	}
	if name == "$float" && !needsSpecialForm(math.Float64frombits(binary.LittleEndian.Uint64(decoded))) {
		return errors.New("$float holds a value that a plain number can hold")
	}
	w.dst = append(append(append(append(append(w.dst, `{"`...), name...), `":"`...), encoded...), `"}`...)
	return w.grow(size - 2)
}

// needsSpecialForm tells the floats that JSON numbers cannot carry: −0, NaN and the infinities.
func needsSpecialForm(f float64) bool {
	return math.IsNaN(f) || math.IsInf(f, 0) || (f == 0 && math.Signbit(f))
}
