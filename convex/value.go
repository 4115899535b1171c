package convex

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"convexgateway/convex/jsonscan"
)

// Convex values as Go values:
//
//	Null     nil           String  string
//	Int64    int64         Bytes   []byte
//	Float64  float64       Array   []any
//	Boolean  bool          Object  map[string]any
//
// A document id is a string. On the wire they are JSON, where a plain number is a Float64, and Int64, Bytes and the
// floats that JSON lacks are objects of one field: {"$integer": base64 of 8 bytes, little-endian}, {"$bytes": base64},
// {"$float": base64 of 8 bytes, little-endian}. The forms are those of get-convex/convex-backend crates/value/src/json.

// Decode reads Convex-encoded JSON into Go values. It enforces every rule that Canonical does; errors are *ValueError.
func Decode(text []byte) (any, error) {
	canonical, err := Canonical(text)
	if err != nil {
		return nil, err
	}
	s := valueReader{jsonscan.NewScanner(canonical)}
	return s.value()
}

// valueReader reads values from canonical text.
type valueReader struct{ jsonscan.Scanner }

// value reads the next value.
func (s *valueReader) value() (any, error) {
	switch s.Peek() {
	case '{':
		if isSpecial(s.Rest()) {
			return s.special()
		}
		return s.object()
	case '[':
		list := []any{}
		err := s.Elements(func(int) error {
			v, err := s.value()
			list = append(list, v)
			return err
		})
		return list, err
	case '"':
		content, err := s.Text()
		return string(content), err
	case 't':
		return true, s.Literal("true")
	case 'f':
		return false, s.Literal("false")
	case 'n':
		return nil, s.Literal("null")
	default:
		return s.Number()
	}
}

func (s *valueReader) object() (any, error) {
	object := map[string]any{}
	err := s.Fields(func(name []byte) error {
		v, err := s.value()
		object[string(name)] = v
		return err
	})
	return object, err
}

func (s *valueReader) special() (v any, err error) {
	err = s.Fields(func(name []byte) error {
		content, err := s.Text()
		if err != nil {
			return err
		}
		decoded, err := base64.StdEncoding.DecodeString(string(content))
		if err != nil {
			return err
		}
		switch string(name) {
		case "$integer":
			v = int64(binary.LittleEndian.Uint64(decoded))
		case "$float":
			v = math.Float64frombits(binary.LittleEndian.Uint64(decoded))
		default:
			v = decoded
		}
		return nil
	})
	return v, err
}

// Encode writes a Go value of the kinds above as canonical Convex-encoded JSON. It enforces every rule that Canonical
// does; errors are *ValueError.
func Encode(v any) ([]byte, error) {
	text, err := appendValue(nil, v, 0)
	if err != nil {
		return nil, at("", err)
	}
	if _, err := Canonical(text); err != nil {
		return nil, err
	}
	return text, nil
}

func appendValue(dst []byte, v any, depth int) ([]byte, error) {
	if depth > MaxNesting {
		return nil, errTooNested
	}
	switch v := v.(type) {
	case nil:
		return append(dst, "null"...), nil
	case bool:
		return strconv.AppendBool(dst, v), nil
	case int64:
		return appendInt64(dst, v), nil
	case float64:
		return appendFloat(dst, v), nil
	case string:
		return jsonscan.AppendString(dst, v), nil
	case []byte:
		return append(base64.StdEncoding.AppendEncode(append(dst, `{"$bytes":"`...), v), `"}`...), nil
	case []any:
		return appendArray(dst, v, depth)
	case map[string]any:
		return appendObject(dst, v, depth)
	default:
		return nil, fmt.Errorf("a Go %T is not a Convex value", v)
	}
}

func appendArray(dst []byte, list []any, depth int) ([]byte, error) {
	dst = append(dst, '[')
	for i, element := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		var err error
		if dst, err = appendValue(dst, element, depth+1); err != nil {
			return nil, at("["+strconv.Itoa(i)+"]", err)
		}
	}
	return append(dst, ']'), nil
}

func appendObject(dst []byte, object map[string]any, depth int) ([]byte, error) {
	dst = append(dst, '{')
	for i, name := range slices.Sorted(maps.Keys(object)) {
		if len(name) > 0 && name[0] == '$' {
			return nil, fmt.Errorf("field name %q starts with $", name)
		}
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(jsonscan.AppendString(dst, name), ':')
		var err error
		if dst, err = appendValue(dst, object[name], depth+1); err != nil {
			return nil, at(name, err)
		}
	}
	return append(dst, '}'), nil
}

func appendInt64(dst []byte, n int64) []byte {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], uint64(n))
	return append(base64.StdEncoding.AppendEncode(append(dst, `{"$integer":"`...), b[:]), `"}`...)
}

// appendFloat writes a float as a number, or in its special form.
func appendFloat(dst []byte, f float64) []byte {
	if !needsSpecialForm(f) {
		return jsonscan.AppendNumber(dst, f)
	}
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], math.Float64bits(f))
	return append(base64.StdEncoding.AppendEncode(append(dst, `{"$float":"`...), b[:]), `"}`...)
}

// Size is a value's size in Convex's own measure, in bytes, as its limits count it: null and bool 1; int64 and float64 9;
// string and bytes 2 + length; array 2 + its elements; object 2 + (name + 1 + value) for each field. Source:
// get-convex/convex-backend crates/value/src/size.rs.
func Size(v any) int {
	switch v := v.(type) {
	case int64, float64:
		return 9
	case string:
		return 2 + len(v)
	case []byte:
		return 2 + len(v)
	case []any:
		n := 2
		for _, element := range v {
			n += Size(element)
		}
		return n
	case map[string]any:
		n := 2
		for name, member := range v {
			n += len(name) + 1 + Size(member)
		}
		return n
	default:
		return 1
	}
}
