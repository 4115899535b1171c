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

	"convexgateway/convex/jsonscan"
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

// ValueError is the reason why a text or Go value is not a Convex value.
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

// Within returns the error with where, a field name or `[index]`, in front of its path.
func (e *ValueError) Within(where string) *ValueError {
	if where == "" {
		return e
	}
	return &ValueError{Path: JoinPath(where, e.Path), Reason: e.Reason}
}

// JoinPath returns the path of what is within where, a field name or `[index]`, at a path of its own.
func JoinPath(where, path string) string {
	if path != "" && path[0] != '[' {
		where += "."
	}
	return where + path
}

// Within puts where in front of the path of a value error. It returns other errors, and nil, as they are.
func Within(where string, err error) error {
	if e, ok := errors.AsType[*ValueError](err); ok {
		return e.Within(where)
	}
	return err
}

// at makes a value error of any error, with where in front of its path.
func at(where string, err error) error {
	var ve *ValueError
	if !errors.As(err, &ve) {
		ve = &ValueError{Reason: err.Error()}
	}
	return ve.Within(where)
}

// CanonicalArguments checks the named arguments of a call and returns their canonical form. The text must be a JSON
// object, and its canonical form at most MaxArgumentsSize, in Convex's measure and as text: the deployment accepts no larger
// body. Empty text means no arguments.
func CanonicalArguments(text []byte) ([]byte, error) {
	if len(text) == 0 {
		return []byte("{}"), nil
	}
	s := jsonscan.NewScanner(text)
	if s.Peek() != '{' {
		return nil, &ValueError{Reason: "arguments must be a JSON object"}
	}
	w := canonicalWriter{Scanner: s, dst: make([]byte, 0, len(text)), maxSize: MaxArgumentsSize}
	dst, err := w.whole(1) // the deployment wraps them into an array
	switch {
	case err != nil:
		return nil, err
	case isSpecial(dst):
		return nil, &ValueError{Reason: "arguments must be an object, not a special value"}
	case len(dst) > MaxArgumentsSize:
		return nil, &ValueError{Reason: fmt.Sprintf("arguments are larger than %d bytes of JSON", MaxArgumentsSize)}
	}
	return dst, nil
}

// isSpecial reports whether canonical text is a {"$…": …} form. Field names never start with $.
func isSpecial(canonical []byte) bool { return bytes.HasPrefix(canonical, []byte(`{"$`)) }

// Canonical checks a text of Convex-encoded JSON and returns its canonical form: sorted keys, no white space, shortest
// numbers, −0 and the like as $float. Two texts have equal canonical forms exactly if their values are equal, so it
// is what to hash or compare. Names, special forms and limits are enforced; errors are *ValueError.
func Canonical(text []byte) ([]byte, error) {
	w := canonicalWriter{Scanner: jsonscan.NewScanner(text), dst: make([]byte, 0, len(text)), maxSize: MaxValueSize}
	return w.whole(0)
}

// canonicalWriter turns JSON into canonical JSON in one pass: it writes each object's fields as they come and only moves
// them if they came out of order.
type canonicalWriter struct {
	jsonscan.Scanner
	dst     []byte
	size    int // Convex's measure of what was read so far
	maxSize int
	fields  []field // of the objects that are being written, the innermost last
}

