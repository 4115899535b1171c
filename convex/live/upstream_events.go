package live

import (
	"errors"
	"fmt"
	"time"

	"convexgateway/convex"
	"convexgateway/convex/live/protocol"
)

// A deployment that checks a token handles nothing else of the socket meanwhile, not even its Ping after 15 s without another
// message: get-convex/convex-backend crates/sync/src/worker.rs. It waits for the token's issuer without end.
const (
	stalledAfter = 20 * time.Second // without any message while a token has no answer
	stalledAgain = 10 * time.Second // the same, once the issuer is known to be out of reach
)

// awaitAnswer ends the socket if the token that was sent gets no answer, nor anything else comes.
func (u *upstream) awaitAnswer() {
	if u.machine.TokenAccepted() {
		return
	}
	patience := stalledAfter
	if u.status.IssuerUnreachable {
		patience = stalledAgain
	}
	socket := u.link.socket
	stop(u.stalled)
	u.stalled = u.session.loop.postAfter(patience, func() {
		if socket == u.link.socket && !u.machine.TokenAccepted() {
			u.session.opts.outages.unchecked.Happened("error", errStalled)
			u.lost(errStalled)
		}
	})
}

var errStalled = fmt.Errorf("%w: the issuer does not answer the deployment", errSilence)

// received follows up on a message of the deployment.
func (u *upstream) received(message protocol.ServerMessage) {
	if !u.machine.TokenAccepted() {
		u.stalled.Reset(stalledAfter)
	}
	switch m := message.(type) {
	case *protocol.Transition:
		u.transition(m)
	case *protocol.Response:
		u.apply(u.machine.Respond(m))
		u.session.lingerIfIdle()
	case *protocol.AuthError:
		u.authFailed(m)
	case *protocol.FatalError:
		u.session.opts.Logger.Error("the deployment says that the client is wrong") // and its text may quote arguments
		err := &convex.DeploymentError{Class: convex.Refused, Code: "FatalError"}
		u.drop("FatalError", protocol.Ending{Err: err, Fatal: true}, unknownRetry)
	}
}

// transition applies new results, all at once.
func (u *upstream) transition(t *protocol.Transition) {
	effects, err := u.machine.Apply(t)
	if err != nil {
		u.lost(err)
		return
	}
	if u.machine.CaughtUp() {
		u.link.backoff.Reset()
	}
	if u.machine.TokenAccepted() {
		stop(u.stalled)
		u.tokens.accepted = u.tokens.sent
	}
	if live := (State{Link: Connected, Confirmed: true}); u.machine.Established() && u.status != live {
		u.session.opts.outages.unchecked.Succeeded()
		u.status = live
		u.link.idle()
		u.noteUp(true)
		u.deliverAll()
	}
	u.apply(effects)
	u.observe(t)
	u.session.lingerIfIdle()
	u.tokenChanged()
}

// noteUp notes for the pool whether the first upstream is connected.
func (u *upstream) noteUp(up bool) {
	switch s := u.session; {
	case u != s.upstreams.first:
	case up:
		s.downSince.Store(0)
	default:
		s.downSince.CompareAndSwap(0, time.Now().UnixNano())
	}
}

// lost drops the present socket and has another dialed.
func (u *upstream) lost(err error) {
	reason := lossReason(err)
	u.session.opts.outages.ended[lossCause(reason)].Happened("reason", reason)
	issuer := convex.IssuerUnreachable(reason, "") || errors.Is(err, errStalled)
	u.status.IssuerUnreachable = u.status.IssuerUnreachable || issuer
	u.drop(reason, endingOf(err, reason), retryPace(err, reason))
}

// drop ends the socket, if there is one, and what was found to be poison on it. The next one is dialed after a pause, whatever follows.
func (u *upstream) drop(reason string, ending protocol.Ending, again pace) {
	s := u.session
	if !u.link.drop(reason) {
		return
	}
	u.link.retryAfter(again)
	stop(u.renewal)
	stop(u.stalled)
	u.noteUp(false)
	if u.status.Link == Connected {
		u.status.Link = Reconnecting
	}
	if u.trial != nil {
		u.breakTrial(ending, trialPause(reason, ending))
		return
	}
	u.uncoverAwaited()
	if u != s.upstreams.first && !u.inUse() {
		ending = protocol.Ending{} // of nothing that anybody follows
	}
	effects := u.machine.Close(ending)
	if effects.TimeReset {
		s.opts.outages.behind.Happened()
		u.behind = nil
	}
	for _, id := range effects.Failed {
		q := u.queries[id]
		if q == nil {
			q = u.arriving[id]
		}
		if q != nil {
			s.failQuery(q, ending.Err)
		}
	}
	if effects.FailedAll {
		s.failAll(ending.Err)
	}
	u.deliverAll()
	u.apply(effects)
	s.contend(effects.Contended)
	s.quarantine(u)
	s.lingerIfIdle()
}

// trialPause is how long no other query is tried after one has ended its socket.
func trialPause(reason string, ending protocol.Ending) time.Duration {
	switch {
	case ending.Fatal:
		return dialRetry.base
	case convex.Overloaded(reason):
		return overloadRetry.base
	}
	return unknownRetry.base
}

// authFailed drops the socket, and ends the owners of a token that the deployment has refused.
func (u *upstream) authFailed(m *protocol.AuthError) {
	s := u.session
	if convex.IssuerUnreachable("", m.Message) {
		s.opts.outages.unchecked.Happened("error", m.Message)
		u.status.IssuerUnreachable = true
		u.drop("AuthError", protocol.Ending{}, issuerRetry) // the token was not checked: it may be good
		return
	}
	s.opts.outages.refused.Happened("update", m.UpdateAttempted, "error", m.Message)
	if m.UpdateAttempted && m.BaseVersion != nil && *m.BaseVersion+1 < u.machine.TokensSent() {
		return // an older token than the last, which has no answer yet; the deployment closes the socket
	}
	u.status.IssuerUnreachable = false
	u.drop("AuthError", protocol.Ending{}, dialRetry)
	if token, err := s.credentials.refuse(u.tokens, m, time.Now()); err != nil {
		s.endOwners(token, err)
	}
}
