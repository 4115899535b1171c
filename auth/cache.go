package auth

import (
	"sync"
	"time"
)

const (
	sweepEvery     = time.Minute
	evictionSample = 8
)

// cache is a bounded map whose entries each end at a time of their own. When it is full, the
// entry that ends soonest among a few random ones makes room. Safe for concurrent use.
type cache[K comparable, V any] struct {
	limit int

	mu      sync.RWMutex
	entries map[K]cacheEntry[V]
	swept   time.Time
}

type cacheEntry[V any] struct {
	value V
	until time.Time
}

func newCache[K comparable, V any](limit int) *cache[K, V] {
	return &cache[K, V]{limit: limit, entries: make(map[K]cacheEntry[V])}
}

// get returns the value of an entry that has not ended.
func (c *cache[K, V]) get(key K, now time.Time) (value V, ok bool) {
	c.mu.RLock()
	e, ok := c.entries[key]
	c.mu.RUnlock()
	if !ok || !now.Before(e.until) {
		return value, false
	}
	return e.value, true
}

// put adds or replaces an entry.
func (c *cache[K, V]) put(key K, value V, until, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now.Sub(c.swept) >= sweepEvery {
		c.sweep(now)
	}
	if _, replaces := c.entries[key]; !replaces && len(c.entries) >= c.limit {
		c.evict()
	}
	c.entries[key] = cacheEntry[V]{value, until}
}

// sweep drops what has ended, so that dead tokens do not stay in memory.
func (c *cache[K, V]) sweep(now time.Time) {
	c.swept = now
	for key, e := range c.entries {
		if !now.Before(e.until) {
			delete(c.entries, key)
		}
	}
}

// evict relies on Go's random order of map iteration.
func (c *cache[K, V]) evict() {
	var victim K
	var soonest time.Time
	seen := 0
	for key, e := range c.entries {
		if seen == 0 || e.until.Before(soonest) {
			victim, soonest = key, e.until
		}
		if seen++; seen == evictionSample {
			break
		}
	}
	delete(c.entries, victim)
}
