// Package protovalue transcodes JSON text to the wire bytes of google.protobuf.Value, and Values and Structs to JSON text: the Struct
// lane.
package protovalue
