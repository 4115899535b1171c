package live

import (
	"errors"
	"iter"
	"sync/atomic"
	"time"

	"convexgateway/convex"
	"convexgateway/convex/live/protocol"
	"convexgateway/internal/wait"
)

// session is the sync session of one identity. It connects its parts: what one of them reports, it passes to the others. All
// methods run on the loop, but for those whose comment allows other goroutines.
type session struct {
	opts     *Options
	stats    *counters
	retire   func() bool // leaves the client's table; false if a call is about to join
	finished func()      // called once all of its goroutines have ended

	idleSince atomic.Int64  // ns since 1970; 0 while there are subscribers or requests
	readTime  atomic.Uint64 // the time that all results in the subscribers' slots reflect
	joining   atomic.Int32  // calls that have found this session and not joined yet; guarded by the client's table

	loop        loop
	link        link
	machine     *protocol.Machine
	credentials credentials
	subscribers subscribers

	status    State       // of every subscriber, but for the result
	renewal   *time.Timer // sends a newer token
	tokenless *time.Timer // ends the requests; nil while there is a token, or no need for one
	resending *time.Timer // sends a mutation again that lost a race
	stalled   *time.Timer // ends a socket on which a token gets no answer
	lingering *time.Timer // ends the session; nil while it is in use
}

// newSession makes a session. retire, finished and the link's dial are still to be set.
func newSession(identity convex.Identity, opts *Options, stats *counters) *session {
	s := &session{
		opts: opts, stats: stats, machine: protocol.NewMachine(newSessionID()),
		credentials: credentials{identity: identity}, subscribers: newSubscribers(stats),
	}
	s.loop.afterEach = s.subscribers.notify
	s.link = link{
		opts: opts, stats: stats, loop: &s.loop, events: s, reason: "InitialConnect",
		backoff: wait.Backoff{Max: 16 * time.Second, Random: opts.random},
	}
	return s
}

// cancel ends the session, its subscriptions and goroutines, when what was posted before is done. Any goroutine may call it,
// also twice.
func (s *session) cancel() { s.loop.stop(s.shutDown) }

func (s *session) shutDown() {
	for sub := range s.subscribers.all {
		s.subscribers.put(sub, State{Link: s.status.Link, Err: ErrClosed})
	}
	s.stats.subscriptions.Add(-int64(len(s.subscribers.all)))
	s.stats.sessions.Add(-1)
	s.drop("", protocol.Ending{})
	s.finishRequests(s.machine.FailRequests(ErrClosed, func(*protocol.Request) bool { return true }))
	for _, q := range s.subscribers.queries {
		s.stats.countSubscribers(len(q.subs), 0)
		s.subscribers.removeQuery(q)
	}
	stop(s.lingering)
	stop(s.stalled)
	stop(s.resending)
	stop(s.tokenless)
	s.link.close()
	go func() {
		s.link.workers.Wait()
		s.finished()
	}()
}

// join takes in a subscriber; args are canonical, and a zero path means no query. Its listener is notified of what changes
// after that.
func (s *session) join(sub *Subscription, path convex.Path, args []byte, hold time.Duration) {
	s.joining.Add(-1)
	defer func() { sub.joined = true }()
	key := queryKey{path, string(args)}
	if q := s.subscribers.queries[key]; q != nil && q.failure != nil {
		s.subscribers.put(sub, State{Link: s.status.Link, Err: q.failure})
		s.lingerIfIdle()
		return
	}
	if err := s.failFast(convex.Query); err != nil && len(s.subscribers.all) > 0 { // for the first one it dials
		s.subscribers.put(sub, State{Link: s.status.Link, Err: err})
		return
	}
	s.stopLingering()
	sent := s.machine.QuerySetSent()
	var q *sharedQuery
	if !path.IsZero() {
		q = s.share(key)
	}
	s.subscribers.add(sub, q)
	if sub.notBefore > s.machine.Reached() {
		s.subscribers.held[sub] = struct{}{}
		s.loop.postAfter(hold, func() { s.release(sub) })
		if now := s.machine.QuerySetSent(); now != sent {
			sub.covered = now // the answer to its own query is at the latest commit
		}
	}
	s.deliver(sub)
	s.useCredential(sub)
	s.askTime()
}

