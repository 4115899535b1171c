package live_test

import (
	"testing"

	"convexgateway/convex"
	"convexgateway/convex/live"
)

// Two queries over the same rows change together, also over lost sockets; and a checkpoint at a commit's time comes after what was committed.
func TestBehaviour_watch(t *testing.T) {
	d := newTarget(t)
	w, err := d.sync.Watch(convex.Credential{}, live.WatchOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	channel := unique()
	for i, args := range []string{`{"channel":%q}`, `{"channel":%q,"limit":50}`} {
		call := newCall(t, convex.Query, "messages:list", args, channel)
		w.Add(uint32(i+1), 0, call.Path, call.Args, live.TargetOptions{})
	}
	limit := ctx(t)
	seen, complete := map[uint32]string{}, false
	// until takes states until one is as wanted.
	until := func(wanted func(live.GroupState) bool) {
		t.Helper()
		for {
			select {
			case <-w.Ready():
			case <-limit.Done():
				t.Fatalf("waiting; %v are seen", seen)
			}
			state, found := w.Take(), false
			if state.Err != nil {
				t.Fatal(state.Err)
			}
			for _, g := range state.Groups {
				for _, change := range g.Changes {
					seen[change.Target] = bodies(decoded(t, change.Result))
				}
				if complete = g.Complete; complete && seen[1] != seen[2] {
					t.Errorf("at %d they are %q and %q", g.ReadTime, seen[1], seen[2])
				}
				found = found || wanted(g)
			}
			if found {
				return
			}
		}
	}
	until(func(g live.GroupState) bool { return g.Complete })
	sent := ""
	for i, body := range []string{"a", "b", "c", "d", "e", "f"} {
		if i > 0 {
			sent += " "
		}
		sent += body
		if d.embedded != nil && i%2 == 1 {
			d.embedded.CutSockets()
		}
		result, ran, err := d.sync.Run(limit, convex.Credential{}, newCall(t, convex.Mutation, "messages:send", `{"channel":%q,"body":%q}`, channel, body))
		if err != nil || !ran {
			t.Fatal(ran, err)
		}
		w.Checkpoint(0, result.Timestamp)
		until(func(g live.GroupState) bool { return g.Checkpoint && g.ReadTime >= result.Timestamp })
		if seen[1] != sent || seen[2] != sent {
			t.Errorf("after the checkpoint they are %q and %q; want %q", seen[1], seen[2], sent)
		}
	}
}
