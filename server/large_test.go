package server

import (
	"strings"
	"testing"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// A result near Convex's limit of 16 MiB is delivered over every protocol, in both value formats.
func TestLargeResult(t *testing.T) {
	t.Parallel()
	g := start(t)
	size := 15 << 20
	if raceDetector {
		size = 1 << 20
	}
	text := strings.Repeat("0123456789abcdef", size/16)
	args := []byte(`{"value":"` + text + `"}`)
	for _, format := range []gatewayv1.ValueFormat{gatewayv1.ValueFormat_VALUE_FORMAT_JSON, gatewayv1.ValueFormat_VALUE_FORMAT_STRUCT} {
		stream := g.subscribe(g.context(), &gatewayv1.SubscribeRequest{Path: "values:echo", ArgsJson: args, ValueFormat: format})
		event := result(stream)
		if got := event.GetValue().GetStringValue() + strings.Trim(string(event.GetValueJson()), `"`); got != text {
			t.Errorf("%v: %d bytes over gRPC", format, len(got))
		}
		stream.cancel()
	}
	events := g.sse("POST", "/v1/subscribe", `{"path":"values:echo","args":{"value":"`+text+`"}}`)
	for {
		event := events.next()
		if event.name == "connection" {
			continue
		}
		if event.name != "value" || !strings.Contains(event.data, `"`+text+`"`) {
			t.Errorf("%s of %d bytes over SSE", event.name, len(event.data))
		}
		return
	}
}
