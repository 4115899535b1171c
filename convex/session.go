package convex

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// session is what all subscribers of one identity share: a socket, kept up by reconnecting, and the queries on it. One
// goroutine, run, owns every field below "owned"; others post to it, and it blocks on nobody.
type session struct {
	identity Identity
	opts     SyncOptions
	dial     func(context.Context) (*socket, error)
	retire   func() bool // asks to leave the client's table; false if somebody is about to join

	ctx     context.Context // its end ends the session
	cancel  context.CancelFunc
	inbox   chan func()   // sent to by post, received by run
	done    chan struct{} // closed when run has returned
	joining atomic.Int32  // subscribers that have found this session and not yet joined; guarded by the client's table
	workers sync.WaitGroup

	// owned
	set       *querySet
	subs      map[*Subscription]struct{}
	queries   map[queryKey]*sharedQuery
	byID      map[queryID]*sharedQuery
	link      LinkState
	confirmed bool       // the deployment has accepted a token of this identity
	socket    *socket    // nil while there is none
	dialing   bool       // a dial is under way, or waits for its time
	baseline  uint32     // query set version that a transition must reach for a new socket to count as connected
	token     Credential // sent last on this socket
	refusal   refusal    // the last token that the deployment would not take
	retry     backoff
	reason    string // why the last socket ended
	timers    sessionTimers
}

// refusal is a token that is never sent again. err is what its owners are told; nil if it had merely expired.
type refusal struct {
	token string
	err   error
}

type sessionTimers struct {
	retry, linger, silence, renew *time.Timer
}

// queryKey tells equal queries of one session: the path, and the arguments in their canonical form.
type queryKey struct {
	path Path
	args string
}

// sharedQuery is one upstream query and those who follow it.
type sharedQuery struct {
	id     queryID
	key    queryKey
	subs   map[*Subscription]struct{}
	linger *time.Timer
}

func newSession(identity Identity, opts SyncOptions) *session {
	ctx, cancel := context.WithCancel(context.Background())
	return &session{
		identity: identity, opts: opts, ctx: ctx, cancel: cancel,
		inbox: make(chan func()), done: make(chan struct{}),
		set: newQuerySet(newSessionID()), reason: "InitialConnect", retry: backoff{max: 16 * time.Second, random: opts.random},
		subs: map[*Subscription]struct{}{}, queries: map[queryKey]*sharedQuery{}, byID: map[queryID]*sharedQuery{},
	}
}

// post hands f to the owner. It reports false if the session has ended; f then never runs.
func (s *session) post(f func()) bool {
	select {
	case s.inbox <- f:
		return true
	case <-s.ctx.Done():
		return false
	}
}

// after posts f when d has passed.
func (s *session) after(d time.Duration, f func()) *time.Timer {
	return time.AfterFunc(d, func() { s.post(f) })
}

// run is the owner. It returns when the session's context ends, having ended all subscriptions and goroutines.
func (s *session) run() {
	defer close(s.done)
	for {
		select {
		case f := <-s.inbox:
			f()
		case <-s.ctx.Done():
			s.endAll(ErrClosed)
			s.dropSocket("")
			for _, t := range []*time.Timer{s.timers.retry, s.timers.linger, s.timers.renew} {
				stop(t)
			}
			s.workers.Wait()
			return
		}
	}
}

func stop(t *time.Timer) {
	if t != nil {
		t.Stop()
	}
}

// join takes in a subscriber; args are canonical, and a zero path means no query.
func (s *session) join(sub *Subscription, path Path, args []byte, hold time.Duration) {
	s.joining.Add(-1)
	stop(s.timers.linger)
	s.subs[sub] = struct{}{}
	if !path.IsZero() {
		sub.query = s.share(queryKey{path, string(args)})
		sub.query.subs[sub] = struct{}{}
	}
	if sub.notBefore > s.set.maxObserved {
		s.after(hold, func() { s.release(sub) })
	}
	s.deliver(sub)
	switch c := sub.credential; {
	case c.Token != "" && c.Token == s.refusal.token && s.refusal.err != nil:
		s.end(sub, s.refusal.err)
	case s.socket == nil || c.Expires.After(s.token.Expires):
		s.tokenChanged()
	}
}

// release delivers what was held back for a subscriber.
func (s *session) release(sub *Subscription) {
	if _, here := s.subs[sub]; here {
		sub.notBefore = 0
		s.deliver(sub)
	}
}

