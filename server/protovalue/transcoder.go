package protovalue

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

// AppendField appends a google.protobuf.Value, read from JSON text, as the given field of a message.
func AppendField(dst []byte, field protowire.Number, text []byte) ([]byte, error) {
	return AppendBoundedField(dst, field, text, nil)
}

// AppendBoundedField is like AppendField. It calls take before it needs much more memory than the text has, and fails with its
// error: of small numbers the wire form has several times their size. nil: there is no bound.
func AppendBoundedField(dst []byte, field protowire.Number, text []byte, take func(bytes int) error) ([]byte, error) {
	t := NewTranscoder(dst, text, take)
	if err := t.Field(field, 0); err != nil {
		return nil, err
	}
	if !t.AtEnd() {
		return nil, jsonscan.ErrSyntax
	}
	return t.Dst, nil
}

// Transcoder appends the wire bytes of the JSON values that it scans. It is not for concurrent use.
type Transcoder struct {
	jsonscan.Scanner
	Dst  []byte
	take func(bytes int) error
}

// NewTranscoder starts at the front of a text. take is as for [AppendBoundedField].
func NewTranscoder(dst, text []byte, take func(bytes int) error) Transcoder {
	return Transcoder{ // rows of strings take about as much as their text
		Scanner: jsonscan.NewScanner(text), Dst: slices.Grow(dst, len(text)+len(text)/4+2*valueRoom), take: take,
	}
}

// MaxDepth is how deep a deployment's values may be nested; it bounds the stack. Convex values are nested 64 deep at most.
const MaxDepth = 256

// Tag appends the tag of a field.
func (t *Transcoder) Tag(field protowire.Number, kind protowire.Type) {
	t.Dst = protowire.AppendTag(t.Dst, field, kind)
}

// Open starts a message field, which Close ends.
func (t *Transcoder) Open(field protowire.Number) (start int) {
	t.Tag(field, protowire.BytesType)
	t.Dst = append(t.Dst, 0)
	return len(t.Dst)
}

// Close writes the length of what was appended since Open.
func (t *Transcoder) Close(start int) {
	n := uint64(len(t.Dst) - start)
	if n < 0x80 {
		t.Dst[start-1] = byte(n)
		return
	}
	wider := protowire.SizeVarint(n) - 1
	var padding [9]byte
	t.Dst = append(t.Dst, padding[:wider]...)
	copy(t.Dst[start+wider:], t.Dst[start:])
	binary.PutUvarint(t.Dst[start-1:], n)
}

// Field transcodes the next JSON value into a Value-typed field.
func (t *Transcoder) Field(field protowire.Number, depth int) error {
	if depth > MaxDepth {
		return jsonscan.ErrSyntax
	}
	if err := t.Room(); err != nil {
		return err
	}
	start := t.Open(field)
	if err := t.value(depth); err != nil {
		return err
	}
	t.Close(start)
	return nil
}

// valueRoom is enough for the wire form of a number and of the messages around it, in bytes.
const valueRoom = 32

// Room makes sure that there is room for a small value, from what take has given.
func (t *Transcoder) Room() error {
	if cap(t.Dst)-len(t.Dst) < valueRoom && t.take != nil {
		return t.grow()
	}
	return nil
}

// grow takes room for half as much again.
func (t *Transcoder) grow() error {
	more := cap(t.Dst)/2 + valueRoom
	if err := t.take(more); err != nil {
		return err
	}
	t.Dst = append(make([]byte, 0, cap(t.Dst)+more), t.Dst...)
	return nil
}

func (t *Transcoder) value(depth int) error {
	switch t.Peek() {
	case '{':
		return t.object(depth)
	case '[':
		return t.array(depth)
	case '"':
		content, err := t.Text()
		t.Tag(stringField, protowire.BytesType)
		t.Dst = protowire.AppendBytes(t.Dst, content)
		return err
	case 't':
		t.bool(1)
		return t.Literal("true")
	case 'f':
		t.bool(0)
		return t.Literal("false")
	case 'n':
		t.Tag(nullField, protowire.VarintType)
		t.Dst = append(t.Dst, 0)
		return t.Literal("null")
	default:
		f, err := t.Number()
		t.Tag(numberField, protowire.Fixed64Type)
		t.Dst = protowire.AppendFixed64(t.Dst, math.Float64bits(f))
		return err
	}
}

func (t *Transcoder) bool(b byte) {
	t.Tag(boolField, protowire.VarintType)
	t.Dst = append(t.Dst, b)
}

func (t *Transcoder) object(depth int) error {
	start := t.Open(structField)
	t.Accept('{')
	for more := !t.Accept('}'); more; more = !t.Accept('}') {
		if len(t.Dst) > start {
			if err := t.Expect(','); err != nil {
				return err
			}
		}
		entry := t.Open(fieldsField)
		key, err := t.Text()
		if err != nil {
			return err
		}
		t.Tag(keyField, protowire.BytesType)
		t.Dst = protowire.AppendBytes(t.Dst, key)
		if err := t.Expect(':'); err != nil {
			return err
		}
		if err := t.Field(entryValueField, depth+1); err != nil {
			return err
		}
		t.Close(entry)
	}
	t.Close(start)
	return nil
}

func (t *Transcoder) array(depth int) error {
	start := t.Open(listField)
	t.Accept('[')
	for more := !t.Accept(']'); more; more = !t.Accept(']') {
		if len(t.Dst) > start {
			if err := t.Expect(','); err != nil {
				return err
			}
		}
		if err := t.Field(valuesField, depth+1); err != nil {
			return err
		}
	}
	t.Close(start)
	return nil
}
