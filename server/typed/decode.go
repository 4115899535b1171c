package typed

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	"convexgateway/convex"
	"convexgateway/convex/jsonscan"
	"convexgateway/server/call"
	"convexgateway/server/protovalue"
	"convexgateway/server/typed/model"
)

// decoder appends arguments as JSON. Its errors about a value are *call.ArgumentError.
type decoder struct {
	dst   []byte
	slots []slot // of the messages that are being read, the innermost last
	runs  []run  // the same
	take  func(bytes int) error
}

// slot is what a message has of a field.
type slot struct {
	first, last int // runs, from 1 on; 0: it has none
	count       int
}

// run is a part of a message in which one field follows itself.
type run struct {
	wire []byte
	next int // 0: none
}

// errWire is of bytes that are no message.
var errWire = &call.ArgumentError{Reason: "is not a message of protocol buffers"}

// inside puts a field's name, or an index, in front of where an error is.
func inside(where string, err error) error {
	if argument, ok := errors.AsType[*call.ArgumentError](err); ok {
		return argument.Within(where)
	}
	return convex.Within(where, err)
}

// decodeRoom is enough for a small value, in bytes.
const decodeRoom = 64

// room makes sure that there is room for n bytes of JSON and a small value.
func (d *decoder) room(n int) error {
	n += decodeRoom
	if len(d.dst)+n <= cap(d.dst) {
		return nil
	}
	if len(d.dst) > convex.MaxArgumentsSize {
		return &convex.ValueError{Reason: fmt.Sprintf("arguments are larger than %d bytes of JSON", convex.MaxArgumentsSize)}
	}
	size := 2*cap(d.dst) + n
	if d.take != nil {
		if err := d.take(size - cap(d.dst)); err != nil {
			return err
		}
	}
	d.dst = append(make([]byte, 0, size), d.dst...)
	return nil
}

// message appends the JSON of a message.
func (d *decoder) message(p *plan, wire []byte) error {
	switch p.form {
	case model.Union:
		return d.union(p, wire)
	case model.List, model.Record:
		return d.wrapped(p, wire)
	}
	return d.object(p, wire)
}

// begin sorts the fields of a message into slots. The caller gives back what was there before, with end.
func (d *decoder) begin(p *plan, wire []byte) (slots, runs int, last int, err error) {
	slots, runs, last = len(d.slots), len(d.runs), -1
	for range p.fields {
		d.slots = append(d.slots, slot{})
	}
	for len(wire) > 0 {
		number, kind, n := protowire.ConsumeTag(wire)
		if n < 0 {
			return slots, runs, last, errWire
		}
		size := protowire.ConsumeFieldValue(number, kind, wire[n:])
		if size < 0 {
			return slots, runs, last, errWire
		}
		i, known := p.byNumber[number]
		switch {
		case !known:
			return slots, runs, last, &call.ArgumentError{Reason: fmt.Sprintf("has a field with the number %d, which is not in the contract", number)}
		case p.fields[i].gone:
			return slots, runs, last, &call.ArgumentError{Field: p.fields[i].name, Reason: "is not in the app any more"}
		case !fitsWire(&p.fields[i], kind):
			return slots, runs, last, (&call.ArgumentError{Reason: "is of another type on the wire"}).Within(p.fields[i].name)
		}
		if err := d.add(slots+i, wire[:n+size], i == last); err != nil {
			return slots, runs, last, err
		}
		wire, last = wire[n+size:], i
	}
	return slots, runs, last, nil
}

// runMemory is what a run takes, in bytes.
const runMemory = 40

// add adds a field to its slot. again reports that it follows itself.
func (d *decoder) add(i int, wire []byte, again bool) error {
	s := &d.slots[i]
	s.count++
	if again {
		r := &d.runs[s.last-1]
		r.wire = r.wire[:len(r.wire)+len(wire)] // which comes behind it
		return nil
	}
	if len(d.runs) == cap(d.runs) && d.take != nil && len(d.runs) > 64 {
		if err := d.take(2 * len(d.runs) * runMemory); err != nil {
			return err
		}
	}
	d.runs = append(d.runs, run{wire: wire})
	if s.first == 0 {
		s.first = len(d.runs)
	} else {
		d.runs[s.last-1].next = len(d.runs)
	}
	s.last = len(d.runs)
	return nil
}

func (d *decoder) end(slots, runs int) { d.slots, d.runs = d.slots[:slots], d.runs[:runs] }

// fitsWire reports whether a field can have a wire type.
func fitsWire(f *planField, kind protowire.Type) bool {
	want, scalar := wireTypes[f.kind]
	if !scalar || f.label == model.Map {
		return kind == protowire.BytesType
	}
	return kind == want || f.label == model.Repeated && kind == protowire.BytesType
}

