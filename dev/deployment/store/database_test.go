package store

import (
	"testing"
	"time"
)

func TestDatabase_clock(t *testing.T) {
	now := time.Unix(100, 0)
	db := New()
	db.SetClock(func() time.Time { return now })
	var last uint64
	for step := range 5 {
		tx := db.Begin(db.Latest(), 0)
		if _, err := tx.insert("t", Document{"step": float64(step)}); err != nil {
			t.Fatal(err)
		}
		ts, err := db.Commit(tx, RequestKey{}, MutationRecord{})
		if err != nil || ts <= last || ts < uint64(time.Unix(100, 0).UnixNano()) {
			t.Fatalf("commit at %d after %d, %v", ts, last, err)
		}
		if db.Latest().Ts < ts {
			t.Fatalf("the latest snapshot is before the last commit")
		}
		last = ts
		now = now.Add(-time.Second)
	}
	var steps []any
	db.Begin(db.Latest(), 0).scan(indexName{"t", byCreationTime.Name}, everything, Asc, func(_ []byte, doc Document) bool {
		steps = append(steps, doc["step"])
		return true
	})
	for i, step := range steps {
		if step != float64(i) {
			t.Fatalf("order of creation is %v", steps)
		}
	}
}

func TestDatabase_dropsOldCommits(t *testing.T) {
	db := New()
	start := db.Latest().Ts
	for i := range 2*commitLogLen + 10 {
		tx := db.Begin(db.Latest(), 0)
		tx.put("t", "id", Document{"_id": "id", "_creationTime": float64(i)})
		if _, err := db.Commit(tx, RequestKey{}, MutationRecord{}); err != nil {
			t.Fatal(err)
		}
	}
	if len(db.log) > 2*commitLogLen {
		t.Errorf("the log holds %d commits", len(db.log))
	}
	nothing := ReadSet{}
	if changed, _ := db.Changed(nothing, start); !changed {
		t.Error("a read set from before the log has not changed")
	}
	if changed, _ := db.Changed(nothing, db.Latest().Ts); changed {
		t.Error("an empty read set has changed")
	}
}
