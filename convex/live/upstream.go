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
	queries  map[protocol.QueryID]*sharedQuery // those that it serves
	arriving map[protocol.QueryID]*sharedQuery // those that move here; nil if none did
	behind   map[*sharedQuery]*pinned          // those whose time it has not reached; nil if none was
	copies   map[queryKey]*sharedQuery         // of those in queries; nil if there was none
	groups   int                               // that are here, or move here
	trial    *trial                            // nil if there is none; then it serves nothing
	readTime atomic.Uint64                     // the time that all results in its subscribers' slots reflect
	status   State                             // of its subscribers, but for the result
	closed   bool

	sent     []sentTime // of messages without an answer, in order
	slowRuns int        // slow transitions in a row

	renewal   *time.Timer // sends a newer token
	stalled   *time.Timer // ends a socket on which a token gets no answer
	lingering *time.Timer // closes one that is not in use; nil for the first
}

// tokens are those that were sent on a socket.
type tokens struct {
	sent     convex.Credential // last
	accepted convex.Credential // last that the deployment has accepted; zero before
}

func newUpstream(s *session) *upstream {
	u := &upstream{session: s, machine: protocol.NewMachine(s.sessionID), queries: map[protocol.QueryID]*sharedQuery{}}
	if s.opts.Admin {
		u.machine.UseAdminKeys()
	}
	u.link = link{
		opts: s.opts, stats: s.stats, loop: &s.loop, workers: &s.workers, events: u, reason: "InitialConnect",
		backoff: wait.Backoff{Max: 16 * time.Second, Random: s.opts.random},
	}
	return u
}

// close ends dials and timers. The socket was dropped before.
func (u *upstream) close() {
	u.closed = true
	stop(u.renewal)
	stop(u.stalled)
	stop(u.lingering)
	u.link.close()
}

// inUse reports whether a socket is needed.
func (u *upstream) inUse() bool {
	if u == u.session.upstreams.first {
		return u.session.inUse()
	}
	return len(u.queries) > 0 || len(u.arriving) > 0 || u.groups > 0 || u.trial != nil
}

// lingerIfEmpty starts the time after which one that is not in use is closed, but for the first.
func (u *upstream) lingerIfEmpty() {
	if u == u.session.upstreams.first || u.closed || u.inUse() {
		return
	}
	stop(u.lingering)
	u.lingering = u.session.loop.postAfter(u.session.opts.Linger, func() {
		if !u.inUse() {
			u.session.closeUpstream(u)
		}
	})
}

// add makes a query live here.
func (u *upstream) add(q *sharedQuery) {
	id, effects := u.machine.AddWithJournal(q.key.path, []byte(q.key.args), q.page.take())
	q.at, q.id = u, id
	u.queries[id] = q
	u.send(effects.Messages)
}

// remove ends queries.
func (u *upstream) remove(ids ...protocol.QueryID) {
	for _, id := range ids {
		delete(u.behind, u.queries[id])
		delete(u.queries, id)
	}
	u.apply(u.machine.Remove(ids...))
	u.lingerIfEmpty()
}

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
func (u *upstream) dialed(socket *transport.Socket, took time.Duration) {
	s := u.session
	s.fastest.note(took, time.Now())
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
	u.sent = nil
	effects := u.machine.Open(token.Token, u.link.reason, time.Now())
	u.coverAwaited()
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
		u.send(u.machine.Authenticate(best.Token).Messages)
		u.awaitAnswer()
	}
}

// useToken notes the token that is sent, and when it is to be renewed.
func (u *upstream) useToken(c convex.Credential) {
	u.tokens.sent = c
	stop(u.renewal)
	u.renewal = u.session.loop.postAfter(time.Until(renewFrom(c)), u.tokenChanged)
}

// apply does what follows from an event. Subscribers come before the callers of requests, so that a caller reads its own write.
func (u *upstream) apply(effects protocol.Effects) {
	s := u.session
	u.send(effects.Messages) // first: what follows may send later versions of the query set
	for _, id := range effects.Changed {
		if q := u.queries[id]; q != nil {
			u.show(q, len(effects.Changed) == 1)
		}
	}
	u.readTime.Store(uint64(u.machine.Reached())) // after the slots: see Subscription.State
	for sub := range s.subscribers.held {
		if sub.upstream(s) == u && u.reached(sub.until) {
			s.release(sub)
		}
	}
	for g := range s.subscribers.awaiting {
		if g.at == u {
			g.whole = true
			s.subscribers.touch(g)
		}
	}
	for g := range s.subscribers.moving {
		if g.next == u {
			s.subscribers.unplace(g)
		}
	}
	arrived := u.takeOver()
	u.catchUp()
	if arrived || len(effects.Changed) > 0 {
		u.lighten()
	}
	s.endQueries()
	s.fillSets()
	s.finishRequests(effects)
	u.askTime()
}

// show delivers the state of a query to its subscribers, or has it end if its result cannot be held. alone: the event has changed no other.
func (u *upstream) show(q *sharedQuery, alone bool) {
	if result := u.machine.Result(q.id); result != nil && !u.session.pageGoesOn(q, result) {
		return
	}
	state := u.state(q)
	if err := u.session.resize(q, state.Result); err != nil {
		u.session.endings = append(u.session.endings, endOf{q, err})
		return
	}
	u.session.subscribers.deliverQuery(q, state, alone)
}

// deliverAll puts the present state into the slots of all its subscribers.
func (u *upstream) deliverAll() {
	for sub := range u.session.subscribers.all {
		if sub.upstream(u.session) == u {
			u.session.deliver(sub)
		}
	}
	for w := range u.session.subscribers.sets {
		u.session.deliverSet(w, u)
	}
}

// state is that of the subscribers of a query, or of the session alone.
func (u *upstream) state(q *sharedQuery) State {
	state := u.status
	state.reached = &u.readTime
	if q == nil {
		return state
	}
	if p := u.behind[q]; p != nil {
		state.Result, state.ReadTime = p.result, uint64(p.until.time)
		return state
	}
	if q.page.phase == begun {
		state.Result = u.machine.Result(q.id)
	}
	if known, missing := u.machine.Missing(q.id); missing {
		state.ReadTime = uint64(known)
	}
	if state.Link == Connected && u.machine.Quarantined(q.id) {
		state.Link = Reconnecting
	}
	return state
}
