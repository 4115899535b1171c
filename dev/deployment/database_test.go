package deployment

import (
	"testing"
	"time"
)

func TestDatabase_clock(t *testing.T) {
	now := time.Unix(100, 0)
	db := NewDatabase()
	db.setClock(func() time.Time { return now })
	var last uint64
	for step := range 5 {
		tx := db.begin(db.latest(), 0)
		if _, err := tx.insert("t", Document{"step": float64(step)}); err != nil {
			t.Fatal(err)
		}
		ts, err := db.commit(tx, requestKey{}, mutationRecord{})
		if err != nil || ts <= last || ts < uint64(time.Unix(100, 0).UnixNano()) {
			t.Fatalf("commit at %d after %d, %v", ts, last, err)
		}
		if db.latest().ts < ts {
			t.Fatalf("the latest snapshot is before the last commit")
		}
		last = ts
		now = now.Add(-time.Second)
	}
	var steps []any
	db.begin(db.latest(), 0).scan(indexName{"t", byCreationTime.Name}, everything, Asc, func(_ []byte, doc Document) bool {
		steps = append(steps, doc["step"])
		return true
	})
	for i, step := range steps {
		if step != float64(i) {
			t.Fatalf("order of creation is %v", steps)
		}
	}
}

func TestDatabase_forgetsOldCommits(t *testing.T) {
	db := NewDatabase()
	start := db.latest().ts
	for range 2*commitLogLen + 10 {
		tx := db.begin(db.latest(), 0)
		tx.put("t", "id", Document{"_id": "id", "_creationTime": 1.0})
		if _, err := db.commit(tx, requestKey{}, mutationRecord{}); err != nil {
			t.Fatal(err)
		}
	}
	if len(db.log) > 2*commitLogLen {
		t.Errorf("the log holds %d commits", len(db.log))
	}
	nothing := readSet{}
	if changed, _ := db.changed(nothing, start); !changed {
		t.Error("a reader from before the log is told that nothing changed")
	}
	if changed, _ := db.changed(nothing, db.latest().ts); changed {
		t.Error("an empty read set has changed")
	}
}
