package typed_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/dynamicpb"

	"convexgateway/convex"
	"convexgateway/convex/spec"
	"convexgateway/server/call"
	"convexgateway/server/typed"
)

// everything is a validator with each form of message and field.
var everything = spec.Object{Fields: []spec.Field{
	{Name: "_id", Type: spec.ID{Table: "users"}},
	{Name: "any", Type: spec.Any, Optional: true},
	{Name: "bytes", Type: spec.Bytes, Optional: true},
	{Name: "flags", Type: spec.Array{Element: spec.Boolean}},
	{Name: "id", Type: spec.NewUnion(spec.String, spec.Null)},
	{Name: "list", Type: spec.Array{Element: spec.NewUnion(spec.Int64, spec.Null)}},
	{Name: "map", Type: spec.Record{Keys: spec.String, Values: spec.Object{Fields: []spec.Field{{Name: "x", Type: spec.Number}}}}},
	{Name: "maybe", Type: spec.NewUnion(spec.Boolean, spec.Null), Optional: true},
	{Name: "shape", Type: spec.NewUnion(
		spec.Object{Fields: []spec.Field{{Name: "kind", Type: spec.Literal{Value: "circle"}}, {Name: "r", Type: spec.Number}}},
		spec.Object{Fields: []spec.Field{{Name: "kind", Type: spec.Literal{Value: "square"}}, {Name: "side", Type: spec.Number, Optional: true}}},
		spec.Int64,
	), Optional: true},
	{Name: "tags", Type: spec.Array{Element: spec.String}, Optional: true},
}}

const (
	least = `{"_id":"x","flags":[],"id":null,"list":[],"map":{}}`
	most  = `{"_id":"x","any":{"a":[1,null]},"bytes":{"$bytes":"AAE="},"flags":[true,false],"id":"y","list":[{"$integer":"AQAAAAAAAAA="},null],` +
		`"map":{"a":{"x":1},"b":{"x":{"$float":"AAAAAAAA+H8="}}},"maybe":null,"shape":{"kind":"circle","r":0},"tags":[""]}`
)

func TestRoundTrip_everything(t *testing.T) {
	c := compiled(t, echo(everything))
	for _, text := range []string{least, most} {
		roundTrip(t, c, everything, text)
	}
}

// A result that does not fit says where; what the contract does not know is left out.
func TestAppendResponse_mismatch(t *testing.T) {
	c := compiled(t, echo(everything))
	with := func(field string) string { return strings.TrimSuffix(least, "}") + "," + field + "}" }
	for _, tt := range []struct{ result, want string }{
		{`null`, "the result: want an object, not null"},
		{`{"$integer":"AQAAAAAAAAA="}`, "the result: want an object, not an int64"},
		{`{"_id":"x"}`, "flags: is required"},
		{`{"flags":[],"id":null,"list":[],"map":{}}`, "_id: is required"},
		{strings.Replace(least, `"x"`, `1`, 1), "_id: want a string, not a number"},
		{strings.Replace(least, `"flags":[]`, `"flags":[true,1]`, 1), "flags[1]: want a boolean, not a number"},
		{strings.Replace(least, `"map":{}`, `"map":{"k":{}}`, 1), "map.k.x: is required"},
		{with(`"bytes":null`), "bytes: want bytes, not null"},
		{with(`"maybe":"x"`), "maybe: is a string that no member of the union is"},
		{with(`"shape":{"kind":"circle"}`), "shape.r: is required"},
		{with(`"shape":{"kind":"triangle"}`), "shape: is an object that no member of the union is"},
		{with(`"shape":{}`), "shape: is an object that no member of the union is"},
		{with(`"tags":["a",["b"]]`), "tags[1]: want a string, not an array"},
		{`{"_id":`, "_id: want a string, not nothing"},
		{least + `x`, "the result: is no JSON"},
	} {
		_, _, err := c.Method(echoMethod).AppendResponse(nil, typed.Result{Value: []byte(tt.result)}, nil)
		var mismatch *call.ResultError
		if !errors.As(err, &mismatch) || err.Error() != tt.want {
			t.Errorf("%s: %v, want %s", tt.result, err, tt.want)
		}
	}
	wire, unknown, err := c.Method(echoMethod).AppendResponse(nil, typed.Result{Value: []byte(with(`"new":{"a":[]},"_id":"twice"`))}, nil)
	plain, _, _ := c.Method(echoMethod).AppendResponse(nil, typed.Result{Value: []byte(least)}, nil)
	if err != nil || unknown != 2 || !bytes.Equal(wire, plain) {
		t.Errorf("unknown fields: %v, %d", err, unknown)
	}
}

// The order of fields in JSON does not matter.
func TestAppendResponse_order(t *testing.T) {
	c := compiled(t, echo(everything))
	wire, unknown, err := c.Method(echoMethod).AppendResponse(nil, typed.Result{Value: []byte(`{"map":{},"list":[],"id":null,"flags":[],"_id":"x"}`)}, nil)
	if err != nil || unknown > 0 {
		t.Fatal(err, unknown)
	}
	if args, err := c.Method(echoMethod).Arguments(wire, nil); err != nil || string(args) != `{"value":`+least+`}` {
		t.Errorf("%s, %v", args, err)
	}
}

