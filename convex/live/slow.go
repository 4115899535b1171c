package live

import (
	"hash/maphash"
	"time"

	"convexgateway/convex"
	"convexgateway/convex/live/protocol"
)

// Slow queries go to sockets of their own, so that they delay their callers only. All queries of a slow transition may be the cause. They
// go to the caller's slow socket, and are tried in halves on another: what proves fast goes back at once.

const (
	candidateAfter = 2                // slow transitions in a row that a query has been in
	blindAfter     = 3                // slow transitions in a row of a socket without a candidate: a query whose result stays equal is in none
	clearedFor     = 30 * time.Second // how long a query that has proved fast is no candidate
	slowFor        = time.Minute      // how long a query that is slow stays on its socket at least
	shortPause     = 30 * time.Second // before candidates are looked for again, when all of them have proved fast: the deployment was slow
	longPause      = 10 * time.Minute
	// maxSlowKeys bounds the slow queries that are remembered when they are not live any more.
	maxSlowKeys = 1_000
	slowKeyFor  = 10 * time.Minute
)

// speed is what is known of how fast a query is.
type speed struct {
	slowRuns     int           // slow transitions in a row that it has been in
	clearedUntil time.Time     // it has proved fast
	slowSince    time.Time     // it is slow; zero unless it is
	heavy        bool          // its result is one of the largest, whether or not it is fast
	again        time.Duration // after which it is tried again; each time it takes twice as long
	set          *candidates   // in which it is tried; nil if it is not
}

// observe follows up on a transition that was applied.
func (u *upstream) observe(t *protocol.Transition) {
	us := &u.session.upstreams
	if !us.separate() || u.closed {
		return
	}
	lag, known := u.lag(t)
	switch slow := lag > slowAfter; {
	case u.trial != nil:
		u.stepTrial(t, known, slow)
	case !known || !u.machine.Established():
	case u != us.first:
		u.observeSlow(t, slow)
	default:
		u.observeFirst(t, slow)
	}
	u.session.startTrials()
}

// observeFirst notes candidates.
func (u *upstream) observeFirst(t *protocol.Transition, slow bool) {
	now := time.Now()
	var found []*sharedQuery
	for _, m := range t.Modifications {
		q := u.queries[m.ID]
		switch {
		case q == nil:
		case !slow:
			q.speed.slowRuns = 0
		default:
			if q.speed.slowRuns++; q.speed.slowRuns >= candidateAfter && q.candidate(now) {
				found = append(found, q)
			}
		}
	}
	u.slowRuns++
	if !slow {
		u.slowRuns = 0
	}
	paused := now.Before(u.session.trials.pausedUntil)
	if len(found) == 0 && u.slowRuns >= blindAfter {
		u.slowRuns = 0
		paused = paused && u.session.trials.pause > shortPause
		for _, q := range u.queries {
			if q.candidate(now) {
				found = append(found, q)
			}
		}
	}
	if len(found) > 0 && len(u.queries) > 1 && !paused { // one query alone delays nobody
		u.session.separateSlow(found)
	}
}

// candidate reports whether a query may be found slow.
func (q *sharedQuery) candidate(now time.Time) bool {
	return q.speed.set == nil && q.speed.slowSince.IsZero() && q.next == nil && q.primary == nil && now.After(q.speed.clearedUntil)
}

// observeSlow has queries go back that have proved fast beside slow ones.
func (u *upstream) observeSlow(t *protocol.Transition, slow bool) {
	if slow || t.Start.QuerySet != t.End.QuerySet {
		return
	}
	now := time.Now()
	var fast []*sharedQuery
	for _, m := range t.Modifications {
		q := u.queries[m.ID]
		if q != nil && q.primary == nil && !q.speed.heavy && (q.speed.slowSince.IsZero() || now.Sub(q.speed.slowSince) > slowFor) {
			fast = append(fast, q)
		}
	}
	u.session.clear(fast, now)
}

// clear has queries go back to the first socket, because they are fast. One that is quarantined there, and has passed its trial on the way
// to a slow socket, goes on to that: nothing else would serve it. It is tried again from there.
func (s *session) clear(fast []*sharedQuery, now time.Time) {
	first := s.upstreams.first
	var back []*sharedQuery
	for _, q := range fast {
		if q.next != nil && q.at == first && s.live(q) && first.machine.Quarantined(q.id) {
			q.speed = speed{slowSince: now}
			s.tryAgainLater()
			continue
		}
		q.speed = speed{clearedUntil: now.Add(clearedFor)}
		back = append(back, q)
	}
	if len(back) > 0 {
		s.move(back, first)
	}
}

