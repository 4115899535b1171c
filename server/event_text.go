package server

import (
	"google.golang.org/protobuf/proto"

	"convexgateway/convex/jsonscan"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

func (e *event) encodeFrame(form streamForm) ([]byte, error) {
	text, err := e.json()
	if err != nil {
		return nil, err
	}
	return form.frame(e.name(), e.message.GetResumeToken(), text), nil
}

// json is the event as proto JSON, on one line.
func (e *event) json() ([]byte, error) {
	message := e.message
	if message.GetFunctionError() != nil { // whose data is there on the wire only
		encoded, err := e.wire()
		if err != nil {
			return nil, err
		}
		message = &gatewayv1.SubscribeResponse{}
		if err := proto.Unmarshal(encoded, message); err != nil {
			return nil, err
		}
	}
	rest, err := marshalJSON(message)
	if err != nil || e.value == nil {
		return rest, err
	}
	text, err := jsonscan.AppendCompact([]byte(`{"value":`), e.value, maxDepth)
	if err != nil {
		return nil, err
	}
	if len(rest) > len(`{}`) {
		text = append(text, ',')
	}
	return append(text, rest[1:]...), nil
}

// name is that of the event among server-sent ones.
func (e *event) name() string {
	switch e.message.GetEvent().(type) {
	case *gatewayv1.SubscribeResponse_FunctionError:
		return "function_error"
	case *gatewayv1.SubscribeResponse_Unchanged:
		return "unchanged"
	case *gatewayv1.SubscribeResponse_Connection:
		return "connection"
	}
	return "value"
}
