package live

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"convexgateway/convex"
	"convexgateway/convex/live/protocol"
	"convexgateway/convex/live/transport"
)

// connect dials unless the link is busy, or the session is not in use. Without a usable token it waits for one.
func (s *session) connect() {
	if s.link.busy() || !s.inUse() {
		return
	}
	if _, found := s.bestToken(); !found && s.credentials.needed() {
		s.awaitToken()
		return
	}
	s.tokenFound()
	s.link.start()
}

// awaitToken waits for a usable token of the same user. Requests wait for the grace only: a mutation whose answer was lost at its
// token's end is committed or not, and only another token can show which.
func (s *session) awaitToken() {
	s.link.idle()
	if s.tokenless != nil {
		return
	}
	s.tokenless = s.loop.postAfter(max(0, s.opts.TokenGrace), func() {
		s.tokenless = nil
		s.apply(s.machine.FailRequests(expired(convex.Mutation), func(*protocol.Request) bool { return true }))
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

// dialed starts a new socket.
func (s *session) dialed(socket *transport.Socket) {
	var token convex.Credential
	if s.credentials.needed() {
		best, found := s.bestToken()
		if !found {
			s.awaitToken()
			s.link.discard(socket)
			return
		}
		s.tokenFound()
		token = best
		s.useToken(token)
	}
	s.credentials.accepted = convex.Credential{}
	s.link.use(socket)
	s.awaitAnswer()
	effects := s.machine.Open(token.Token, s.link.reason, time.Now())
	s.coverHeld()
	s.apply(effects)
}

// A deployment that checks a token handles nothing else of the socket meanwhile, not even its Ping after 15 s without another
// message: get-convex/convex-backend crates/sync/src/worker.rs. It waits for the token's issuer without end.
const (
	stalledAfter = 20 * time.Second // without any message while a token has no answer
	stalledAgain = 10 * time.Second // the same, once the issuer is known to be out of reach
)

// awaitAnswer ends the socket if the token that was sent gets no answer, nor anything else comes.
func (s *session) awaitAnswer() {
	if s.machine.TokenAccepted() {
		return
	}
	patience := stalledAfter
	if s.status.IssuerUnreachable {
		patience = stalledAgain
	}
	socket := s.link.socket
	stop(s.stalled)
	s.stalled = s.loop.postAfter(patience, func() {
		if socket == s.link.socket && !s.machine.TokenAccepted() {
			s.opts.outages.unchecked.Happened("error", errStalled)
			s.lost(errStalled)
		}
	})
}

var errStalled = fmt.Errorf("%w: the issuer does not answer the deployment", errSilence)

// received follows up on a message of the deployment.
func (s *session) received(message protocol.ServerMessage) {
	if !s.machine.TokenAccepted() {
		s.stalled.Reset(stalledAfter)
	}
	switch m := message.(type) {
	case *protocol.Transition:
		s.transition(m)
	case *protocol.Response:
		s.apply(s.machine.Respond(m))
		s.lingerIfIdle()
	case *protocol.AuthError:
		s.authFailed(m)
	case *protocol.FatalError:
		s.opts.Logger.Error("the deployment says that the client is wrong") // and its text may quote arguments
		err := &convex.DeploymentError{Class: convex.Refused, Code: "FatalError"}
		s.drop("FatalError", protocol.Ending{Err: err, Fatal: true})
		s.link.retryAfter(unknownRetry)
	}
}

// transition applies new results, all at once.
func (s *session) transition(t *protocol.Transition) {
	effects, err := s.machine.Apply(t)
	if err != nil {
		s.lost(err)
		return
	}
	if s.machine.CaughtUp() {
		s.link.backoff.Reset()
	}
	if s.machine.TokenAccepted() {
		stop(s.stalled)
		s.credentials.accepted = s.credentials.sent
	}
	if live := (State{Link: Connected, Confirmed: true}); s.machine.Established() && s.status != live {
		s.opts.outages.unchecked.Succeeded()
		s.status = live
		s.link.idle()
		s.deliverAll()
	}
	s.apply(effects)
	s.lingerIfIdle()
	s.tokenChanged()
}

// lost drops the present socket and has another dialed.
func (s *session) lost(err error) {
	reason := lossReason(err)
	s.opts.outages.ended[lossCause(reason)].Happened("reason", reason)
	issuer := convex.IssuerUnreachable(reason, "") || errors.Is(err, errStalled)
	s.status.IssuerUnreachable = s.status.IssuerUnreachable || issuer
	s.drop(reason, endingOf(err, reason))
	s.link.retryAfter(retryPace(err, reason))
}

// drop ends the socket, if there is one, and what was found to be poison on it.
func (s *session) drop(reason string, ending protocol.Ending) {
	if !s.link.drop(reason) {
		return
	}
	stop(s.renewal)
	stop(s.stalled)
	if s.status.Link == Connected {
		s.status.Link = Reconnecting
	}
	s.uncoverHeld()
	effects := s.machine.Close(ending)
	if effects.TimeReset {
		s.opts.outages.behind.Happened()
	}
	for _, id := range effects.Failed {
		s.failQuery(s.subscribers.byID[id], ending.Err)
	}
	if effects.FailedAll {
		s.failAll(ending.Err)
	}
	s.deliverAll()
	s.apply(effects)
	s.contend(effects.Contended)
	s.lingerIfIdle()
}

// contend has a mutation sent again after a pause, or ends it if it has no time left for that.
func (s *session) contend(r *protocol.Request) {
	if r == nil {
		return
	}
	pause, again := r.Contention.Next()
	if !again {
		effects, ended := s.machine.GiveUp(r)
		s.apply(effects)
		if ended {
			return
		}
		pause = 0 // once more, alone: that shows whether it is committed
	}
	stop(s.resending)
	s.resending = s.loop.postAfter(pause, func() { s.apply(s.machine.Resume()) })
}

// failedFor is how long subscribers of a query that was found to be poison get its failure at once.
const failedFor = time.Minute

// failQuery ends a query that is poison, and its subscribers.
func (s *session) failQuery(q *sharedQuery, err error) {
	s.opts.Logger.Error("a query has ended the socket to the deployment and is taken off", "path", q.key.path.String())
	for _, sub := range slices.Clone(q.subs) {
		s.end(sub, err)
	}
	stop(q.linger)
	q.failure = err
	delete(s.subscribers.byID, q.id)
	q.linger = s.loop.postAfter(failedFor, func() { s.subscribers.removeQuery(q) })
}

// failAll ends all subscribers and queries.
func (s *session) failAll(err error) {
	for sub := range s.subscribers.all {
		s.end(sub, err)
	}
	for _, q := range s.subscribers.byID {
		s.subscribers.removeQuery(q)
	}
}

// end ends a subscriber with an error.
func (s *session) end(sub *Subscription, err error) {
	s.subscribers.put(sub, State{Link: s.status.Link, Err: err})
	s.leave(sub)
}

// tokenChanged follows up on a new or newer token: a reconnect may wait for it, or the deployment may need it.
func (s *session) tokenChanged() {
	if s.link.socket == nil {
		s.connect()
		return
	}
	if !s.credentials.needed() || !s.machine.TokenAccepted() {
		return // while a token awaits its answer, none is sent: it must be clear which one a refusal is for
	}
	if wait := time.Until(renewFrom(s.credentials.sent)); wait > 0 {
		s.renewal.Reset(wait)
		return
	}
	if best, found := s.bestToken(); found && best.Expires.After(s.credentials.sent.Expires) {
		s.useToken(best)
		s.link.send(s.machine.Authenticate(best.Token).Messages)
		s.awaitAnswer()
	}
}

// useToken notes the token that is sent, and when it is to be renewed.
func (s *session) useToken(c convex.Credential) {
	s.credentials.sent = c
	stop(s.renewal)
	s.renewal = s.loop.postAfter(time.Until(renewFrom(c)), s.tokenChanged)
}

// authFailed drops the socket, and ends the owners of a token that the deployment has refused.
func (s *session) authFailed(m *protocol.AuthError) {
	if convex.IssuerUnreachable("", m.Message) {
		s.opts.outages.unchecked.Happened("error", m.Message)
		s.status.IssuerUnreachable = true
		s.drop("AuthError", protocol.Ending{})
		s.link.retryAfter(issuerRetry) // the token was not checked: it may be good
		return
	}
	s.opts.outages.refused.Happened("update", m.UpdateAttempted, "error", m.Message)
	if m.UpdateAttempted && m.BaseVersion != nil && *m.BaseVersion+1 < s.machine.TokensSent() {
		return // an older token than the last, which has no answer yet; the deployment closes the socket
	}
	s.status.IssuerUnreachable = false
	s.drop("AuthError", protocol.Ending{})
	if token, err := s.credentials.refuse(m, time.Now()); err != nil {
		s.endOwners(token, err)
	}
	s.link.retryAfter(dialRetry)
}

// endOwners ends the subscribers and requests with a token.
func (s *session) endOwners(token string, err error) {
	for sub := range s.subscribers.all {
		if sub.credential.Token == token {
			s.end(sub, err)
		}
	}
	s.apply(s.machine.FailRequests(err, func(r *protocol.Request) bool { return r.Credential.Token == token }))
	s.lingerIfIdle()
}
