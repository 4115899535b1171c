package live

import (
	"cmp"
	"slices"
	"time"

	"convexgateway/convex/live/protocol"
)

// A trial has copies of candidates on a socket of its own, where nobody is served. Candidates are slow, or may be poison. A set that proves
// slow, or ends its socket, is tried in halves.

const (
	// trialLimit is how long a trial may take until the deployment has answered; then it counts as slow, or, without a socket, as none.
	trialLimit = time.Minute
	trialFor   = 1500 * time.Millisecond // in which a set that is never slow proves fast
	slowTrials = 2                       // that are slow before one query is: the deployment may have been busy
	probeEvery = 100 * time.Millisecond  // within a trial: the answer takes as long as the transition before it
	// maxCallerSets is into how many sets quarantined queries are divided by their callers, so that one caller's many do not delay all.
	maxCallerSets = 8
)

// trials are those of a session, and what waits for one.
type trials struct {
	slow        []*candidates // next first
	poison      []*candidates // next first; they come before the slow ones
	pauseUntil  time.Time     // of poison: the deployment has ended a socket
	running     int
	round       bool          // a trial of slow queries has run since none ran or waited
	found       int           // slow queries, since no trial ran
	pause       time.Duration // the last one
	pausedUntil time.Time     // no candidates are looked for
	again       *time.Timer   // tries slow queries again; nil if there are none
}

// candidates are queries of which at least one may be slow, or poison.
type candidates struct {
	queries  []*sharedQuery
	poison   bool
	known    bool        // one of them is slow, or poison: nothing is to be learned from a trial of all
	sibling  *candidates // the other half of a set that was slow; nil for others
	failures int         // sockets that ended over it
	slow     int         // trials that were slow
}

// own notes that its queries are in it.
func (set *candidates) own() {
	for _, q := range set.queries {
		q.speed.set = set
	}
}

// halves divides a set.
func (set *candidates) halves() (a, b *candidates) {
	half := len(set.queries) / 2
	a = &candidates{queries: set.queries[:half:half], poison: set.poison}
	b = &candidates{queries: set.queries[half:], poison: set.poison}
	a.sibling, b.sibling = b, a
	a.own()
	b.own()
	return a, b
}

// drop takes out the queries that are not in the set any more.
func (set *candidates) drop(s *session) {
	set.queries = slices.DeleteFunc(set.queries, func(q *sharedQuery) bool { return q.speed.set != set || !s.live(q) })
}

// trial is one set on a socket.
type trial struct {
	set    *candidates
	copies map[protocol.QueryID]*sharedQuery
	begun  bool // the deployment has answered all copies
	probe  bool // one is due
	over   *time.Timer
}

// startTrials starts those for which there is a socket.
func (s *session) startTrials() {
	us := &s.upstreams
	if !us.separate() {
		return
	}
	for place := us.slowPlaces(); place < us.size-1; place++ {
		if us.others != nil && us.others[place] != nil && !us.others[place].free() {
			continue
		}
		set := s.nextSet()
		if set == nil {
			break
		}
		u := s.openUpstream(place)
		if u == nil {
			s.withoutTrial(set)
			continue
		}
		u.startTrial(set)
	}
	if s.trials.running == 0 && len(s.trials.slow) == 0 && len(s.trials.poison) == 0 {
		s.endRound()
	}
}

// free reports whether a trial can start here: nothing of the last one is under way.
func (u *upstream) free() bool {
	return u.trial == nil && (u.link.socket == nil || u.machine.CaughtUp())
}

// nextSet takes the set that is tried next; nil if there is none.
func (s *session) nextSet() *candidates {
	t := &s.trials
	if len(t.poison) > 0 && !time.Now().Before(t.pauseUntil) {
		if set := s.take(&t.poison); set != nil {
			return set
		}
	}
	return s.take(&t.slow)
}

// take takes the first set of a list that is not empty, or its half if nothing is to be learned from the whole.
func (s *session) take(list *[]*candidates) *candidates {
	for len(*list) > 0 {
		set := (*list)[0]
		*list = (*list)[1:]
		set.drop(s)
		switch {
		case len(set.queries) == 0:
		case set.known && len(set.queries) > 1:
			a, b := set.halves()
			*list = slices.Insert(*list, 0, a, b)
		default:
			return set
		}
	}
	return nil
}

// withoutTrial is for a set that no socket can be opened for.
func (s *session) withoutTrial(set *candidates) {
	if !set.poison {
		s.clear(set.queries, time.Now())
		return
	}
	for u := range s.upstreams.all() {
		u.apply(u.machine.TryElsewhere(false)) // one after the other, on their own sockets
	}
	for _, q := range set.queries {
		q.speed.set = nil
	}
}

