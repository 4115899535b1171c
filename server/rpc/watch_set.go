package rpc

import (
	"cmp"
	"slices"
	"sync"

	"convexgateway/convex"
	convexlive "convexgateway/convex/live"
)

// maxKept is how many answers to checkpoints may be kept.
const maxKept = 1_000

// watchedSet is a set of live queries of one identity. What it has taken of the set and could not show yet is kept: the newest of each
// target and group.
type watchedSet struct {
	*convexlive.Set
	link   convexlive.LinkState
	groups []convexlive.GroupState // that are not shown yet
	taken  *update                 // from State until it is shown; nil before and after
}

// watchedSets are the sets of one stream as a [live.Source]: one of the caller's own queries, and one of those that run without its identity.
// Each is opened when a group needs it.
type watchedSets struct{ own, anonymous watchedSet }

// State implements [live.Source]. It is that of the caller's own queries, if there are any; their results are in the sets.
func (s *watchedSets) State() convexlive.State {
	state := convexlive.State{Link: convexlive.Connected} // nothing is awaited
	if s.anonymous.Set != nil {
		state = s.anonymous.State()
		state.Confirmed = false // it has no token
	}
	if s.own.Set == nil {
		return state
	}
	own := s.own.State()
	own.Err = cmp.Or(own.Err, state.Err)
	if own.Link == convexlive.Connected {
		own.Link = state.Link
	}
	return own
}

// authState returns a state as one about the caller's token. While the deployment has not been sent it, the gateway has verified it alone.
func (s *watchedSets) authState(state convexlive.State) convexlive.State {
	if s.own.Set == nil {
		state.Link, state.Confirmed = convexlive.Connected, true
	} else {
		state.Link = s.own.link
	}
	return state
}

// link is that of the caller's own queries, or else of the others.
func (s *watchedSets) link() convexlive.LinkState {
	if s.own.Set != nil {
		return s.own.link
	}
	return s.anonymous.link
}

// Shown implements [live.Source].
func (s *watchedSets) Shown() { s.each((*convexlive.Set).Shown) }

// Renew implements [live.Source].
func (s *watchedSets) Renew(credential convex.Credential) {
	if s.own.Set != nil {
		s.own.Renew(credential)
	}
}

// Close implements [live.Source].
func (s *watchedSets) Close() { s.each((*convexlive.Set).Close) }

// closeOwn closes the set of the caller's own queries, which may be opened again.
func (s *watchedSets) closeOwn() {
	if s.own.Set != nil {
		s.own.Close()
	}
	s.own = watchedSet{}
}

func (s *watchedSets) each(do func(*convexlive.Set)) {
	for _, set := range [...]*convexlive.Set{s.own.Set, s.anonymous.Set} {
		if set != nil {
			do(set)
		}
	}
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

// State takes what is new of the set.
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