// object appends an object. Fields that are absent are so in JSON, unless that is null or a zero value.
func (d *decoder) object(p *plan, wire []byte) error {
	slots, runs, _, err := d.begin(p, wire)
	defer d.end(slots, runs)
	if err != nil {
		return err
	}
	d.dst = append(d.dst, '{')
	first := true
	for i := range p.fields {
		f, s := &p.fields[i], d.slots[slots+i]
		if f.gone || s.count == 0 && f.isAbsent() {
			continue
		}
		if err := d.room(len(f.name)); err != nil {
			return err
		}
		if !first {
			d.dst = append(d.dst, ',')
		}
		first = false
		d.dst = append(jsonscan.AppendString(d.dst, f.name), ':')
		if err := d.field(f, s); err != nil {
			return inside(f.name, err)
		}
	}
	d.dst = append(d.dst, '}')
	return nil
}

// isAbsent reports whether a field that is not on the wire is not in JSON, too. One that is required is refused by the validator then.
func (f *planField) isAbsent() bool {
	return f.label == model.Single && (f.presence == model.Optional || f.presence == model.Required && f.kind.IsMessage())
}

// wrapped appends the array or the object that a message is for.
func (d *decoder) wrapped(p *plan, wire []byte) error {
	slots, runs, _, err := d.begin(p, wire)
	defer d.end(slots, runs)
	if err != nil {
		return err
	}
	i := p.byName["values"]
	return d.field(&p.fields[i], d.slots[slots+i])
}

// union appends the member that is set. On the wire the last one counts; messages that follow each other are one.
func (d *decoder) union(p *plan, wire []byte) error {
	slots, runs, last, err := d.begin(p, wire)
	defer d.end(slots, runs)
	if err != nil {
		return err
	}
	if last < 0 {
		return &call.ArgumentError{Reason: "needs one of the members of its union"}
	}
	run := d.slots[slots+last].last
	return d.field(&p.fields[last], slot{first: run, last: run, count: 2})
}

// field appends the value of a field.
func (d *decoder) field(f *planField, s slot) error {
	switch {
	case f.label == model.Repeated:
		return d.list(f, s)
	case f.label == model.Map:
		return d.record(f, s)
	case s.count == 0 && f.presence == model.Nullable:
		d.dst = append(d.dst, "null"...)
		return nil
	case s.count == 0:
		return d.zero(f.kind)
	case s.count > 1 && f.kind.IsMessage():
		return d.value(f, d.merged(s))
	}
	var value []byte
	_ = d.each(s, func(_ protowire.Type, last []byte) error {
		value = last
		return nil
	})
	return d.value(f, value)
}

// merged returns the content of a message that is on the wire in several parts.
func (d *decoder) merged(s slot) (wire []byte) {
	_ = d.each(s, func(_ protowire.Type, part []byte) error {
		wire = append(wire, part...)
		return nil
	})
	return wire
}

// each calls visit for each value of a slot, without its tag, and without its length if it has one.
func (d *decoder) each(s slot, visit func(kind protowire.Type, value []byte) error) error {
	for i := s.first; i != 0; i = d.runs[i-1].next {
		for wire := d.runs[i-1].wire; len(wire) > 0; {
			number, kind, n := protowire.ConsumeTag(wire)
			size := protowire.ConsumeFieldValue(number, kind, wire[n:])
			value := wire[n : n+size]
			if kind == protowire.BytesType {
				value, _ = protowire.ConsumeBytes(value)
			}
			if err := visit(kind, value); err != nil {
				return err
			}
			wire = wire[n+size:]
		}
	}
	return nil
}

// zero appends the value of a scalar that is absent.
func (d *decoder) zero(kind model.Kind) error {
	switch kind {
	case model.String, model.Bytes:
		return d.scalar(kind, nil)
	}
	return d.bits(kind, 0)
}

// value appends a value, of which wire is the content.
func (d *decoder) value(f *planField, wire []byte) error {
	switch f.kind {
	case model.OfMessage:
		return d.message(f.plan, wire)
	case model.Any:
		return d.any(wire)
	}
	return d.scalar(f.kind, wire)
}

// any appends a google.protobuf.Value.
func (d *decoder) any(wire []byte) error {
	size := len(wire) + protovalue.ValueSize*protovalue.CountValue(wire)
	if d.take != nil {
		if err := d.take(size); err != nil {
			return err
		}
	}
	value := &structpb.Value{}
	if err := proto.Unmarshal(wire, value); err != nil {
		return errWire
	}
	text, err := protovalue.AppendValue(nil, value)
	if err == nil {
		if err = d.room(len(text)); err == nil {
			d.dst = append(d.dst, text...)
		}
	}
	return err
}

// scalar appends a scalar.
func (d *decoder) scalar(kind model.Kind, wire []byte) error {
	switch kind {
	case model.String:
		if !utf8.Valid(wire) {
			return &call.ArgumentError{Reason: "is not valid UTF-8"}
		}
		if err := d.room(len(wire)); err != nil {
			return err
		}
		d.dst = jsonscan.AppendString(d.dst, wire)
		return nil
	case model.Bytes:
		if err := d.room(base64.StdEncoding.EncodedLen(len(wire))); err != nil {
			return err
		}
		d.dst = base64.StdEncoding.AppendEncode(append(d.dst, `{"$bytes":"`...), wire)
		d.dst = append(d.dst, `"}`...)
		return nil
	case model.Double:
		bits, n := protowire.ConsumeFixed64(wire)
		if n < 0 {
			return errWire
		}
		return d.bits(kind, bits)
	}
	bits, n := protowire.ConsumeVarint(wire)
	if n < 0 {
		return errWire
	}
	return d.bits(kind, bits)
}

