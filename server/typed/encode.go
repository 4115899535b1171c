package typed

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"math"
	"strconv"

	"google.golang.org/protobuf/encoding/protowire"

	"convexgateway/convex"
	"convexgateway/convex/jsonscan"
	"convexgateway/server/call"
	"convexgateway/server/protovalue"
	"convexgateway/server/typed/model"
)

// encoder appends the wire form of JSON values. Its errors about a value are *call.ResultError.
type encoder struct {
	protovalue.Transcoder
	unknown int // fields that the contract does not have, and that were left out
}

// mismatch is the error of a value that is of another kind.
func (e *encoder) mismatch(want string) error {
	return &call.ResultError{Reason: "want " + want + ", not " + kindTexts[e.peekKind()]}
}

// within puts a field's name, or an index, in front of where an error is.
func within(where string, err error) error {
	if mismatch, ok := errors.AsType[*call.ResultError](err); ok {
		return mismatch.Within(where)
	}
	return err
}

// peekKind returns the kind of the next value, of which it consumes nothing.
func (e *encoder) peekKind() jsonKind {
	switch e.Peek() {
	case 0:
		return nothing
	case 'n':
		return nullKind
	case 't', 'f':
		return boolKind
	case '"':
		return stringKind
	case '[':
		return arrayKind
	case '{':
		return specialKind(e.Scanner)
	}
	return numberKind
}

// specialKind returns the kind of a value that begins with a brace.
func specialKind(s jsonscan.Scanner) jsonKind {
	s.Accept('{')
	if s.Peek() != '"' {
		return objectKind
	}
	name, _ := s.Text()
	switch string(name) {
	case "$integer":
		return int64Kind
	case "$float":
		return numberKind
	case "$bytes":
		return bytesKind
	}
	return objectKind
}

// message appends the fields of a message, which the next value is.
func (e *encoder) message(p *plan) error {
	switch p.form {
	case model.Union:
		return e.union(p)
	case model.List, model.Record:
		return e.field(&p.fields[p.byName["values"]])
	}
	return e.object(p)
}

// seen are the fields of an object that were met.
type seen [maxFields/64 + 1]uint64

// maxFields is more than an object of the contract has, those that are gone included.
const maxFields = 1 << 11

// object walks the fields of the next value. Those of both JSON and plan are usually in the order of their names.
func (e *encoder) object(p *plan) error {
	if e.peekKind() != objectKind {
		return e.mismatch(kindTexts[objectKind])
	}
	var met seen
	next := 0
	err := e.Fields(func(name []byte) error {
		for next < len(p.fields) && p.fields[next].gone {
			next++
		}
		i, known := next, true
		if i == len(p.fields) || p.fields[i].name != string(name) {
			i, known = p.byName[string(name)]
		}
		if !known || met[i/64]&(1<<(i%64)) != 0 { // nothing has a field twice
			e.unknown++
			_, err := e.Raw()
			return err
		}
		met[i/64] |= 1 << (i % 64)
		next = i + 1
		return within(p.fields[i].name, e.field(&p.fields[i]))
	})
	if err != nil {
		return err
	}
	return p.missing(&met)
}

// missing returns the error of a field that JSON must have and does not.
func (p *plan) missing(met *seen) error {
	for word, bits := range p.required {
		if bits&^met[word] == 0 {
			continue
		}
		for i := word * 64; ; i++ {
			if bits&^met[word]&(1<<(i%64)) != 0 {
				return &call.ResultError{Field: p.fields[i].name, Reason: "is required"}
			}
		}
	}
	return nil
}

// union appends the member that the next value is.
func (e *encoder) union(p *plan) error {
	kind := e.peekKind()
	i := p.byKind[kind]
	if kind == objectKind && p.discriminator != "" {
		i = e.discriminated(p)
	}
	if i < 0 {
		return &call.ResultError{Reason: "is " + kindTexts[kind] + " that no member of the union is"}
	}
	return e.field(&p.fields[i])
}

