package nats

import (
	"slices"
	"time"

	"convexgateway/auth"
	"convexgateway/auth/lease"
	"convexgateway/internal/expiring"
)

// How long notices are kept.
const (
	// keepRevocations is as long as the tokens that a revocation refuses can be good: a replica that starts meanwhile needs it.
	keepRevocations = auth.ServiceLifetime
	// keepRefreshes is longer than a stream waits for its next token.
	keepRefreshes = time.Minute
	// keepTickets is longer than a ticket is good for.
	keepTickets = time.Minute
	// keepCommands is as long as a function can be blocked: a replica that starts meanwhile needs it.
	keepCommands = lease.MaxBlock
	// keepRecalls is longer than a question is on its way.
	keepRecalls = time.Minute
)

// What the answer to one question holds at most. The replica that asks goes on with another question.
const (
	maxAnswerNotices = 500
	maxAnswerBytes   = 256 << 10
)

// recent holds the recent notices. Safe for concurrent use.
type recent struct {
	revocations, refreshes, tickets, commands, recalls expiringSet
}

func newRecent() *recent {
	return &recent{
		revocations: newExpiringSet(10_000, keepRevocations),
		refreshes:   newExpiringSet(1_000, keepRefreshes), // of up to 8 KiB each
		tickets:     newExpiringSet(10_000, keepTickets),
		commands:    newExpiringSet(10_000, keepCommands),
		recalls:     newExpiringSet(1_000, keepRecalls),
	}
}

// tooOld reports whether a message is older than those of its kind are kept.
func (r *recent) tooOld(m message, now time.Time) bool { return now.Sub(m.At) > r.kind(m).keep }

// add keeps a notice or a question and reports whether it is new, and not too old.
func (r *recent) add(m message, now time.Time) bool { return r.kind(m).add(m, now) }

// kind returns the set of a message's kind.
func (r *recent) kind(m message) expiringSet {
	switch {
	case m.Recall:
		return r.recalls
	case m.Notice.Revocation != nil:
		return r.revocations
	case m.Notice.Refresh != nil:
		return r.refreshes
	case m.Notice.Command != nil:
		return r.commands
	default:
		return r.tickets
	}
}

// since returns the notices sent at a time or later, the oldest first.
func (r *recent) since(from, now time.Time) (found []message) {
	for _, set := range []expiringSet{r.revocations, r.refreshes, r.tickets, r.commands} {
		for _, m := range set.messages.Values(now) {
			if !m.At.Before(from) && now.Before(m.dropAt) {
				found = append(found, m.message)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b message) int { return a.At.Compare(b.At) })
	return found
}

// expiringSet holds the notices of one kind, each until keep after it was sent. When it is full, the oldest is dropped.
type expiringSet struct {
	keep     time.Duration
	messages *expiring.Map[id, recentMessage]
}

// recentMessage is a message that is not repeated any more from dropAt on; its id may be kept for longer.
type recentMessage struct {
	message
	dropAt time.Time
}

func newExpiringSet(limit int, keep time.Duration) expiringSet {
	return expiringSet{keep, expiring.New[id, recentMessage](limit)}
}

// add reports whether a notice is new. One that is older than what is kept is not: it may have been delivered before. One whose
// replica's clock is ahead counts as sent now, but its id is kept until it is too old by this replica's clock, so that it is new
// once, too.
func (s expiringSet) add(m message, now time.Time) bool {
	if now.Sub(m.At) > s.keep {
		return false
	}
	dropAt := m.At
	if m.At.After(now) {
		dropAt = now
	}
	return s.messages.Add(m.ID, recentMessage{m, dropAt.Add(s.keep + 1)}, m.At.Add(s.keep+1), now)
}
