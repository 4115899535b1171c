package live

import "convexgateway/convex/live/protocol"

// A copy of a query is on another upstream than the query itself, for groups that have others there. It ends with its last user.

// queryAt is the query that serves a target on an upstream: the one that it follows, if that is there, or a copy; nil if there is none. Then
// it reports whether a copy is to be made: not of a query that moves there, or has no result yet.
func (t *target) queryAt(u *upstream) (found *sharedQuery, lacks bool) {
	q := t.primary
	switch c := u.copies[q.key]; {
	case q.at == u:
		return q, false
	case c != nil:
		return c, false
	}
	ready := q.page.phase == begun && q.at.machine.Result(q.id) != nil && !q.at.machine.Quarantined(q.id)
	return nil, ready && q.next != u
}

// copyTo makes copies of the queries that targets follow, each of which needs one on an upstream.
func (s *session) copyTo(u *upstream, targets []*target) {
	from := map[*upstream][]*sharedQuery{}
	for _, t := range targets {
		q := t.primary
		if u.copies[q.key] == nil {
			u.noteCopy(&sharedQuery{at: u, caller: t.asksFor(), key: q.key, primary: q})
			from[q.at] = append(from[q.at], q)
		}
	}
	for old, queries := range from {
		added, effects := u.machine.AddFrom(old.machine, idsOf(queries))
		for i, q := range queries {
			c := u.copies[q.key]
			c.id = added[i]
			u.queries[c.id] = c
		}
		u.send(effects.Messages)
	}
	if len(from) > 0 && u.link.socket == nil {
		u.connect()
	}
}

func (u *upstream) noteCopy(c *sharedQuery) {
	if u.copies == nil {
		u.copies = map[queryKey]*sharedQuery{}
	}
	c.copied = map[*target]struct{}{}
	u.copies[c.key] = c
}

// use notes that a target uses a query, and has a copy held for the first that does.
func (s *session) use(t *target, q *sharedQuery) *sharedQuery {
	if q != nil && q.primary != nil {
		q.copied[t] = struct{}{}
		if err := s.pay(q, t); err != nil {
			s.endings = append(s.endings, endOf{q, err})
		}
	}
	return q
}

// stopUsing notes that a target uses a query no more; nil is none.
func (s *session) stopUsing(t *target, q *sharedQuery) {
	if q == nil || q.primary == nil {
		return
	}
	delete(q.copied, t)
	s.unpay(q, t)
	if len(q.copied) == 0 && q.at.copies[q.key] == q {
		delete(q.at.copies, q.key)
		s.subscribers.unused = append(s.subscribers.unused, q)
	}
}

// endUnused takes copies off that have no users.
func (s *session) endUnused() {
	ids := map[*upstream][]protocol.QueryID{}
	for _, c := range s.subscribers.unused {
		c.account.release()
		ids[c.at] = append(ids[c.at], c.id)
	}
	s.subscribers.unused = nil
	for u, list := range ids {
		u.remove(list...)
	}
}

// leaveBehind has a copy of a query that moves take its place for the groups of several targets that it serves there. A group of one moves
// with it. It reports whether there is a copy.
func (s *session) leaveBehind(q *sharedQuery) bool {
	var c *sharedQuery
	for _, t := range q.targets {
		g := t.group
		s.subscribers.unplace(g)
		if t.next == q {
			s.stayGroup(g)
		}
		switch {
		case t.query != q:
		case len(g.targets) == 1:
			s.stayGroup(g)
			g.goTo(q.next)
		default:
			if c == nil {
				c = &sharedQuery{at: q.at, id: q.id, caller: t.asksFor(), key: q.key, primary: q}
				q.at.noteCopy(c)
				q.at.queries[q.id] = c
			}
			t.query = s.use(t, c)
		}
	}
	return c != nil
}

// replaceCopy has a query that has moved to an upstream serve those who use a copy of it there.
func (s *session) replaceCopy(q *sharedQuery) {
	c := q.at.copies[q.key]
	if c == nil {
		return
	}
	for t := range c.copied {
		if t.query == c {
			t.query = q
			t.group.whole = true
			s.subscribers.touch(t.group)
		}
		if t.next == c {
			t.next = q
			s.subscribers.unplace(t.group)
		}
		s.stopUsing(t, c)
	}
}
