package clerk

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"convexgateway/internal/wait"
)

// How long requests wait after a 429: without a Retry-After, and at most.
const (
	defaultHold = time.Second
	maxHold     = 5 * time.Minute
)

// budget limits the rate of requests, and holds all of them back for the time that a 429 asks for. Safe for concurrent use.
type budget struct {
	limiter *rate.Limiter

	mu   sync.Mutex
	held time.Time // until then
}

// newBudget allows bursts of one second's requests.
func newBudget(perSecond rate.Limit) *budget {
	return &budget{limiter: rate.NewLimiter(perSecond, max(1, int(perSecond)))}
}

// hold holds all requests back for that long.
func (b *budget) hold(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if until := time.Now().Add(d); until.After(b.held) {
		b.held = until
	}
}

func (b *budget) heldFor() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return time.Until(b.held)
}

// wait returns when a request may be made. It fails at once if that will be after the context's
// deadline.
func (b *budget) wait(ctx context.Context) *APIError {
	for {
		if err := b.waitHeld(ctx); err != nil {
			return err
		}
		if err := b.limiter.Wait(ctx); err != nil {
			return &APIError{cause: errors.Join(errors.New("more requests than the budget allows"), ctx.Err())}
		}
		if b.heldFor() <= 0 { // no 429 came meanwhile
			return nil
		}
	}
}

func (b *budget) waitHeld(ctx context.Context) *APIError {
	left := b.heldFor()
	if left <= 0 {
		return nil
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < left {
		return &APIError{retryAfter: left, cause: errors.New("asked for a pause that is longer than the caller can wait")}
	}
	if err := wait.For(ctx, left); err != nil {
		return &APIError{retryAfter: left, cause: err}
	}
	return nil
}