// discriminated returns the member that the next object is by its discriminator; -1: none. It consumes nothing.
func (e *encoder) discriminated(p *plan) int {
	s := e.Scanner
	found := -1
	_ = s.Fields(func(name []byte) error {
		if string(name) != p.discriminator {
			_, err := s.Raw()
			return err
		}
		found = p.memberOf(&s)
		return errStop
	})
	return found
}

var errStop = errors.New("stopped")

// memberOf returns the member that the literal which comes next decides for; -1: none.
func (p *plan) memberOf(s *jsonscan.Scanner) int {
	if s.Peek() == '"' {
		if text, err := s.Text(); err == nil {
			if i, ok := p.texts[string(text)]; ok {
				return i
			}
		}
		return -1
	}
	text, err := s.Raw()
	if err != nil {
		return -1
	}
	if canonical, err := convex.Canonical(text); err == nil {
		if i, ok := p.literals[string(canonical)]; ok {
			return i
		}
	}
	return -1
}

// field appends a field, which the next value is.
func (e *encoder) field(f *planField) error {
	switch {
	case f.label == model.Repeated:
		return e.list(f)
	case f.label == model.Map:
		return e.record(f)
	case f.presence == model.Nullable && e.Peek() == 'n':
		return e.Literal("null")
	}
	return e.value(f, f.number, f.member || f.presence != model.Required)
}

// value appends a value as a field of a number. A zero value is left out unless its presence counts.
func (e *encoder) value(f *planField, number protowire.Number, explicit bool) error {
	if err := e.Room(); err != nil {
		return err
	}
	switch f.kind {
	case model.OfMessage:
		start := e.Open(number)
		if err := e.message(f.plan); err != nil {
			return err
		}
		e.Close(start)
		return nil
	case model.Any:
		return e.Field(number, 0)
	case model.String:
		content, err := e.content()
		if err == nil && (explicit || len(content) > 0) {
			e.Tag(number, protowire.BytesType)
			e.Dst = protowire.AppendBytes(e.Dst, content)
		}
		return err
	case model.Bytes:
		return e.bytes(number, explicit)
	}
	bits, err := e.bits(f.kind)
	if err == nil && (explicit || bits != 0) {
		e.Tag(number, wireTypes[f.kind])
		e.appendBits(f.kind, bits)
	}
	return err
}

// wireTypes are the wire types of scalars.
var wireTypes = map[model.Kind]protowire.Type{
	model.Bool: protowire.VarintType, model.Int64: protowire.VarintType, model.Null: protowire.VarintType, model.Double: protowire.Fixed64Type,
	model.String: protowire.BytesType, model.Bytes: protowire.BytesType,
}

// content returns a string.
func (e *encoder) content() ([]byte, error) {
	if e.Peek() != '"' {
		return nil, e.mismatch(kindTexts[stringKind])
	}
	return e.Text()
}

// bytes appends bytes.
func (e *encoder) bytes(number protowire.Number, explicit bool) error {
	if e.peekKind() != bytesKind {
		return e.mismatch(kindTexts[bytesKind])
	}
	content, err := e.special()
	if err != nil {
		return err
	}
	size := base64.StdEncoding.DecodedLen(len(content))
	start := len(e.Dst)
	e.Tag(number, protowire.BytesType)
	e.Dst = protowire.AppendVarint(e.Dst, uint64(size)) // right unless there is padding
	inner := len(e.Dst)
	if e.Dst, err = base64.StdEncoding.AppendDecode(e.Dst, content); err != nil {
		return jsonscan.ErrSyntax
	}
	if decoded := len(e.Dst) - inner; decoded != size || decoded == 0 && !explicit {
		value := append([]byte(nil), e.Dst[inner:]...)
		e.Dst = e.Dst[:start]
		if decoded > 0 || explicit {
			e.Tag(number, protowire.BytesType)
			e.Dst = protowire.AppendBytes(e.Dst, value)
		}
	}
	return nil
}

