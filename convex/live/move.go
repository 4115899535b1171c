package live

import (
	"convexgateway/convex"
	"convexgateway/convex/live/protocol"
)

// A query moves to another upstream without a loss, a repeat or a step back in time: it is served from the old one until the new one has
// an outcome. From then on results of the old one are not delivered, and the next is the new one's at or after the time that was last
// delivered.

// move has queries served by an upstream, once that has their outcomes.
func (s *session) move(queries []*sharedQuery, to *upstream) {
	from := map[*upstream][]*sharedQuery{}
	for _, q := range queries {
		if q.next == to || q.primary != nil || !s.live(q) {
			continue
		}
		s.stay(q)
		if q.at != to {
			from[q.at] = append(from[q.at], q)
		}
	}
	if to.arriving == nil {
		to.arriving = map[protocol.QueryID]*sharedQuery{}
	}
	for old, moving := range from {
		added, effects := to.machine.AddFrom(old.machine, idsOf(moving))
		for i, q := range moving {
			q.next, q.nextID = to, added[i]
			to.arriving[q.nextID] = q
			s.subscribers.unplaceAll(q)
		}
		to.send(effects.Messages)
		s.stats.moved.Add(uint64(len(moving)))
	}
	if to.link.socket == nil {
		to.connect()
	}
}

// stay ends a query's move.
func (s *session) stay(q *sharedQuery) {
	if q.next != nil {
		delete(q.next.arriving, q.nextID)
		q.next.apply(q.next.machine.Remove(q.nextID))
		q.next.lingerIfEmpty()
		q.next = nil
		s.subscribers.unplaceAll(q)
	}
}

// live reports whether a query is live and not known to be poison.
func (s *session) live(q *sharedQuery) bool {
	if q.primary != nil {
		return len(q.copied) > 0
	}
	return s.subscribers.queries[q.key] == q && q.failure == nil
}

func idsOf(queries []*sharedQuery) []protocol.QueryID {
	ids := make([]protocol.QueryID, len(queries))
	for i, q := range queries {
		ids[i] = q.id
	}
	return ids
}

// takeOver serves the queries that have moved here and have an outcome. It reports whether there are any.
func (u *upstream) takeOver() bool {
	if len(u.arriving) == 0 || !u.machine.Established() {
		return false
	}
	left := map[*upstream][]protocol.QueryID{}
	for id, q := range u.arriving {
		if u.machine.Answered(id) {
			if !u.session.leaveBehind(q) {
				left[q.at] = append(left[q.at], q.id)
			}
			u.serve(q)
		}
	}
	for old, ids := range left {
		old.remove(ids...)
	}
	return len(left) > 0
}

// serve takes over one query.
func (u *upstream) serve(q *sharedQuery) {
	old := q.at.state(q)
	reached := old.ReadTime // as State
	if reached == 0 {
		reached = q.at.readTime.Load()
	}
	if old.Result != nil {
		reached = max(reached, old.Result.Timestamp)
	}
	delete(u.arriving, q.nextID)
	delete(q.at.behind, q)
	q.at, q.id, q.next = u, q.nextID, nil
	u.queries[q.id] = q
	u.machine.Keep(q.id, old.Result)
	if uint64(u.machine.Reached()) < reached {
		if u.behind == nil {
			u.behind = map[*sharedQuery]*pinned{}
		}
		u.behind[q] = &pinned{result: old.Result, until: awaitedTime{time: protocol.Timestamp(reached)}}
	}
	for sub := range u.session.subscribers.held {
		if sub.query == q {
			sub.until.covered = 0
		}
	}
	u.session.replaceCopy(q)
	u.show(q, false)
}

// pinned is what the subscribers of a query have, while its upstream has not reached the time of that.
type pinned struct {
	result *convex.Result
	until  awaitedTime
}

// catchUp delivers the results of queries whose upstream has reached the time of what was delivered before, with them.
func (u *upstream) catchUp() {
	for q, p := range u.behind {
		if u.reached(p.until) && u.machine.Holds(q.id) {
			delete(u.behind, q)
			u.machine.Keep(q.id, p.result)
			u.show(q, false)
		}
	}
}
