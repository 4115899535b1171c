package load

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"google.golang.org/protobuf/proto"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// Event is a decoded message of a stream.
type Event struct {
	HasValue    bool
	Value       any // as encoding/json decodes it
	Unchanged   bool
	ResumeToken string
}

// DecodeGRPC decodes a SubscribeResponse.
func DecodeGRPC(message []byte) (Event, error) {
	var m gatewayv1.SubscribeResponse
	if err := proto.Unmarshal(message, &m); err != nil {
		return Event{}, err
	}
	e := Event{ResumeToken: m.GetResumeToken()}
	switch event := m.GetEvent().(type) {
	case *gatewayv1.SubscribeResponse_Value:
		e.HasValue, e.Value = true, event.Value.AsInterface()
	case *gatewayv1.SubscribeResponse_ValueJson:
		e.HasValue = true
		return e, json.Unmarshal(event.ValueJson, &e.Value)
	case *gatewayv1.SubscribeResponse_Unchanged:
		e.Unchanged = true
	case *gatewayv1.SubscribeResponse_Connection:
	default:
		return e, fmt.Errorf("event %T", event)
	}
	return e, nil
}

// DecodeWatch returns the decoder of WatchResponses of streams with a number of targets. What has a value is a state of the last of them: on
// a stream that is open for a while, one of all.
func DecodeWatch(targets int) func([]byte) (Event, error) {
	return func(message []byte) (Event, error) {
		var m gatewayv1.WatchResponse
		if err := proto.Unmarshal(message, &m); err != nil {
			return Event{}, err
		}
		var e Event
		for _, c := range m.GetChanges() {
			value := c.GetValue()
			if value == nil {
				return e, fmt.Errorf("outcome %T", c.GetOutcome())
			}
			if e.HasValue = int(c.GetTarget()) == targets; e.HasValue {
				e.Value = value.AsInterface()
			}
		}
		return e, nil
	}
}

// DecodeSSE decodes the text of a server-sent event.
func DecodeSSE(text []byte) (Event, error) {
	var e Event
	var name string
	for line := range bytes.SplitSeq(text, []byte("\n")) {
		field, content, _ := bytes.Cut(line, []byte(": "))
		switch string(field) {
		case "event":
			name = string(content)
		case "id":
			e.ResumeToken = string(content)
		case "data":
			var data struct {
				Value any `json:"value"`
			}
			if err := json.Unmarshal(content, &data); err != nil {
				return e, err
			}
			e.Value = data.Value
		}
	}
	switch name {
	case "value":
		e.HasValue = true
	case "unchanged":
		e.Unchanged = true
	case "connection", "": // no name: a comment or retry
	default:
		return e, errors.New("event " + name)
	}
	return e, nil
}
