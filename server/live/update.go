package live

import (
	"errors"
	"time"

	"convexgateway/auth"
	"convexgateway/auth/lease"
	"convexgateway/convex"
	convexlive "convexgateway/convex/live"
	"convexgateway/server/call"
)

// An update sends what has changed on a stream. The goroutine that runs it holds Stream.working.

// serve is an update by a worker. If another goroutine runs an update already, that goroutine runs this one as well.
func (s *Stream) serve() {
	s.pending.Store(true)
	if s.ownUpdates.Load() > 0 {
		s.wakeUp()
		return
	}
	for s.pending.Load() && s.working.TryLock() {
		s.pending.Store(false)
		if s.end == nil {
			s.end = s.guarded(s.update)
		}
		if s.end != nil {
			s.wakeUp()
		}
		s.working.Unlock()
	}
}

// guarded runs f, in which a panic ends this stream only. It does without [call.Recover], whose arguments every update would have to read.
func (s *Stream) guarded(f func() error) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = call.PanicError(s.ctx, s.streams.Logger, value)
		}
	}()
	return f()
}

// ownUpdate is an update by the stream's own goroutine. While workers skip the stream, each quick update counts ownUpdates
// down, and a slow one starts the count again.
func (s *Stream) ownUpdate() error {
	s.pending.Store(false)
	if s.ownUpdates.Load() == 0 {
		return s.update()
	}
	began := time.Now()
	err := s.update()
	if time.Since(began) < stuckAfter {
		s.ownUpdates.Add(-1)
	} else {
		s.ownUpdates.Store(ownUpdatesWhenStuck)
	}
	return err
}

// update sends what has changed, of the credential first, because it decides what may be sent; or a heartbeat if nothing has for long.
func (s *Stream) update() error {
	if s.commands != nil {
		if err := s.commands.Apply(); err != nil {
			return err
		}
	}
	if state := s.lease.State(); state != s.state {
		before := s.state
		s.take(state)
		if err := s.applyCredential(before); err != nil {
			return err
		}
	}
	if err := s.show(); err != nil {
		return err
	}
	return s.keepAlive()
}

// take takes in a newer state of the credential.
func (s *Stream) take(state *lease.CredentialState) {
	s.state, s.silentFrom = state, 0
	if !state.SilentFrom.IsZero() {
		s.silentFrom = state.SilentFrom.UnixNano()
	}
}

// silent reports whether no data may leave now. It is stricter than the phase, which changes a moment later.
func (s *Stream) silent() bool { return s.silentFrom != 0 && time.Now().UnixNano() >= s.silentFrom }

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

// adopt switches to a newer token. One with other claims is another identity, which has results of its own.
func (s *Stream) adopt() error {
	id, before := s.state.Identity, s.identity
	s.identity = id
	if id.Key() == before.Key() && s.refused == nil {
		s.sub.Renew(call.CredentialOf(id))
		return nil
	}
	s.deadlines.clear(refusalDue)
	s.refused = nil
	return s.subscribe(id.SamePerson(before))
}

func (s *Stream) subscribe(samePerson bool) error {
	sub, err := s.sink.Subscribe(s, samePerson)
	if err == nil {
		s.sub = sub
	}
	return err
}

// show sends the newest state, unless the token is about to expire: no result leaves the gateway then.
func (s *Stream) show() error {
	if s.sub == nil || s.refused != nil { // nothing to send, or not before another token arrives
		return nil // refused is returned when the wait is over
	}
	state := s.sub.State()
	defer s.sub.Shown()
	if state.Err != nil {
		return s.refuse(state.Err)
	}
	if !s.accepted && Confirmed(state) {
		s.accepted = true
		s.streams.Accepted(s.ctx, s.identity)
	}
	s.unchecked = state.IssuerUnreachable
	s.trackLink(state)
	if s.silent() {
		return nil
	}
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

// trackLink starts or stops the wait for an unreachable deployment. One that cannot reach the token's issuer is not.
func (s *Stream) trackLink(state convexlive.State) {
	unreachable := state.Link != convexlive.Connected && !state.IssuerUnreachable
	if unreachable == s.unreachable {
		return
	}
	s.unreachable = unreachable
	if unreachable {
		s.deadlines.set(unreachableDue, s.streams.UnreachableWait)
	} else {
		s.deadlines.clear(unreachableDue)
	}
}
