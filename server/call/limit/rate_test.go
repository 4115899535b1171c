package limit

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

func TestCallRate(t *testing.T) {
	r := NewRate(10)
	now := time.Unix(1_000_000, 0)
	allowed := func(caller string, calls int) (n int) {
		for range calls {
			if r.Allow(caller, now) == nil {
				n++
			}
		}
		return n
	}
	if got := allowed("ada", 100); got != 10 {
		t.Errorf("%d calls at once", got)
	}
	if got := allowed("bob", 100); got != 10 {
		t.Errorf("%d calls of another caller", got)
	}
	err, ok := errors.AsType[*RateError](r.Allow("ada", now))
	if !ok || err.After != 100*time.Millisecond {
		t.Errorf("error %+v", err)
	}
	now = now.Add(500 * time.Millisecond)
	if got := allowed("ada", 100); got != 5 {
		t.Errorf("%d calls after half a second", got)
	}
	now = now.Add(generationAge) // ada's bucket is full after one generation, and dropped after two
	if got := allowed("ada", 100); got != 10 {
		t.Errorf("%d calls after a minute", got)
	}
	r.limit = 4
	for i := range 100 {
		_ = r.Allow(fmt.Sprint(i), now)
	}
	if len(r.current) > 4 || len(r.previous) > 4 {
		t.Errorf("%d and %d callers are kept", len(r.current), len(r.previous))
	}
	if free := NewRate(0); free.Allow("ada", now) != nil || len(free.current) > 0 {
		t.Error("a limit of 0 limits")
	}
}
