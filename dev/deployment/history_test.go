package deployment

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestHistory_item15_tenSecondsAreKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewStore()
		add := func() *snapshot {
			inTransaction(t, s, func(w Writer) {
				if _, err := w.Insert("t", Document{}); err != nil {
					t.Fatal(err)
				}
			})
			return s.latest()
		}
		count := func(at *snapshot) int {
			n := 0
			for range at.tables["t"][byID.Name].docs.ascend(everything) {
				n++
			}
			return n
		}
		first := add()
		letPass(4 * time.Second)
		second := add()
		letPass(6 * time.Second)
		for want, ts := range map[int]uint64{1: first.ts, 2: second.ts} {
			at, err := s.snapshotAt(ts)
			if err != nil || count(at) != want || at.ts != ts {
				t.Fatalf("snapshot %d: %v, %v", want, at, err)
			}
		}
		letPass(2 * time.Nanosecond)
		if _, err := s.snapshotAt(first.ts); !errors.Is(err, errOutOfRetention) {
			t.Errorf("after ten seconds: %v", err)
		}
		if at, err := s.snapshotAt(first.ts + 1); err != nil || count(at) != 1 {
			t.Errorf("within ten seconds: %v", err)
		}
		for range 100 {
			letPass(time.Second)
			add()
		}
		if len(s.history) > 12 {
			t.Errorf("%d snapshots are kept", len(s.history))
		}
		s.restart()
		if _, err := s.snapshotAt(s.current.ts - 1); !errors.Is(err, errOutOfRetention) {
			t.Errorf("after a restart: %v", err)
		}
	})
}
