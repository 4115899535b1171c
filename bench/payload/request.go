package payload

import (
	gatewayv1 "convexgateway/gen/convexgateway/v1"

	"encoding/json"
	"fmt"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	"convexgateway/bench/wire"
)

// Encode returns a message on the wire.
func Encode(m proto.Message) []byte {
	b, err := proto.Marshal(m)
	if err != nil {
		panic(err) // our own message
	}
	return b
}

// JSONRequest is a query over gRPC, in the JSON lane.
func JSONRequest() []byte {
	return Encode(&gatewayv1.QueryRequest{
		Path: wire.QueryPath, ArgsJson: []byte(wire.QueryArgs), ValueFormat: gatewayv1.ValueFormat_VALUE_FORMAT_JSON,
	})
}

// StructRequest is a query over gRPC, in the Struct lane.
func StructRequest() []byte {
	var args map[string]any
	_ = json.Unmarshal([]byte(wire.QueryArgs), &args) // our own
	fields, err := structpb.NewStruct(args)
	if err != nil {
		panic(err)
	}
	return Encode(&gatewayv1.QueryRequest{Path: wire.QueryPath, Args: fields})
}

// RESTBody is a query over REST.
func RESTBody() []byte {
	return fmt.Appendf(nil, `{"path":%q,"args":%s}`, wire.QueryPath, wire.QueryArgs)
}

// UpstreamBody is a query over the HTTP API of a deployment.
func UpstreamBody() []byte {
	return fmt.Appendf(nil, `{"path":%q,"args":%s,"format":"convex_encoded_json"}`, wire.QueryPath, wire.QueryArgs)
}
