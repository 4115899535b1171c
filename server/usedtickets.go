package server

import (
	"sync"
	"time"

	"convexgateway/server/call"
)

// maxUsedTickets bounds each half of usedTickets: 3,700 tickets a second.
const maxUsedTickets = 1 << 17

// usedTickets remembers the tickets that were used for as long as they would be good. They stand in two halves, of which
// the older is dropped as a whole once all in it have expired. It may be used concurrently.
type usedTickets struct {
	limit int

	mu          sync.Mutex
	turned      time.Time // when young became old
	closedUntil time.Time // until then a ticket may have been used of which there is no note
	young, old  map[ticketID]struct{}
}

// usedTicketsTurn is longer than any ticket is good for.
const usedTicketsTurn = ticketLife + ticketSkew + time.Second

func newUsedTickets(limit int) *usedTickets {
	return &usedTickets{limit: limit, young: map[ticketID]struct{}{}}
}

// add takes note of a ticket, and reports whether it is its first use. If it cannot know, it fails with errTooManyStreams.
func (u *usedTickets) add(id ticketID, now time.Time) (first bool, err error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.turn(now)
	switch {
	case u.has(id):
		return false, nil
	case len(u.young) >= u.limit, now.Before(u.closedUntil):
		return false, call.ErrTooManyStreams
	}
	u.young[id] = struct{}{}
	return true, nil
}

// mark takes note of a ticket that was used elsewhere. If there is no room, none is taken here before it has expired.
func (u *usedTickets) mark(id ticketID, now time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.turn(now)
	if len(u.young) >= u.limit && !u.has(id) {
		u.closedUntil = now.Add(usedTicketsTurn)
		return
	}
	u.young[id] = struct{}{}
}

func (u *usedTickets) has(id ticketID) bool {
	_, young := u.young[id]
	_, old := u.old[id]
	return young || old
}

func (u *usedTickets) turn(now time.Time) {
	if now.Sub(u.turned) >= usedTicketsTurn {
		u.old, u.young, u.turned = u.young, map[ticketID]struct{}{}, now
	}
}
