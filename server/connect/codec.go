package connect

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"

	"connectrpc.com/connect/v2"
	"connectrpc.com/connect/v2/connectproto"
	"google.golang.org/protobuf/proto"

	"convexgateway/server/call"
	"convexgateway/server/rest"
	"convexgateway/server/rpc"
)

// Codecs read a message of the request in the context, which they inflate, and write messages; of events what is encoded already.

// message returns a message of a request, inflated. It is valid until the call of the codec ends.
func message(ctx context.Context, src io.Reader) (data []byte, q *request, err error) {
	q = requestFrom(ctx)
	var b bytes.Buffer
	if buffered, ok := src.(*bytes.Buffer); ok {
		b = *buffered
	} else if _, err := b.ReadFrom(src); err != nil {
		return nil, q, err
	}
	if q.compressed != "" && b.Len() > 0 {
		data, err = q.inflate(b.Bytes())
		return data, q, err
	}
	if b.Len() > q.maxMessage {
		return nil, q, call.RequestTooLarge(q.maxMessage)
	}
	return b.Bytes(), q, nil
}

// inflate decompresses a message.
func (q *request) inflate(compressed []byte) ([]byte, error) {
	if len(compressed) < rpc.StatedSizeBytes {
		return nil, call.InvalidRequest("the message is not compressed as stated")
	}
	size := int(binary.LittleEndian.Uint32(compressed[len(compressed)-rpc.StatedSizeBytes:]))
	data, err := rpc.Inflate(q.compressed, bytes.NewReader(compressed), size, q.maxMessage, q.call.Hold)
	q.buffered += cap(data)
	return data, err
}

// protoCodec is the codec of protobuf.
type protoCodec struct{}

var binaryCodec = connectproto.NewBinaryCodec()

// Name implements [connect.Codec].
func (protoCodec) Name() string { return connect.CodecNameProto }

// UnmarshalRead implements [connect.Codec].
func (protoCodec) UnmarshalRead(ctx context.Context, src io.Reader, into any) error {
	data, q, err := message(ctx, src)
	if err != nil {
		return err
	}
	if err := q.call.Hold.Take(rpc.DecodedSize(into, data)); err != nil {
		return err
	}
	if raw, ok := into.(*rpc.RawMessage); ok {
		raw.Wire = bytes.Clone(data)
		return nil
	}
	if err := proto.Unmarshal(data, into.(proto.Message)); err != nil {
		return call.InvalidBody(err)
	}
	return nil
}

// MarshalWrite implements [connect.Codec].
func (protoCodec) MarshalWrite(ctx context.Context, dst io.Writer, msg any) error {
	if raw, ok := msg.(*rpc.RawMessage); ok {
		_, err := dst.Write(raw.Wire)
		return err
	}
	frame, err := frameOf(connect.CodecNameProto, msg)
	if frame == nil && err == nil {
		return binaryCodec.MarshalWrite(ctx, dst, msg)
	}
	return writeMessage(dst, frame, err)
}

// jsonCodec is the codec of proto JSON, as of REST; but unknown fields of requests are ignored, as protobuf ignores them.
type jsonCodec struct{}

// Name implements [connect.Codec].
func (jsonCodec) Name() string { return connect.CodecNameJSON }

// UnmarshalRead implements [connect.Codec].
func (jsonCodec) UnmarshalRead(ctx context.Context, src io.Reader, into any) error {
	data, q, err := message(ctx, src)
	if err != nil {
		return err
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return call.InvalidRequest("the message is empty: in JSON it is at least {}")
	}
	if err := q.call.Hold.Take(len(data)); err != nil {
		return err
	}
	if raw, ok := into.(*rpc.RawMessage); ok {
		return q.readTyped(data, raw)
	}
	text := bytes.Clone(data) // the request may share it
	q.call.ArgsCanonical, err = rest.ReadJSON(text, into.(proto.Message), q.call.Hold)
	return err
}

// jsonMemory is about how much memory a byte of JSON takes in the messages that are made of it for a contract's method.
const jsonMemory = 32

// readTyped reads a request of the app's contract.
func (q *request) readTyped(text []byte, raw *rpc.RawMessage) (err error) {
	n := jsonMemory * len(text)
	if err := q.call.Hold.Take(n); err != nil {
		return err
	}
	defer q.call.Hold.Give(n)
	if raw.Wire, err = q.typed.RequestFromJSON(text); err != nil {
		return call.InvalidBody(err)
	}
	return q.call.Hold.Take(rpc.DecodedSize(raw, raw.Wire))
}

// MarshalWrite implements [connect.Codec].
func (jsonCodec) MarshalWrite(ctx context.Context, dst io.Writer, msg any) error {
	if raw, ok := msg.(*rpc.RawMessage); ok {
		text, err := requestFrom(ctx).typed.ResponseJSON(raw.Wire)
		if err == nil {
			_, err = dst.Write(text)
		}
		return err
	}
	frame, err := frameOf(connect.CodecNameJSON, msg)
	if frame != nil || err != nil {
		return writeMessage(dst, frame, err)
	}
	text, err := rest.MarshalJSON(msg.(proto.Message), call.From(ctx).TextValue)
	if err == nil {
		_, err = dst.Write(text)
	}
	return err
}

// writeMessage writes the message of a frame, unless there is an error already.
func writeMessage(dst io.Writer, frame []byte, err error) error {
	if err == nil {
		_, err = dst.Write(frame[headSize:])
	}
	return err
}