// bits appends a scalar of a fixed size.
func (d *decoder) bits(kind model.Kind, bits uint64) error {
	if err := d.room(0); err != nil {
		return err
	}
	switch kind {
	case model.Null:
		d.dst = append(d.dst, "null"...)
	case model.Bool:
		d.dst = strconv.AppendBool(d.dst, bits != 0)
	case model.Int64:
		d.eightBytes("$integer", bits)
	default:
		number := math.Float64frombits(bits)
		if math.IsNaN(number) || math.IsInf(number, 0) || number == 0 && math.Signbit(number) {
			d.eightBytes("$float", bits)
			return nil
		}
		d.dst = jsonscan.AppendNumber(d.dst, number)
	}
	return nil
}

// eightBytes appends {"name": …}.
func (d *decoder) eightBytes(name string, bits uint64) {
	var encoded [8]byte
	binary.LittleEndian.PutUint64(encoded[:], bits)
	d.dst = append(append(append(d.dst, `{"`...), name...), `":"`...)
	d.dst = base64.StdEncoding.AppendEncode(d.dst, encoded[:])
	d.dst = append(d.dst, `"}`...)
}

// list appends an array.
func (d *decoder) list(f *planField, s slot) error {
	d.dst = append(d.dst, '[')
	i := 0
	element := func(value []byte) error {
		if err := d.room(0); err != nil {
			return err
		}
		if i > 0 {
			d.dst = append(d.dst, ',')
		}
		i++
		return inside("["+strconv.Itoa(i-1)+"]", d.value(f, value))
	}
	err := d.each(s, func(kind protowire.Type, value []byte) error {
		if kind != protowire.BytesType || !isPacked(f.kind) {
			return element(value)
		}
		return unpack(wireTypes[f.kind], value, element)
	})
	d.dst = append(d.dst, ']')
	return err
}

// unpack calls visit for each value of a packed list.
func unpack(kind protowire.Type, wire []byte, visit func([]byte) error) error {
	for len(wire) > 0 {
		n := protowire.ConsumeFieldValue(1, kind, wire)
		if n < 0 {
			return errWire
		}
		if err := visit(wire[:n]); err != nil {
			return err
		}
		wire = wire[n:]
	}
	return nil
}

// entryMemory is what an entry of a map takes besides its bytes.
const entryMemory = 64

// record appends an object of a map. Of two entries with one name the last counts.
func (d *decoder) record(f *planField, s slot) error {
	if d.take != nil {
		if err := d.take(s.count * entryMemory); err != nil {
			return err
		}
	}
	values, order := map[string][]byte{}, make([]string, 0, s.count)
	err := d.each(s, func(_ protowire.Type, wire []byte) error {
		name, value, err := entry(f, wire)
		if _, again := values[name]; !again {
			order = append(order, name)
		}
		values[name] = value
		return err
	})
	if err != nil {
		return err
	}
	d.dst = append(d.dst, '{')
	for i, name := range order {
		if err := d.room(len(name)); err != nil {
			return err
		}
		if i > 0 {
			d.dst = append(d.dst, ',')
		}
		d.dst = append(jsonscan.AppendString(d.dst, name), ':')
		if err := d.entryValue(f, values[name]); err != nil {
			return inside(name, err)
		}
	}
	d.dst = append(d.dst, '}')
	return nil
}

// entryValue appends the value of an entry; nil is one without.
func (d *decoder) entryValue(f *planField, wire []byte) error {
	if wire == nil && !f.kind.IsMessage() {
		return d.zero(f.kind)
	}
	return d.value(f, wire)
}

// entry returns name and value of a map's entry. The value is nil if it has none.
func entry(f *planField, wire []byte) (name string, value []byte, err error) {
	for len(wire) > 0 {
		number, kind, n := protowire.ConsumeTag(wire)
		if n < 0 {
			return "", nil, errWire
		}
		size := protowire.ConsumeFieldValue(number, kind, wire[n:])
		if size < 0 {
			return "", nil, errWire
		}
		content := wire[n : n+size]
		if kind == protowire.BytesType {
			content, _ = protowire.ConsumeBytes(content)
		}
		want, scalar := wireTypes[f.kind]
		switch {
		case number == keyField && kind == protowire.BytesType:
			name = string(content)
		case number == valueField && (scalar && kind == want || !scalar && kind == protowire.BytesType):
			value = content
			if value == nil {
				value = []byte{}
			}
		default:
			return "", nil, errWire
		}
		wire = wire[n+size:]
	}
	if !utf8.ValidString(name) {
		return "", nil, &call.ArgumentError{Reason: "has a name that is not valid UTF-8"}
	}
	return name, value, nil
}
