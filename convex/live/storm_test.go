package live_test

import (
	"context"
	"testing"
	"time"

	"convexgateway/convex"
	"convexgateway/convex/live"
	"convexgateway/dev/deployment"
)

// Ten thousand subscribers of one identity that lose their socket cost the deployment one socket and one run of each
// distinct query, and are signalled for the loss, not for results that they have.
func TestReconnectStorm(t *testing.T) {
	d, err := deployment.Start(t.Context(), deployment.Config{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	client, err := live.New(d.URL(), live.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()

	const subscribers, distinct = 10_000, 10
	path, err := convex.ParsePath("counter:get")
	if err != nil {
		t.Fatal(err)
	}
	subs := make([]*live.Subscription, subscribers)
	results := make([]*convex.Result, subscribers)
	for i := range subs {
		args := []byte(`{"name":"` + string(rune('a'+i%distinct)) + `"}`)
		if subs[i], err = client.Subscribe(convex.Credential{}, path, args, live.SubscribeOptions{}); err != nil {
			t.Fatal(err)
		}
		defer subs[i].Close()
	}
	await := func() {
		for i, sub := range subs {
			for state := sub.State(); state.Link != live.Connected || state.Result == nil; {
				if state, err = sub.Next(ctx); err != nil {
					t.Fatalf("subscriber %d: %v", i, err)
				}
			}
			if state := sub.State(); results[i] != nil && results[i] != state.Result {
				t.Fatalf("subscriber %d was given an equal result again", i)
			} else {
				results[i] = state.Result
			}
		}
	}
	await()
	d.CutSockets()
	for d.Stats().SocketsOpened < 2 {
		if _, err := subs[0].Next(ctx); err != nil { // Reconnecting, then Connected, or just that
			t.Fatal(err)
		}
	}
	await()
	if stats := d.Stats(); stats.SocketsOpened != 2 || stats.QueryRuns["counter:get"] != 2*distinct {
		t.Errorf("%d sockets, %d runs; want 2 and %d", stats.SocketsOpened, stats.QueryRuns["counter:get"], 2*distinct)
	}
}
