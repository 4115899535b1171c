package deployment

import (
	"sort"
	"time"
)

// historyLength is how far back queries can be asked for: MAX_TRANSACTION_WINDOW_SECONDS of get-convex/convex-backend
// crates/common/src/knobs.rs.
const historyLength = 10 * time.Second

// history is the database after each of the last commits, oldest first. The first may be older than historyLength: it was
// current when that began.
type history []*snapshot

// with returns the history with one more snapshot and without those that ended before oldest. It takes h over.
func (h history) with(s *snapshot, oldest uint64) history {
	first := 0
	for first+1 < len(h) && h[first+1].ts <= oldest {
		first++
	}
	return append(h[first:], s)
}

// at is the newest snapshot that is not after ts, or nil.
func (h history) at(ts uint64) *snapshot {
	after := sort.Search(len(h), func(i int) bool { return h[i].ts > ts })
	if after == 0 {
		return nil
	}
	return h[after-1]
}

// snapshotAt is the database at a timestamp of the past. Errors are internal for one of the future, and outOfRetention for
// one that is too old, or from before a restart.
func (s *Store) snapshotAt(ts uint64) (*snapshot, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ts = max(s.ts, uint64(s.now().UnixNano()))
	if ts > s.ts {
		return nil, errInternal
	}
	if ts < s.oldestLocked() {
		return nil, errOutOfRetention
	}
	found := s.history.at(ts)
	if found == nil {
		return nil, errOutOfRetention
	}
	return &snapshot{ts: ts, tables: found.tables}, nil
}

func (s *Store) oldestLocked() uint64 { return s.ts - min(s.ts, uint64(historyLength)) }
