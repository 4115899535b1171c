package rpc

import (
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/encoding/proto"
	"google.golang.org/grpc/mem"
)

// codec is gRPC's own for protocol buffers, but for events and raw messages, which have their wire bytes already.
type codec struct{ encoding.CodecV2 }

// NewCodec returns the codec that the gRPC server must use.
func NewCodec() encoding.CodecV2 { return codec{encoding.GetCodecV2(proto.Name)} }

// Marshal implements [encoding.CodecV2].
func (c codec) Marshal(message any) (mem.BufferSlice, error) {
	switch m := message.(type) {
	case *answer:
		return m.marshal()
	case *Event:
		return m.marshal()
	case *WatchEvent:
		return m.Wire()
	case *RawMessage:
		return mem.BufferSlice{mem.SliceBuffer(m.Wire)}, nil
	}
	return c.CodecV2.Marshal(message)
}

// Unmarshal implements [encoding.CodecV2].
func (c codec) Unmarshal(data mem.BufferSlice, message any) error {
	if m, ok := message.(*RawMessage); ok {
		m.Wire = data.Materialize()
		return nil
	}
	return c.CodecV2.Unmarshal(data, message)
}

func (e *Event) marshal() (mem.BufferSlice, error) {
	rest, value, err := e.WireParts()
	if value == nil || err != nil {
		return mem.BufferSlice{mem.SliceBuffer(rest)}, err
	}
	return mem.BufferSlice{mem.SliceBuffer(rest), mem.SliceBuffer(value)}, nil
}
