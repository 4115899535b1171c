package auth

import (
	"testing"
	"time"
)

func TestCacheEnds(t *testing.T) {
	c := newCache[string, int](10)
	c.put("a", 1, start.Add(time.Second), start)
	for _, tt := range []struct {
		after time.Duration
		want  bool
	}{{0, true}, {time.Second - 1, true}, {time.Second, false}, {time.Hour, false}} {
		if _, got := c.get("a", start.Add(tt.after)); got != tt.want {
			t.Errorf("after %v: %v", tt.after, got)
		}
	}
	if _, got := c.get("b", start); got {
		t.Error("found what was never put")
	}
}

func TestCacheIsBounded(t *testing.T) {
	c := newCache[int, int](100)
	for i := range 1000 {
		c.put(i, i, start.Add(time.Duration(i+1)*time.Second), start)
	}
	if n := len(c.entries); n != 100 {
		t.Errorf("%d entries, want 100", n)
	}
	if _, found := c.get(999, start); !found {
		t.Error("the newest entry is missing")
	}
	late := 0
	for i := 500; i < 1000; i++ {
		if _, found := c.get(i, start); found {
			late++
		}
	}
	if late < 80 {
		t.Errorf("only %d of 100 entries are from the half that ends later", late)
	}
}

func TestCacheSweeps(t *testing.T) {
	c := newCache[int, int](100)
	for i := range 50 {
		c.put(i, i, start.Add(time.Second), start)
	}
	now := start.Add(sweepEvery)
	c.put(50, 50, now.Add(time.Second), now)
	if n := len(c.entries); n != 1 {
		t.Errorf("%d entries, want 1", n)
	}
	c.put(50, 51, now.Add(time.Second), now)
	if v, _ := c.get(50, now); v != 51 {
		t.Errorf("replaced by %d", v)
	}
}
