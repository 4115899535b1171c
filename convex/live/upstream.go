package live

import (
	"sync/atomic"
	"time"

	"convexgateway/convex"
	"convexgateway/convex/live/protocol"
	"convexgateway/convex/live/transport"
	"convexgateway/internal/wait"
)

// upstream is one socket of a session to the deployment, over all of its reconnects, with the queries that are on it. Its methods run on
// the session's loop.
type upstream struct {
	session  *session
	link     link
	machine  *protocol.Machine
	tokens   tokens
	queries  map[protocol.QueryID]*sharedQuery // those that are live
	readTime atomic.Uint64                     // the time that all results in its subscribers' slots reflect
	status   State                             // of its subscribers, but for the result

	renewal *time.Timer // sends a newer token
	stalled *time.Timer // ends a socket on which a token gets no answer
}

// tokens are those that were sent on a socket.
type tokens struct {
	sent     convex.Credential // last
	accepted convex.Credential // last that the deployment has accepted; zero before
}

func newUpstream(s *session) *upstream {
	u := &upstream{session: s, machine: protocol.NewMachine(s.sessionID), queries: map[protocol.QueryID]*sharedQuery{}}
	u.link = link{
		opts: s.opts, stats: s.stats, loop: &s.loop, workers: &s.workers, events: u, reason: "InitialConnect",
		backoff: wait.Backoff{Max: 16 * time.Second, Random: s.opts.random},
	}
	return u
}

// close ends dials and timers. The socket was dropped before.
func (u *upstream) close() {
	stop(u.stalled)
	u.link.close()
}

// inUse reports whether a socket is needed.
func (u *upstream) inUse() bool { return u.session.inUse() }

// add makes a query live here.
func (u *upstream) add(q *sharedQuery) {
	id, effects := u.machine.Add(q.key.path, []byte(q.key.args))
	q.at, q.id = u, id
	u.queries[id] = q
	u.link.send(effects.Messages)
}

// remove ends a query.
func (u *upstream) remove(id protocol.QueryID) {
	u.forget(id)
	u.apply(u.machine.Remove(id))
}

// forget notes that a query is not live any more.
func (u *upstream) forget(id protocol.QueryID) { delete(u.queries, id) }

// connect dials unless the link is busy, or the socket is not needed. Without a usable token it waits for one.
func (u *upstream) connect() {
	if u.link.busy() || !u.inUse() {
		return
	}
	if _, found := u.session.bestToken(); !found && u.session.credentials.needed() {
		u.awaitToken()
		return
	}
	u.session.tokenFound()
	u.link.start(u.session.dial)
}

func (u *upstream) awaitToken() {
	u.link.idle()
	u.session.awaitToken()
}

// dialed starts a new socket.
func (u *upstream) dialed(socket *transport.Socket) {
	s := u.session
	var token convex.Credential
	if s.credentials.needed() {
		best, found := s.bestToken()
		if !found {
			u.awaitToken()
			u.link.discard(socket)
			return
		}
		s.tokenFound()
		token = best
		u.useToken(token)
	}
	u.tokens.accepted = convex.Credential{}
	u.link.use(socket)
	u.awaitAnswer()
	effects := u.machine.Open(token.Token, u.link.reason, time.Now())
	u.coverHeld()
	u.apply(effects)
}

// tokenChanged follows up on a new or newer token: a reconnect may wait for it, or the deployment may need it.
func (u *upstream) tokenChanged() {
	if u.link.socket == nil {
		u.connect()
		return
	}
	if !u.session.credentials.needed() || !u.machine.TokenAccepted() {
		return // while a token awaits its answer, none is sent: it must be clear which one a refusal is for
	}
	if wait := time.Until(renewFrom(u.tokens.sent)); wait > 0 {
		u.renewal.Reset(wait)
		return
	}
	if best, found := u.session.bestToken(); found && best.Expires.After(u.tokens.sent.Expires) {
		u.useToken(best)
		u.link.send(u.machine.Authenticate(best.Token).Messages)
		u.awaitAnswer()
	}
}

// useToken notes the token that is sent, and when it is to be renewed.
func (u *upstream) useToken(c convex.Credential) {
	u.tokens.sent = c
	stop(u.renewal)
	u.renewal = u.session.loop.postAfter(time.Until(renewFrom(c)), u.tokenChanged)
}

// askTime asks for the deployment's newest time if a subscriber waits for one and is not covered by what was sent since. It does
// not use a token that is about to expire: that would end the socket.
func (u *upstream) askTime() {
	if u.link.socket == nil || u.session.credentials.needed() && time.Until(u.tokens.sent.Expires) <= time.Second {
		return
	}
	for sub := range u.session.subscribers.held {
		if sub.covered != 0 || sub.upstream(u.session) != u {
			continue
		}
		effects, asked := u.machine.AskTime()
		if !asked {
			return
		}
		u.coverHeld()
		u.link.send(effects.Messages)
		return
	}
}

// coverHeld notes that what was sent last will be answered at a time that serves all who wait.
func (u *upstream) coverHeld() {
	for sub := range u.session.subscribers.held {
		if sub.covered == 0 && sub.upstream(u.session) == u {
			sub.covered = u.machine.QuerySetSent()
		}
	}
}

// uncoverHeld notes that the socket is gone, and with it what was asked.
func (u *upstream) uncoverHeld() {
	for sub := range u.session.subscribers.held {
		if sub.upstream(u.session) == u {
			sub.covered = 0
		}
	}
}

// apply does what follows from an event. Subscribers come before the callers of requests, so that a caller reads its own write.
func (u *upstream) apply(effects protocol.Effects) {
	s := u.session
	for _, id := range effects.Changed {
		if q := u.queries[id]; q != nil {
			s.subscribers.deliverQuery(q, u.state(q))
		}
	}
	u.readTime.Store(uint64(u.machine.Reached())) // after the slots: see Subscription.State
	for sub := range s.subscribers.held {
		if sub.upstream(s) == u && (sub.notBefore <= u.machine.Reached() || sub.covered != 0 && u.machine.Covers(sub.covered)) {
			s.release(sub)
		}
	}
	s.finishRequests(effects)
	u.link.send(effects.Messages)
	u.askTime()
}

// deliverAll puts the present state into the slots of all its subscribers.
func (u *upstream) deliverAll() {
	for sub := range u.session.subscribers.all {
		if sub.upstream(u.session) == u {
			u.session.deliver(sub)
		}
	}
}

// state is that of the subscribers of a query, or of the session alone.
func (u *upstream) state(q *sharedQuery) State {
	state := u.status
	state.reached = &u.readTime
	if q == nil {
		return state
	}
	state.Result = u.machine.Result(q.id)
	if known, missing := u.machine.Missing(q.id); missing {
		state.ReadTime = uint64(known)
	}
	if state.Link == Connected && u.machine.Quarantined(q.id) {
		state.Link = Reconnecting
	}
	return state
}
