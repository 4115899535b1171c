package call

import (
	"strings"
	"sync/atomic"
	"time"

	"convexgateway/auth"

	"convexgateway/server/call/limit"
)

// Limits are what every call is admitted by, before its message is read. Nil fields have no limit. Safe for concurrent use.
type Limits struct {
	Arriving *limit.Places // of calls over gRPC that have begun and are not admitted yet, by address
	Rate     *limit.Rate   // of calls
	Refused  *limit.Rate   // of refused credentials
	Budget   *limit.Budget // of bytes
	Unary    *limit.Places // of unary calls under way
	Streams  *limit.Places // of open streams
	Checks   *limit.Places // of unary calls that need no credential: of health, webhooks, documents
	Probes   *limit.Places // of streams of health and reflection
	Refusals *limit.Refusals
	// Hides reports whether an address hides those of most clients, as a load balancer's does. Its anonymous callers are counted by
	// connection. nil: none does.
	Hides func(address string) bool
}

// CallerOf returns what limits count a call by: its user, or, for an anonymous one, the network of its address, or its connection.
func (l *Limits) CallerOf(c *Call, id *auth.Identity) string {
	switch {
	case id != nil:
		return "user " + id.Issuer + " " + id.Subject
	case l.Hides != nil && c.Address == HostOf(c.Peer) && l.Hides(c.Address):
		return "connection " + c.Peer
	}
	return "address " + network(c.Address)
}

// ServiceShares sets the part of all limits that services may have, by their subjects. Call it before the first call.
func (l *Limits) ServiceShares(issuer string, share func(subject string) float64) {
	shares := func(caller string) float64 {
		if subject, found := strings.CutPrefix(caller, "user "+issuer+" "); found {
			return share(subject)
		}
		return 0
	}
	l.Unary.Shares, l.Streams.Shares, l.Budget.Shares = shares, shares, shares
}

// Kind is what a call is to limits.
type Kind int

// Kinds of calls.
const (
	Unary Kind = iota
	Stream
	Check // unary, without a credential
	Probe // a stream of health or reflection
)

// Admit admits a call of a caller: it takes a place and opens the call's hold. Release gives both back.
func (l *Limits) Admit(c *Call, caller string, kind Kind, now time.Time) error {
	c.caller = caller
	places := [...]*limit.Places{Unary: l.Unary, Stream: l.Streams, Check: l.Checks, Probe: l.Probes}[kind]
	if kind == Unary || kind == Stream {
		if err := l.Rate.Allow(caller, now); err != nil {
			return err
		}
	}
	if err := places.Take(caller); err != nil {
		return err
	}
	c.places, c.Hold = places, l.Budget.Open(caller)
	return nil
}

// Arrival is the place of a call that arrives. The zero value has none. Safe for concurrent use.
type Arrival struct {
	Places *limit.Places
	Caller string
	taken  atomic.Bool
}

// Take takes the place.
func (a *Arrival) Take() error {
	err := a.Places.Take(a.Caller)
	a.taken.Store(err == nil)
	return err
}

// Free frees it, once.
func (a *Arrival) Free() {
	if a.taken.Swap(false) {
		a.Places.Free(a.Caller)
	}
}

// Caller returns by what limits count the call: before it is admitted, by its address.
func (c *Call) Caller() string {
	if c.caller == "" {
		return "address " + network(c.Address)
	}
	return c.caller
}

// Release gives back what an admitted call has taken, but for what parts of its hold have. It may be called for any call.
func (c *Call) Release() {
	if c.Hold == nil {
		return
	}
	c.Hold.Close()
	c.places.Free(c.caller)
	c.Hold = nil
}
