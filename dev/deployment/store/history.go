package store

import (
	"errors"
	"sort"
	"time"
)

// historyLength is how old the snapshot of a query can be: MAX_TRANSACTION_WINDOW_SECONDS of get-convex/convex-backend
// crates/common/src/knobs.rs.
const historyLength = 10 * time.Second

// history is the database after each of the last commits, oldest first. The first may be older than historyLength: it was
// current when that began.
type history []*Snapshot

// with returns the history with one more snapshot and without those that ended before oldest. h must not be used any more.
func (h history) with(s *Snapshot, oldest uint64) history {
	first := 0
	for first+1 < len(h) && h[first+1].Ts <= oldest {
		first++
	}
	return append(h[first:], s)
}

// at is the newest snapshot that is not after ts, or nil.
func (h history) at(ts uint64) *Snapshot {
	after := sort.Search(len(h), func(i int) bool { return h[i].Ts > ts })
	if after == 0 {
		return nil
	}
	return h[after-1]
}

var (
	// ErrFuture is the error for a timestamp in the future.
	ErrFuture = errors.New("store: the timestamp is in the future")
	// ErrTooOld is the error for a timestamp before the history, or before a restart.
	ErrTooOld = errors.New("store: the timestamp is before the history")
)

// SnapshotAt returns the database at a timestamp of the past. Errors are ErrFuture and ErrTooOld.
func (db *Database) SnapshotAt(ts uint64) (*Snapshot, error) {
	db.mu.Lock()
	defer db.mu.Unlock()
	if ts > db.ts {
		return nil, ErrFuture
	}
	if ts == db.ts {
		return db.current, nil
	}
	if ts < db.oldestLocked() {
		return nil, ErrTooOld
	}
	found := db.history.at(ts)
	if found == nil {
		return nil, ErrTooOld
	}
	return &Snapshot{Ts: ts, tables: found.tables}, nil
}

func (db *Database) oldestLocked() uint64 {
	return uint64(max(0, db.now().Add(-historyLength).UnixNano()))
}
