package nats

import (
	"sync"
	"time"

	"convexgateway/auth"
)

const (
	// rememberRevocations is how long the tokens that a revocation refuses can live. The replica that starts meanwhile has to
	// know it.
	rememberRevocations = auth.DefaultMaxLifetime
	// rememberRefreshes is more than a stream waits for its next token.
	rememberRefreshes = time.Minute
	// rememberTickets is more than a ticket is good for.
	rememberTickets = time.Minute
)

// memory holds recent notices, oldest first. It may be used concurrently.
type memory struct {
	mu                              sync.Mutex
	revocations, refreshes, tickets shelf
}

func newMemory() *memory {
	return &memory{
		revocations: newShelf(10_000, rememberRevocations),
		refreshes:   newShelf(1_000, rememberRefreshes), // of up to 8 KiB each
		tickets:     newShelf(10_000, rememberTickets),
	}
}

// add remembers a notice and reports whether it is new.
func (m *memory) add(n message, now time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case n.Notice.Revocation != nil:
		return m.revocations.add(n, now)
	case n.Notice.Refresh != nil:
		return m.refreshes.add(n, now)
	default:
		return m.tickets.add(n, now)
	}
}

// since returns what is remembered from a moment on.
func (m *memory) since(from, now time.Time) (found []message) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range []*shelf{&m.revocations, &m.refreshes, &m.tickets} {
		s.forget(now)
		for _, n := range s.order {
			if !n.At.Before(from) {
				found = append(found, n)
			}
		}
	}
	return found
}

// shelf holds notices of one kind.
type shelf struct {
	limit int
	keep  time.Duration
	known map[id]struct{}
	order []message
}

func newShelf(limit int, keep time.Duration) shelf {
	return shelf{limit: limit, keep: keep, known: map[id]struct{}{}}
}

// add counts a notice as one of now if the clock of its replica is ahead. One that is too old to be remembered is always
// new: hearing it twice does no harm.
func (s *shelf) add(n message, now time.Time) bool {
	if n.At.After(now) {
		n.At = now
	}
	s.forget(now)
	if _, ok := s.known[n.ID]; ok {
		return false
	}
	if now.Sub(n.At) > s.keep {
		return true
	}
	if len(s.order) == s.limit {
		s.drop(1)
	}
	s.known[n.ID] = struct{}{}
	s.order = append(s.order, n)
	return true
}

// forget drops what is too old from the front. What stands behind a younger one, because its replica's clock is behind or
// it came late, goes with that one.
func (s *shelf) forget(now time.Time) {
	n := 0
	for n < len(s.order) && now.Sub(s.order[n].At) > s.keep {
		n++
	}
	s.drop(n)
}

func (s *shelf) drop(n int) {
	for i := range n {
		delete(s.known, s.order[i].ID)
		s.order[i] = message{} // lets go of its token
	}
	s.order = s.order[n:]
}
