package server

import (
	"net/http"
	"testing"

	"google.golang.org/grpc/codes"

	"convexgateway/convex"
	"convexgateway/dev/deployment"
	"convexgateway/server/rest"
)

// A caller over its rate is refused with a retry delay; other callers are not.
func TestCallerIsRateLimited(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.MaxCallsPerSecond = 1 })
	ada, bob := g.token(deployment.TokenRequest{User: "ada"}), g.token(deployment.TokenRequest{User: "bob"})
	limited := failure{code: codes.ResourceExhausted, reason: "CALLER_RATE_LIMITED", http: 429, retry: true}
	answers := make(chan answer, 20)
	for range cap(answers) {
		go func() { answers <- g.rest("POST", "/v1/query", `{"path":"users:me"}`, "Authorization", "Bearer "+ada) }()
	}
	refused := 0
	for range cap(answers) {
		if got := <-answers; got.status != http.StatusOK {
			limited.checkAnswer(t, got)
			refused++
		}
	}
	if refused == 0 {
		t.Error("no call was refused")
	}
	tickets := make(chan answer, 20)
	for range cap(tickets) {
		go func() {
			tickets <- g.rest("POST", rest.TicketRoute, `{"authState":{}}`, "Authorization", "Bearer "+ada)
		}()
	}
	refused = 0
	for range cap(tickets) {
		if got := <-tickets; got.status != http.StatusOK {
			limited.checkAnswer(t, got)
			refused++
		}
	}
	if refused == 0 {
		t.Error("no ticket was refused")
	}
	g.mustCall(g.as(bob), convex.Query, "users:me", `{}`)
	if got := g.rest("GET", "/healthz", ""); got.status != 200 {
		t.Errorf("health is limited, too: HTTP %d", got.status)
	}
}
