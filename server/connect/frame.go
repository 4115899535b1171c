package connect

import (
	"encoding/binary"

	"connectrpc.com/connect/v2"

	"convexgateway/server/rest"
	"convexgateway/server/rpc"
)

// headSize is the size of an envelope without its message, in bytes: flags and a length.
const headSize = 5

// Keys of an event's frame by each codec.
type (
	protoFrame struct{}
	jsonFrame  struct{}
)

// frameOf returns an event in its envelope, which is the same in both protocols. It is made once for all streams that share the event, and
// must not be changed. It is nil for other messages.
func frameOf(codec string, message any) ([]byte, error) {
	inJSON := codec == connect.CodecNameJSON
	switch e := message.(type) {
	case *rpc.Event:
		if inJSON {
			return e.Encoded(jsonFrame{}, func(e *rpc.Event) ([]byte, error) { return inFrame(eventJSON(e)) })
		}
		return e.Encoded(protoFrame{}, func(e *rpc.Event) ([]byte, error) { return inFrame(e.Wire()) })
	case *rpc.WatchEvent:
		if inJSON {
			return e.Encoded(jsonFrame{}, func(e *rpc.WatchEvent) ([]byte, error) { return inFrame(rest.WatchJSON(e)) })
		}
		return e.Encoded(protoFrame{}, func(e *rpc.WatchEvent) ([]byte, error) {
			pieces, err := e.Wire()
			return inFrame(pieces.Materialize(), err)
		})
	}
	return nil, nil
}

// eventJSON returns an event as proto JSON. Those without a value are the same for all methods.
func eventJSON(e *rpc.Event) ([]byte, error) {
	method := e.Typed()
	if method == nil {
		return rest.EventJSON(e)
	}
	wire, err := e.Wire()
	if err != nil {
		return nil, err
	}
	return method.ResponseJSON(wire)
}

// inFrame returns a message in an envelope without flags.
func inFrame(message []byte, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	frame := make([]byte, headSize, headSize+len(message))
	binary.BigEndian.PutUint32(frame[1:], uint32(len(message)))
	return append(frame, message...), nil
}
