package live

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"convexgateway/convex"
	"convexgateway/convex/live/protocol"
	"convexgateway/convex/live/transport"
)

// session is the sync session of one identity. It owns the upstreams, and what these have in common: the subscribers, their queries and
// tokens, and the requests, which are those of the first upstream. All methods run on the loop, but for those whose comment allows other
// goroutines.
type session struct {
	opts     *Options
	stats    *counters
	retire   func() bool // leaves the client's table; false if a call is about to join
	finished func()      // called once all of its goroutines have ended

	downSince atomic.Int64 // ns since 1970; 0 while the first upstream is connected
	idleSince atomic.Int64 // ns since 1970; 0 while there are subscribers or requests
	joining   atomic.Int32 // calls that have found this session and not joined yet; guarded by the client's table

	loop        loop
	workers     sync.WaitGroup // all goroutines of all links
	dial        func(context.Context) (*transport.Socket, error)
	sessionID   string // of all sockets, so that the deployment recognizes a request wherever it is sent again
	upstreams   upstreams
	takeSocket  func() bool // for an upstream that is not the first; false: there are too many
	freeSocket  func()
	credentials credentials
	subscribers subscribers

	fastest  fastest // on any socket
	trials   trials
	slowKeys map[uint64]time.Time // hashes of queries that were slow, and when they ended

	endings []endOf // queries that are to end after the present event

	tokenless *time.Timer // ends the requests; nil while there is a token, or no need for one
	resending *time.Timer // sends a mutation again that lost a race
	lingering *time.Timer // ends the session; nil while it is in use
}

// newSession makes a session. Its functions are still to be set.
func newSession(identity convex.Identity, id string, sockets int, opts *Options, stats *counters) *session {
	s := &session{
		opts: opts, stats: stats, sessionID: id,
		credentials: credentials{identity: identity}, subscribers: newSubscribers(stats),
	}
	s.loop.afterEach = func() {
		s.settleSets()
		s.subscribers.notify()
	}
	s.downSince.Store(time.Now().UnixNano())
	s.upstreams = upstreams{size: sockets}
	s.upstreams.first = newUpstream(s)
	if s.upstreams.separate() {
		s.upstreams.first.machine.QuarantineAnswered()
	}
	return s
}

// cancel ends the session, its subscriptions and goroutines, when what was posted before is done. Any goroutine may call it,
// also twice.
func (s *session) cancel() { s.loop.stop(s.shutDown) }

func (s *session) shutDown() {
	for sub := range s.subscribers.all {
		s.subscribers.put(sub, State{Link: sub.upstream(s).status.Link, Err: ErrClosed})
	}
	s.stats.subscriptions.Add(-int64(len(s.subscribers.all)))
	for w := range s.subscribers.sets {
		s.endSet(w, ErrClosed)
	}
	s.stats.sessions.Add(-1)
	for _, u := range s.upstreams.others {
		if u != nil {
			s.closeUpstream(u)
		}
	}
	s.upstreams.first.drop("", protocol.Ending{}, dialRetry)
	s.finishRequests(s.upstreams.first.machine.FailRequests(ErrClosed, func(*protocol.Request) bool { return true }))
	for _, q := range s.subscribers.queries {
		s.stats.countSubscribers(q.users(), 0)
		s.subscribers.removeQuery(q)
	}
	stop(s.lingering)
	stop(s.resending)
	stop(s.tokenless)
	stop(s.trials.again)
	s.upstreams.first.close()
	go func() {
		s.workers.Wait()
		s.finished()
	}()
}

