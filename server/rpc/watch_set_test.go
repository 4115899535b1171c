package rpc

import (
	"fmt"
	"testing"

	convexlive "convexgateway/convex/live"
)

// What is kept of a group is whole: the newest change of each target, at the newest time, before the answers to its checkpoints.
func TestKeptGroups(t *testing.T) {
	t.Parallel()
	change := func(group uint32, read uint64, targets ...uint32) convexlive.GroupState {
		g := convexlive.GroupState{Group: group, ReadTime: read}
		for _, target := range targets {
			g.Changes = append(g.Changes, convexlive.TargetState{Target: target, Err: fmt.Errorf("at %d", read)})
		}
		return g
	}
	checkpoint := func(group uint32, read uint64) convexlive.GroupState {
		return convexlive.GroupState{Group: group, ReadTime: read, Checkpoint: true}
	}
	s := &watchedSet{}
	for _, g := range []convexlive.GroupState{
		change(1, 10, 1, 2), change(2, 10, 3), checkpoint(1, 11), change(1, 12, 2, 4), checkpoint(1, 13), change(2, 14, 5), change(1, 0, 6),
	} {
		s.keep(g)
	}
	s.forget(4)
	lost := change(1, 0)
	lost.Link = convexlive.Reconnecting
	s.keep(lost)
	s.keep(change(1, 20, 1))
	s.keep(change(1, 21, 2))
	text := ""
	for _, g := range s.take() {
		text += fmt.Sprintf("group %d @%d %v", g.Group, g.ReadTime, g.Checkpoint)
		for _, c := range g.Changes {
			text += fmt.Sprintf(" %d %v", c.Target, c.Err)
		}
		text += "\n"
	}
	const want = "group 2 @14 false 3 at 10 5 at 14\ngroup 1 @12 false 1 at 10 2 at 12 6 at 0\ngroup 1 @12 true\ngroup 1 @13 true\n" +
		"group 1 @0 false\ngroup 1 @21 false 1 at 20 2 at 21\n"
	if text != want || s.take() != nil {
		t.Errorf("%s\nwant\n%s", text, want)
	}
}
