package live

import (
	"slices"

	"convexgateway/convex"
	"convexgateway/convex/live/protocol"
)

// target is one query of a group. What its set's reader takes is guarded by the set's mu, all else is for the session's loop.
type target struct {
	group   *group
	number  uint32
	primary *sharedQuery // the session's query of its key, that it follows
	place   int          // in its list
	query   *sharedQuery // that serves it, on its group's upstream: the primary or a copy; nil before there is one
	next    *sharedQuery // that serves it when its group has moved; nil before there is one
	held    bool         // its first result is held back
	until   awaitedTime  // for which it is

	result  *convex.Result // the newest that was given or is to be taken
	err     error          // with which it has ended
	fresh   bool           // result is to be taken
	current bool           // result holds at the group's time; otherwise it is not taken
}

func (t *target) asksFor() string { return t.group.set.caller }

// addTarget adds a target to a group of a set.
func (s *session) addTarget(w *Set, number, group uint32, key queryKey, opts TargetOptions) {
	if _, found := s.subscribers.sets[w]; !found || w.targets[number] != nil {
		return
	}
	g := w.groups[group]
	if g == nil {
		g = s.newGroup(w, group)
		w.groups[group] = g
	}
	t := &target{group: g, number: number}
	w.targets[number] = t
	g.targets = append(g.targets, t)
	g.whole = true
	s.subscribers.touch(g)
	s.stats.subscriptions.Add(1)
	first := s.upstreams.first
	sent := first.machine.QuerySetSent()
	if err := s.follow(t, key, opts.Journal); err != nil {
		s.endTarget(t, err)
		return
	}
	if until := protocol.Timestamp(opts.NotBefore); until > g.at.machine.Reached() {
		t.held, t.until.time = true, until
		if now := first.machine.QuerySetSent(); g.at == first && now != sent {
			t.until.covered = now // the answer to its own query is at the latest commit
		}
		s.loop.postAfter(w.maxWait, func() { s.releaseTarget(t) })
	}
}

// follow has a target follow the query of a key.
func (s *session) follow(t *target, key queryKey, journal string) error {
	if q := s.subscribers.queries[key]; q != nil && q.failure != nil {
		return q.failure
	}
	q, err := s.share(key, t, journal)
	if err != nil {
		return err
	}
	q.addTarget(t)
	s.stats.countSubscribers(q.users()-1, q.users())
	t.primary = q
	if g := t.group; len(g.targets) == 1 {
		g.goTo(q.at)
		t.query = q
	} else {
		s.place(g)
	}
	return nil
}

// releaseTarget gives the result that was held back for a target.
func (s *session) releaseTarget(t *target) {
	if t.held {
		t.held = false
		t.group.whole = true
		s.subscribers.touch(t.group)
	}
}

// holds reports whether the newest outcome of a target is known to hold at the time of its group's upstream.
func (t *target) holds() bool {
	q := t.query
	return q != nil && q.at == t.group.at && !t.held && q.page.phase == begun && q.at.machine.Holds(q.id)
}

// endTarget ends a target with an error.
func (s *session) endTarget(t *target, err error) {
	s.updateSet(t.group.set, func() { t.group.putEnd(t, err) })
	s.leaveTarget(t)
}

// removeTarget ends a target of which nothing is taken any more.
func (s *session) removeTarget(t *target) {
	s.updateSet(t.group.set, func() { t.group.forget(t) })
	s.leaveTarget(t)
}

// leaveTarget takes a target out of its group, which ends with the last.
func (s *session) leaveTarget(t *target) {
	g := t.group
	w := g.set
	t.held = false
	delete(w.targets, t.number)
	g.targets = slices.DeleteFunc(g.targets, func(other *target) bool { return other == t })
	g.touched = slices.DeleteFunc(g.touched, func(other *target) bool { return other == t })
	g.whole = true
	s.stopUsing(t, t.next)
	s.stopUsing(t, t.query)
	t.query, t.next = nil, nil
	if q := t.primary; q != nil {
		q.removeTarget(t)
		s.stats.countSubscribers(q.users()+1, q.users())
		s.unfollow(q, t)
	}
	s.stats.subscriptions.Add(-1)
	s.subscribers.touch(g)
	if len(g.targets) > 0 {
		s.subscribers.unplace(g)
		return
	}
	s.stayGroup(g)
	g.goTo(nil)
	delete(w.groups, g.number)
	stop(g.limit)
}
