package live

import (
	convexlive "convexgateway/convex/live"

	"convexgateway/auth/lease"

	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"convexgateway/auth"
	"convexgateway/convex"
	"convexgateway/server/call"
)

// stuckAfter is how long an update may take before the fan-out leaves the stream to its own goroutine.
const stuckAfter = 2 * time.Millisecond

// Stream is one live stream. The goroutine that holds working runs an update: it owns all fields but the atomic ones, and is
// the only one that sends. It is the stream's own goroutine while that does not wait, or a worker of the fan-out.
type Stream struct {
	pending   atomic.Bool   // the subscription may have changed since the last update
	ownOnly   atomic.Int32  // quick updates of its own goroutine until workers serve the stream again
	wake      chan struct{} // one slot; its own goroutine has something to do
	working   sync.Mutex
	end       error // why the stream ends; nil until it does
	lease     lease.Lease
	state     *lease.CredentialState   // of the credential, at the last update
	sub       *convexlive.Subscription // nil if nothing is followed
	identity  *auth.Identity           // that sub belongs to; nil for anonymous
	refused   error                    // the deployment has refused the newest token; without another the stream ends with this
	accepted  bool                     // the deployment has accepted a token of this stream
	away      bool                     // the deployment is out of reach
	unchecked bool                     // the deployment cannot reach the token's issuer
	heartbeat time.Duration            // 0: none
	sink      Sink
	streams   *Streams
	ctx       context.Context
	queue     *connQueue
	deadlines deadlines
	release   func() // gives the stream's place under the limit back
}

// Sink turns the states of a stream into events. Its methods are called by one goroutine at a time.
type Sink interface {
	// Subscribe starts to follow on behalf of the stream's identity, by Stream.Subscribe: at first, and after each change of
	// identity. samePerson reports that what was sent so far stays true. A nil subscription means that nothing is followed.
	Subscribe(s *Stream, samePerson bool) (*convexlive.Subscription, error)
	// Show is called with the newest state and identity, whenever one has changed.
	Show(id *auth.Identity, state convexlive.State) error
	// TokenNeeded is called when the client should bring a newer token, with the time by which.
	TokenNeeded(id *auth.Identity, by time.Time) error
	// Silent is called when nothing is shown until a newer token comes, with the reason; nil if the last token has expired.
	Silent(id *auth.Identity, why *auth.Error) error
	// Ended is called with the error that the stream is about to end with, unless the caller ended it.
	Ended(ctx context.Context, why error) error
	// Beat is called after each heartbeat's quiet.
	Beat() error
}

// Open opens a stream of a caller for a sink. Run closes it.
func (s *Stream) Open(ctx context.Context, streams *Streams, id *auth.Identity, req Request, sink Sink) error {
	heartbeat, err := ParseHeartbeat(req.GetHeartbeat())
	if err != nil {
		return err
	}
	if key := req.GetRefreshKey(); key != "" {
		if err := lease.CheckRefreshKey(key); err != nil {
			return err
		}
	}
	if s.release, err = streams.limit.acquire(ctx, id); err != nil {
		return err
	}
	s.streams, s.ctx, s.sink, s.heartbeat = streams, ctx, sink, heartbeat
	s.queue, s.wake = streams.fanout.join(ctx), make(chan struct{}, 1)
	s.lease = streams.Sessions.Open(id, req.GetRefreshKey())
	s.state = s.lease.State()
	s.identity = s.state.Identity
	s.deadlines.stream = s
	return nil
}

// Identity is the caller's, as of the newest token; nil for anonymous. For sinks.
func (s *Stream) Identity() *auth.Identity { return s.identity }

// Subscribe follows a query on behalf of the stream's identity, or, with a zero path, its session only. For sinks.
func (s *Stream) Subscribe(path convex.Path, args []byte, notBefore uint64) (*convexlive.Subscription, error) {
	return s.streams.Queries.Subscribe(call.CredentialOf(s.identity), path, args, convexlive.SubscribeOptions{NotBefore: notBefore, Listener: s})
}