// special returns the text of the next value, which is one as {"$integer": text}.
func (e *encoder) special() ([]byte, error) {
	e.Accept('{')
	if _, err := e.Text(); err != nil {
		return nil, err
	}
	if err := e.Expect(':'); err != nil {
		return nil, err
	}
	content, err := e.Text()
	if err != nil {
		return nil, err
	}
	return content, e.Expect('}')
}

// bits returns a scalar of a fixed size: a boolean as 0 or 1, a number as IEEE 754 has it.
func (e *encoder) bits(kind model.Kind) (uint64, error) {
	switch kind {
	case model.Null:
		if e.Peek() != 'n' {
			return 0, e.mismatch(kindTexts[nullKind])
		}
		return 0, e.Literal("null")
	case model.Bool:
		switch e.Peek() {
		case 't':
			return 1, e.Literal("true")
		case 'f':
			return 0, e.Literal("false")
		}
		return 0, e.mismatch(kindTexts[boolKind])
	case model.Int64:
		if e.peekKind() != int64Kind {
			return 0, e.mismatch(kindTexts[int64Kind])
		}
		return e.eightBytes()
	}
	switch e.Peek() {
	case '{':
		if e.peekKind() == numberKind {
			return e.eightBytes()
		}
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		number, err := e.Number()
		return math.Float64bits(number), err
	}
	return 0, e.mismatch(kindTexts[numberKind])
}

// eightBytes returns the value of {"$integer": …} or {"$float": …}, in the order of small machines.
func (e *encoder) eightBytes() (uint64, error) {
	content, err := e.special()
	if err != nil {
		return 0, err
	}
	var decoded [9]byte
	if n, err := base64.StdEncoding.Decode(decoded[:], content[:min(len(content), 12)]); err != nil || n != 8 || len(content) != 12 {
		return 0, jsonscan.ErrSyntax
	}
	return binary.LittleEndian.Uint64(decoded[:]), nil
}

func (e *encoder) appendBits(kind model.Kind, bits uint64) {
	if kind == model.Double {
		e.Dst = protowire.AppendFixed64(e.Dst, bits)
		return
	}
	e.Dst = protowire.AppendVarint(e.Dst, bits)
}

// isPacked reports whether a list's elements share one tag.
func isPacked(kind model.Kind) bool {
	return kind == model.Bool || kind == model.Int64 || kind == model.Null || kind == model.Double
}

// list appends the elements of an array.
func (e *encoder) list(f *planField) error {
	if e.Peek() != '[' {
		return e.mismatch(kindTexts[arrayKind])
	}
	packed, before := isPacked(f.kind), len(e.Dst)
	start := 0
	if packed {
		start = e.Open(f.number)
	}
	count := 0
	err := e.Elements(func(i int) error {
		count++
		err := e.listElement(f, packed)
		if err != nil {
			return within("["+strconv.Itoa(i)+"]", err)
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case packed && count == 0:
		e.Dst = e.Dst[:before]
	case packed:
		e.Close(start)
	}
	return nil
}

func (e *encoder) listElement(f *planField, packed bool) error {
	if !packed {
		return e.value(f, f.number, true)
	}
	if err := e.Room(); err != nil {
		return err
	}
	bits, err := e.bits(f.kind)
	e.appendBits(f.kind, bits)
	return err
}

// Numbers of the fields of a map's entries.
const keyField, valueField = 1, 2

// record appends the fields of an object as the entries of a map.
func (e *encoder) record(f *planField) error {
	if e.peekKind() != objectKind {
		return e.mismatch(kindTexts[objectKind])
	}
	return e.Fields(func(name []byte) error {
		if err := e.Room(); err != nil {
			return err
		}
		start := e.Open(f.number)
		e.Tag(keyField, protowire.BytesType)
		e.Dst = protowire.AppendBytes(e.Dst, name)
		if err := e.value(f, valueField, true); err != nil {
			return within(string(name), err)
		}
		e.Close(start)
		return nil
	})
}
