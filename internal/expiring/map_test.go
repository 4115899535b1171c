package expiring_test

import (
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"convexgateway/internal/expiring"
)

var start = time.Unix(1_790_000_000, 0)

func TestEntriesEnd(t *testing.T) {
	m := expiring.New[string, int](10)
	m.Put("a", 1, start.Add(time.Second), start)
	for _, tt := range []struct {
		after time.Duration
		want  bool
	}{{0, true}, {time.Second - 1, true}, {time.Second, false}, {time.Hour, false}} {
		if _, got := m.Get("a", start.Add(tt.after)); got != tt.want {
			t.Errorf("after %v: %v", tt.after, got)
		}
	}
	if _, got := m.Get("b", start); got {
		t.Error("found what was never put")
	}
}

func TestFullMapDropsWhatEndsSoonest(t *testing.T) {
	m := expiring.New[int, int](100)
	for i := range 1000 {
		m.Put(i, i, start.Add(time.Duration(i+1)*time.Second), start)
	}
	if n := m.Len(); n != 100 {
		t.Errorf("%d entries, want 100", n)
	}
	for i := range 1000 {
		if _, found := m.Get(i, start); found != (i >= 900) {
			t.Errorf("entry %d: %v", i, found)
		}
	}
}

func TestFullMapDropsTheOldestOfEqualEnds(t *testing.T) {
	m := expiring.New[int, int](2)
	for i := range 3 {
		m.Put(i, i, start.Add(time.Second), start)
	}
	if got := m.Values(start); !slices.Equal(got, []int{1, 2}) {
		t.Errorf("left %v", got)
	}
}

func TestEndedEntriesAreDropped(t *testing.T) {
	m := expiring.New[int, int](100)
	for i := range 50 {
		m.Put(i, i, start.Add(time.Second), start)
	}
	now := start.Add(time.Minute)
	m.Put(50, 50, now.Add(time.Second), now)
	if n := m.Len(); n != 1 {
		t.Errorf("%d entries, want 1", n)
	}
	m.Put(50, 51, now.Add(time.Second), now)
	if v, _ := m.Get(50, now); v != 51 {
		t.Errorf("replaced by %d", v)
	}
}

func TestAddKeepsWhatIsThere(t *testing.T) {
	m := expiring.New[string, int](2)
	until := start.Add(time.Second)
	if !m.Add("a", 1, until, start) || m.Add("a", 2, until.Add(time.Hour), start) {
		t.Error("added twice")
	}
	if v, _ := m.Get("a", start); v != 1 {
		t.Errorf("replaced by %d", v)
	}
	if _, found := m.Get("a", until); found {
		t.Error("an entry that was not added has moved the end")
	}
	if !m.Add("a", 3, until.Add(time.Second), until) {
		t.Error("not added after the end")
	}
}

func TestFull(t *testing.T) {
	m := expiring.New[int, struct{}](2)
	for i, want := range []bool{false, false, true} {
		if got := m.Full(start); got != want {
			t.Errorf("with %d entries: %v", i, got)
		}
		m.Put(i, struct{}{}, start.Add(time.Second), start)
	}
	if m.Full(start.Add(time.Second)) {
		t.Error("full of what has ended")
	}
}

// Compares with a plain list under random operations.
func TestMapAsAList(t *testing.T) {
	type item struct {
		key, value int
		until      time.Time
	}
	rng := rand.New(rand.NewPCG(1, 2))
	m := expiring.New[int, int](20)
	var model []item
	now := start
	for step := range 10_000 {
		now = now.Add(time.Duration(rng.IntN(3)) * time.Second)
		model = slices.DeleteFunc(model, func(i item) bool { return !now.Before(i.until) })
		next := item{rng.IntN(40), step, now.Add(time.Duration(rng.IntN(60)) * time.Second)}
		m.Put(next.key, next.value, next.until, now)
		model = slices.DeleteFunc(model, func(i item) bool { return i.key == next.key })
		if now.Before(next.until) {
			if len(model) == 20 {
				model = model[1:]
			}
			model = append(model, next)
		}
		slices.SortStableFunc(model, func(a, b item) int { return a.until.Compare(b.until) })
		var want []int
		for _, i := range model {
			want = append(want, i.value)
		}
		if got := m.Values(now); !slices.Equal(got, want) {
			t.Fatalf("step %d: %v, want %v", step, got, want)
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	m := expiring.New[int, int](10)
	var all sync.WaitGroup
	var added atomic.Int32
	for i := range 9 { // fewer than would make the first one go
		all.Go(func() {
			if m.Add(0, i, start.Add(time.Second), start) {
				added.Add(1)
			}
			m.Put(i+1, i, start.Add(time.Second), start)
			_, _ = m.Get(i, start)
			_, _ = m.Full(start), m.Values(start)
		})
	}
	all.Wait()
	if added.Load() != 1 || m.Len() != 10 {
		t.Errorf("added %d times, %d entries", added.Load(), m.Len())
	}
}

func BenchmarkGet(b *testing.B) {
	m := expiring.New[int, int](10_000)
	for i := range 10_000 {
		m.Put(i, i, start.Add(time.Second), start)
	}
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			_, _ = m.Get(i%10_000, start)
		}
	})
}