// Run runs the stream until it ends. It returns why, never nil.
func (s *Stream) Run() error {
	s.working.Lock()
	defer s.working.Unlock()
	defer s.close()
	s.end = s.loop()
	if s.ctx.Err() != nil {
		return s.ctx.Err()
	}
	if err := s.sink.Ended(s.ctx, s.end); err != nil {
		return err
	}
	return s.end
}

func (s *Stream) close() {
	s.deadlines.stop()
	if s.sub != nil {
		s.sub.Close()
	}
	s.lease.Close()
	s.queue.leave()
	s.release()
}

func (s *Stream) loop() error {
	if s.state.Err != nil {
		return s.state.Err
	}
	if err := s.subscribe(false); err != nil {
		return err
	}
	if s.streams.MaxAge > 0 {
		s.deadlines.set(leaveDue, spreadAge(s.streams.MaxAge))
	}
	s.restartHeartbeat()
	draining := s.streams.Draining
	for {
		if err := s.ownUpdate(); err != nil {
			return err
		}
		if s.await(draining) {
			draining = nil
			s.deadlines.set(leaveDue, drainDelay(s.identity, s.streams.DrainPeriod))
		}
		if err := s.runDue(); err != nil {
			return err
		}
	}
}

// await leaves the stream to the workers until its own goroutine is needed, and reports whether that is because of the drain.
func (s *Stream) await(draining <-chan struct{}) (drain bool) {
	changed := s.state.Changed()
	s.working.Unlock()
	defer s.working.Lock()
	if s.pending.Load() {
		return false // a worker has found the stream at work meanwhile
	}
	select {
	case <-s.ctx.Done():
	case <-s.wake:
	case <-changed:
	case <-draining:
		return true
	}
	return false
}

// runDue runs what is due. It returns why the stream has ended, if it has.
func (s *Stream) runDue() error {
	now := time.Now()
	switch {
	case s.ctx.Err() != nil:
		return s.ctx.Err()
	case s.end != nil:
		return s.end
	case s.deadlines.due(leaveDue, now):
		return call.ErrDraining
	case s.deadlines.due(unreachableDue, now):
		return call.ErrUnreachable
	case s.deadlines.due(refusalDue, now):
		return s.refused
	case s.deadlines.due(heartbeatDue, now):
		defer s.restartHeartbeat()
		return s.sink.Beat()
	}
	return nil
}

// wakeUp lets the stream's own goroutine run. Safe for concurrent use.
func (s *Stream) wakeUp() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Notifier implements [convexlive.Listener].
func (s *Stream) Notifier() convexlive.Notifier { return s.queue }

// serve is an update by a worker. If another goroutine is at work, that one runs the update.
func (s *Stream) serve() {
	s.pending.Store(true)
	if s.ownOnly.Load() > 0 {
		s.wakeUp()
		return
	}
	for s.pending.Load() && s.working.TryLock() {
		s.pending.Store(false)
		if s.end == nil {
			s.end = s.guardedUpdate()
		}
		if s.end != nil {
			s.wakeUp()
		}
		s.working.Unlock()
	}
}

// guardedUpdate is an update in which a panic ends this stream only.
func (s *Stream) guardedUpdate() (err error) {
	defer call.Recover(s.ctx, s.streams.Logger, &err)
	return s.update()
}

// ownUpdate is an update by the stream's own goroutine. If workers leave the stream to it, the time that it takes decides
// until when.
func (s *Stream) ownUpdate() error {
	s.pending.Store(false)
	if s.ownOnly.Load() == 0 {
		return s.update()
	}
	began := time.Now()
	err := s.update()
	if time.Since(began) < stuckAfter {
		s.ownOnly.Add(-1)
	} else {
		s.ownOnly.Store(probation)
	}
	return err
}

