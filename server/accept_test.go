package server

import (
	"net/http"
	"testing"

	"google.golang.org/grpc/codes"
)

func TestAcceptsEvents(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]bool{
		"text/event-stream":                             true,
		"TEXT/Event-Stream":                             true,
		"application/json;q=0.5, text/event-stream":     true,
		"text/event-stream; charset=utf-8;q=0.1":        true,
		"text/event-stream;q=0, application/json":       false,
		"text/event-stream;q=0.000":                     false,
		"text/event-stream-of-another-kind":             false,
		`application/json; profile="text/event-stream"`: false,
		"*/*":                 false,
		"text/*":              false,
		"":                    false,
		", ;":                 false,
		"text/event-stream;q": false,
	} {
		if got := acceptsEvents(http.Header{"Accept": {"application/x-ndjson;q=0.2", accept}}); got != want {
			t.Errorf("Accept %q: %v", accept, got)
		}
	}
}

// Two event ids contradict each other: neither is taken.
func TestEventIDTwice(t *testing.T) {
	t.Parallel()
	g := start(t)
	got := g.rest("GET", "/v1/subscribe?path=users:me&last_event_id=a&last_event_id=b", "", "Accept", "text/event-stream")
	failure{code: codes.InvalidArgument, reason: "INVALID_REQUEST", http: http.StatusBadRequest}.checkAnswer(t, got)
	if runs := g.dev.Stats().QueryRuns["users:me"]; runs != 0 {
		t.Errorf("the deployment was asked %d times", runs)
	}
}
