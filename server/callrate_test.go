package server

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"convexgateway/convex"
	"convexgateway/dev/deployment"
)

func TestCallRate(t *testing.T) {
	r := newCallRate(10)
	now := time.Unix(1_000_000, 0)
	admitted := func(caller string, calls int) (n int) {
		for range calls {
			if r.admit(caller, now) == nil {
				n++
			}
		}
		return n
	}
	if got := admitted("ada", 100); got != 10 {
		t.Errorf("%d calls at once", got)
	}
	if got := admitted("bob", 100); got != 10 {
		t.Errorf("%d calls of somebody else", got)
	}
	err, ok := errors.AsType[*rateError](r.admit("ada", now))
	if !ok || err.after != 100*time.Millisecond {
		t.Errorf("error %+v", err)
	}
	now = now.Add(500 * time.Millisecond)
	if got := admitted("ada", 100); got != 5 {
		t.Errorf("%d calls after half a second", got)
	}
	now = now.Add(callRateTurn) // ada's bucket is dropped after two turns, and full after one
	if got := admitted("ada", 100); got != 10 {
		t.Errorf("%d calls after a minute", got)
	}
	r.limit = 4
	for i := range 100 {
		_ = r.admit(fmt.Sprint(i), now)
	}
	if len(r.young) > 4 || len(r.old) > 4 {
		t.Errorf("%d and %d callers are remembered", len(r.young), len(r.old))
	}
	if free := newCallRate(0); free.admit("ada", now) != nil || len(free.young) > 0 {
		t.Error("a limit of 0 limits")
	}
}

// A caller over its rate hears when to come back, over gRPC and REST; others are let in.
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
		t.Error("all calls were let in")
	}
	tickets := make(chan answer, 20)
	for range cap(tickets) {
		go func() { tickets <- g.rest("POST", ticketRoute, `{"authState":{}}`, "Authorization", "Bearer "+ada) }()
	}
	refused = 0
	for range cap(tickets) {
		if got := <-tickets; got.status != http.StatusOK {
			limited.checkAnswer(t, got)
			refused++
		}
	}
	if refused == 0 {
		t.Error("all tickets were issued")
	}
	g.mustCall(g.as(bob), convex.Query, "users:me", `{}`)
	if got := g.rest("GET", "/healthz", ""); got.status != 200 {
		t.Errorf("health is limited, too: HTTP %d", got.status)
	}
}