// update sends what has changed: of the credential first, because it decides what may be shown.
func (s *Stream) update() error {
	if state := s.lease.State(); state != s.state {
		before := s.state
		s.state = state
		if err := s.applyCredential(before); err != nil {
			return err
		}
	}
	return s.show()
}

// applyCredential applies a change of the credential: its end, a newer token, or the next phase of the present one.
func (s *Stream) applyCredential(before *lease.CredentialState) error {
	now := s.state
	switch {
	case now.Err != nil:
		if expired, ok := errors.AsType[*auth.Error](now.Err); ok && expired.Reason == auth.ReasonTokenExpired && s.unchecked {
			return auth.NewError(auth.ReasonAuthBackendUnavailable, now.Err) // the next token could not be checked either
		}
		return now.Err
	case now.Identity != s.identity:
		if err := s.adopt(); err != nil {
			return err
		}
	}
	switch {
	case now.Phase == lease.TokenNeeded && (before.Phase != now.Phase || before.Identity != now.Identity):
		return s.sink.TokenNeeded(now.Identity, now.SilentFrom)
	case now.Phase == lease.Silent:
		return s.sink.Silent(now.Identity, now.RefreshErr)
	}
	return nil
}

// adopt goes on with a newer token. One with other claims is another identity, whose results are its own.
func (s *Stream) adopt() error {
	id, before := s.state.Identity, s.identity
	s.identity = id
	if id.Key() == before.Key() && s.refused == nil {
		s.sub.Renew(call.CredentialOf(id))
		return nil
	}
	s.deadlines.clear(refusalDue)
	s.refused = nil
	s.sub.Close()
	return s.subscribe(id.SamePerson(before))
}

func (s *Stream) subscribe(samePerson bool) error {
	sub, err := s.sink.Subscribe(s, samePerson)
	if err == nil {
		s.sub = sub
	}
	return err
}

// show sends the newest state, unless the token's end is near: no row leaves the gateway then.
func (s *Stream) show() error {
	if s.sub == nil || s.refused != nil { // nothing to show, or not before another token comes
		return nil //nolint:nilerr // it is returned when the wait is over
	}
	state := s.sub.State()
	if state.Err != nil {
		return s.refuse(state.Err)
	}
	s.accepted = s.accepted || Confirmed(state)
	s.unchecked = state.IssuerUnreachable
	s.trackLink(state)
	if s.state.Silent(time.Now()) {
		return nil
	}
	s.restartHeartbeat()
	return s.sink.Show(s.identity, state)
}

// Confirmed reports whether the deployment is connected and has accepted the token.
func Confirmed(state convexlive.State) bool {
	return state.Confirmed && state.Link == convexlive.Connected
}

// refuse handles the end of a subscription. If the deployment has refused a newer token, although it had accepted an earlier
// one, the stream waits for the next; a second refusal ends it.
func (s *Stream) refuse(why error) error {
	var refusal *convex.DeploymentError
	if !errors.As(why, &refusal) || refusal.Class != convex.Unauthorized || !s.accepted || !s.lease.CanRenew() {
		return why
	}
	s.refused, s.accepted = why, false
	s.deadlines.set(refusalDue, s.streams.RefusalWait)
	return s.sink.Silent(s.identity, auth.NewError(auth.ReasonConvexRejected, nil))
}

// restartHeartbeat schedules the next heartbeat a full interval from now.
func (s *Stream) restartHeartbeat() {
	if s.heartbeat > 0 {
		s.deadlines.set(heartbeatDue, s.heartbeat)
	}
}

// trackLink starts or stops the wait for a deployment that is out of reach. One that cannot reach the token's issuer is not.
func (s *Stream) trackLink(state convexlive.State) {
	away := state.Link != convexlive.Connected && !state.IssuerUnreachable
	if away == s.away {
		return
	}
	s.away = away
	if away {
		s.deadlines.set(unreachableDue, s.streams.Unreachable)
	} else {
		s.deadlines.clear(unreachableDue)
	}
}
