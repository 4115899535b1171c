package convex

import (
	"context"
	"sync"
	"time"
)

// Identity is the key of a caller's identity: callers with equal keys, and no others, share a session and its queries.
// The zero key is that of all anonymous callers. Who makes keys must see to it that equal keys mean equal claims.
type Identity [32]byte

// Credential is what a caller has to show. The zero value is an anonymous caller.
type Credential struct {
	Identity Identity
	Token    string // JWT for the deployment
	Issued   time.Time
	Expires  time.Time
}

// anonymous reports whether the deployment is shown no token.
func (c Credential) anonymous() bool { return c.Identity == Identity{} }

// renewFrom is from when on the deployment should be shown a newer token. Not earlier: it runs every query of the session
// again for each token.
func (c Credential) renewFrom() time.Time {
	if c.Issued.IsZero() {
		return c.Expires.Add(-minRenewLead)
	}
	lifetime := c.Expires.Sub(c.Issued)
	return c.Expires.Add(-min(max(minRenewLead, lifetime/6), lifetime/2))
}

// minRenewLead is how long before its expiry a token is replaced at the latest, unless it lives for less than twice that.
const minRenewLead = 10 * time.Second

// LinkState is how a session's socket is.
type LinkState int

// States of a link.
const (
	Connecting   LinkState = iota // being made for the first time
	Connected                     // the deployment has answered to everything that a new socket starts with
	Reconnecting                  // lost, and being made again; results may be old
)

func (l LinkState) String() string { return [...]string{"connecting", "connected", "reconnecting"}[l] }

// State is all that a subscriber can know at one moment.
type State struct {
	Link      LinkState
	Confirmed bool    // the deployment has accepted a token of this identity; true for anonymous callers once connected
	Doubtful  bool    // the deployment could not check the token, because it could not reach its issuer; it is asked again
	Result    *Result // newest outcome of the query; nil before the first, and for subscriptions without a query
	Err       error   // not nil: the subscription has ended with this, and nothing changes any more
}

// Subscription follows one query, or with no query only its session. It holds one slot with the newest state: a reader
// that lags skips the states between, and delays nobody. Its methods may be called concurrently.
type Subscription struct {
	mu     sync.Mutex
	state  State
	unread bool // nobody has looked since it changed

	reader  Reader        // told instead of ready; nil if ready is
	outbox  Outbox        // the reader's
	ready   chan struct{} // one slot; sent to by signal, received by the subscriber
	session *session

	// owned by the session's post
	joined     bool         // the reader is told of changes from now on
	query      *sharedQuery // nil without a query
	place      int          // in the query's list
	notBefore  timestamp    // results are held back until the session has reached this time
	credential Credential
}

// Reader is who follows a subscription without waiting for its channel. It is the right way for many of them: thousands of
// goroutines that wait for one result cost more to wake than what they do with it.
type Reader interface {
	// Outbox is where it is told of news, always the same.
	Outbox() Outbox
}

// Outbox passes news on to the readers it is shared by.
type Outbox interface {
	// Deliver is called with all readers of this outbox whose states have changed at once, but for those who have not looked
	// since they were told last. It must not block, may keep the list, and may be called by several sessions concurrently.
	Deliver(readers []Reader)
}

// Ready is sent to when the state has changed since it was looked at. Changes that come before that make one signal together.
// It is nil for a subscription with a Reader.
func (sub *Subscription) Ready() <-chan struct{} { return sub.ready }

// State returns the newest state.
func (sub *Subscription) State() State {
	sub.mu.Lock()
	defer sub.mu.Unlock()
	sub.unread = false
	return sub.state
}

// Next waits for Ready and returns the newest state. Its error is the context's; the end of the subscription is State.Err.
func (sub *Subscription) Next(ctx context.Context) (State, error) {
	select {
	case <-sub.ready:
		return sub.State(), nil
	case <-ctx.Done():
		return State{}, ctx.Err()
	}
}

// put replaces the state, and reports whether there is somebody to tell who does not know yet that it has changed.
func (sub *Subscription) put(state State) (tell bool) {
	sub.mu.Lock()
	defer sub.mu.Unlock()
	if sub.state == state || sub.state.Err != nil {
		return false
	}
	if sub.unread && sub.state.Result != nil && state.Result != sub.state.Result {
		sub.session.stats.conflated.Add(1)
	}
	tell = !sub.unread
	sub.state, sub.unread = state, true
	return tell
}

// signal tells who waits for Ready. It never blocks.
func (sub *Subscription) signal() {
	select {
	case sub.ready <- struct{}{}:
	default: // the last one has not been taken, or nobody can
	}
}

// Renew replaces the subscriber's token by a newer one of the same identity.
func (sub *Subscription) Renew(credential Credential) {
	sub.session.post(func() { sub.session.renew(sub, credential) })
}

// Close ends the subscription. It may be called twice.
func (sub *Subscription) Close() {
	if sub.put(State{Err: ErrClosed}) {
		sub.signal()
	}
	sub.session.post(func() { sub.session.leave(sub) })
}
