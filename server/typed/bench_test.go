package typed_test

import (
	"testing"

	"convexgateway/bench/wire"
	"convexgateway/convex/spec"
	"convexgateway/server/protovalue"
	"convexgateway/server/typed"
)

// chat is the type of the results of package wire.
var chat = spec.Object{Fields: []spec.Field{
	{Name: "messages", Type: spec.Array{Element: spec.Object{Fields: []spec.Field{
		{Name: "_creationTime", Type: spec.Number}, {Name: "_id", Type: spec.ID{Table: "messages"}}, {Name: "author", Type: spec.String},
		{Name: "body", Type: spec.String}, {Name: "channel", Type: spec.String},
	}}}},
	{Name: "seq", Type: spec.Number},
}}

// A result on its way to the wire, by a plan and in the Struct lane.
func BenchmarkAppendResponse(b *testing.B) {
	text := wire.NewUpdate(1, 20<<10)
	m := compiled(b, echo(chat)).Method(echoMethod)
	b.Run("plan", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			if _, _, err := m.AppendResponse(nil, typed.Result{Value: text}, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Struct lane", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := protovalue.AppendField(nil, 1, text); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// Arguments on their way from the wire.
func BenchmarkArguments(b *testing.B) {
	m := compiled(b, echo(chat)).Method(echoMethod)
	request, _, err := m.AppendResponse(nil, typed.Result{Value: wire.NewUpdate(1, 1<<10)}, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(request)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Arguments(request, nil); err != nil {
			b.Fatal(err)
		}
	}
}
