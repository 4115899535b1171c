package deployment

import (
	"context"
	"sync"
	"time"
)

// gate is what a paused deployment stands behind. Any number of goroutines may use it.
type gate struct {
	mu     sync.Mutex
	shut   bool
	open   chan struct{} // closed while the gate is open
	opened time.Time     // when it last was opened; monotonic
}

func newGate() *gate {
	g := &gate{open: make(chan struct{})}
	close(g.open)
	return g
}

// Pass waits until the gate is open, or ctx ends, which it reports as false.
func (g *gate) Pass(ctx context.Context) bool {
	g.mu.Lock()
	open := g.open
	g.mu.Unlock()
	select {
	case <-open:
		return true
	case <-ctx.Done():
		return false
	}
}

func (g *gate) IsOpen() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return !g.shut
}

func (g *gate) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.shut {
		g.shut, g.open = true, make(chan struct{})
	}
}

func (g *gate) reopen() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shut {
		g.shut, g.opened = false, time.Now()
		close(g.open)
	}
}

// Silence is how long nothing has been heard since last, not counting what a shut gate kept out.
func (g *gate) Silence(last time.Time) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.shut:
		return 0
	case g.opened.After(last):
		return time.Since(g.opened)
	default:
		return time.Since(last)
	}
}
