package protovalue

import "google.golang.org/protobuf/encoding/protowire"

const (
	// ValueSize is about how many bytes of memory a google.protobuf.Value takes, without its text.
	ValueSize = 128

	countDepth = 2 * (MaxDepth + 1) // messages within each other; deeper ones are refused later
)

// CountStruct counts the values in the wire form of a google.protobuf.Struct: its maps and lists count one for each entry.
func CountStruct(wire []byte) int { return countValues(wire, structFields, countDepth) }

// CountValue counts the values in the wire form of a google.protobuf.Value, itself among them.
func CountValue(wire []byte) int { return 1 + countValues(wire, anyValue, countDepth) }

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
	Fields(wire, func(number protowire.Number, content []byte) {
		if k, ok := inner[kind][number]; ok {
			n += 1 + countValues(content, k, depth-1)
		}
	})
	return n
}

// Fields calls a function with each field that has a length. It stops at what is not well-formed.
func Fields(wire []byte, visit func(number protowire.Number, content []byte)) {
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
