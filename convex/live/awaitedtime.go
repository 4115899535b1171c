package live

import (
	"iter"
	"time"

	"convexgateway/convex/live/protocol"
)

// awaitedTime is the time of the deployment that an upstream has to reach before a result is delivered: to a subscriber that asks for it, or
// of a query that was read at that time on another upstream.
type awaitedTime struct {
	time    protocol.Timestamp
	covered uint32 // or until the deployment has answered to this version of the query set; 0: not sent yet
}

// reached reports whether a time is awaited no longer.
func (u *upstream) reached(t awaitedTime) bool {
	return t.time <= u.machine.Reached() || t.covered != 0 && u.machine.Covers(t.covered)
}

// awaited are the times that this upstream has to reach.
func (u *upstream) awaited() iter.Seq[*awaitedTime] {
	return func(yield func(*awaitedTime) bool) {
		for _, p := range u.behind {
			if !yield(&p.until) {
				return
			}
		}
		for sub := range u.session.subscribers.held {
			if sub.upstream(u.session) == u && !yield(&sub.until) {
				return
			}
		}
		for g := range u.session.subscribers.awaiting {
			if g.at == u && !g.awaited(yield) {
				return
			}
		}
	}
}

// askTime asks for the deployment's newest time if a time is awaited that is not covered by what was sent since.
func (u *upstream) askTime() {
	for t := range u.awaited() {
		if t.covered == 0 {
			if u.ask() {
				u.coverAwaited()
			}
			return
		}
	}
}

// ask asks for the deployment's newest time, unless that is under way. It does not use a token that is about to expire: that would end
// the socket.
func (u *upstream) ask() bool {
	if u.link.socket == nil || u.session.credentials.needed() && time.Until(u.tokens.sent.Expires) <= time.Second {
		return false
	}
	effects, asked := u.machine.AskTime()
	u.send(effects.Messages)
	return asked
}

// coverAwaited notes that the answer to what was sent last is at a time that is late enough for all.
func (u *upstream) coverAwaited() {
	for t := range u.awaited() {
		if t.covered == 0 {
			t.covered = u.machine.QuerySetSent()
		}
	}
}

// uncoverAwaited notes that the socket is gone, and with it what was asked.
func (u *upstream) uncoverAwaited() {
	for t := range u.awaited() {
		t.covered = 0
	}
}
