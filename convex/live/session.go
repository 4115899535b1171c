package live

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"convexgateway/convex"
	"convexgateway/internal/wait"
)

// session is what all subscribers of one identity share: a socket, kept up by reconnecting, and the queries on it. One
// goroutine, run, owns every field below "owned"; others post to it, and it blocks on nobody. It is there only while there is
// something to do, so that an idle session's only goroutine is its socket's reader: there may be thousands of sessions, and
// stacks are most of an idle one.
type session struct {
	identity convex.Identity
	opts     *Options
	stats    *counters
	dial     func(context.Context) (*socket, error)
	retire   func() bool // asks to leave the client's table; false if somebody is about to join

	finished  func()       // called once it has ended
	idleSince atomic.Int64 // ns since 1970; 0 while anybody wants the session
	joining   atomic.Int32 // those that have found this session and not yet come in; guarded by the client's table
	workers   sync.WaitGroup

	mu    sync.Mutex
	work  []func() // posted, in order
	owner bool     // run is under way
	ended bool     // nothing is taken any more

	// owned
	set         *querySet
	requests    requestQueue
	subs        map[*Subscription]struct{}
	held        map[*Subscription]struct{} // those whose results are held back
	news        map[Notifier][]Listener    // who is to be told when the present work is done
	queries     map[queryKey]*sharedQuery
	byID        map[queryID]*sharedQuery
	link        LinkState
	tryingSince time.Time         // since when it tries to connect; zero while it is connected, or waits for a token
	confirmed   bool              // the deployment has accepted a token of this identity
	doubtful    bool              // it could not check the last one
	reached     timestamp         // the results in hand reflect the deployment's state at this time
	socket      *socket           // nil while there is none
	dialing     bool              // a dial is under way, or waits for its time
	stopDial    func()            // nil while none is under way
	baseline    uint32            // query set version that a transition must reach for a new socket to count as connected
	token       convex.Credential // sent last on this socket
	proven      convex.Credential // accepted last on this socket
	refusal     refusal           // the last token that the deployment would not take
	retry       wait.Backoff
	reason      string // why the last socket ended
	timers      sessionTimers
}

type sessionTimers struct {
	retry, linger, silence, renew *time.Timer
}

// queryKey tells equal queries of one session: the path, and the arguments in their canonical form.
type queryKey struct {
	path convex.Path
	args string
}

// sharedQuery is one upstream query and those who follow it.
type sharedQuery struct {
	id     queryID
	key    queryKey
	subs   []*Subscription // each knows its place; a list, because memory is read fastest in the order it was made
	linger *time.Timer
	guilty error // what its followers are told; nil unless it ended a socket
}

func (q *sharedQuery) add(sub *Subscription) {
	sub.place = len(q.subs)
	q.subs = append(q.subs, sub)
}

// remove lets the last one take the place of one that leaves.
func (q *sharedQuery) remove(sub *Subscription) {
	last := len(q.subs) - 1
	q.subs[sub.place] = q.subs[last]
	q.subs[sub.place].place = sub.place
	q.subs[last] = nil
	q.subs = q.subs[:last]
}

func newSession(identity convex.Identity, opts *Options, stats *counters) *session {
	return &session{
		identity: identity, opts: opts, stats: stats,
		set: newQuerySet(newSessionID()), reason: "InitialConnect", retry: wait.Backoff{Max: 16 * time.Second, Random: opts.random},
		subs: map[*Subscription]struct{}{}, held: map[*Subscription]struct{}{}, news: map[Notifier][]Listener{}, queries: map[queryKey]*sharedQuery{}, byID: map[queryID]*sharedQuery{},
	}
}

// post hands f to the owner. It reports false if the session has ended; f then never runs.
func (s *session) post(f func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return false
	}
	s.hand(f)
	return true
}

// hand gives the owner more to do, and starts it unless it is under way. The caller holds mu.
func (s *session) hand(f func()) {
	s.work = append(s.work, f)
	if !s.owner {
		s.owner = true
		go s.run()
	}
}

