package rpc

import (
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/protovalue"
)

// Whatever a request has on the wire, it is taken for at least as large as it is in memory.
func FuzzDecodedSize(f *testing.F) {
	args, err := structpb.NewStruct(map[string]any{"a": []any{nil, 1.0, "x", map[string]any{"b": []any{[]any{}, true}}}, "": nil})
	if err != nil {
		f.Fatal(err)
	}
	for _, m := range []*gatewayv1.QueryRequest{{}, {Path: "a:b", Args: args}, {Path: "a:b", ArgsJson: []byte(`{"x":[1,2]}`)}} {
		wire, err := proto.Marshal(m)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(wire)
		f.Add(append(wire, wire...))
		f.Add(wire[:len(wire)/2])
	}
	f.Fuzz(func(t *testing.T, wire []byte) {
		m := &gatewayv1.QueryRequest{}
		size := DecodedSize(m, wire)
		if proto.Unmarshal(wire, m) != nil {
			return
		}
		if values := valuesOf(m.GetArgs()); size < len(wire)+values*protovalue.ValueSize {
			t.Errorf("%d bytes with %d values are taken for %d", len(wire), values, size)
		}
	})
}

// valuesOf counts the values in a Struct.
func valuesOf(s *structpb.Struct) (n int) {
	for _, value := range s.GetFields() {
		n += 1 + valuesIn(value)
	}
	return n
}

func valuesIn(value *structpb.Value) (n int) {
	for _, inner := range value.GetListValue().GetValues() {
		n += 1 + valuesIn(inner)
	}
	return n + valuesOf(value.GetStructValue())
}

// The arguments of watched queries count as those of other requests do.
func TestDecodedSizeOfWatchedQueries(t *testing.T) {
	t.Parallel()
	args, err := structpb.NewStruct(map[string]any{"a": []any{nil, 1.0, "x", map[string]any{"b": []any{[]any{}, true}}}})
	if err != nil {
		t.Fatal(err)
	}
	q := &gatewayv1.WatchQuery{Target: 1, Path: "a:b", Args: args}
	for _, m := range []proto.Message{
		&gatewayv1.WatchRequest{Command: &gatewayv1.WatchRequest_Add{Add: q}}, &gatewayv1.WatchSetRequest{Queries: []*gatewayv1.WatchQuery{q, q}},
	} {
		wire, err := proto.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		values := valuesOf(args)
		if set, ok := m.(*gatewayv1.WatchSetRequest); ok {
			values *= len(set.GetQueries())
		}
		if size := DecodedSize(m, wire); size < len(wire)+values*protovalue.ValueSize {
			t.Errorf("%T: %d bytes with %d values are taken for %d", m, len(wire), values, size)
		}
	}
}
