package store

import (
	"errors"
	"sort"
	"time"
)

// historyLength is how far back queries can be asked for: MAX_TRANSACTION_WINDOW_SECONDS of get-convex/convex-backend
// crates/common/src/knobs.rs.
const historyLength = 10 * time.Second

// history is the database after each of the last commits, oldest first. The first may be older than historyLength: it was
// current when that began.
type history []*Snapshot

// with returns the history with one more snapshot and without those that ended before oldest. It takes h over.
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
	// ErrFuture is the error for a timestamp that is not past.
	ErrFuture = errors.New("store: the timestamp is of the future")
	// ErrTooOld is the error for a timestamp out of the history, or of before a restart.
	ErrTooOld = errors.New("store: the timestamp is out of the history")
)

// SnapshotAt is the database at a timestamp of the past. Errors are errFuture and errTooOld.
func (db *Database) SnapshotAt(ts uint64) (*Snapshot, error) {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.ts = max(db.ts, uint64(db.now().UnixNano()))
	if ts > db.ts {
		return nil, ErrFuture
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

func (db *Database) oldestLocked() uint64 { return db.ts - min(db.ts, uint64(historyLength)) }
