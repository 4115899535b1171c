package rest

import (
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	"convexgateway/server/rpc"
)

// streamForm is how events are written.
type streamForm int

const (
	ndjson streamForm = iota
	sse
)

// How streams start.
var (
	noBuffering = []string{"no"}
	streamTypes = [...][]string{ndjson: {"application/x-ndjson"}, sse: {"text/event-stream"}}
	streamHeads = [...]string{sse: "retry: 2000\n\n"}
)

// encode returns the frame of a message.
func (f streamForm) encode(message any) ([]byte, error) {
	if e, ok := message.(*rpc.Event); ok {
		return e.Encoded(f, eventEncoders[f])
	}
	if e, ok := message.(*rpc.WatchEvent); ok {
		return e.Encoded(f, func(e *rpc.WatchEvent) ([]byte, error) { return watchFrame(e, f) })
	}
	text, err := marshalJSON(message.(proto.Message))
	if err != nil {
		return nil, err
	}
	return f.frame("auth", "", text), nil
}

// frame returns JSON, which must be on one line, as an event. In SSE it has a name, and an id to resume the stream from.
func (f streamForm) frame(name, id string, text []byte) []byte {
	b := make([]byte, 0, len(text)+len(name)+len(id)+32)
	if f == ndjson {
		return append(append(append(b, `{"result":`...), text...), "}\n"...)
	}
	b = append(append(b, "event: "...), name...)
	if id != "" {
		b = append(append(b, "\nid: "...), id...)
	}
	return append(append(append(b, "\ndata: "...), text...), "\n\n"...)
}

// end returns a google.rpc.Status, in JSON, as the last event.
func (f streamForm) end(text []byte) []byte {
	if f == sse {
		return f.frame("status", "", text)
	}
	return append(append([]byte(`{"error":`), text...), "}\n"...)
}

// setHeartbeat asks for a heartbeat if the caller has not and the form has no comments, which could keep the connection open.
func (f streamForm) setHeartbeat(heartbeat **durationpb.Duration) {
	if *heartbeat == nil && f == ndjson {
		*heartbeat = durationpb.New(quietInterval)
	}
}
