package ticket

import (
	"sync"
	"time"

	"convexgateway/internal/expiring"
	"convexgateway/server/call"
)

const (
	// maxUsed is the largest size of usedSet: it allows 3,700 tickets a second.
	maxUsed = 1 << 17
	// usedShare bounds what one user may take: as many tickets as a sixteenth of the room that is free, 7,700 of an empty set.
	// However many users try, there is room for another.
	usedShare = 16
	// usedLife is longer than any ticket is valid.
	usedLife = Life + skew + time.Second
)

// usedSet holds the ids of used tickets until these have expired. Unlike a cache it never evicts one to make room: when a user
// has too many, that user's tickets are refused. Safe for concurrent use.
type usedSet struct {
	limit int

	mu          sync.Mutex // makes each look-up and its consequence one step
	ids         map[ID]struct{}
	order       []use                          // the same, the oldest first
	held        map[Owner]int                  // how many of them are a user's
	closed      *expiring.Map[Owner, struct{}] // users of whom a ticket may have been used without being in ids
	closedUntil time.Time                      // until then this holds for all users
}

// use is an id in usedSet.
type use struct {
	id    ID
	owner Owner
	until time.Time
}

func newUsedSet(limit int) *usedSet {
	return &usedSet{limit: limit, ids: map[ID]struct{}{}, held: map[Owner]int{}, closed: expiring.New[Owner, struct{}](limit)}
}

// add records a ticket, and reports whether this is its first use. If that cannot be decided, it fails with
// [call.ErrTooManyStreams].
func (u *usedSet) add(id ID, owner Owner, now time.Time) (first bool, err error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.dropEnded(now)
	_, used := u.ids[id]
	_, closed := u.closed.Get(owner, now)
	switch {
	case used:
		return false, nil
	case closed, now.Before(u.closedUntil), !u.hasRoom(owner):
		return false, call.ErrTooManyStreams
	}
	u.put(id, owner, now)
	return true, nil
}

// mark records a ticket that was used on another replica. If there is no room, none of that user's is accepted here until it
// has expired.
func (u *usedSet) mark(id ID, owner Owner, now time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.dropEnded(now)
	if _, used := u.ids[id]; used {
		return
	}
	switch until := now.Add(usedLife); {
	case u.hasRoom(owner):
		u.put(id, owner, now)
	case owner == Owner{}, u.closed.Full(now): // the user is not known, or cannot be kept
		u.closedUntil = until
	default:
		u.closed.Put(owner, struct{}{}, until, now)
	}
}

// hasRoom reports whether a user may have one more ticket in the set.
func (u *usedSet) hasRoom(owner Owner) bool {
	free := u.limit - len(u.ids)
	return free > 0 && u.held[owner] < max(1, free/usedShare)
}

func (u *usedSet) put(id ID, owner Owner, now time.Time) {
	u.ids[id] = struct{}{}
	u.order = append(u.order, use{id, owner, now.Add(usedLife)})
	u.held[owner]++
}

func (u *usedSet) dropEnded(now time.Time) {
	for len(u.order) > 0 && !now.Before(u.order[0].until) {
		oldest := u.order[0]
		u.order = u.order[1:]
		delete(u.ids, oldest.id)
		if u.held[oldest.owner]--; u.held[oldest.owner] == 0 {
			delete(u.held, oldest.owner)
		}
	}
}
