package live

import (
	"slices"

	"convexgateway/convex"
	"convexgateway/convex/live/protocol"
)

// target is one query of a group. What its set's reader takes is guarded by the set's mu, all else is for the session's loop.
type target struct {
	group   *group
	query   *sharedQuery   // that serves it, on its group's upstream: the primary or a copy; nil before there is one
	result  *convex.Result // the newest that was given or is to be taken
	err     error          // with which it has ended
	number  uint32
	fresh   bool // result is to be taken
	current bool // result holds at the group's time; otherwise it is not taken
	held    bool // its first result is held back

	primary *sharedQuery // the session's query of its key, that it follows
	place   int          // in its list
	next    *sharedQuery // that serves it when its group has moved; nil before there is one
	until   awaitedTime  // for which its first result is held back
}

func (t *target) asksFor() string { return t.group.set.caller }

// addTarget adds a target to a group of a set.
func (s *session) addTarget(w *Set, number, group uint32, key queryKey, opts TargetOptions) {
	if _, found := s.subscribers.sets[w]; !found || w.target(number) != nil {
		return
	}
	at, found := w.groupAt(group)
	if !found {
		w.groups = slices.Insert(w.groups, at, s.newGroup(w, group))
	}
	g := w.groups[at]
	t := w.newTarget(g, number)
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

// newTarget makes a target of a group of the set.
func (w *Set) newTarget(g *group, number uint32) *target {
	t := &w.firstTarget
	if t.group != nil {
		t = &target{}
	}
	t.group, t.number = g, number
	at, _ := w.targetAt(number)
	w.targets = slices.Insert(w.targets, at, t)
	g.targets = append(g.targets, t)
	return t
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
	s.subscribers.updateSet(t.group.set, func() { t.group.putEnd(t, err) })
	s.leaveTarget(t)
}

// removeTarget ends a target of which nothing is taken any more.
func (s *session) removeTarget(t *target) {
	s.subscribers.updateSet(t.group.set, func() { t.group.forget(t) })
	s.leaveTarget(t)
}

// leaveTarget takes a target out of its group, which ends with the last.
func (s *session) leaveTarget(t *target) {
	g := t.group
	w := g.set
	t.held = false
	if at, found := w.targetAt(t.number); found {
		w.targets = slices.Delete(w.targets, at, at+1)
	}
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
	if at, found := w.groupAt(g.number); found {
		w.groups = slices.Delete(w.groups, at, at+1)
	}
	stop(g.limit)
}
