package call

import (
	"time"
)

// Limits are what every call is admitted by, before its message is read. Nil fields have no limit. Safe for concurrent use.
type Limits struct {
	Rate     *Rate   // of calls
	Refused  *Rate   // of refused credentials
	Budget   *Budget // of bytes
	Unary    *Places // of unary calls under way
	Streams  *Places // of open streams
	Checks   *Places // of unary calls that need no credential: of health, webhooks, documents
	Probes   *Places // of streams of health and reflection
	Refusals *Refusals
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
	places := [...]*Places{Unary: l.Unary, Stream: l.Streams, Check: l.Checks, Probe: l.Probes}[kind]
	if kind == Unary || kind == Stream {
		if err := l.Rate.Allow(caller, now); err != nil {
			return err
		}
	}
	if err := places.Take(caller); err != nil {
		return err
	}
	c.caller, c.places, c.Hold = caller, places, l.Budget.Open(caller)
	return nil
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
