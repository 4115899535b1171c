package store

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/internal/wait"
)

func TestHistory_keepsTenSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := New()
		add := func() *Snapshot {
			inTransaction(t, db, func(w Writer) {
				if _, err := w.Insert("t", Document{}); err != nil {
					t.Fatal(err)
				}
			})
			return db.Latest()
		}
		count := func(at *Snapshot) int {
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
		for want, ts := range map[int]uint64{1: first.Ts, 2: second.Ts} {
			at, err := db.SnapshotAt(ts)
			if err != nil || count(at) != want || at.Ts != ts {
				t.Fatalf("snapshot %d: %v, %v", want, at, err)
			}
		}
		wait.For(t.Context(), 2*time.Nanosecond)
		if _, err := db.SnapshotAt(first.Ts); !errors.Is(err, ErrTooOld) {
			t.Errorf("after ten seconds: %v", err)
		}
		if at, err := db.SnapshotAt(first.Ts + 2); err != nil || count(at) != 1 {
			t.Errorf("within ten seconds: %v", err)
		}
		for range 100 {
			wait.For(t.Context(), time.Second)
			add()
		}
		if len(db.history) > 12 {
			t.Errorf("%d snapshots are kept", len(db.history))
		}
		db.Restart()
		if _, err := db.SnapshotAt(db.current.Ts - 1); !errors.Is(err, ErrTooOld) {
			t.Errorf("after a restart: %v", err)
		}
	})
}