// share finds the upstream query of a key, or makes it live.
func (s *session) share(key queryKey) *sharedQuery {
	q := s.queries[key]
	if q == nil {
		q = &sharedQuery{key: key, subs: map[*Subscription]struct{}{}}
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
	if q := sub.query; q != nil {
		delete(q.subs, sub)
		if len(q.subs) == 0 {
			q.linger = s.after(s.opts.Linger, func() { s.forget(q) })
		}
	}
	if len(s.subs) == 0 {
		s.timers.linger = s.after(s.opts.Linger, s.retireIfEmpty)
	}
}

func (s *session) forget(q *sharedQuery) {
	if len(q.subs) > 0 || s.byID[q.id] != q {
		return
	}
	delete(s.queries, q.key)
	delete(s.byID, q.id)
	s.send(s.set.remove(q.id))
}

func (s *session) retireIfEmpty() {
	if len(s.subs) == 0 && s.retire() {
		s.cancel()
	}
}

// renew takes a subscriber's newer token.
func (s *session) renew(sub *Subscription, credential Credential) {
	if _, here := s.subs[sub]; here && credential.Identity == s.identity {
		sub.credential = credential
		s.tokenChanged()
	}
}

// deliver puts the present state into a subscriber's slot.
func (s *session) deliver(sub *Subscription) {
	state := State{Link: s.link, Confirmed: s.confirmed}
	if sub.query != nil {
		state.Result = sub.State().Result
		if sub.notBefore <= s.set.maxObserved {
			sub.notBefore = 0
			state.Result = s.set.queries[sub.query.id].result
		}
	}
	sub.put(state)
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
	sub.put(State{Link: s.link, Err: err})
	s.leave(sub)
}

func (s *session) send(messages [][]byte) {
	if s.socket != nil {
		s.socket.send(messages)
	}
}

// bestToken picks the token that lives longest, of those that the deployment may still take.
func (s *session) bestToken() (best Credential, found bool) {
	now := time.Now()
	for sub := range s.subs {
		c := sub.credential
		if c.Token != s.refusal.token && c.Expires.After(now) && c.Expires.After(best.Expires) {
			best, found = c, true
		}
	}
	return best, found
}

// tokenChanged follows up on a new or newer token: it may be what a reconnect waits for, or what the deployment is due.
func (s *session) tokenChanged() {
	switch {
	case s.socket == nil:
		s.connect()
	case s.identity != Identity{} && s.set.identityConfirmed() && !time.Now().Before(s.token.renewFrom()):
		// Only while no other token awaits its confirmation: a refusal must be clear about whom it means.
		if best, found := s.bestToken(); found && best.Expires.After(s.token.Expires) {
			s.useToken(best)
			s.send(s.set.authenticate(best.Token))
		}
	}
}

func (s *session) useToken(c Credential) {
	s.token = c
	stop(s.timers.renew)
	s.timers.renew = s.after(time.Until(c.renewFrom()), s.tokenChanged)
}

// connect makes a socket unless there is one, or one is being made, or there is nobody to make it for. Without a usable
// token it waits for one (tokenChanged): an identity is never connected anonymously.
func (s *session) connect() {
	if s.socket != nil || s.dialing || len(s.subs) == 0 {
		return
	}
	if _, found := s.bestToken(); !found && s.identity != (Identity{}) {
		return
	}
	s.dialing = true
	s.workers.Go(func() {
		socket, err := s.dial(s.ctx)
		if !s.post(func() { s.dialed(socket, err) }) && socket != nil {
			socket.abort()
		}
	})
}

func (s *session) dialed(socket *socket, err error) {
	s.dialing = false
	if err != nil {
		s.opts.Logger.Warn("cannot reach the deployment", "error", err)
		s.reconnect(dialRetryBase)
		return
	}
	var token Credential
	if s.identity != (Identity{}) {
		var found bool
		if token, found = s.bestToken(); !found {
			socket.abort()
			return
		}
		s.useToken(token)
	}
	s.socket = socket
	s.send(s.set.connect(token.Token, s.reason, time.Now()))
	s.baseline = s.set.sentQuerySet
	s.timers.silence = s.after(s.opts.Silence, func() { s.lost(socket, errSilence) })
	s.workers.Go(func() { s.read(socket) })
}

var errSilence = errors.New("InactiveServer")

// read is the socket's only reader. It ends with the socket.
func (s *session) read(socket *socket) {
	for {
		message, err := socket.receive(s.ctx)
		if err != nil {
			s.post(func() { s.lost(socket, err) })
			return
		}
		s.post(func() { s.received(socket, message) })
	}
}

func (s *session) received(socket *socket, message serverMessage) {
	if socket != s.socket {
		return
	}
	s.timers.silence.Reset(s.opts.Silence)
	switch m := message.(type) {
	case *transition:
		s.transition(m)
	case *authError:
		s.authFailed(m)
	case *fatalError:
		s.opts.Logger.Error("the deployment ended the session for good", "error", m.message)
		s.dropSocket("FatalError")
		s.endAll(&DeploymentError{Class: Refused, Code: "FatalError", Message: m.message})
		for _, q := range s.queries {
			s.forget(q) // whatever was wrong must not meet those who come next
		}
	}
}

// transition applies new results, all at once, and tells those whose results changed.
func (s *session) transition(t *transition) {
	held := s.set.maxObserved
	changed, err := s.set.apply(t)
	if err != nil {
		s.lost(s.socket, err)
		return
	}
	if s.set.confirmed() {
		s.retry.reset()
	}
	wasLive := s.link == Connected && s.confirmed
	if s.set.remote.QuerySet >= s.baseline && s.set.identityConfirmed() {
		s.link, s.confirmed = Connected, true
	}
	if !wasLive {
		s.deliverAll()
	}
	s.deliverChanged(changed, held)
	s.tokenChanged()
}

// deliverChanged tells the subscribers of changed queries, and those whose results were held back until now.
func (s *session) deliverChanged(changed []queryID, heldUntil timestamp) {
	for _, id := range changed {
		if q := s.byID[id]; q != nil {
			for sub := range q.subs {
				s.deliver(sub)
			}
		}
	}
	for sub := range s.subs {
		if sub.notBefore > heldUntil && sub.notBefore <= s.set.maxObserved {
			s.deliver(sub)
		}
	}
}

// authFailed gives up a token that the deployment would not take. Those who showed another one are not concerned.
func (s *session) authFailed(m *authError) {
	s.opts.Logger.Warn("the deployment refused a token", "update", m.updateAttempted, "error", m.message)
	if strings.Contains(m.message, "AuthProviderDiscoveryFailed") {
		s.dropSocket("AuthError")
		s.reconnect(unknownRetryBase) // it could not look: the token may be good
		return
	}
	s.dropSocket("AuthError")
	s.refusal = refusal{token: s.token.Token}
	if m.updateAttempted && s.token.Expires.After(time.Now()) {
		s.refusal.err = &DeploymentError{Class: Unauthorized, Code: "AuthError", Message: m.message}
		for sub := range s.subs {
			if sub.credential.Token == s.refusal.token {
				s.end(sub, s.refusal.err)
			}
		}
	}
	s.connect()
}

// lost reacts to the end of a socket, or ends one that is of no more use.
func (s *session) lost(socket *socket, err error) {
	if socket != s.socket || socket == nil {
		return
	}
	reason := err.Error()
	if !errors.Is(err, errSilence) && !errors.Is(err, errProtocol) {
		reason = closeReason(err)
	}
	s.opts.Logger.Info("the socket to the deployment ended", "reason", reason)
	s.dropSocket(reason)
	s.reconnect(retryBase(err, reason))
}

// dropSocket lets go of the socket and tells everybody.
func (s *session) dropSocket(reason string) {
	if s.socket == nil {
		return
	}
	s.timers.silence.Stop()
	stop(s.timers.renew)
	s.socket.abort()
	s.socket, s.reason = nil, reason
	s.set.disconnect()
	if s.link == Connected {
		s.link = Reconnecting
	}
	s.deliverAll()
}

// reconnect makes a new socket after a pause.
func (s *session) reconnect(base time.Duration) {
	if len(s.subs) == 0 {
		s.retireIfEmpty()
		return
	}
	s.dialing = true
	s.timers.retry = s.after(s.retry.next(base), func() {
		s.dialing = false
		s.connect()
	})
}

// Base delays of the backoff by what ended the socket, from get-convex/convex-js
// src/browser/sync/web_socket_manager.ts.
const (
	dialRetryBase     = 100 * time.Millisecond
	unknownRetryBase  = time.Second
	overloadRetryBase = 3 * time.Second
)

// overloadReasons are close reasons of a deployment that has too much to do.
var overloadReasons = []string{
	"SubscriptionsWorkerFullError", "TooManyConcurrentRequests", "CommitterFullError", "AwsTooManyRequestsException",
	"ExecuteFullError", "SystemTimeoutError", "ExpiredInQueue", "VectorIndexTooLarge", "SearchIndexTooLarge",
	"TooManyWritesInTimePeriod",
}

func retryBase(err error, reason string) time.Duration {
	for _, prefix := range overloadReasons {
		if strings.HasPrefix(reason, prefix) {
			return overloadRetryBase
		}
	}
	if errors.Is(err, errSilence) || reason == connectionLost {
		return dialRetryBase
	}
	return unknownRetryBase
}
