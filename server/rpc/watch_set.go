package rpc

import (
	"slices"

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
}

// State implements [live.Source].
func (s *watchedSet) State() convexlive.State {
	taken := s.Take()
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

// take takes what is to be shown.
func (s *watchedSet) take() []convexlive.GroupState {
	groups := s.groups
	s.groups = nil
	return groups
}

// keep keeps what is new of a group with what is kept of it. Its changes come before the answers to its checkpoints, which are then at the
// time of the changes.
func (s *watchedSet) keep(newer convexlive.GroupState) {
	if newer.Checkpoint {
		s.groups = append(s.groups, newer)
		return
	}
	var others, checkpoints []convexlive.GroupState
	for _, kept := range s.groups {
		switch {
		case kept.Group != newer.Group:
			others = append(others, kept)
		case kept.Checkpoint:
			kept.Link, kept.ReadTime, kept.Complete = newer.Link, max(kept.ReadTime, newer.ReadTime), newer.Complete
			checkpoints = append(checkpoints, kept)
		default:
			newer.Changes = newest(kept.Changes, newer.Changes)
			newer.ReadTime = max(kept.ReadTime, newer.ReadTime)
		}
	}
	s.groups = append(append(others, newer), checkpoints...)
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
