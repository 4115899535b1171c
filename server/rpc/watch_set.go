package rpc

import (
	"slices"
	"sync"

	convexlive "convexgateway/convex/live"
)

// maxKept is how many answers to checkpoints may be kept.
const maxKept = 1_000

// watchedSet is a set of live queries as a [live.Source]. What it has taken of the set and could not show yet is kept: the newest of each
// target and group.
type watchedSet struct {
	*convexlive.Set
	link   convexlive.LinkState
	groups []convexlive.GroupState // that are not shown yet
	taken  *update                 // from State until it is shown; nil before and after
}

// update is memory for what is taken of a set and sent: one stream after the other uses it, because a stream needs it for a moment only.
type update struct {
	state   convexlive.SetState
	changes []Change // of one group
}

var updates = sync.Pool{New: func() any { return &update{} }}

// maxReused is how long the lists are that are used again.
const maxReused = 32

// free gives an update back. It holds no result then.
func (u *update) free() {
	if len(u.state.Groups) > maxReused || cap(u.changes) > maxReused {
		return
	}
	for _, g := range u.state.Groups {
		if cap(g.Changes) > maxReused {
			return
		}
		clear(g.Changes)
	}
	clear(u.changes[:cap(u.changes)]) // also what groups before the last had
	updates.Put(u)
}

// State implements [live.Source].
func (s *watchedSet) State() convexlive.State {
	if s.taken == nil || len(s.groups) > 0 { // what was not shown is kept
		s.taken = updates.Get().(*update)
	}
	taken := &s.taken.state
	s.TakeInto(taken)
	s.link = taken.Link
	if len(s.groups) == 0 {
		s.groups = taken.Groups
	} else {
		for _, g := range taken.Groups {
			s.keep(g)
		}
	}
	if len(s.groups) > maxKept+maxTargets {
		taken.Err = convexlive.ErrTooManyCheckpoints
	}
	return convexlive.State{
		Link: taken.Link, Confirmed: taken.Confirmed, IssuerUnreachable: taken.IssuerUnreachable, Err: taken.Err,
	}
}

// take takes what is to be shown, until the next State.
func (s *watchedSet) take() []convexlive.GroupState {
	groups := s.groups
	s.groups = nil
	return groups
}

// shown notes that what was taken has been shown.
func (s *watchedSet) shown() {
	s.taken.free()
	s.taken = nil
}

// keep keeps what is new of a group with what is kept of it. Its changes come before the answers to its checkpoints, which are then at the
// time of the changes. What came before another state of its link stays apart: it may be older than what came after it.
func (s *watchedSet) keep(newer convexlive.GroupState) {
	last := lastOf(s.groups, newer.Group)
	if newer.Checkpoint || last < 0 || s.groups[last].Link != newer.Link {
		s.groups = append(s.groups, newer)
		return
	}
	newer.Changes = newest(s.groups[last].Changes, newer.Changes)
	newer.ReadTime = max(s.groups[last].ReadTime, newer.ReadTime)
	groups, checkpoints := slices.Clone(s.groups[:last]), []convexlive.GroupState(nil)
	for _, later := range s.groups[last+1:] {
		if later.Group != newer.Group {
			groups = append(groups, later)
			continue
		}
		later.ReadTime, later.Complete = max(later.ReadTime, newer.ReadTime), newer.Complete
		checkpoints = append(checkpoints, later)
	}
	s.groups = append(append(groups, newer), checkpoints...)
}

// lastOf returns where the last state of a group is that answers no checkpoint; -1 if there is none.
func lastOf(groups []convexlive.GroupState, number uint32) int {
	for i, g := range slices.Backward(groups) {
		if g.Group == number && !g.Checkpoint {
			return i
		}
	}
	return -1
}

// forget drops what is kept of a target, which its client has removed.
func (s *watchedSet) forget(target uint32) {
	for i := range s.groups {
		s.groups[i].Changes = slices.DeleteFunc(s.groups[i].Changes, func(c convexlive.TargetState) bool { return c.Target == target })
	}
}

// newest returns the newer changes, and those of other targets.
func newest(older, newer []convexlive.TargetState) []convexlive.TargetState {
	replaced := make(map[uint32]bool, len(newer))
	for _, c := range newer {
		replaced[c.Target] = true
	}
	kept := slices.DeleteFunc(slices.Clone(older), func(c convexlive.TargetState) bool { return replaced[c.Target] })
	return append(kept, newer...)
}
