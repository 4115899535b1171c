package live

import (
	"context"
	"sync"
	"sync/atomic"

	"convexgateway/convex"
	"convexgateway/convex/live/protocol"
)

// LinkState is how a session's socket is.
type LinkState uint8

// States of a link.
const (
	Connecting   LinkState = iota // being made for the first time
	Connected                     // the deployment has answered to everything that a new socket starts with
	Reconnecting                  // lost, and being made again; results may be old
)

func (l LinkState) String() string { return [...]string{"connecting", "connected", "reconnecting"}[l] }

// State is all that a subscriber gets of one moment.
type State struct {
	Link              LinkState
	Confirmed         bool           // the deployment has accepted a token of this identity; true for anonymous callers once connected
	IssuerUnreachable bool           // the deployment could not check the token, because it could not reach its issuer; it tries again
	Result            *convex.Result // newest outcome of the query; nil before the first, and for subscriptions without a query
	ReadTime          uint64         // the newest time at which the result is known to hold, as Result.Timestamp
	Err               error          // not nil: the subscription has ended with this, and nothing changes any more

	reached *atomic.Uint64 // of the upstream: its newest results are those of this time; nil before a subscriber has joined, and after its end
}

// Subscription follows one query, or with no query only its session. It holds one slot with the newest state: a reader
// that lags skips the states between, and delays no other. Its methods may be called concurrently.
type Subscription struct {
	mu       sync.Mutex
	state    State
	listener Listener // notified instead of ready; nil if ready is
	notifier Notifier // the listener's
	joined   bool     // the listener is notified of changes from now on; only on the session's loop
	versions versions

	ready     chan struct{}  // one slot; sent to by signal, received by the subscriber
	conflated *atomic.Uint64 // counts results that were replaced unread
	renew     func(*Subscription, convex.Credential)
	leave     func(*Subscription)

	// only on the session's loop
	query      *sharedQuery // nil without a query
	place      int          // in the query's list
	until      awaitedTime  // for which the first result is held back
	credential convex.Credential
	caller     string
	journal    string
}

func (sub *Subscription) asksFor() string { return sub.caller }

// upstream is the one that serves it: the first without a query.
func (sub *Subscription) upstream(s *session) *upstream {
	if sub.query == nil {
		return s.upstreams.first
	}
	return sub.query.at
}

// newSubscription makes one whose functions are still to be set.
func newSubscription(credential convex.Credential, opts SubscribeOptions) *Subscription {
	sub := &Subscription{credential: credential, caller: opts.Caller, journal: opts.Journal, until: awaitedTime{time: protocol.Timestamp(opts.NotBefore)}, listener: opts.Listener}
	if sub.listener == nil {
		sub.ready = make(chan struct{}, 1)
	} else {
		sub.notifier = sub.listener.Notifier()
	}
	return sub
}

// Listener is notified of a subscription's changes without waiting for its channel. It is the right way for many of them:
// thousands of goroutines, each woken to read one slot, take far longer than one that reads all of the slots. It calls
// Subscription.Shown after each State, when it has passed that state on; and of a Set, Shown after each Take.
type Listener interface {
	// Notifier is called once. Subscriptions with equal ones are notified together; they are compared with ==.
	Notifier() Notifier
}

// Notifier notifies the listeners that share it.
type Notifier interface {
	// Notify is called with all listeners of this notifier whose states have changed at once, but for those that have not
	// called State, or Take, since they were last notified. It must not block, may keep the list, and may be called by several sessions
	// concurrently.
	Notify(listeners []Listener)
}

// Ready is sent to when the state has changed since State was called. Changes before the next call make one signal together.
// It is nil for a subscription with a Listener.
func (sub *Subscription) Ready() <-chan struct{} { return sub.ready }

// State returns the newest state.
func (sub *Subscription) State() State {
	sub.mu.Lock()
	defer sub.mu.Unlock()
	sub.versions.read = sub.versions.put
	state := sub.state
	if state.ReadTime == 0 && state.reached != nil { // otherwise that of the upstream is not known to be the result's
		state.ReadTime = state.reached.Load() // set after the slots: what this one holds is as new, or newer
	}
	if state.Result != nil {
		state.ReadTime = max(state.ReadTime, state.Result.Timestamp)
	}
	return state
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

// put replaces the state, and reports whether it has changed for the first time since State was called.
func (sub *Subscription) put(state State) (changed bool) {
	sub.mu.Lock()
	defer sub.mu.Unlock()
	if sub.state == state || sub.state.Err != nil {
		return false
	}
	unread := sub.versions.read != sub.versions.put
	if unread && sub.state.Result != nil && state.Result != sub.state.Result {
		sub.conflated.Add(1)
	}
	sub.state = state
	sub.versions.put++
	if state.Err != nil { // an end reflects no mutation
		sub.versions.release(func(uint32) bool { return true })
	}
	return !unread
}

// signal sends to Ready. It never blocks.
func (sub *Subscription) signal() {
	select {
	case sub.ready <- struct{}{}:
	default: // the last signal has not been received, or there is no channel
	}
}

// Renew replaces the subscriber's token by a newer one of the same identity.
func (sub *Subscription) Renew(credential convex.Credential) { sub.renew(sub, credential) }

// Close ends the subscription. It may be called twice.
func (sub *Subscription) Close() {
	if sub.put(State{Err: ErrClosed}) {
		sub.signal()
	}
	sub.leave(sub)
}
