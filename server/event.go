package server

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"convexgateway/convex"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// Field numbers that are set from wire bytes.
const (
	responseValueField  = 1 // QueryResponse.value, MutateResponse.value, ActionResponse.value
	subscribeValueField = 1 // SubscribeResponse.value
)

// resultEvent is an outcome as an event of Subscribe. All streams that share a result share the event, so it is encoded
// once per lane; nobody may change it.
func resultEvent(r *convex.Result, identity convex.Identity, tag string, inv invocation) (*gatewayv1.SubscribeResponse, error) {
	type made struct {
		event *gatewayv1.SubscribeResponse
		err   error
	}
	m := r.Memo(inv.lane, func() any {
		event, err := newResultEvent(r, inv.lane)
		if err == nil {
			event.ResumeToken = newResumeToken(identity, inv, r).String()
			event.ReadTime = timeOf(r.Timestamp)
			event.IdentityTag = tag
		}
		return made{event, err}
	}).(made)
	return m.event, m.err
}

func newResultEvent(r *convex.Result, lane lane) (*gatewayv1.SubscribeResponse, error) {
	event := &gatewayv1.SubscribeResponse{LogLines: r.LogLines}
	switch {
	case r.Err != nil:
		event.Event = &gatewayv1.SubscribeResponse_FunctionError{FunctionError: functionErrorMessage(r.Err, lane)}
	case lane == jsonLane:
		event.Event = &gatewayv1.SubscribeResponse_ValueJson{ValueJson: r.Value}
	default:
		value, err := appendValueField(nil, subscribeValueField, r.Value)
		if err != nil {
			return nil, err
		}
		event.ProtoReflect().SetUnknown(value)
	}
	return event, nil
}

// timeOf converts the deployment's clock; 0 is no time.
func timeOf(ts uint64) *timestamppb.Timestamp {
	if ts == 0 {
		return nil
	}
	return timestamppb.New(time.Unix(0, int64(ts)))
}

// connectionEvent tells the state of the link.
func connectionEvent(link convex.LinkState, tag string) *gatewayv1.SubscribeResponse {
	state := gatewayv1.Connection_STATE_CONNECTING
	switch link {
	case convex.Connected:
		state = gatewayv1.Connection_STATE_CONNECTED
	case convex.Reconnecting:
		state = gatewayv1.Connection_STATE_RECONNECTING
	}
	return &gatewayv1.SubscribeResponse{
		Event:       &gatewayv1.SubscribeResponse_Connection{Connection: &gatewayv1.Connection{State: state}},
		IdentityTag: tag,
	}
}
