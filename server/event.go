package server

import (
	"sync"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"convexgateway/auth"
	"convexgateway/convex"
	"convexgateway/convex/live"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// Field numbers that are set from wire bytes.
const (
	responseValueField  = 1 // QueryResponse.value, MutateResponse.value, ActionResponse.value
	subscribeValueField = 1 // SubscribeResponse.value
)

// event is one message of a Subscribe stream. All streams that share a result share its events, so each form is made once,
// when it is first asked for, and nobody may change it.
type event struct {
	message *gatewayv1.SubscribeResponse // all of it but a value of the Struct lane
	value   []byte                       // JSON of that value; nil if there is none
	size    int                          // of message on the wire, and of value, in bytes

	wire   func() ([]byte, error)    // as protobuf
	frames [2]func() ([]byte, error) // as streams over HTTP send it, by streamForm
}

func newEvent(message *gatewayv1.SubscribeResponse, value []byte) *event {
	e := &event{message: message, value: value, size: proto.Size(message) + len(value)}
	e.wire = sync.OnceValues(e.encode)
	for form := range e.frames {
		e.frames[form] = sync.OnceValues(func() ([]byte, error) { return e.encodeFrame(streamForm(form)) })
	}
	return e
}

func (e *event) encode() ([]byte, error) {
	encoded, err := proto.Marshal(e.message)
	if err != nil || e.value == nil {
		return encoded, err
	}
	return appendValueField(encoded, subscribeValueField, e.value)
}

// resumeKey is that of a result's resume token, which all its events have.
type resumeKey struct{}

// resultEvent is an outcome as an event.
func resultEvent(r *convex.Result, id *auth.Identity, inv invocation) *event {
	return r.Memo(inv.lane, func() any {
		token := r.Memo(resumeKey{}, func() any { return newResumeToken(id.Key(), inv, r).String() }).(string)
		m := &gatewayv1.SubscribeResponse{
			LogLines: r.LogLines, ResumeToken: token, ReadTime: timeOf(r.Timestamp), IdentityTag: id.Tag(),
		}
		switch {
		case r.Err != nil:
			m.Event = &gatewayv1.SubscribeResponse_FunctionError{FunctionError: functionErrorMessage(r.Err, inv.lane)}
		case inv.lane == jsonLane:
			m.Event = &gatewayv1.SubscribeResponse_ValueJson{ValueJson: r.Value}
		default:
			return newEvent(m, r.Value)
		}
		return newEvent(m, nil)
	}).(*event)
}

// unchangedEvent stands in for the result of another event.
func unchangedEvent(e *event) *event {
	return newEvent(&gatewayv1.SubscribeResponse{
		Event:       &gatewayv1.SubscribeResponse_Unchanged{Unchanged: &gatewayv1.Unchanged{}},
		ResumeToken: e.message.ResumeToken, ReadTime: e.message.ReadTime, IdentityTag: e.message.IdentityTag,
	}, nil)
}

// connectionEvent tells the state of the link.
func connectionEvent(link live.LinkState, tag string) *event {
	state := gatewayv1.Connection_STATE_CONNECTING
	switch link {
	case live.Connected:
		state = gatewayv1.Connection_STATE_CONNECTED
	case live.Reconnecting:
		state = gatewayv1.Connection_STATE_RECONNECTING
	}
	return newEvent(&gatewayv1.SubscribeResponse{
		Event:       &gatewayv1.SubscribeResponse_Connection{Connection: &gatewayv1.Connection{State: state}},
		IdentityTag: tag,
	}, nil)
}

// timeOf converts the deployment's clock; 0 is no time.
func timeOf(ts uint64) *timestamppb.Timestamp {
	if ts == 0 {
		return nil
	}
	return timestamppb.New(time.Unix(0, int64(ts)))
}