// Fields of messages that are split, repeated, or out of order are read as the protobuf library reads them.
func TestArguments_merge(t *testing.T) {
	c := compiled(t, echo(everything))
	m := c.Method(echoMethod)
	a, _, _ := m.AppendResponse(nil, typed.Result{Value: []byte(most)}, nil)
	b, _, err := m.AppendResponse(nil, typed.Result{Value: []byte(strings.NewReplacer(`"_id":"x"`, `"_id":"z"`, `"a":{"x":1}`, `"a":{"x":2}`).Replace(most))}, nil)
	if err != nil {
		t.Fatal(err)
	}
	twice := append(bytes.Clone(a), b...)
	message := dynamicpb.NewMessage(c.message("convex.app.m.FRequest"))
	if err := proto.Unmarshal(twice, message); err != nil {
		t.Fatal(err)
	}
	whole, err := proto.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	got, err1 := m.Arguments(twice, nil)
	want, err2 := m.Arguments(whole, nil)
	if err1 != nil || err2 != nil || string(got) != string(want) || !strings.Contains(string(got), `"flags":[true,false,true,false]`) {
		t.Errorf("%s, %v; want %s, %v", got, err1, want, err2)
	}
}

func TestArguments_refused(t *testing.T) {
	c := compiled(t, echo(everything))
	field := func(number protowire.Number, content []byte) []byte {
		return protowire.AppendBytes(protowire.AppendTag(nil, number, protowire.BytesType), content)
	}
	text := func(number protowire.Number, content string) []byte { return field(number, []byte(content)) }
	for _, tt := range []struct {
		wire []byte
		want string
	}{
		{[]byte{0xff}, "the arguments: is not a message of protocol buffers"},
		{text(9, "x"), "the arguments: has a field with the number 9, which is not in the contract"},
		{field(1, text(99, "x")), "value: has a field with the number 99, which is not in the contract"},
		{field(1, protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), 1)), "value._id: is of another type on the wire"},
		{field(1, text(1, "\xff")), "value._id: is not valid UTF-8"},
		{field(1, text(9, "")), "value.shape: needs one of the members of its union"},
		{field(1, text(2, "")), "value.any: value has no kind"},
		{field(1, text(4, "\xff")), "value.flags: is not a message of protocol buffers"},
	} {
		if args, err := c.Method(echoMethod).Arguments(tt.wire, nil); err == nil || err.Error() != tt.want {
			t.Errorf("%x: %s, %v, want %s", tt.wire, args, err, tt.want)
		}
	}
}

// An argument of which a few bytes on the wire are many in JSON takes from the budget what it needs, and is refused over the limit.
func TestArguments_bounds(t *testing.T) {
	var wide spec.Object
	for name := range strings.FieldsSeq("a b c d e f g h i j k l m n o p q r s t u v w x y z") {
		wide.Fields = append(wide.Fields, spec.Field{Name: name, Type: spec.Int64})
	}
	c := compiled(t, echo(spec.Array{Element: wide}))
	wire := bytes.Repeat([]byte{1<<3 | 2, 0}, 100_000) // empty messages
	taken := 0
	take := func(n int) error { taken += n; return nil }
	if _, err := c.Method(echoMethod).Arguments(wire, take); err == nil || !strings.Contains(err.Error(), "larger than") {
		t.Errorf("%v", err)
	}
	if taken < convex.MaxArgumentsSize/2 || taken > 8*convex.MaxArgumentsSize {
		t.Errorf("%d bytes were taken", taken)
	}
	full := errors.New("full")
	if _, err := c.Method(echoMethod).Arguments(wire, func(int) error { return full }); !errors.Is(err, full) {
		t.Errorf("%v", err)
	}
}

// FuzzArguments checks that plans read arguments as the protobuf library does. That reads what is replaced later as well, and so refuses more.
func FuzzArguments(f *testing.F) {
	c := compiled(f, echo(everything))
	m := c.Method(echoMethod)
	for _, text := range []string{least, most} {
		wire, _, err := m.AppendResponse(nil, typed.Result{Value: []byte(text)}, nil)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(wire)
		f.Add(append(wire, wire...))
	}
	request := c.message("convex.app.m.FRequest")
	f.Fuzz(func(t *testing.T, wire []byte) {
		args, err := m.Arguments(wire, nil)
		if err != nil {
			return
		}
		message := dynamicpb.NewMessage(request)
		if err := proto.Unmarshal(wire, message); err != nil {
			return
		}
		whole, err := proto.Marshal(message)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := m.Arguments(whole, nil); err != nil || string(again) != string(args) {
			t.Fatalf("%x is %s, and as the library writes it %s, %v", wire, args, again, err)
		}
	})
}

// FuzzAppendResponse checks that what plans write of any result is a message of the contract.
func FuzzAppendResponse(f *testing.F) {
	c := compiled(f, echo(everything))
	m := c.Method(echoMethod)
	for _, text := range []string{least, most, `{}`, `[`, most + most} {
		f.Add([]byte(text))
	}
	response := c.message("convex.app.m.FResponse")
	f.Fuzz(func(t *testing.T, text []byte) {
		wire, _, err := m.AppendResponse(nil, typed.Result{Value: text}, nil)
		if err != nil {
			return
		}
		message := dynamicpb.NewMessage(response)
		if err := proto.Unmarshal(wire, message); err != nil || len(message.GetUnknown()) > 0 {
			t.Fatalf("%q is no message: %x, %v", text, wire, err)
		}
	})
}
