package deployment

import (
	"sync"
	"testing"
	"time"

	"convexgateway/dev/deployment/v"
)

func TestMutations_areSerialisable(t *testing.T) {
	d := startTest(t, Config{})
	const clients, each = 8, 50
	var group sync.WaitGroup
	for range clients {
		c := dialSync(t, d)
		group.Go(func() {
			for i := range each {
				c.mutate(i, "counter:add", `{"name":"n"}`)
			}
			for range each {
				if m := c.response(); !m.Success {
					t.Errorf("%s", m.Result)
				}
			}
		})
	}
	group.Wait()
	if got := mustCall(t, d, "query", "counter:get", `{"name":"n"}`); got != float64(clients*each) {
		t.Errorf("counter is %v, want %d", got, clients*each)
	}
}

// TestMutations_runAgainOnConflict: a blocked mutation holds nobody up, and runs again if what it read has changed.
func TestMutations_runAgainOnConflict(t *testing.T) {
	started, release := make(chan struct{}), make(chan struct{})
	runs := 0
	d := startTest(t, Config{Functions: append(SampleApp(), Mutation("slow:double", v.Object(), func(ctx *MutationCtx, _ Args) (any, error) {
		counter, err := findCounter(ctx.DB.Reader, "n")
		if err != nil {
			return nil, err
		}
		if runs++; runs == 1 {
			close(started)
			<-release
		}
		return nil, ctx.DB.Patch(counter["_id"].(string), Document{"value": 2 * counter["value"].(float64)})
	}))})
	mustCall(t, d, "mutation", "counter:add", `{"name":"n","by":1}`)
	c := dialSync(t, d)
	c.mutate(0, "slow:double", `{}`)
	<-started
	mustCall(t, d, "mutation", "counter:add", `{"name":"n","by":10}`)
	close(release)
	c.response()
	if got := mustCall(t, d, "query", "counter:get", `{"name":"n"}`); got != 22.0 || runs != 2 {
		t.Errorf("counter is %v after %d runs, want 22 after 2", got, runs)
	}
}

func TestMutations_failedOnesLeaveNothing(t *testing.T) {
	d := startTest(t, Config{Functions: append(SampleApp(), Mutation("bad:half", v.Object(), func(ctx *MutationCtx, _ Args) (any, error) {
		if _, err := counterAdd(ctx, Args{"name": "n"}); err != nil {
			return nil, err
		}
		return nil, errBoom
	}))})
	post(t, d, "mutation", `{"path":"bad:half","args":{}}`)
	if got := mustCall(t, d, "query", "counter:get", `{"name":"n"}`); got != 0.0 {
		t.Errorf("counter is %v", got)
	}
}

func TestStore_clock(t *testing.T) {
	now := time.Unix(100, 0)
	s := NewStore()
	s.setClock(func() time.Time { return now })
	var last uint64
	for step := range 5 {
		tx := s.begin(s.latest())
		if _, err := tx.insert("t", Document{"step": float64(step)}); err != nil {
			t.Fatal(err)
		}
		ts, err := s.commit(tx, requestKey{}, mutationRecord{})
		if err != nil || ts <= last || ts < uint64(time.Unix(100, 0).UnixNano()) {
			t.Fatalf("commit at %d after %d, %v", ts, last, err)
		}
		if s.latest().ts < ts {
			t.Fatalf("the latest snapshot is before the last commit")
		}
		last = ts
		now = now.Add(-time.Second)
	}
	var steps []any
	s.begin(s.latest()).scan(indexName{"t", byCreationTime.Name}, everything, Asc, func(_ []byte, doc Document) bool {
		steps = append(steps, doc["step"])
		return true
	})
	for i, step := range steps {
		if step != float64(i) {
			t.Fatalf("order of creation is %v", steps)
		}
	}
}

func TestStore_forgetsOldCommits(t *testing.T) {
	s := NewStore()
	start := s.latest().ts
	for range 2*commitLogLen + 10 {
		tx := s.begin(s.latest())
		tx.put("t", "id", Document{"_id": "id", "_creationTime": 1.0})
		if _, err := s.commit(tx, requestKey{}, mutationRecord{}); err != nil {
			t.Fatal(err)
		}
	}
	if len(s.log) > 2*commitLogLen {
		t.Errorf("the log holds %d commits", len(s.log))
	}
	nothing := readSet{}
	if changed, _ := s.changed(nothing, start); !changed {
		t.Error("a reader from before the log is told that nothing changed")
	}
	if changed, _ := s.changed(nothing, s.latest().ts); changed {
		t.Error("an empty read set has changed")
	}
}

func TestStore_declareIndexesWhatIsThere(t *testing.T) {
	store := newTestStore()
	d := startTest(t, Config{Store: store})
	mustCall(t, d, "mutation", "messages:send", `{"body":"x","author":"ada"}`)
	d.Close()
	d = startTest(t, Config{Store: store,
		Tables: []Table{{Name: "messages", Indexes: []Index{{Name: "by_author", Fields: []string{"author"}}}}},
		Functions: []Function{Query("q:by", v.Object(), func(ctx *QueryCtx, _ Args) (any, error) {
			doc, err := ctx.DB.Query("messages").WithIndex("by_author", Eq("author", "ada")).First()
			return doc["body"], err
		})}})
	if got := mustCall(t, d, "query", "q:by", `{}`); got != "x" {
		t.Errorf("got %v", got)
	}
}
