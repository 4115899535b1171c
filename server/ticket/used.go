package ticket

import (
	"sync"
	"time"

	"convexgateway/internal/expiring"
	"convexgateway/server/call"
)

// maxUsed is the largest size of usedSet: it allows 3,700 tickets a second.
const maxUsed = 1 << 17

// usedSet holds the ids of used tickets until these have expired. Unlike a cache it never evicts one to make room: when it is
// full, tickets are refused. Safe for concurrent use.
type usedSet struct {
	ids *expiring.Map[ID, struct{}]

	mu          sync.Mutex // makes each look-up and its consequence one step
	closedUntil time.Time  // until then a ticket may have been used without being in ids
}

// usedLife is longer than any ticket is valid.
const usedLife = Life + skew + time.Second

func newUsedSet(limit int) *usedSet {
	return &usedSet{ids: expiring.New[ID, struct{}](limit)}
}

// add records a ticket, and reports whether this is its first use. If that cannot be decided, it fails with
// [call.ErrTooManyStreams].
func (u *usedSet) add(id ID, now time.Time) (first bool, err error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	_, used := u.ids.Get(id, now)
	switch {
	case used:
		return false, nil
	case u.ids.Full(now), now.Before(u.closedUntil):
		return false, call.ErrTooManyStreams
	}
	return u.ids.Add(id, struct{}{}, now.Add(usedLife), now), nil
}

// mark records a ticket that was used on another replica. If there is no room, none is accepted here until it has expired.
func (u *usedSet) mark(id ID, now time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if _, used := u.ids.Get(id, now); !used && u.ids.Full(now) {
		u.closedUntil = now.Add(usedLife)
		return
	}
	u.ids.Put(id, struct{}{}, now.Add(usedLife), now)
}
