package wire

import (
	"fmt"

	"google.golang.org/grpc/mem"
)

// Raw is a gRPC codec for encoded messages: []byte to send, *[]byte to receive.
type Raw struct{}

// Marshal implements encoding.CodecV2.
func (Raw) Marshal(v any) (mem.BufferSlice, error) {
	b, ok := v.([]byte)
	if !ok {
		return nil, fmt.Errorf("wire: %T is not []byte", v)
	}
	return mem.BufferSlice{mem.SliceBuffer(b)}, nil
}

// Unmarshal implements encoding.CodecV2.
func (Raw) Unmarshal(data mem.BufferSlice, v any) error {
	b, ok := v.(*[]byte)
	if !ok {
		return fmt.Errorf("wire: %T is not *[]byte", v)
	}
	*b = data.Materialize()
	return nil
}

// Name implements encoding.CodecV2. The bytes are protobuf.
func (Raw) Name() string { return "proto" }
