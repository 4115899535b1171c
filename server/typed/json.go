package typed

import (
	"bytes"
	"encoding/json"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

// Messages as proto JSON, for Connect and gRPC-Web clients that ask for it. It takes several times as long as the wire form.

// Descriptor describes the method and its messages.
func (m *Method) Descriptor() protoreflect.MethodDescriptor { return m.rpc }

// RequestFromJSON returns the wire form of a request in proto JSON. Fields that the contract does not have are errors.
func (m *Method) RequestFromJSON(text []byte) ([]byte, error) {
	request := dynamicpb.NewMessage(m.rpc.Input())
	if err := protojson.Unmarshal(text, request); err != nil {
		return nil, err
	}
	return proto.Marshal(request)
}

// ResponseJSON returns a response, or an event of a stream, in proto JSON.
func (m *Method) ResponseJSON(wire []byte) ([]byte, error) {
	response := dynamicpb.NewMessage(m.rpc.Output())
	if err := proto.Unmarshal(wire, response); err != nil {
		return nil, err
	}
	text, err := protojson.Marshal(response)
	if err != nil {
		return nil, err
	}
	var compact bytes.Buffer // the library varies white space
	err = json.Compact(&compact, text)
	return compact.Bytes(), err
}
