package rpc

import (
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
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
		size := decodedSize(m, wire)
		if proto.Unmarshal(wire, m) != nil {
			return
		}
		if values := valuesOf(m.GetArgs()); size < len(wire)+values*valueSize {
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
