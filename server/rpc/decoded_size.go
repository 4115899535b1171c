package rpc

import (
	"google.golang.org/protobuf/encoding/protowire"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/protovalue"
)

const (
	argsField = 2 // the number of args in all requests of functions

	watchQueryField = 2 // of WatchRequest.add, and of WatchSetRequest.queries
	watchArgsField  = 3 // of WatchQuery.args

	textCopies = 3 // of arguments: as received, in canonical form, and in the request to the deployment
)

// DecodedSize is about how much memory a message takes, in bytes, with what is made of it until the call ends. A Struct takes many
// times the size of its wire form.
func DecodedSize(message any, wire []byte) int {
	values := 0
	count := func(args protowire.Number) func(protowire.Number, []byte) {
		return func(number protowire.Number, content []byte) {
			if number == args {
				values += protovalue.CountStruct(content)
			}
		}
	}
	switch message.(type) {
	case FunctionRequest:
		protovalue.Fields(wire, count(argsField))
	case *gatewayv1.WatchRequest, *gatewayv1.WatchSetRequest:
		protovalue.Fields(wire, func(number protowire.Number, content []byte) {
			if number == watchQueryField {
				protovalue.Fields(content, count(watchArgsField))
			}
		})
	case *RawMessage: // what else is made of it takes its own
		return (1 + textCopies) * len(wire)
	default:
		return len(wire)
	}
	return textCopies*len(wire) + values*protovalue.ValueSize
}
