package nats

import (
	"time"

	"convexgateway/auth"
	"convexgateway/internal/expiring"
)

// How long notices are kept.
const (
	// keepRevocations is as long as the tokens that a revocation refuses can be good: a replica that starts meanwhile needs it.
	keepRevocations = auth.DefaultMaxLifetime
	// keepRefreshes is longer than a stream waits for its next token.
	keepRefreshes = time.Minute
	// keepTickets is longer than a ticket is good for.
	keepTickets = time.Minute
)

// recent holds the recent notices. Safe for concurrent use.
type recent struct {
	revocations, refreshes, tickets expiringSet
}

func newRecent() *recent {
	return &recent{
		revocations: newExpiringSet(10_000, keepRevocations),
		refreshes:   newExpiringSet(1_000, keepRefreshes), // of up to 8 KiB each
		tickets:     newExpiringSet(10_000, keepTickets),
	}
}

// add keeps a notice and reports whether it is new.
func (r *recent) add(m message, now time.Time) bool {
	switch {
	case m.Notice.Revocation != nil:
		return r.revocations.add(m, now)
	case m.Notice.Refresh != nil:
		return r.refreshes.add(m, now)
	default:
		return r.tickets.add(m, now)
	}
}

// since returns the notices sent at a time or later, by kind, the oldest first.
func (r *recent) since(from, now time.Time) (found []message) {
	for _, set := range []expiringSet{r.revocations, r.refreshes, r.tickets} {
		for _, m := range set.messages.Values(now) {
			if !m.At.Before(from) {
				found = append(found, m)
			}
		}
	}
	return found
}

// expiringSet holds the notices of one kind, each until keep after it was sent. When it is full, the oldest is dropped.
type expiringSet struct {
	keep     time.Duration
	messages *expiring.Map[id, message]
}

func newExpiringSet(limit int, keep time.Duration) expiringSet {
	return expiringSet{keep, expiring.New[id, message](limit)}
}

// add reports whether a notice is new. One whose replica's clock is ahead counts as sent now. One that is too old to be
// kept always counts as new: to deliver it twice does no harm.
func (s expiringSet) add(m message, now time.Time) bool {
	if m.At.After(now) {
		m.At = now
	}
	if now.Sub(m.At) > s.keep {
		return true
	}
	return s.messages.Add(m.ID, m, m.At.Add(s.keep+1), now)
}
