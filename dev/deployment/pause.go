package deployment

import (
	"context"
	"sync"
	"time"
)

// pause is whether the deployment is paused. Any number of goroutines may use it.
type pause struct {
	mu     sync.Mutex
	paused bool
	over   chan struct{} // closed while the deployment is not paused
	ended  time.Time     // of the last pause; monotonic
}

func newPause() *pause {
	p := &pause{over: make(chan struct{})}
	close(p.over)
	return p
}

// Wait blocks while the deployment is paused. It returns false if ctx ended first.
func (p *pause) Wait(ctx context.Context) bool {
	p.mu.Lock()
	over := p.over
	p.mu.Unlock()
	select {
	case <-over:
		return true
	case <-ctx.Done():
		return false
	}
}

// Paused reports whether the deployment is paused.
func (p *pause) Paused() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.paused
}

func (p *pause) start() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.paused {
		p.paused, p.over = true, make(chan struct{})
	}
}

func (p *pause) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.paused {
		p.paused, p.ended = false, time.Now()
		close(p.over)
	}
}

// Silence is the time since last, pauses left out.
func (p *pause) Silence(last time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.paused:
		return 0
	case p.ended.After(last):
		return time.Since(p.ended)
	default:
		return time.Since(last)
	}
}