// endRound follows up when no trial runs or waits. If all candidates have proved fast, the deployment was slow, or their number is: they are
// left alone for a while, a longer one each time.
func (s *session) endRound() {
	t := &s.trials
	switch {
	case !t.round:
		return
	case t.found > 0:
		t.pause = 0
	default:
		t.pause = min(max(shortPause, 2*t.pause), longPause)
		t.pausedUntil = time.Now().Add(t.pause)
	}
	t.found, t.round = 0, false
}

// startTrial puts copies of a set on the socket.
func (u *upstream) startTrial(set *candidates) {
	s := u.session
	s.trials.running++
	s.trials.round = s.trials.round || !set.poison
	trial := &trial{set: set, copies: map[protocol.QueryID]*sharedQuery{}}
	u.trial = trial
	s.loop.postAfter(trialLimit, func() {
		if u.trial == trial && !trial.begun {
			s.overdue(u)
		}
	})
	if u.link.socket == nil {
		u.connect() // the copies follow when it is established, because the answer to a token is not timed
		return
	}
	u.addCopies()
}

// overdue ends a trial that the deployment does not answer.
func (s *session) overdue(u *upstream) {
	switch set := u.trial.set; {
	case u.link.socket == nil || len(u.trial.copies) == 0:
		s.abortTrial(u)
		s.withoutTrial(set)
		s.startTrials()
	case set.poison:
		s.passed(u, true)
	default:
		s.provedSlow(u)
	}
}

// addCopies puts them on the socket.
func (u *upstream) addCopies() {
	set := u.trial.set
	from := map[*upstream][]*sharedQuery{}
	for _, q := range set.queries {
		from[q.at] = append(from[q.at], q)
	}
	for old, queries := range from {
		added, effects := u.machine.AddFrom(old.machine, idsOf(queries))
		for i, q := range queries {
			u.trial.copies[added[i]] = q
		}
		u.send(effects.Messages)
	}
	u.awaitFast()
}

// forgetTrial ends a trial on a socket that goes on. Its copies are to be taken off.
func (u *upstream) forgetTrial() {
	stop(u.trial.over)
	u.trial = nil
	u.session.trials.running--
}

// abortTrial ends a trial and its socket, and returns the set.
func (s *session) abortTrial(u *upstream) *candidates {
	set := u.trial.set
	u.forgetTrial()
	s.closeUpstream(u)
	return set
}

// endTrial takes the copies off the socket.
func (u *upstream) endTrial() {
	ids := make([]protocol.QueryID, 0, len(u.trial.copies))
	for id := range u.trial.copies {
		ids = append(ids, id)
	}
	u.forgetTrial()
	u.send(u.machine.Remove(ids...).Messages)
	u.lingerIfEmpty()
}

// stepTrial follows up on a transition within a trial.
func (u *upstream) stepTrial(t *protocol.Transition, known, slow bool) {
	trial := u.trial
	if len(trial.copies) == 0 {
		if trial.set.drop(u.session); len(trial.set.queries) == 0 {
			u.session.provedFast(u)
		} else if u.machine.Established() {
			u.addCopies()
		}
		return
	}
	if !trial.begun {
		if !u.machine.CaughtUp() {
			return
		}
		trial.begun = true
		if trial.set.poison {
			u.session.passed(u, known && slow)
			return
		}
		trial.over = u.session.loop.postAfter(trialFor, func() {
			if u.trial == trial {
				u.session.provedFast(u)
			}
		})
	}
	switch {
	case known && slow:
		u.session.provedSlow(u)
		return
	case known && t.Start.QuerySet == t.End.QuerySet:
		var fast []*sharedQuery
		for _, m := range t.Modifications {
			if q := trial.copies[m.ID]; q != nil && q.speed.set == trial.set {
				fast = append(fast, q)
			}
		}
		u.session.clear(fast, time.Now())
	}
	if trial.set.drop(u.session); len(trial.set.queries) == 0 {
		u.session.provedFast(u)
		return
	}
	u.probe()
}

// awaitFast ends a trial as slow if the version of the query set that was sent last has no answer in time. The answer to a token may take
// longer.
func (u *upstream) awaitFast() {
	trial, version := u.trial, u.machine.QuerySetSent()
	if trial == nil || len(trial.copies) == 0 || trial.set.poison || !u.machine.TokenAccepted() || u.session.fastest.get() == 0 {
		return
	}
	u.session.loop.postAfter(u.session.fastest.get()+slowAfter, func() {
		if u.trial == trial && len(u.sent) > 0 && u.sent[0].version <= version {
			u.session.provedSlow(u)
		}
	})
}

// probe asks for the time after a while, because the answer takes as long as what the deployment is at.
func (u *upstream) probe() {
	trial := u.trial
	if trial.probe {
		return
	}
	trial.probe = true
	u.session.loop.postAfter(probeEvery, func() {
		if trial.probe = false; u.trial == trial && u.ask() {
			u.awaitFast()
		}
	})
}