// whole writes a text that is nested depth containers deep.
func (w *canonicalWriter) whole(depth int) ([]byte, error) {
	err := w.value(depth)
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

// value writes the next value, depth containers deep.
func (w *canonicalWriter) value(depth int) error {
	switch c := w.Peek(); c {
	case '{':
		return w.object(depth)
	case '[':
		return w.array(depth)
	case '"':
		return w.stringValue()
	case 't':
		return w.literal("true")
	case 'f':
		return w.literal("false")
	case 'n':
		return w.literal("null")
	default:
		f, err := w.Number()
		if err != nil {
			return err
		}
		w.dst = appendFloat(w.dst, f)
		return w.grow(9)
	}
}

func (w *canonicalWriter) literal(literal string) error {
	if err := w.Literal(literal); err != nil {
		return err
	}
	w.dst = append(w.dst, literal...)
	return w.grow(1)
}

func (w *canonicalWriter) stringValue() error {
	content, err := w.Text()
	if err != nil {
		return err
	}
	w.dst = jsonscan.AppendString(w.dst, content)
	return w.grow(2 + len(content))
}

func (w *canonicalWriter) array(depth int) error {
	if depth >= MaxNesting {
		return errTooNested
	}
	w.dst = append(w.dst, '[')
	if err := w.grow(2); err != nil {
		return err
	}
	err := w.Elements(func(i int) error {
		if i >= MaxArrayLength {
			return fmt.Errorf("array has more than %d elements", MaxArrayLength)
		}
		if i > 0 {
			w.dst = append(w.dst, ',')
		}
		if err := w.value(depth + 1); err != nil {
			return at("["+strconv.Itoa(i)+"]", err)
		}
		return nil
	})
	w.dst = append(w.dst, ']')
	return err
}

var errTooNested = fmt.Errorf("value is nested deeper than %d levels", MaxNesting)

func (w *canonicalWriter) object(depth int) error {
	o := objectWriter{canonicalWriter: w, depth: depth, start: len(w.dst), base: len(w.fields), sorted: true}
	w.dst = append(w.dst, '{')
	if err := w.grow(2); err != nil {
		return err
	}
	if err := w.Fields(o.field); err != nil || o.special {
		return err
	}
	if depth >= MaxNesting {
		return errTooNested
	}
	if !o.sorted {
		if err := o.sort(); err != nil {
			return err
		}
	}
	w.dst = append(w.dst, '}')
	w.fields = w.fields[:o.base]
	return nil
}

// objectWriter writes the fields of one object.
type objectWriter struct {
	*canonicalWriter
	depth   int
	start   int  // of the brace
	base    int  // of its fields in canonicalWriter.fields
	sorted  bool // they came in the order of their names
	special bool // the object is a {"$…": …} form, and complete
}

// field is the position of one object field in the canonical text: `"name":value`.
type field struct {
	name       []byte
	start, end int
}

// written are the object's fields so far.
func (o *objectWriter) written() []field { return o.fields[o.base:] }

var errSpecialCompany = errors.New("a field name that starts with $ must be the only field of its object")

// field writes the field whose value comes next.
func (o *objectWriter) field(name []byte) error {
	isSpecial := len(name) > 0 && name[0] == '$'
	written := o.written()
	switch {
	case o.special || isSpecial && len(written) > 0:
		return errSpecialCompany
	case isSpecial:
		o.special = true
		o.dst = o.dst[:o.start]
		return o.specialValue(string(name))
	case o.depth >= MaxNesting:
		return errTooNested
	case len(written) >= MaxObjectFields:
		return fmt.Errorf("object has more than %d fields", MaxObjectFields)
	}
	if err := checkFieldName(name); err != nil {
		return err
	}
	if len(written) > 0 {
		o.dst = append(o.dst, ',')
		o.sorted = o.sorted && bytes.Compare(written[len(written)-1].name, name) < 0
	}
	start := len(o.dst)
	o.dst = append(jsonscan.AppendString(o.dst, name), ':')
	if err := o.grow(len(name) + 1); err != nil {
		return err
	}
	if err := o.value(o.depth + 1); err != nil {
		return at(string(name), err)
	}
	o.fields = append(o.fields, field{name: name, start: start, end: len(o.dst)})
	return nil
}

// checkFieldName checks a name by the rules of get-convex/convex-backend crates/value/src/field_name.rs.
func checkFieldName(name []byte) error {
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

// sort brings the fields into the order of their names.
func (o *objectWriter) sort() error {
	written := o.written()
	slices.SortFunc(written, func(a, b field) int { return bytes.Compare(a.name, b.name) })
	first := o.start + 1
	old := slices.Clone(o.dst[first:])
	o.dst = o.dst[:first]
	for i, f := range written {
		if i > 0 {
			if bytes.Equal(written[i-1].name, f.name) {
				return at(string(f.name), errors.New("field stands twice in its object"))
			}
			o.dst = append(o.dst, ',')
		}
		o.dst = append(o.dst, old[f.start-first:f.end-first]...)
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

// needsSpecialForm reports whether a float is one that JSON numbers cannot carry: −0, NaN and the infinities.
func needsSpecialForm(f float64) bool {
	return math.IsNaN(f) || math.IsInf(f, 0) || (f == 0 && math.Signbit(f))
}
