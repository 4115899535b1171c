package rpc

import (
	"encoding/binary"
	"math"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"

	"convexgateway/convex/jsonscan"
)

// Results pass the gateway as JSON text. The Struct lane has them as google.protobuf.Value, and the obvious way there (a tree
// of Go objects, then proto.Marshal) costs thirty times as much as parsing the JSON. So JSON is transcoded to the wire bytes of
// Value, which are set as unknown fields of the response: proto.Marshal copies those as they are, and a client reads them as
// the field. The length of a message comes before its content: it is written as one byte, and widened after the content.

// Field numbers of google.protobuf.Value, Struct, its map entries, and ListValue.
const (
	nullField, numberField, stringField, boolField, structField, listField = 1, 2, 3, 4, 5, 6

	fieldsField, keyField, entryValueField, valuesField = 1, 1, 2, 1
)

// appendValueField appends a google.protobuf.Value, read from JSON text, as the given field of a message.
func appendValueField(dst []byte, field protowire.Number, text []byte) ([]byte, error) {
	return appendBoundedValueField(dst, field, text, nil)
}

// appendBoundedValueField is like appendValueField. It calls take before it needs much more memory than the text has, and fails with its
// error: of small numbers the wire form has several times their size. nil: there is no bound.
func appendBoundedValueField(dst []byte, field protowire.Number, text []byte, take func(bytes int) error) ([]byte, error) {
	t := transcoder{ // rows of strings take about as much as their text
		Scanner: jsonscan.NewScanner(text), dst: slices.Grow(dst, len(text)+len(text)/4+2*valueRoom), take: take,
	}
	if err := t.valueField(field, 0); err != nil {
		return nil, err
	}
	if !t.AtEnd() {
		return nil, jsonscan.ErrSyntax
	}
	return t.dst, nil
}

// transcoder appends the wire bytes of the JSON values that it scans.
type transcoder struct {
	jsonscan.Scanner
	dst  []byte
	take func(bytes int) error
}

// MaxDepth is how deep a deployment's values may be nested; it bounds the stack. Convex values are nested 64 deep at most.
const MaxDepth = 256

func (t *transcoder) tag(field protowire.Number, kind protowire.Type) {
	t.dst = protowire.AppendTag(t.dst, field, kind)
}

// open starts a message field, which close ends.
func (t *transcoder) open(field protowire.Number) (start int) {
	t.tag(field, protowire.BytesType)
	t.dst = append(t.dst, 0)
	return len(t.dst)
}

// close writes the length of what was appended since open.
func (t *transcoder) close(start int) {
	n := uint64(len(t.dst) - start)
	if n < 0x80 {
		t.dst[start-1] = byte(n)
		return
	}
	wider := protowire.SizeVarint(n) - 1
	var padding [9]byte
	t.dst = append(t.dst, padding[:wider]...)
	copy(t.dst[start+wider:], t.dst[start:])
	binary.PutUvarint(t.dst[start-1:], n)
}

// valueField transcodes the next JSON value into a Value-typed field.
func (t *transcoder) valueField(field protowire.Number, depth int) error {
	if depth > MaxDepth {
		return jsonscan.ErrSyntax
	}
	if cap(t.dst)-len(t.dst) < valueRoom && t.take != nil {
		if err := t.grow(); err != nil {
			return err
		}
	}
	start := t.open(field)
	if err := t.value(depth); err != nil {
		return err
	}
	t.close(start)
	return nil
}

// valueRoom is enough for the wire form of a number and of the messages around it, in bytes.
const valueRoom = 32

// grow takes room for half as much again.
func (t *transcoder) grow() error {
	more := cap(t.dst)/2 + valueRoom
	if err := t.take(more); err != nil {
		return err
	}
	t.dst = append(make([]byte, 0, cap(t.dst)+more), t.dst...)
	return nil
}

func (t *transcoder) value(depth int) error {
	switch t.Peek() {
	case '{':
		return t.object(depth)
	case '[':
		return t.array(depth)
	case '"':
		content, err := t.Text()
		t.tag(stringField, protowire.BytesType)
		t.dst = protowire.AppendBytes(t.dst, content)
		return err
	case 't':
		t.bool(1)
		return t.Literal("true")
	case 'f':
		t.bool(0)
		return t.Literal("false")
	case 'n':
		t.tag(nullField, protowire.VarintType)
		t.dst = append(t.dst, 0)
		return t.Literal("null")
	default:
		f, err := t.Number()
		t.tag(numberField, protowire.Fixed64Type)
		t.dst = protowire.AppendFixed64(t.dst, math.Float64bits(f))
		return err
	}
}

func (t *transcoder) bool(b byte) {
	t.tag(boolField, protowire.VarintType)
	t.dst = append(t.dst, b)
}

func (t *transcoder) object(depth int) error {
	start := t.open(structField)
	t.Accept('{')
	for more := !t.Accept('}'); more; more = !t.Accept('}') {
		if len(t.dst) > start {
			if err := t.Expect(','); err != nil {
				return err
			}
		}
		entry := t.open(fieldsField)
		key, err := t.Text()
		if err != nil {
			return err
		}
		t.tag(keyField, protowire.BytesType)
		t.dst = protowire.AppendBytes(t.dst, key)
		if err := t.Expect(':'); err != nil {
			return err
		}
		if err := t.valueField(entryValueField, depth+1); err != nil {
			return err
		}
		t.close(entry)
	}
	t.close(start)
	return nil
}

func (t *transcoder) array(depth int) error {
	start := t.open(listField)
	t.Accept('[')
	for more := !t.Accept(']'); more; more = !t.Accept(']') {
		if len(t.dst) > start {
			if err := t.Expect(','); err != nil {
				return err
			}
		}
		if err := t.valueField(valuesField, depth+1); err != nil {
			return err
		}
	}
	t.close(start)
	return nil
}