// separateSlow moves candidates to slow sockets and has them tried. It returns those for which there is no socket.
func (s *session) separateSlow(found []*sharedQuery) (left []*sharedQuery) {
	set := &candidates{known: true}
	for place, queries := range s.byPlace(found) {
		u := s.openUpstream(place)
		if u == nil {
			left = append(left, queries...)
			continue
		}
		s.move(queries, u)
		set.queries = append(set.queries, queries...)
	}
	if len(set.queries) == 1 {
		s.foundSlow(set.queries[0])
		return left
	}
	set.own()
	s.trials.slow = append(s.trials.slow, set)
	s.startTrials()
	return left
}

// byPlace groups queries by the places of their callers' slow sockets.
func (s *session) byPlace(queries []*sharedQuery) map[int][]*sharedQuery {
	groups := map[int][]*sharedQuery{}
	for _, q := range queries {
		place := s.upstreams.slowPlace(q.caller)
		groups[place] = append(groups[place], q)
	}
	return groups
}

// foundSlow notes that a query is slow. It is tried again after a while.
func (s *session) foundSlow(q *sharedQuery) {
	if q.speed.slowSince.IsZero() {
		s.opts.Logger.Info("a slow query has a socket to the deployment beside the others'", "path", q.key.path.String())
	}
	q.speed = speed{slowSince: time.Now(), heavy: q.speed.heavy, again: min(max(slowFor, 2*q.speed.again), longPause)}
	s.trials.found++
	s.noteSlow(q)
	s.tryAgainLater()
}

// tryAgainLater has slow queries tried again after a while.
func (s *session) tryAgainLater() {
	if s.trials.again == nil {
		s.trials.again = s.loop.postAfter(slowFor, s.trySlowAgain)
	}
}

// trySlowAgain has the queries tried that were found slow some time ago, each by itself: beside slow ones none proves fast.
func (s *session) trySlowAgain() {
	s.trials.again = nil
	slow := false
	for _, q := range s.subscribers.queries {
		if q.failure != nil || q.speed.slowSince.IsZero() || q.speed.heavy {
			continue
		}
		slow = true
		if q.speed.set == nil && q.next == nil && time.Since(q.speed.slowSince) >= max(slowFor, q.speed.again) {
			set := &candidates{queries: []*sharedQuery{q}}
			set.own()
			s.trials.slow = append(s.trials.slow, set)
		}
	}
	if slow {
		s.tryAgainLater()
	}
	s.startTrials()
}

// rememberSlow notes that a query that ends was slow.
func (s *session) rememberSlow(q *sharedQuery) {
	if !q.speed.slowSince.IsZero() {
		s.noteSlow(q)
	}
}

// noteSlow remembers a query as slow, and others of its function for its caller: with other arguments they most likely are, too.
func (s *session) noteSlow(q *sharedQuery) {
	now := time.Now()
	for key, since := range s.slowKeys {
		if now.Sub(since) > slowKeyFor || len(s.slowKeys) >= maxSlowKeys {
			delete(s.slowKeys, key)
		}
	}
	if s.slowKeys == nil {
		s.slowKeys = map[uint64]time.Time{}
	}
	s.slowKeys[q.key.hash()] = now
	if !q.speed.heavy {
		s.slowKeys[q.functionHash()] = now
	}
}

// hash is remembered instead of a key, whose arguments may be large. An equal one of another key only places that wrong for a while.
func (k queryKey) hash() uint64 { return maphash.Comparable(callerSeed, k) }

// functionHash is that of all queries of a function for one caller.
func (q *sharedQuery) functionHash() uint64 {
	return maphash.Comparable(callerSeed, struct {
		path   convex.Path
		caller string
	}{q.key.path, q.caller})
}

// wasSlow reports whether a query, or another of its function for its caller, was slow some time ago.
func (s *session) wasSlow(q *sharedQuery) bool {
	if len(s.slowKeys) == 0 {
		return false // arguments may be large: mostly they are not hashed
	}
	recent := func(hash uint64) bool {
		since, slow := s.slowKeys[hash]
		return slow && time.Since(since) < slowKeyFor
	}
	return recent(q.key.hash()) || recent(q.functionHash())
}

// placeNew makes a query live: on its caller's slow socket if it was slow before, otherwise on the first.
func (s *session) placeNew(q *sharedQuery) {
	u := s.upstreams.first
	if s.wasSlow(q) {
		if other := s.openUpstream(s.upstreams.slowPlace(q.caller)); other != nil {
			u, q.speed.slowSince = other, time.Now()
			s.tryAgainLater()
		}
	}
	u.add(q)
	if u.link.socket == nil && u != s.upstreams.first {
		u.connect()
	}
}
