package expiring

import (
	"container/heap"
	"slices"
	"sync"
	"time"
)

// Map is a bounded map of entries that end. When it is full, the entry that ends soonest makes room, and of several the one
// that was put first. Make one with New. Safe for concurrent use.
type Map[K comparable, V any] struct {
	limit int

	mu      sync.RWMutex
	entries map[K]*entry[K, V]
	byEnd   byEnd[K, V] // the same entries, as a heap
	puts    uint64
}

type entry[K comparable, V any] struct {
	key   K
	value V
	until time.Time
	put   uint64 // counts entries in the order of their Put
	index int    // in byEnd
}

// New returns an empty map of at most limit entries.
func New[K comparable, V any](limit int) *Map[K, V] {
	return &Map[K, V]{limit: limit, entries: make(map[K]*entry[K, V])}
}

// Get returns the value of an entry that has not ended.
func (m *Map[K, V]) Get(key K, now time.Time) (value V, ok bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	e, ok := m.entries[key]
	if !ok || !now.Before(e.until) {
		return value, false
	}
	return e.value, true
}

// Put adds or replaces an entry. One that has ended already is not kept.
func (m *Map[K, V]) Put(key K, value V, until, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.put(key, value, until, now)
}

// Add adds an entry unless there is one that has not ended, and reports whether it did.
func (m *Map[K, V]) Add(key K, value V, until, now time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e, ok := m.entries[key]; ok && now.Before(e.until) {
		return false
	}
	m.put(key, value, until, now)
	return true
}

// Full reports whether the next new entry takes the place of one that has not ended.
func (m *Map[K, V]) Full(now time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.dropEnded(now)
	return len(m.entries) >= m.limit
}

// Values returns the values that have not ended, those that end soonest first.
func (m *Map[K, V]) Values(now time.Time) []V {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.dropEnded(now)
	values := make([]V, 0, len(m.byEnd))
	for _, e := range slices.SortedFunc(slices.Values(m.byEnd), compare) {
		values = append(values, e.value)
	}
	return values
}

// Len counts the entries, with those that have ended since the last Put, Add, Full or Values.
func (m *Map[K, V]) Len() int {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return len(m.entries)
}

func (m *Map[K, V]) put(key K, value V, until, now time.Time) {
	m.dropEnded(now)
	if e, ok := m.entries[key]; ok {
		m.drop(e)
	}
	if !now.Before(until) {
		return
	}
	if len(m.entries) >= m.limit {
		m.drop(m.byEnd[0])
	}
	m.puts++
	e := &entry[K, V]{key: key, value: value, until: until, put: m.puts}
	m.entries[key] = e
	heap.Push(&m.byEnd, e)
}

func (m *Map[K, V]) dropEnded(now time.Time) {
	for len(m.byEnd) > 0 && !now.Before(m.byEnd[0].until) {
		m.drop(m.byEnd[0])
	}
}

func (m *Map[K, V]) drop(e *entry[K, V]) {
	heap.Remove(&m.byEnd, e.index)
	delete(m.entries, e.key)
}
