package convex

import (
	"math/rand/v2"
	"time"
)

// backoff spaces out attempts: base · 2^n up to max, times a random factor in [0.5, 1.5). Numbers:
// get-convex/convex-js src/browser/sync/web_socket_manager.ts.
type backoff struct {
	max     time.Duration
	retries int
	random  func() float64 // in [0, 1); nil means math/rand
}

// next is how long to wait before the coming attempt, which failed for a reason with the given base delay.
func (b *backoff) next(base time.Duration) time.Duration {
	random := b.random
	if random == nil {
		random = rand.Float64
	}
	delay := b.max
	if b.retries < 30 && base<<b.retries < b.max {
		delay = base << b.retries
	}
	b.retries++
	return time.Duration(float64(delay) * (0.5 + random()))
}

// reset starts over after success.
func (b *backoff) reset() { b.retries = 0 }
