package rest

import (
	"cmp"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/rpc"
)

// streamForm is how events are written.
type streamForm int

const (
	ndjson streamForm = iota
	sse
)

// NoBuffering is X-Accel-Buffering of streams: nginx would hold events back. It must not be changed.
var NoBuffering = []string{"no"}

// How streams start.
var (
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

// SetHeartbeat asks for the heartbeats of forms that have no comments, which could keep the connection open, if the caller has not
// asked for any.
func SetHeartbeat(req any) {
	switch req := req.(type) {
	case *gatewayv1.SubscribeRequest:
		setHeartbeat(&req.Heartbeat)
	case *gatewayv1.AuthStateRequest:
		setHeartbeat(&req.Heartbeat)
	case *rpc.RawMessage:
		req.Heartbeat = quietInterval
	case *gatewayv1.WatchSetRequest:
		req.Options = cmp.Or(req.Options, &gatewayv1.WatchOptions{})
		setHeartbeat(&req.Options.Heartbeat)
	}
}

func setHeartbeat(heartbeat **durationpb.Duration) {
	*heartbeat = cmp.Or(*heartbeat, durationpb.New(quietInterval))
}