// after posts f when d has passed.
func (s *session) after(d time.Duration, f func()) *time.Timer {
	return time.AfterFunc(d, func() { s.post(f) })
}

// run is the owner.
func (s *session) run() {
	for f := s.next(); f != nil; f = s.next() {
		f()
		s.notifyListeners()
	}
}

// next returns what the owner has to do; nil, and there is no owner any more, if nothing.
func (s *session) next() (f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.work) == 0 {
		s.work, s.owner = nil, false
		return nil
	}
	f, s.work = s.work[0], s.work[1:]
	return f
}

// cancel ends the session, its subscriptions and goroutines, when what was posted before is done. It may be called twice.
func (s *session) cancel() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.ended {
		s.ended = true
		s.hand(s.shutDown)
	}
}

func (s *session) shutDown() {
	for sub := range s.subs {
		s.put(sub, State{Link: s.link, Err: ErrClosed})
	}
	s.stats.subscriptions.Add(-int64(len(s.subs)))
	s.stats.queries.Add(-int64(len(s.queries)))
	s.stats.sessions.Add(-1)
	s.dropSocket("")
	s.requests.fail(ErrClosed, func(*request) bool { return true })
	for _, q := range s.queries {
		stop(q.linger)
		s.stats.follow(len(q.subs), 0)
	}
	stop(s.timers.retry)
	stop(s.timers.linger)
	if s.stopDial != nil {
		s.stopDial()
	}
	go func() {
		s.workers.Wait()
		s.finished()
	}()
}

func stop(t *time.Timer) {
	if t != nil {
		t.Stop()
	}
}

// join takes in a subscriber; args are canonical, and a zero path means no query. Its listener is notified of what changes after
// that.
func (s *session) join(sub *Subscription, path convex.Path, args []byte, hold time.Duration) {
	s.joining.Add(-1)
	defer func() { sub.joined = true }()
	if q := s.queries[queryKey{path, string(args)}]; q != nil && q.guilty != nil {
		s.put(sub, State{Link: s.link, Err: q.guilty})
		s.lingerIfIdle()
		return
	}
	if err := s.failFast(convex.Query); err != nil && len(s.subs) > 0 { // the first one is what it tries for
		s.put(sub, State{Link: s.link, Err: err})
		return
	}
	s.stay()
	s.subs[sub] = struct{}{}
	s.stats.subscriptions.Add(1)
	if !path.IsZero() {
		sub.query = s.share(queryKey{path, string(args)})
		sub.query.add(sub)
		s.stats.follow(len(sub.query.subs)-1, len(sub.query.subs))
	}
	if sub.notBefore > s.reached {
		s.held[sub] = struct{}{}
		s.after(hold, func() { s.release(sub) })
	}
	s.deliver(sub)
	s.admit(sub)
}

// release delivers what was held back for a subscriber.
func (s *session) release(sub *Subscription) {
	if _, held := s.held[sub]; held {
		delete(s.held, sub)
		s.deliver(sub)
	}
}

// share finds the upstream query of a key, or makes it live.
func (s *session) share(key queryKey) *sharedQuery {
	q := s.queries[key]
	if q != nil {
		s.stats.sharedQueries.Add(1)
		if result := s.set.queries[q.id].result; result != nil {
			s.stats.sharedBytes.Add(uint64(sizeOf(result)))
		}
	} else {
		s.stats.queries.Add(1)
		q = &sharedQuery{key: key}
		var messages [][]byte
		q.id, messages = s.set.add(key.path, []byte(key.args))
		s.queries[key], s.byID[q.id] = q, q
		s.send(messages)
	}
	stop(q.linger)
	return q
}

