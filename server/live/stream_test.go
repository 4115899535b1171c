package live

import (
	"context"
	"errors"
	"testing"
	"time"

	"convexgateway/auth"
	"convexgateway/auth/lease"
	"convexgateway/convex"
	convexlive "convexgateway/convex/live"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
)

// A stream that fails to subscribe for another identity still closes its subscription.
func TestFailedSubscribeKeepsTheSubscription(t *testing.T) {
	t.Parallel()
	client, err := convexlive.New("http://127.0.0.1:1", convexlive.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Close() }()
	sessions := lease.NewRegistry(lease.Config{})
	defer sessions.Close()
	streams := New(Options{Queries: client, Sessions: sessions})
	now := time.Now()
	id := &auth.Identity{Issuer: "https://clerk", Subject: "user_ada", SessionID: "sess_ada", IssuedAt: now, ExpiresAt: now.Add(time.Minute)}
	var stream Stream
	if err := stream.Open(t.Context(), streams, id, &gatewayv1.AuthStateRequest{}, &onceSink{}); err != nil {
		t.Fatal(err)
	}
	if err := stream.subscribe(false); err != nil {
		t.Fatal(err)
	}
	if err := stream.subscribe(false); !errors.Is(err, call.ErrDraining) || stream.sub == nil {
		t.Errorf("%v, subscription %v", err, stream.sub)
	}
	stream.close()
}

// onceSink can subscribe once.
type onceSink struct{ subscribed bool }

func (s *onceSink) Subscribe(stream *Stream, _ bool) (Source, error) {
	if s.subscribed {
		return nil, call.ErrDraining
	}
	s.subscribed = true
	return stream.Subscribe(stream.Identity(), convex.Path{}, nil, 0, "")
}

func (*onceSink) Show(*auth.Identity, convexlive.State) error { return nil }
func (*onceSink) TokenNeeded(*auth.Identity, time.Time) error { return nil }
func (*onceSink) Silent(*auth.Identity, *auth.Error) error    { return nil }
func (*onceSink) Ended(context.Context, error) error          { return nil }
func (*onceSink) Heartbeat() error                            { return nil }