// askTime asks for the deployment's newest time if a subscriber waits for one and is not covered by what was sent since. It does
// not use a token that is about to expire: that would end the socket.
func (s *session) askTime() {
	if s.link.socket == nil || s.credentials.needed() && time.Until(s.credentials.sent.Expires) <= time.Second {
		return
	}
	for sub := range s.subscribers.held {
		if sub.covered != 0 {
			continue
		}
		effects, asked := s.machine.AskTime()
		if !asked {
			return
		}
		s.coverHeld()
		s.link.send(effects.Messages)
		return
	}
}

// coverHeld notes that what was sent last will be answered at a time that serves all who wait.
func (s *session) coverHeld() {
	for sub := range s.subscribers.held {
		if sub.covered == 0 {
			sub.covered = s.machine.QuerySetSent()
		}
	}
}

// uncoverHeld notes that the socket is gone, and with it what was asked.
func (s *session) uncoverHeld() {
	for sub := range s.subscribers.held {
		sub.covered = 0
	}
}

// share finds the upstream query of a key, or makes it live.
func (s *session) share(key queryKey) *sharedQuery {
	q := s.subscribers.queries[key]
	if q != nil {
		stop(q.linger)
		s.stats.sharedQueries.Add(1)
		if result := s.machine.Result(q.id); result != nil {
			s.stats.sharedBytes.Add(uint64(sizeOf(result)))
		}
		return q
	}
	id, effects := s.machine.Add(key.path, []byte(key.args))
	q = &sharedQuery{id: id, key: key}
	s.subscribers.addQuery(q)
	s.link.send(effects.Messages)
	return q
}

// release delivers the result that was held back for a subscriber.
func (s *session) release(sub *Subscription) {
	if _, held := s.subscribers.held[sub]; held {
		delete(s.subscribers.held, sub)
		s.deliver(sub)
	}
}

// leave takes a subscriber out. Its query, and the session after its last subscriber, linger for a while.
func (s *session) leave(sub *Subscription) {
	if !s.subscribers.remove(sub) {
		return
	}
	if q := sub.query; q != nil && len(q.subs) == 0 {
		q.linger = s.loop.postAfter(s.opts.Linger, func() { s.dropQuery(q) })
	}
	s.lingerIfIdle()
}

// postLeave and postRenew are for any goroutine.
func (s *session) postLeave(sub *Subscription) { s.loop.post(func() { s.leave(sub) }) }

func (s *session) postRenew(sub *Subscription, newer convex.Credential) {
	s.loop.post(func() { s.renew(sub, newer) })
}

// dropQuery ends a query that has no subscribers.
func (s *session) dropQuery(q *sharedQuery) {
	if len(q.subs) == 0 && s.subscribers.byID[q.id] == q {
		s.subscribers.removeQuery(q)
		s.apply(s.machine.Remove(q.id))
	}
}

// inUse reports whether the session has subscribers or requests.
func (s *session) inUse() bool { return len(s.subscribers.all) > 0 || s.machine.Awaited() }

// lingerIfIdle starts the time after which a session that is not in use retires, unless it runs.
func (s *session) lingerIfIdle() {
	if !s.inUse() && s.lingering == nil {
		s.idleSince.Store(time.Now().UnixNano())
		s.lingering = s.loop.postAfter(s.opts.Linger, s.retireIfIdle)
	}
}

// stopLingering stops that time.
func (s *session) stopLingering() {
	s.idleSince.Store(0)
	stop(s.lingering)
	s.lingering = nil
}

func (s *session) retireIfIdle() {
	s.stopLingering()
	if !s.inUse() && s.retire() {
		s.cancel()
	}
}

