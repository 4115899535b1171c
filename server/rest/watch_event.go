package rest

import (
	"strconv"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/rpc"
)

// watchFrame returns the frame of a response of WatchSet. The JSON of an outcome is made once for all streams that share it.
func watchFrame(e *rpc.WatchEvent, form streamForm) ([]byte, error) {
	text, err := WatchJSON(e)
	if err != nil {
		return nil, err
	}
	return form.frame(watchEventName(e), "", text), nil
}

// watchEventName returns the response's name in server-sent events.
func watchEventName(e *rpc.WatchEvent) string {
	switch {
	case len(e.Changes) > 0 || e.Message.GetReadTime() != nil:
		return "snapshot"
	case e.Message.GetAuth() != nil:
		return "auth"
	}
	return "connection"
}

// WatchJSON returns the response as proto JSON, on one line. What its changes hold is made once for all streams that share it.
func WatchJSON(e *rpc.WatchEvent) ([]byte, error) {
	rest, err := marshalJSON(e.Message)
	if err != nil || len(e.Changes) == 0 {
		return rest, err
	}
	text := []byte(`{"changes":[`)
	for i, c := range e.Changes {
		outcome, err := changeJSON(c)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			text = append(text, ',')
		}
		text = strconv.AppendUint(append(text, `{"target":`...), uint64(c.Target), 10)
		text = append(append(text, ','), outcome[1:]...)
	}
	text = append(text, ']')
	if len(rest) > len(`{}`) {
		text = append(text, ',')
	}
	return append(text, rest[1:]...), nil
}

// changeEncoder is the encoder of the JSON of an outcome.
type changeEncoder struct{}

// changeJSON returns a change as a JSON object, without its target. It must not be changed.
func changeJSON(c rpc.Change) ([]byte, error) {
	if c.Outcome == nil {
		return marshalJSON(&gatewayv1.TargetChange{Outcome: &gatewayv1.TargetChange_Removed{Removed: c.Removed}})
	}
	return c.Outcome.Encoded(changeEncoder{}, func(e *rpc.Event) ([]byte, error) {
		m := e.Message
		return responseJSON(&gatewayv1.SubscribeResponse{Event: m.GetEvent(), ResumeToken: m.GetResumeToken(), LogLines: m.GetLogLines()}, e.Value)
	})
}