// provedFast ends a trial of which nothing was slow.
func (s *session) provedFast(u *upstream) {
	set := u.trial.set
	u.endTrial()
	if set.sibling != nil && slices.Contains(s.trials.slow, set.sibling) {
		set.sibling.known = true
	}
	set.drop(s)
	s.clear(set.queries, time.Now())
	s.startTrials()
}

// provedSlow ends a trial that was slow, and its socket: the deployment is at the slow queries again already.
func (s *session) provedSlow(u *upstream) {
	set := s.abortTrial(u)
	set.slow++
	if set.drop(s); len(set.queries) == 1 && set.slow >= slowTrials {
		s.foundSlow(set.queries[0])
	} else {
		set.known = true
		s.trials.slow = slices.Insert(s.trials.slow, 0, set)
	}
	s.startTrials()
}

// quarantine has the queries of the first socket tried that may be why it has ended, and with them those of their callers that have never
// been answered. Other sockets try theirs themselves, one at a time.
func (s *session) quarantine(u *upstream) {
	if u != s.upstreams.first || !s.upstreams.separate() || len(u.machine.QuarantinedQueries()) == 0 {
		return
	}
	u.machine.TryElsewhere(true)
	callers := map[string]bool{}
	for _, id := range u.machine.QuarantinedQueries() {
		if q := u.queries[id]; q != nil {
			callers[q.caller] = true
		}
	}
	for id, q := range u.queries {
		if callers[q.caller] {
			u.machine.QuarantineUnanswered(id)
		}
	}
	s.trials.poison = append(s.trials.poison, s.setsByCaller(u)...)
	s.startTrials()
}

// setsByCaller divides the quarantined queries of an upstream that are in no set.
func (s *session) setsByCaller(u *upstream) (sets []*candidates) {
	of := map[string]*candidates{}
	for _, id := range u.machine.QuarantinedQueries() {
		q := u.queries[id]
		if q == nil { // it moves here, and stays where it was
			if q = u.arriving[id]; q != nil {
				s.stay(q)
			}
			continue
		}
		if q.speed.set != nil && q.speed.set.poison {
			continue
		}
		set := of[q.caller]
		if set == nil {
			if len(sets) < maxCallerSets {
				sets = append(sets, &candidates{poison: true})
			}
			set = sets[len(of)%len(sets)]
			of[q.caller] = set
		}
		set.queries = append(set.queries, q)
		q.speed.set = set
	}
	return sets
}

// passed ends a trial of queries that are not poison. They go back, but for slow ones.
func (s *session) passed(u *upstream, slow bool) {
	set := u.trial.set
	sizes := map[*sharedQuery]int{}
	for id, q := range u.trial.copies {
		if result := u.machine.Result(id); result != nil {
			sizes[q] = len(result.Value)
		}
	}
	u.endTrial()
	set.drop(s)
	back := set.queries
	for _, q := range back {
		q.speed.set = nil
	}
	if slow {
		movable := slices.DeleteFunc(slices.Clone(back), func(q *sharedQuery) bool { return q.primary != nil })
		back = slices.DeleteFunc(back, func(q *sharedQuery) bool { return q.primary == nil })
		if len(movable) > 0 {
			back = append(back, s.separateSlow(movable)...)
		}
	}
	at := map[*upstream][]protocol.Restored{}
	for _, q := range back {
		at[q.at] = append(at[q.at], protocol.Restored{ID: q.id, Size: sizes[q]})
	}
	for home, restored := range at {
		home.apply(home.machine.Restore(restored))
	}
	s.startTrials()
}

// breakTrial follows up on the end of a trial's socket.
func (u *upstream) breakTrial(ending protocol.Ending, pause time.Duration) {
	s := u.session
	set := s.abortTrial(u)
	set.drop(s)
	poison := ending.Err != nil || ending.RolledBack != nil
	if poison {
		set.failures++
	}
	switch {
	case len(set.queries) == 0:
	case set.poison && poison && len(set.queries) == 1 && s.culprit(set, ending):
		s.failQuery(set.queries[0], cmp.Or[error](ending.Err, ending.RolledBack))
	case set.poison && poison && len(set.queries) > 1:
		a, b := set.halves()
		s.trials.poison = append(s.trials.poison, a, b)
	case set.poison:
		s.trials.poison = append(s.trials.poison, set)
	case set.failures < maxTrialFailures:
		s.trials.slow = append(s.trials.slow, set)
	default:
		s.clear(set.queries, time.Now())
	}
	s.trials.pauseUntil = time.Now().Add(pause)
	s.loop.postAfter(pause, s.startTrials)
}

// culprit reports whether the one query of a set is poison.
func (s *session) culprit(set *candidates, ending protocol.Ending) bool {
	return ending.Fatal || set.failures >= maxTrialFailures && s.upstreams.first.status.Link == Connected
}

// maxTrialFailures is how many sockets may end over a query before it is poison, where the deployment sends no FatalError: the fault may be
// its own.
const maxTrialFailures = 2
