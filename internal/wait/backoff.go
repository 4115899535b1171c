package wait

import (
	"math/rand/v2"
	"time"
)

// Backoff spaces out attempts: base · 2^n up to Max, times a random factor in [0.5, 1.5). Numbers:
// get-convex/convex-js src/browser/sync/web_socket_manager.ts. One goroutine uses it at a time.
type Backoff struct {
	// Max is the longest pause before the random factor.
	Max time.Duration
	// Random returns numbers in [0, 1); 0.5 means no jitter. Nil means math/rand.
	Random func() float64

	retries int
}

// Next returns the pause before the coming attempt, whose reason has the given base.
func (b *Backoff) Next(base time.Duration) time.Duration {
	random := b.Random
	if random == nil {
		random = rand.Float64
	}
	delay := b.Max
	if b.retries < 30 && base<<b.retries < b.Max {
		delay = base << b.retries
	}
	b.retries++
	return time.Duration(float64(delay) * (0.5 + random()))
}

// Reset starts over at the base, after success.
func (b *Backoff) Reset() { b.retries = 0 }