// join takes in a subscriber; args are canonical, and a zero path means no query. Its listener is notified of what changes
// after that.
func (s *session) join(sub *Subscription, path convex.Path, args []byte, hold time.Duration) {
	defer s.joining.Add(-1)
	defer func() { sub.joined = true }()
	key := queryKey{path, string(args)}
	if q := s.subscribers.queries[key]; q != nil && q.failure != nil {
		s.subscribers.put(sub, State{Link: s.upstreams.first.status.Link, Err: q.failure})
		s.lingerIfIdle()
		return
	}
	if err := s.failFast(convex.Query); err != nil && s.subscribers.any() { // for the first one it dials
		s.subscribers.put(sub, State{Link: s.upstreams.first.status.Link, Err: err})
		return
	}
	s.stopLingering()
	sent := s.upstreams.first.machine.QuerySetSent()
	var q *sharedQuery
	if !path.IsZero() {
		var err error
		if q, err = s.share(key, sub, sub.journal); err != nil {
			s.subscribers.put(sub, State{Link: s.upstreams.first.status.Link, Err: err})
			s.lingerIfIdle()
			return
		}
	}
	s.subscribers.add(sub, q)
	u := sub.upstream(s)
	sub.state.reached = &u.readTime // it is nobody else's yet
	if sub.until.time > u.machine.Reached() {
		s.subscribers.held[sub] = struct{}{}
		s.loop.postAfter(hold, func() { s.release(sub) })
		if now := u.machine.QuerySetSent(); u == s.upstreams.first && now != sent {
			sub.until.covered = now // the answer to its own query is at the latest commit
		}
	}
	s.deliver(sub)
	s.useCredential(sub)
	u.askTime()
}

// share finds the upstream query of a key, or makes it live.
func (s *session) share(key queryKey, follower payer, journal string) (*sharedQuery, error) {
	q := s.subscribers.queries[key]
	if q != nil {
		if err := s.takeOn(q, follower); err != nil {
			return nil, err
		}
		stop(q.linger)
		s.stats.sharedQueries.Add(1)
		if result := q.at.machine.Result(q.id); result != nil {
			s.stats.sharedBytes.Add(uint64(sizeOf(result)))
		}
		return q, nil
	}
	q = &sharedQuery{key: key, caller: follower.asksFor(), page: pageState{journal: journal}}
	if err := s.pay(q, follower); err != nil {
		return nil, err
	}
	s.subscribers.addQuery(q)
	s.placeNew(q)
	return q, nil
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
	if q := sub.query; q != nil {
		s.unfollow(q, sub)
	}
	s.lingerIfIdle()
}

// unfollow follows up on one that follows a query no more. Without others it lingers.
func (s *session) unfollow(q *sharedQuery, left payer) {
	s.unpay(q, left)
	if q.users() == 0 {
		q.linger = s.loop.postAfter(s.opts.Linger, func() { s.dropQuery(q) })
	}
}

// postLeave and postRenew are for any goroutine.
func (s *session) postLeave(sub *Subscription) { s.loop.post(func() { s.leave(sub) }) }

func (s *session) postRenew(sub *Subscription, newer convex.Credential) {
	s.loop.post(func() { s.renew(sub, newer) })
}

// dropQuery ends a query that has no subscribers.
func (s *session) dropQuery(q *sharedQuery) {
	if q.users() == 0 && s.subscribers.queries[q.key] == q && q.failure == nil {
		s.rememberSlow(q)
		s.subscribers.removeQuery(q)
		s.takeOff(q)
	}
}

// takeOff takes a query off its upstreams.
func (s *session) takeOff(q *sharedQuery) {
	s.stay(q)
	q.at.remove(q.id)
}

// inUse reports whether the session has subscribers or requests.
func (s *session) inUse() bool {
	return s.subscribers.any() || s.upstreams.first.machine.Awaited()
}

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

func (s *session) finishRequests(effects protocol.Effects) {
	for _, o := range effects.Outcomes {
		o.Request.Done(o.Result, o.Err)
	}
}

// deliver puts the present state into a subscriber's slot.
func (s *session) deliver(sub *Subscription) {
	s.subscribers.deliver(sub, sub.upstream(s).state(sub.query))
}

// submit takes in a request, or ends it.
func (s *session) submit(r *protocol.Request) {
	err := s.refusal(r)
	if err == nil {
		err = s.upstreams.first.machine.Enqueue(r)
	}
	if err != nil {
		r.Done(nil, r.Failure(err))
		return
	}
	s.upstreams.first.tokenChanged() // before it: a request runs under the token that is in force when it arrives
	s.upstreams.first.apply(s.upstreams.first.machine.Flush())
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
	case !s.upstreams.first.link.failsFast():
		return nil
	case s.upstreams.first.status.IssuerUnreachable:
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
	if err := s.takeCredential(sub.credential); err != nil {
		s.end(sub, err)
	}
}

// takeCredential follows up on a token, or fails with its refusal.
func (s *session) takeCredential(c convex.Credential) error {
	if err := s.credentials.refusalOf(c.Token); err != nil {
		return err
	}
	s.newCredential(c)
	return nil
}

