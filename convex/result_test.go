package convex

import (
	"sync"
	"sync/atomic"
	"testing"
)

func TestMemo(t *testing.T) {
	type keyA struct{}
	type keyB struct{}
	r := &Result{}
	if got := r.Memo(keyA{}, func() any { return "a" }); got != "a" {
		t.Errorf("the first call gives %v", got)
	}
	if got := r.Memo(keyA{}, func() any { t.Error("built again"); return "other" }); got != "a" {
		t.Errorf("the second call gives %v", got)
	}
	if got := r.Memo(keyB{}, func() any { return "b" }); got != "b" {
		t.Errorf("another key gives %v", got)
	}
}

func TestMemoGivesAllTheSame(t *testing.T) {
	r := &Result{}
	var built atomic.Int32
	var wg sync.WaitGroup
	got := make([]any, 8)
	for i := range got {
		wg.Go(func() { got[i] = r.Memo("key", func() any { return built.Add(1) }) })
	}
	wg.Wait()
	for _, v := range got {
		if v != int32(1) || built.Load() != 1 {
			t.Errorf("%v, built %d times", v, built.Load())
		}
	}
}
