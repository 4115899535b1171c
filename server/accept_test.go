package server

import (
	"net/http"
	"testing"

	"google.golang.org/grpc/codes"
)

// Two different event ids are refused.
func TestEventIDTwice(t *testing.T) {
	t.Parallel()
	g := start(t)
	got := g.rest("GET", "/v1/subscribe?path=users:me&last_event_id=a&last_event_id=b", "", "Accept", "text/event-stream")
	failure{code: codes.InvalidArgument, reason: "INVALID_REQUEST", http: http.StatusBadRequest}.checkAnswer(t, got)
	if runs := g.dev.Stats().QueryRuns["users:me"]; runs != 0 {
		t.Errorf("the deployment was called %d times", runs)
	}
}