// leave lets a subscriber go. Its query, and the session after its last subscriber, linger for a while.
func (s *session) leave(sub *Subscription) {
	if _, here := s.subs[sub]; !here {
		return
	}
	delete(s.subs, sub)
	s.stats.subscriptions.Add(-1)
	delete(s.held, sub)
	if q := sub.query; q != nil {
		q.remove(sub)
		s.stats.follow(len(q.subs)+1, len(q.subs))
		if len(q.subs) == 0 {
			q.linger = s.after(s.opts.Linger, func() { s.forget(q) })
		}
	}
	s.lingerIfIdle()
}

// wanted reports whether anybody has a use for the session.
func (s *session) wanted() bool { return len(s.subs) > 0 || s.requests.awaited() }

// lingerIfIdle starts the time after which an unwanted session retires, unless it is running.
func (s *session) lingerIfIdle() {
	if !s.wanted() && s.timers.linger == nil {
		s.idleSince.Store(time.Now().UnixNano())
		s.timers.linger = s.after(s.opts.Linger, s.retireIfIdle)
	}
}

// stay stops that time.
func (s *session) stay() {
	s.idleSince.Store(0)
	stop(s.timers.linger)
	s.timers.linger = nil
}

func (s *session) forget(q *sharedQuery) {
	if len(q.subs) > 0 || s.byID[q.id] != q {
		return
	}
	delete(s.queries, q.key)
	delete(s.byID, q.id)
	s.stats.queries.Add(-1)
	s.send(s.set.remove(q.id))
	s.sendRequests()
}

func (s *session) retireIfIdle() {
	s.stay()
	if !s.wanted() && s.retire() {
		s.cancel()
	}
}

// deliver puts the present state into a subscriber's slot.
func (s *session) deliver(sub *Subscription) {
	state := s.state(sub.query)
	if _, held := s.held[sub]; held {
		state.Result = nil
	}
	s.put(sub, state)
}

// state is what those who follow a query can know, or with none those who follow the session.
func (s *session) state(query *sharedQuery) State {
	state := State{Link: s.link, Confirmed: s.confirmed, IssuerUnreachable: s.doubtful}
	if query == nil {
		return state
	}
	q := s.set.queries[query.id]
	state.Result = q.result
	if q.suspect && s.link == Connected {
		state.Link = Reconnecting
	}
	return state
}

// put puts a state into a subscriber's slot. Whoever waits for the channel is told at once, listeners together.
func (s *session) put(sub *Subscription, state State) {
	switch tell := sub.put(state); {
	case !tell:
	case sub.listener == nil:
		sub.signal()
	case sub.joined:
		s.news[sub.notifier] = append(s.news[sub.notifier], sub.listener)
	}
}

// notifyListeners passes on what the work that was just done has changed.
func (s *session) notifyListeners() {
	for notifier, listeners := range s.news {
		notifier.Notify(listeners)
	}
	clear(s.news)
}

func (s *session) deliverAll() {
	for sub := range s.subs {
		s.deliver(sub)
	}
}

// endAll ends every subscription.
func (s *session) endAll(err error) {
	for sub := range s.subs {
		s.end(sub, err)
	}
}

func (s *session) end(sub *Subscription, err error) {
	s.put(sub, State{Link: s.link, Err: err})
	s.leave(sub)
}

func (s *session) send(messages [][]byte) {
	if s.socket != nil {
		s.socket.send(messages)
	}
}

// deliverChanged tells the subscribers of changed queries, and those whose results were held back until now.
func (s *session) deliverChanged(changed []queryID) {
	for _, id := range changed {
		if q := s.byID[id]; q != nil {
			s.deliverQuery(q)
		}
	}
	for sub := range s.held {
		if sub.notBefore <= s.reached {
			s.release(sub)
		}
	}
}

func (s *session) deliverQuery(q *sharedQuery) {
	state := s.state(q)
	if state.Result != nil && len(q.subs) > 1 {
		s.stats.sharedBytes.Add(uint64(sizeOf(state.Result) * (len(q.subs) - 1)))
	}
	for _, sub := range q.subs {
		if len(s.held) > 0 {
			s.deliver(sub)
			continue
		}
		s.put(sub, state)
	}
}
