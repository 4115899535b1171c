package rest

import (
	"google.golang.org/protobuf/proto"

	"convexgateway/convex/jsonscan"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/protovalue"
	"convexgateway/server/rpc"
)

// eventEncoders make the frame of an event in each form. Each runs once an event, for all of its streams.
var eventEncoders = [...]func(*rpc.Event) ([]byte, error){
	ndjson: func(e *rpc.Event) ([]byte, error) { return encodeFrame(e, ndjson) },
	sse:    func(e *rpc.Event) ([]byte, error) { return encodeFrame(e, sse) },
}

func encodeFrame(e *rpc.Event, form streamForm) ([]byte, error) {
	text, err := EventJSON(e)
	if err != nil {
		return nil, err
	}
	return form.frame(eventName(e), e.Message.GetResumeToken(), text), nil
}

// EventJSON returns the event as proto JSON, on one line.
func EventJSON(e *rpc.Event) ([]byte, error) {
	return responseJSON(e.Message, e.Value)
}

// responseJSON returns an event of which value, if it is not nil, is the JSON of its value.
func responseJSON(message *gatewayv1.SubscribeResponse, value []byte) ([]byte, error) {
	if message.GetFunctionError() != nil { // its data is set in wire bytes only
		encoded, err := proto.Marshal(message)
		if err != nil {
			return nil, err
		}
		message = &gatewayv1.SubscribeResponse{}
		if err := proto.Unmarshal(encoded, message); err != nil {
			return nil, err
		}
	}
	rest, err := marshalJSON(message)
	if err != nil || value == nil {
		return rest, err
	}
	text, err := jsonscan.AppendCompact([]byte(`{"value":`), value, protovalue.MaxDepth)
	if err != nil {
		return nil, err
	}
	text = escapeSeparators(text)
	if len(rest) > len(`{}`) {
		text = append(text, ',')
	}
	return append(text, rest[1:]...), nil
}

// eventName returns the event's name in server-sent events.
func eventName(e *rpc.Event) string {
	switch e.Message.GetEvent().(type) {
	case *gatewayv1.SubscribeResponse_FunctionError:
		return "function_error"
	case *gatewayv1.SubscribeResponse_Unchanged:
		return "unchanged"
	case *gatewayv1.SubscribeResponse_Connection:
		return "connection"
	}
	return "value"
}