// apply does what follows from an event. Subscribers come before the callers of requests, so that a caller reads its own write.
func (s *session) apply(effects protocol.Effects) {
	for _, id := range effects.Changed {
		if q := s.subscribers.byID[id]; q != nil {
			s.subscribers.deliverQuery(q, s.state(q))
		}
	}
	s.readTime.Store(uint64(s.machine.Reached())) // after the slots: see Subscription.State
	for sub := range s.subscribers.held {
		if sub.notBefore <= s.machine.Reached() || sub.covered != 0 && s.machine.Covers(sub.covered) {
			s.release(sub)
		}
	}
	s.finishRequests(effects)
	s.link.send(effects.Messages)
	s.askTime()
}

func (s *session) finishRequests(effects protocol.Effects) {
	for _, o := range effects.Outcomes {
		o.Request.Done(o.Result, o.Err)
	}
}

// deliver puts the present state into a subscriber's slot.
func (s *session) deliver(sub *Subscription) { s.subscribers.deliver(sub, s.state(sub.query)) }

func (s *session) deliverAll() {
	for sub := range s.subscribers.all {
		s.deliver(sub)
	}
}

// state is that of the subscribers of a query, or of the session alone.
func (s *session) state(q *sharedQuery) State {
	state := s.status
	if q == nil {
		return state
	}
	state.Result = s.machine.Result(q.id)
	if known, missing := s.machine.Missing(q.id); missing {
		state.ReadTime = uint64(known)
	}
	if state.Link == Connected && s.machine.Quarantined(q.id) {
		state.Link = Reconnecting
	}
	return state
}

// submit takes in a request, or ends it.
func (s *session) submit(r *protocol.Request) {
	err := s.refusal(r)
	if err == nil {
		err = s.machine.Enqueue(r)
	}
	if err != nil {
		r.Done(nil, err)
		return
	}
	s.tokenChanged() // before it: a request runs under the token that is in force when it arrives
	s.apply(s.machine.Flush())
}

// refusal returns why a request would be in vain; nil if it would not.
func (s *session) refusal(r *protocol.Request) error {
	if err := s.credentials.refusalOf(r.Credential.Token); err != nil {
		return err
	}
	_, found := s.bestToken()
	if s.credentials.needed() && !found && !s.credentials.usable(r.Credential, time.Now()) {
		return expired(r.Kind)
	}
	return s.failFast(r.Kind)
}

// failFast refuses new calls while the link has been trying to connect for too long.
func (s *session) failFast(kind convex.Kind) error {
	switch {
	case !s.link.failsFast():
		return nil
	case s.status.IssuerUnreachable:
		return &convex.DeploymentError{Class: convex.AuthUnavailable, Kind: kind, Err: errIssuer}
	default:
		return &convex.DeploymentError{Class: convex.Unavailable, Kind: kind, Err: errDown}
	}
}

var (
	errDown   = errors.New("the session has been without connection for some time")
	errIssuer = errors.New("the deployment cannot reach the issuer of the token")
)

// useCredential follows up on the token of a subscriber.
func (s *session) useCredential(sub *Subscription) {
	if err := s.credentials.refusalOf(sub.credential.Token); err != nil {
		s.end(sub, err)
	} else if s.link.socket == nil || sub.credential.Expires.After(s.credentials.sent.Expires) {
		s.tokenChanged()
	}
}

// renew takes a subscriber's newer token.
func (s *session) renew(sub *Subscription, credential convex.Credential) {
	if _, found := s.subscribers.all[sub]; found && credential.Identity == s.credentials.identity {
		sub.credential = credential
		s.useCredential(sub)
	}
}

// bestToken picks a token from those of subscribers and requests.
func (s *session) bestToken() (convex.Credential, bool) {
	return s.credentials.best(s.candidates(), time.Now())
}

func (s *session) candidates() iter.Seq[convex.Credential] {
	return func(yield func(convex.Credential) bool) {
		for sub := range s.subscribers.all {
			if !yield(sub.credential) {
				return
			}
		}
		for r := range s.machine.AwaitedRequests() {
			if !yield(r.Credential) {
				return
			}
		}
	}
}
