package deployment

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/internal/wait"
)

func TestHistory_item15_tenSecondsAreKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := NewDatabase()
		add := func() *snapshot {
			inTransaction(t, db, func(w Writer) {
				if _, err := w.Insert("t", Document{}); err != nil {
					t.Fatal(err)
				}
			})
			return db.latest()
		}
		count := func(at *snapshot) int {
			n := 0
			for range at.tables["t"][byID.Name].docs.ascend(everything) {
				n++
			}
			return n
		}
		first := add()
		wait.For(t.Context(), 4*time.Second)
		second := add()
		wait.For(t.Context(), 6*time.Second)
		for want, ts := range map[int]uint64{1: first.ts, 2: second.ts} {
			at, err := db.snapshotAt(ts)
			if err != nil || count(at) != want || at.ts != ts {
				t.Fatalf("snapshot %d: %v, %v", want, at, err)
			}
		}
		wait.For(t.Context(), 2*time.Nanosecond)
		if _, err := db.snapshotAt(first.ts); !errors.Is(err, errTooOld) {
			t.Errorf("after ten seconds: %v", err)
		}
		if at, err := db.snapshotAt(first.ts + 1); err != nil || count(at) != 1 {
			t.Errorf("within ten seconds: %v", err)
		}
		for range 100 {
			wait.For(t.Context(), time.Second)
			add()
		}
		if len(db.history) > 12 {
			t.Errorf("%d snapshots are kept", len(db.history))
		}
		db.restart()
		if _, err := db.snapshotAt(db.current.ts - 1); !errors.Is(err, errTooOld) {
			t.Errorf("after a restart: %v", err)
		}
	})
}
