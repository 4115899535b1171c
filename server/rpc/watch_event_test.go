package rpc

import (
	"testing"

	"convexgateway/convex"
	convexlive "convexgateway/convex/live"
)

// Streams share a response if it has the same results of the same targets at the same time, in the same format, for the same identity.
func TestSharedWatchEvent(t *testing.T) {
	one, two := &convex.Result{Value: []byte("1")}, &convex.Result{Value: []byte("2")}
	results := []convexlive.TargetState{{Target: 1, Result: one}, {Target: 2, Result: two}}
	head := watchHead{group: 3, read: 4, complete: true, tag: "a"}
	e := newChangesEvent(head, nil, []Change{{Target: 1}, {Target: 2}})
	e.share(JSONFormat, results)
	if sharedWatchEvent(head, JSONFormat, []convexlive.TargetState{{Target: 1, Result: one}, {Target: 2, Result: two}}) != e {
		t.Error("the same results are not shared")
	}
	for name, other := range map[string]*WatchEvent{
		"another read time":   sharedWatchEvent(watchHead{group: 3, read: 5, complete: true, tag: "a"}, JSONFormat, results),
		"another group":       sharedWatchEvent(watchHead{group: 2, read: 4, complete: true, tag: "a"}, JSONFormat, results),
		"another identity":    sharedWatchEvent(watchHead{group: 3, read: 4, complete: true, tag: "b"}, JSONFormat, results),
		"not complete":        sharedWatchEvent(watchHead{group: 3, read: 4, tag: "a"}, JSONFormat, results),
		"another format":      sharedWatchEvent(head, StructFormat, results),
		"fewer targets":       sharedWatchEvent(head, JSONFormat, results[:1]),
		"another target":      sharedWatchEvent(head, JSONFormat, []convexlive.TargetState{{Target: 1, Result: one}, {Target: 3, Result: two}}),
		"another result":      sharedWatchEvent(head, JSONFormat, []convexlive.TargetState{{Target: 1, Result: one}, {Target: 2, Result: one}}),
		"the end of a target": sharedWatchEvent(head, JSONFormat, []convexlive.TargetState{{Target: 1, Result: one}, {Target: 2, Err: convexlive.ErrClosed}}),
		"an end first":        sharedWatchEvent(head, JSONFormat, []convexlive.TargetState{{Target: 1, Err: convexlive.ErrClosed}}),
		"nothing":             sharedWatchEvent(head, JSONFormat, nil),
	} {
		if other != nil {
			t.Errorf("%s: shared", name)
		}
	}
}
