package server

import (
	"sync"
	"time"

	"convexgateway/internal/expiring"
	"convexgateway/server/call"
)

// maxUsedTickets bounds usedTickets: 3,700 tickets a second.
const maxUsedTickets = 1 << 17

// usedTickets holds the ids of used tickets for as long as these would be good. Unlike a cache it never drops one to make room:
// when it is full, tickets are refused. Safe for concurrent use.
type usedTickets struct {
	ids *expiring.Map[ticketID, struct{}]

	mu          sync.Mutex // makes each look-up and its consequence one step
	closedUntil time.Time  // until then a ticket may have been used without being in ids
}

// usedTicketLife is longer than any ticket is good for.
const usedTicketLife = ticketLife + ticketSkew + time.Second

func newUsedTickets(limit int) *usedTickets {
	return &usedTickets{ids: expiring.New[ticketID, struct{}](limit)}
}

// add records a ticket, and reports whether this is its first use. If that cannot be decided, it fails with
// [call.ErrTooManyStreams].
func (u *usedTickets) add(id ticketID, now time.Time) (first bool, err error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	_, used := u.ids.Get(id, now)
	switch {
	case used:
		return false, nil
	case u.ids.Full(now), now.Before(u.closedUntil):
		return false, call.ErrTooManyStreams
	}
	return u.ids.Add(id, struct{}{}, now.Add(usedTicketLife), now), nil
}

// mark records a ticket that was used on another replica. If there is no room, none is accepted here until it has expired.
func (u *usedTickets) mark(id ticketID, now time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if _, used := u.ids.Get(id, now); !used && u.ids.Full(now) {
		u.closedUntil = now.Add(usedTicketLife)
		return
	}
	u.ids.Put(id, struct{}{}, now.Add(usedTicketLife), now)
}
