package server

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"convexgateway/auth/lease"
	"convexgateway/auth/nats"
	devclerk "convexgateway/dev/clerk"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/internal/natstest"
)

// replicasOverNATS runs two gateways with one Clerk instance and one NATS server.
func replicasOverNATS(t *testing.T) (*clerkTest, *gateway) {
	t.Helper()
	broker := natstest.Start(t)
	join := func(c *Config) {
		c.ClusterKeys = Keys{keyOf(bytes.Repeat([]byte{7}, 32))}
		keys, err := c.ClusterKeys.Derive("test")
		if err != nil {
			t.Fatal(err)
		}
		exchange, err := nats.New(nats.Config{URL: broker.ClientURL(), Keys: keys, Logger: c.Logger})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(exchange.Close)
		c.Exchange = exchange
	}
	a := startClerk(t, join)
	b := startWithClerk(t, a.clerk, join)
	a.clerk.SetWebhookURL("http://" + a.HTTPAddr() + "/webhooks/clerk")
	return a, b
}

// A revocation that one replica receives ends the streams of the others, and their calls are refused.
func TestRevocationsOverNATS(t *testing.T) {
	t.Parallel()
	for reason, happens := range map[string]func(*testing.T, *clerkTest, string){
		"SIGNED_OUT": func(t *testing.T, a *clerkTest, token string) {
			if _, err := a.auth.SignOut(a.as(token), &gatewayv1.SignOutRequest{}); err != nil {
				t.Fatal(err)
			}
		},
		"SESSION_REVOKED": func(t *testing.T, a *clerkTest, _ string) {
			if err := a.clerk.Revoke("sess_ada"); err != nil {
				t.Fatal(err)
			}
		},
		"SESSION_ENDED": func(t *testing.T, a *clerkTest, _ string) {
			if err := a.clerk.SetStatus("sess_ada", devclerk.StatusEnded); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			a, b := replicasOverNATS(t)
			token, bob := a.signIn("ada", time.Minute, nil), a.signIn("bob", time.Minute, nil)
			far := b.subscribe(b.as(token), counterQuery("c"))
			wantValue(t, result(far), "0")
			other := b.subscribe(b.as(bob), counterQuery("c"))
			wantValue(t, result(other), "0")

			happens(t, a, token)
			want := unauthenticated(reason)
			want.checkStatus(t, far.end(), far.Trailer())
			want.checkAnswer(t, b.rest("POST", "/v1/query", `{"path":"users:me"}`, "Authorization", "Bearer "+token))
			b.add("c")
			wantValue(t, other.next(), "1")
		})
	}
}

// A stream gets the token that a client has sent to another replica.
func TestRefreshOverNATS(t *testing.T) {
	t.Parallel()
	a, b := replicasOverNATS(t)
	token := a.signIn("ada", time.Minute, map[string]any{"plan": "free"})
	state := b.authState(b.as(token), &gatewayv1.AuthStateRequest{RefreshKey: testKey})
	first := untilState(state, gatewayv1.AuthStateResponse_STATE_AUTHENTICATED, false)
	if err := a.refresh(a.newToken("ada", 2*time.Minute, map[string]any{"plan": "pro"})); err != nil {
		t.Fatal(err)
	}
	if event := state.next(); event.GetState() != gatewayv1.AuthStateResponse_STATE_AUTHENTICATED || event.GetIdentityTag() == first.GetIdentityTag() {
		t.Errorf("event %v, want the new tag", event)
	}
	if logs := a.logs.String() + b.logs.String(); strings.Contains(logs, token) {
		t.Error("a token is in the log")
	}
}

// A ticket that was used on one replica is used up on the other.
func TestTicketOverNATS(t *testing.T) {
	t.Parallel()
	a, b := replicasOverNATS(t)
	token := a.signIn("ada", time.Minute, nil)
	received := make(chan struct{})
	stop := a.cfg.Exchange.Subscribe(func(n lease.Notice) {
		if n.Ticket != nil {
			close(received)
		}
	})
	issued := a.issue(token, counterTicket("t"))
	b.sse("GET", issued.URL, "").result()
	select {
	case <-received:
	case <-time.NewTimer(patience).C:
		t.Fatal("no notice was received")
	}
	stop() // which returns when all listeners have returned
	a.refuses(t, usedUp, issued.URL)
}
