package rpc

import (
	"google.golang.org/protobuf/encoding/protowire"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

const (
	argsField = 2 // the number of args in all requests of functions

	watchQueryField = 2 // of WatchRequest.add, and of WatchSetRequest.queries
	watchArgsField  = 3 // of WatchQuery.args

	textCopies = 3                  // of arguments: as received, in canonical form, and in the request to the deployment
	valueSize  = 128                // bytes of memory of a google.protobuf.Value, without its text
	countDepth = 2 * (MaxDepth + 1) // messages within each other; deeper ones are refused later
)

// DecodedSize is about how much memory a message takes, in bytes, with what is made of it until the call ends. A Struct takes many
// times the size of its wire form.
func DecodedSize(message any, wire []byte) int {
	values := 0
	count := func(args protowire.Number) func(protowire.Number, []byte) {
		return func(number protowire.Number, content []byte) {
			if number == args {
				values += countValues(content, structFields, countDepth)
			}
		}
	}
	switch message.(type) {
	case FunctionRequest:
		fields(wire, count(argsField))
	case *gatewayv1.WatchRequest, *gatewayv1.WatchSetRequest:
		fields(wire, func(number protowire.Number, content []byte) {
			if number == watchQueryField {
				fields(content, count(watchArgsField))
			}
		})
	default:
		return len(wire)
	}
	return textCopies*len(wire) + values*valueSize
}

// messageKind is which message of google/protobuf/struct.proto a text is.
type messageKind int

const (
	structFields messageKind = iota // google.protobuf.Struct
	structEntry                     // an entry of its map
	anyValue                        // google.protobuf.Value
	listValue                       // google.protobuf.ListValue
)

// inner has the fields of each kind that are messages, and their kinds.
var inner = [...]map[protowire.Number]messageKind{
	structFields: {1: structEntry},
	structEntry:  {2: anyValue},
	anyValue:     {5: structFields, 6: listValue},
	listValue:    {1: anyValue},
}

// countValues counts the values in a message: its maps and lists count one for each entry.
func countValues(wire []byte, kind messageKind, depth int) (n int) {
	if depth == 0 {
		return len(wire)
	}
	fields(wire, func(number protowire.Number, content []byte) {
		if k, ok := inner[kind][number]; ok {
			n += 1 + countValues(content, k, depth-1)
		}
	})
	return n
}

// fields calls a function with each field that has a length. It stops at what is not well-formed.
func fields(wire []byte, visit func(number protowire.Number, content []byte)) {
	for len(wire) > 0 {
		number, kind, n := protowire.ConsumeTag(wire)
		if n < 0 {
			return
		}
		wire = wire[n:]
		if kind != protowire.BytesType {
			if n = protowire.ConsumeFieldValue(number, kind, wire); n < 0 {
				return
			}
			wire = wire[n:]
			continue
		}
		content, n := protowire.ConsumeBytes(wire)
		if n < 0 {
			return
		}
		visit(number, content)
		wire = wire[n:]
	}
}
