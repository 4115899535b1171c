package limit

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Rate bounds how many calls a second each caller may make, with bursts of one second's worth. Safe for concurrent use. A nil *Rate
// has no limit.
//
// It keeps a token bucket for each caller, in two generations. A call moves its caller's bucket to the current generation;
// the previous one is dropped when the current one is full or generationAge old. A caller whose bucket was dropped gets a
// full one, which allows one burst too many at most.
type Rate struct {
	perSecond rate.Limit // 0: no limit
	burst     int
	limit     int // buckets of a generation

	mu                sync.Mutex
	rotated           time.Time
	current, previous map[string]*rate.Limiter // by caller
}

const (
	generationAge  = time.Minute // in which every bucket fills up
	generationSize = 1 << 16     // buckets
)

// NewRate returns a limit of calls a second; 0 is no limit.
func NewRate(perSecond int) *Rate {
	return &Rate{
		perSecond: rate.Limit(perSecond), burst: perSecond, limit: generationSize, current: map[string]*rate.Limiter{},
	}
}

// Limits reports whether there is a limit.
func (r *Rate) Limits() bool { return r != nil && r.perSecond > 0 }

// Allow counts a call of a caller. If it is over the rate it is not counted, and the error is a *RateError.
func (r *Rate) Allow(caller string, now time.Time) error {
	if !r.Limits() {
		return nil
	}
	call := r.bucket(caller, now).ReserveN(now, 1)
	if wait := call.DelayFrom(now); wait > 0 {
		call.CancelAt(now)
		return &RateError{wait}
	}
	return nil
}

// Check fails like [Rate.Allow] for a caller over the rate, but counts no call.
func (r *Rate) Check(caller string, now time.Time) error {
	if !r.Limits() {
		return nil
	}
	if missing := 1 - r.bucket(caller, now).TokensAt(now); missing > 0 {
		return &RateError{time.Duration(missing / float64(r.perSecond) * float64(time.Second))}
	}
	return nil
}

func (r *Rate) bucket(caller string, now time.Time) *rate.Limiter {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.current) >= r.limit || now.Sub(r.rotated) >= generationAge {
		r.previous, r.current, r.rotated = r.current, map[string]*rate.Limiter{}, now
	}
	b := r.current[caller]
	if b == nil {
		if b = r.previous[caller]; b == nil {
			b = rate.NewLimiter(r.perSecond, r.burst)
		}
		r.current[caller] = b
	}
	return b
}

// RateError is a call over its caller's rate.
type RateError struct {
	After time.Duration // until the next call is allowed
}

func (e *RateError) Error() string { return "too many calls" }
