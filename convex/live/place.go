package live

import (
	"cmp"
	"time"
)

// candidateFor is how long a group stays on a slow socket at least whose queries may be slow, and were not found to be. A caller who adds such a
// query and removes it again has all the others run on another socket no oftener.
const candidateFor = 5 * time.Second

// All queries of a group are on one upstream. A group of one target is where the query is that it follows. A group of several is on the first
// upstream, or on its caller's slow one while one of its queries is slow. It moves as queries do: it is served from the old upstream until
// the new one has answered all of its queries.

// unplace has a group moved if need be, when the present event has been applied.
func (s *subscribers) unplace(g *group) { s.unplaced[g] = struct{}{} }

// unplaceAll does so for all groups that a query is in.
func (s *subscribers) unplaceAll(q *sharedQuery) {
	for t := range q.targeted {
		s.unplace(t.group)
	}
}

// settleSets follows up on an event: it places groups, and fills sets.
func (s *session) settleSets() {
	for subs := &s.subscribers; len(subs.unplaced)+len(subs.unused)+len(subs.touched)+len(s.endings) > 0; {
		for g := range subs.unplaced {
			delete(subs.unplaced, g)
			s.place(g)
		}
		s.endQueries()
		s.endUnused()
		s.fillSets()
	}
}

// place has a group served where it belongs.
func (s *session) place(g *group) {
	if len(g.targets) == 0 {
		return
	}
	if home := s.home(g); home != g.next {
		s.stayGroup(g)
		if home != g.at {
			s.moveGroup(g, home)
		}
	}
	s.useQueries(g)
	if g.next != nil && g.arrived() {
		s.switchGroup(g)
	}
}

// home is the upstream where a group belongs.
func (s *session) home(g *group) *upstream {
	if len(g.targets) == 1 {
		return g.targets[0].primary.at
	}
	first := s.upstreams.first
	slow := g.slowUpstream(first)
	if slow == nil {
		return first
	}
	if u := s.openUpstream(s.upstreams.slowPlace(g.set.caller)); u != nil {
		return u
	}
	return slow // where at least one of its queries is
}

// slowUpstream is where one of its queries is, or moves to, that is slow; nil if there is none.
func (g *group) slowUpstream(first *upstream) *upstream {
	if time.Now().Before(g.slow) {
		return cmp.Or(g.next, g.at)
	}
	for _, t := range g.targets {
		u := t.primary.at
		if t.primary.next != nil {
			u = t.primary.next
		}
		if u != first {
			return u
		}
	}
	return nil
}

// moveGroup begins a move. A group with a query that was found slow goes back after a minute at the earliest.
func (s *session) moveGroup(g *group, to *upstream) {
	g.next = to
	to.groups++
	s.subscribers.moving[g] = struct{}{}
	if len(g.targets) == 1 || to == s.upstreams.first {
		return
	}
	stays := candidateFor
	for _, t := range g.targets {
		if !t.primary.speed.slowSince.IsZero() {
			stays = slowFor
		}
	}
	g.slow = time.Now().Add(stays)
	s.loop.postAfter(stays, func() { s.subscribers.unplace(g) })
}

// stayGroup ends a group's move.
func (s *session) stayGroup(g *group) {
	if g.next == nil {
		return
	}
	for _, t := range g.targets {
		s.stopUsing(t, t.next)
		t.next = nil
	}
	g.next.groups--
	g.next.lingerIfEmpty()
	g.next = nil
	delete(s.subscribers.moving, g)
}

// useQueries finds or makes the queries of a group where it is, and where it moves to.
func (s *session) useQueries(g *group) {
	var here, there []*target // that need a copy
	for _, t := range g.targets {
		if t.query == nil {
			q, lacks := t.queryAt(g.at)
			if t.query = s.use(t, q); lacks {
				here = append(here, t)
			}
		}
		if g.next != nil && t.next == nil {
			q, lacks := t.queryAt(g.next)
			if t.next = s.use(t, q); lacks {
				there = append(there, t)
			}
		}
	}
	s.copyTo(g.at, here)
	for _, t := range here {
		t.query = s.use(t, g.at.copies[t.primary.key])
	}
	if g.next == nil {
		return
	}
	s.copyTo(g.next, there)
	for _, t := range there {
		t.next = s.use(t, g.next.copies[t.primary.key])
	}
}

// arrived reports whether the upstream that a group moves to has answered all of its queries.
func (g *group) arrived() bool {
	if !g.next.machine.Established() {
		return false
	}
	for _, t := range g.targets {
		if t.next == nil || !g.next.machine.Answered(t.next.id) {
			return false
		}
	}
	return true
}

// switchGroup ends a group's move: it is served from the new upstream. What that has at a time before the one that was given last is not given.
func (s *session) switchGroup(g *group) {
	for _, t := range g.targets {
		s.stopUsing(t, t.query)
		t.query, t.next = t.next, nil
	}
	u := g.next
	u.groups-- // it is counted by goTo
	g.next = nil
	delete(s.subscribers.moving, g)
	g.goTo(u)
	g.endWait()
	s.subscribers.touch(g)
}

// goTo notes on which upstream a group is; nil is none. What the last one was asked does not count.
func (g *group) goTo(u *upstream) {
	if g.at != nil {
		g.at.groups--
		g.at.lingerIfEmpty()
	}
	if g.at = u; u == nil {
		return
	}
	u.groups++
	g.behind, g.settled, g.whole = nil, false, true
	g.awaited(func(t *awaitedTime) bool { t.covered = 0; return true })
}
