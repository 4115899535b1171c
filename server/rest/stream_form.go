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

// encode is a message of an RPC as it is sent.
func (f streamForm) encode(message any) ([]byte, error) {
	if e, ok := message.(*rpc.Event); ok {
		return e.Encoded(f, eventEncoders[f])
	}
	text, err := marshalJSON(message.(proto.Message))
	if err != nil {
		return nil, err
	}
	return f.frame("auth", "", text), nil
}

// frame is JSON, on one line, as an event. SSE gives it a name, and an id that its stream can be resumed from.
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

// end is a google.rpc.Status, in JSON, as the last event.
func (f streamForm) end(text []byte) []byte {
	if f == sse {
		return f.frame("status", "", text)
	}
	return append(append([]byte(`{"error":`), text...), "}\n"...)
}

// beat makes up for what NDJSON has no comments for: it asks for a heartbeat if the caller did not.
func (f streamForm) beat(asked **durationpb.Duration) {
	if *asked == nil && f == ndjson {
		*asked = durationpb.New(quietInterval)
	}
}
