package live

import (
	"slices"
	"time"

	"convexgateway/convex"
)

// WatchOptions change what a set gets. The zero value is good.
type WatchOptions struct {
	Caller   string        // as SubscribeOptions.Caller
	Listener Listener      // is notified of every change after the state that is there when Watch returns; nil: Ready is
	MaxWait  time.Duration // how long anything waits for a time of the deployment, and a group for all of its results after a lost socket; 0 means 1 s
}

// Watch opens an empty set on behalf of a caller, who must Close it. Errors are ErrClosed and ErrTooManySessions.
func (c *Client) Watch(credential convex.Credential, opts WatchOptions) (*Set, error) {
	s, err := c.session(credential.Identity)
	if err != nil {
		return nil, err
	}
	w := newSet(s, credential, opts)
	joined := make(chan struct{})
	if !s.loop.post(func() { s.joinSet(w); close(joined) }) {
		return nil, ErrClosed
	}
	<-joined
	return w, nil
}

func newSet(s *session, credential convex.Credential, opts WatchOptions) *Set {
	w := &Set{session: s, credential: credential, caller: opts.Caller, maxWait: opts.MaxWait, listener: opts.Listener}
	w.changed, w.touched, w.groups, w.targets = w.one.changed[:0], w.one.touched[:0], w.one.groups[:0], w.one.targets[:0]
	if w.maxWait == 0 {
		w.maxWait = time.Second
	}
	if w.listener == nil {
		w.ready = make(chan struct{}, 1)
	} else {
		w.notifier = w.listener.Notifier()
	}
	return w
}

// do runs f on the loop, with all that follows from it for the session's sets, and waits for it, unless the session has ended. It is for any
// goroutine but the loop's.
func (s *session) do(f func(*session)) {
	done := make(chan struct{})
	if s.loop.post(func() { f(s); s.settleSets(); close(done) }) {
		<-done
	}
}

// joinSet takes in a set. Its listener is notified of what changes after that.
func (s *session) joinSet(w *Set) {
	defer s.joining.Add(-1)
	defer func() { w.joined = true }()
	first := s.upstreams.first
	w.status = setStatusOf(first.status)                                    // it is nobody else's yet
	if err := s.failFast(convex.Query); err != nil && s.subscribers.any() { // for the first one it dials
		s.subscribers.updateSet(w, func() { w.end(err) })
		return
	}
	s.stopLingering()
	s.subscribers.sets[w] = struct{}{}
	s.useSetCredential(w)
}

// useSetCredential follows up on the token of a set.
func (s *session) useSetCredential(w *Set) {
	if err := s.takeCredential(w.credential); err != nil {
		s.endSet(w, err)
	}
}

// renewSet takes a set's newer token.
func (s *session) renewSet(w *Set, credential convex.Credential) {
	if _, found := s.subscribers.sets[w]; found && credential.Identity == s.credentials.identity {
		w.credential = credential
		s.useSetCredential(w)
	}
}

// leaveSet takes a set out, and all of its targets.
func (s *session) leaveSet(w *Set) {
	if _, found := s.subscribers.sets[w]; !found {
		return
	}
	delete(s.subscribers.sets, w)
	for _, t := range slices.Clone(w.targets) {
		s.leaveTarget(t)
	}
	s.lingerIfIdle()
}

// endSet ends a set with an error.
func (s *session) endSet(w *Set, err error) {
	s.subscribers.updateSet(w, func() { w.end(err) })
	s.leaveSet(w)
}

// updateSet changes what is taken of a set next, and has its listener notified.
func (s *subscribers) updateSet(w *Set, change func()) {
	switch first := w.update(change); {
	case !first:
	case w.listener == nil:
		w.signal()
	case w.joined:
		s.notifyLater(w.notifier, w.listener)
	}
}

// deliverSet has a set get the present status of an upstream: of the session's link, if it is the first, and of its groups that are on it.
func (s *session) deliverSet(w *Set, u *upstream) {
	if u == s.upstreams.first {
		s.subscribers.updateSet(w, func() {
			if status := setStatusOf(u.status); w.status != status {
				w.status = status
				w.note()
			}
		})
	}
	for _, g := range w.groups {
		if g.at != u {
			continue
		}
		if u.link.socket == nil {
			g.lost()
		}
		g.whole = true
		s.subscribers.touch(g)
	}
}

// touchTargets has the groups filled that a query serves, and others placed that may have waited for it. If the event has changed this query
// alone, groups of one target are filled at once, so that their memory is read once.
func (s *subscribers) touchTargets(q *sharedQuery, alone bool) {
	for t := range q.targeted {
		g := t.group
		switch {
		case t.query != q:
			if t.query == nil || g.next != nil {
				s.unplace(g)
			}
		case alone && g.isQuiet():
			s.updateSet(g.set, func() { g.put(t) })
		default:
			g.touched = append(g.touched, t)
			s.touch(g)
		}
	}
}

// isQuiet reports whether the group has nothing but its only target to be filled, and waits for nothing.
func (g *group) isQuiet() bool {
	return g.settled && !g.whole && !g.queued && !g.awaiting && len(g.targets) == 1
}

// touch has a group filled when the present event has been applied.
func (s *subscribers) touch(g *group) {
	if g.queued {
		return
	}
	g.queued = true
	if len(g.set.touched) == 0 {
		s.touched = append(s.touched, g.set)
	}
	g.set.touched = append(g.set.touched, g)
}

// fillSets fills all groups that an event has touched, those of a set under one lock: at any time a reader finds all that an event has
// changed in a group, or nothing of it.
func (s *session) fillSets() {
	for len(s.subscribers.touched) > 0 {
		sets := s.subscribers.touched
		s.subscribers.touched = nil
		for _, w := range sets {
			s.subscribers.updateSet(w, w.fill)
			for _, g := range w.touched {
				g.queued = false
				s.await(g)
			}
			clear(w.touched)
			w.touched = w.touched[:0]
		}
	}
}
