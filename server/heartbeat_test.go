package server

import (
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// Streams over gRPC have heartbeats without asking: Subscribe and Watch their connection, AuthState its state.
func TestHeartbeatsWithoutAsking(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.Heartbeat = 5 * time.Second })
	never := g.subscribe(g.context(), &gatewayv1.SubscribeRequest{Path: "users:me", Heartbeat: &durationpb.Duration{}})
	result(never)
	quiet := g.subscribe(g.context(), &gatewayv1.SubscribeRequest{Path: "users:me"})
	result(quiet)
	state, err := g.auth.AuthState(g.context(), &gatewayv1.AuthStateRequest{})
	if err != nil {
		t.Fatal(err)
	}
	w := g.watch(g.context())
	w.add(watchedCounter(1, "a"))
	w.await(map[uint32]string{1: "0"})

	if e := quiet.next(); e.GetConnection().GetState() != gatewayv1.Connection_STATE_CONNECTED || e.GetReadTime() != nil {
		t.Errorf("Subscribe: %v", e)
	}
	for range 2 {
		if e, err := state.Recv(); err != nil || e.GetState() != gatewayv1.AuthStateResponse_STATE_UNAUTHENTICATED {
			t.Errorf("AuthState: %v, %v", e, err)
		}
	}
	if r := w.next(); r.GetConnection().GetState() != gatewayv1.Connection_STATE_CONNECTED {
		t.Errorf("Watch: %v", r)
	}
	g.add("z")
	g.add("a")
	if targets, _ := w.nextChanges(); len(targets) != 1 {
		t.Errorf("Watch: %d changes after its heartbeat", len(targets))
	}
	never.cancel()
	if err := never.end(); status.Code(err) != codes.Canceled {
		t.Errorf("a stream that asked for no heartbeat: %v", err)
	}
}

func TestHeartbeatSetting(t *testing.T) {
	t.Parallel()
	for d, valid := range map[time.Duration]bool{
		0: true, -1: true, 5 * time.Second: true, 5 * time.Minute: true, 5*time.Second - 1: false, 5*time.Minute + 1: false,
	} {
		err := Config{Heartbeat: d}.Validate()
		if (err == nil) != valid || err != nil && !strings.Contains(err.Error(), "Heartbeat") {
			t.Errorf("%v: %v", d, err)
		}
	}
}
