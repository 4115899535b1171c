package live

import (
	"time"

	"convexgateway/convex"
	"convexgateway/convex/live/protocol"
)

// subscribers are those of one session and the queries that they share. It puts states into their slots and notifies them; the
// states are the session's. Its methods run on the loop.
type subscribers struct {
	stats   *counters
	all     map[*Subscription]struct{}
	held    map[*Subscription]struct{} // those whose results are held back
	queries map[queryKey]*sharedQuery

	sets     map[*Set]struct{}
	touched  []*Set              // with groups that are to be filled
	awaiting map[*group]struct{} // groups that wait for a time
	moving   map[*group]struct{} // groups that move to another upstream
	unplaced map[*group]struct{} // that may have to move
	unused   []*sharedQuery      // copies without users, to be taken off

	pendingNotifications map[Notifier][]Listener // sent when the present function of the loop is done
}

// queryKey is equal for equal queries of one session: the path, and the arguments in their canonical form.
type queryKey struct {
	path convex.Path
	args string
}

// sharedQuery is one upstream query and its subscribers.
type sharedQuery struct {
	at      *upstream // that serves it
	id      protocol.QueryID
	next    *upstream // that it moves to; nil if it does not
	nextID  protocol.QueryID
	caller  string // by whom it was asked first
	page    pageState
	speed   speed
	account account
	key     queryKey
	subs    []*Subscription      // each has its place in it; a list, because memory is read fastest in the order it was made
	targets []*target            // of sets, that follow it; each has its place in it
	primary *sharedQuery         // of which it is a copy; nil if it is none
	copied  map[*target]struct{} // those that use a copy; nil if it is none
	linger  *time.Timer
	failure error // for all subscribers; nil unless the query was poison
}

func newSubscribers(stats *counters) subscribers {
	return subscribers{
		stats: stats, all: map[*Subscription]struct{}{}, held: map[*Subscription]struct{}{},
		queries: map[queryKey]*sharedQuery{}, pendingNotifications: map[Notifier][]Listener{},
		sets: map[*Set]struct{}{}, awaiting: map[*group]struct{}{}, moving: map[*group]struct{}{}, unplaced: map[*group]struct{}{},
	}
}

// any reports whether there are subscribers or sets.
func (s *subscribers) any() bool { return len(s.all) > 0 || len(s.sets) > 0 }

// add takes in a subscriber of a query, or of none.
func (s *subscribers) add(sub *Subscription, q *sharedQuery) {
	s.all[sub] = struct{}{}
	s.stats.subscriptions.Add(1)
	if sub.query = q; q != nil {
		sub.place = len(q.subs)
		q.subs = append(q.subs, sub)
		s.stats.countSubscribers(q.users()-1, q.users())
	}
}

// remove takes a subscriber out. It reports false if it is none.
func (s *subscribers) remove(sub *Subscription) bool {
	if _, found := s.all[sub]; !found {
		return false
	}
	delete(s.all, sub)
	delete(s.held, sub)
	s.stats.subscriptions.Add(-1)
	if q := sub.query; q != nil {
		q.subs = removed(q.subs, sub.place, func(sub *Subscription) *int { return &sub.place })
		s.stats.countSubscribers(q.users()+1, q.users())
	}
	return true
}

// users is how many follow a query, or use a copy.
func (q *sharedQuery) users() int { return len(q.subs) + len(q.targets) + len(q.copied) }

// targeted are the targets that follow a query, or use a copy.
func (q *sharedQuery) targeted(yield func(*target) bool) {
	for _, t := range q.targets {
		if !yield(t) {
			return
		}
	}
	for t := range q.copied {
		if !yield(t) {
			return
		}
	}
}

// removed returns a list without the one at a place, to which the last one moves. placeOf is where each has its place.
func removed[T any](list []*T, place int, placeOf func(*T) *int) []*T {
	last := len(list) - 1
	list[place] = list[last]
	*placeOf(list[place]) = place
	list[last] = nil
	return list[:last]
}

// addTarget notes that a target follows a query.
func (q *sharedQuery) addTarget(t *target) {
	t.place = len(q.targets)
	q.targets = append(q.targets, t)
}

func (q *sharedQuery) removeTarget(t *target) {
	q.targets = removed(q.targets, t.place, func(t *target) *int { return &t.place })
}

// addQuery notes a query that is live now.
func (s *subscribers) addQuery(q *sharedQuery) {
	s.queries[q.key] = q
	s.stats.queries.Add(1)
}

// removeQuery drops a query that is not live any more.
func (s *subscribers) removeQuery(q *sharedQuery) {
	stop(q.linger)
	q.account.release()
	delete(s.queries, q.key)
	s.stats.queries.Add(-1)
}

// deliver puts a state into a subscriber's slot, without the result if that is held back.
func (s *subscribers) deliver(sub *Subscription, state State) {
	if _, held := s.held[sub]; held {
		state.Result = nil
	}
	s.put(sub, state)
}

// deliverQuery delivers a state to all subscribers of a query, and has the groups filled that it is in. alone: no other query has changed.
func (s *subscribers) deliverQuery(q *sharedQuery, state State, alone bool) {
	if users := q.users(); state.Result != nil && users > 1 {
		s.stats.sharedBytes.Add(uint64(sizeOf(state.Result) * (users - 1)))
	}
	s.touchTargets(q, alone)
	for _, sub := range q.subs {
		if len(s.held) > 0 {
			s.deliver(sub, state)
		} else {
			s.put(sub, state)
		}
	}
}

// put puts a state into a subscriber's slot. A channel is signalled at once, listeners are notified together.
func (s *subscribers) put(sub *Subscription, state State) {
	switch changed := sub.put(state); {
	case !changed:
	case sub.listener == nil:
		sub.signal()
	case sub.joined:
		s.notifyLater(sub.notifier, sub.listener)
	}
}

// notifyLater has a listener notified with others of its notifier.
func (s *subscribers) notifyLater(notifier Notifier, listener Listener) {
	s.pendingNotifications[notifier] = append(s.pendingNotifications[notifier], listener)
}

// notify sends the pending notifications.
func (s *subscribers) notify() {
	for notifier, listeners := range s.pendingNotifications {
		notifier.Notify(listeners)
	}
	clear(s.pendingNotifications)
}