// newCredential follows up on a token that may be newer than those that were sent.
func (s *session) newCredential(c convex.Credential) {
	for u := range s.upstreams.all() {
		if u.link.socket == nil || c.Expires.After(u.tokens.sent.Expires) {
			u.tokenChanged()
		}
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
		for w := range s.subscribers.sets {
			if !yield(w.credential) {
				return
			}
		}
		for r := range s.upstreams.first.machine.AwaitedRequests() {
			if !yield(r.Credential) {
				return
			}
		}
	}
}

// awaitToken waits for a usable token of the same user. Requests wait for the grace only: a mutation whose answer was lost at its
// token's end is committed or not, and only another token can show which.
func (s *session) awaitToken() {
	if s.tokenless != nil {
		return
	}
	s.tokenless = s.loop.postAfter(max(0, s.opts.TokenGrace), func() {
		s.tokenless = nil
		s.upstreams.first.apply(s.upstreams.first.machine.FailRequests(expired(convex.Mutation), func(*protocol.Request) bool { return true }))
		s.lingerIfIdle()
	})
}

// tokenFound ends the wait for a token.
func (s *session) tokenFound() {
	stop(s.tokenless)
	s.tokenless = nil
}

func expired(kind convex.Kind) error {
	return &convex.DeploymentError{Class: convex.Unauthorized, Kind: kind, Err: errExpired}
}

// contend has a mutation sent again after a pause, or ends it if it has no time left for that.
func (s *session) contend(r *protocol.Request) {
	if r == nil {
		return
	}
	pause, again := r.Contention.Next()
	if !again {
		effects, ended := s.upstreams.first.machine.GiveUp(r)
		s.upstreams.first.apply(effects)
		if ended {
			return
		}
		pause = 0 // once more, alone: that shows whether it is committed
	}
	stop(s.resending)
	s.resending = s.loop.postAfter(pause, func() { s.upstreams.first.apply(s.upstreams.first.machine.Resume()) })
}

// failedFor is how long subscribers of a query that was found to be poison get its failure at once.
const failedFor = time.Minute

// failQuery ends a query that is poison, and those who follow it.
func (s *session) failQuery(q *sharedQuery, err error) {
	if q.primary != nil {
		q = q.primary
	}
	if !s.live(q) {
		return
	}
	s.opts.Logger.Error("a query has ended the socket to the deployment and is taken off", "path", q.key.path.String())
	s.endSubscribers(q, err)
	stop(q.linger)
	q.failure = err
	q.account.release()
	s.takeOff(q)
	q.linger = s.loop.postAfter(failedFor, func() { s.subscribers.removeQuery(q) })
}

// failAll ends all subscribers and queries.
func (s *session) failAll(err error) {
	for sub := range s.subscribers.all {
		s.end(sub, err)
	}
	for w := range s.subscribers.sets {
		s.endSet(w, err)
	}
	for _, q := range s.subscribers.queries {
		if q.failure == nil {
			s.subscribers.removeQuery(q)
			s.takeOff(q)
		}
	}
}

// end ends a subscriber with an error.
func (s *session) end(sub *Subscription, err error) {
	s.subscribers.put(sub, State{Link: sub.upstream(s).status.Link, Err: err})
	s.leave(sub)
}

// endSubscribers ends all subscribers of a query, and all targets that follow it.
func (s *session) endSubscribers(q *sharedQuery, err error) {
	for _, sub := range slices.Clone(q.subs) {
		s.end(sub, err)
	}
	for _, t := range slices.Clone(q.targets) {
		s.endTarget(t, err)
	}
	for t := range q.copied {
		s.endTarget(t, err)
	}
}

// endOwners ends the subscribers and requests with a token.
func (s *session) endOwners(token string, err error) {
	for sub := range s.subscribers.all {
		if sub.credential.Token == token {
			s.end(sub, err)
		}
	}
	for w := range s.subscribers.sets {
		if w.credential.Token == token {
			s.endSet(w, err)
		}
	}
	s.upstreams.first.apply(s.upstreams.first.machine.FailRequests(err, func(r *protocol.Request) bool { return r.Credential.Token == token }))
	s.lingerIfIdle()
}
