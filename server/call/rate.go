package call

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Rate bounds how many calls a second each caller may make, with bursts of one second's worth. It may be used concurrently.
//
// Callers stand in two halves: who calls moves to the younger one, and the older is dropped when the younger is full or a
// while has passed. A caller who is dropped starts anew, which gives it a burst at most.
type Rate struct {
	perSecond rate.Limit // 0: no limit
	burst     int
	limit     int // callers in each half

	mu         sync.Mutex
	turned     time.Time
	young, old map[string]*rate.Limiter
}

const (
	callRateTurn    = time.Minute // by then every bucket is full again
	callRateCallers = 1 << 16
)

func NewRate(perSecond int) *Rate {
	return &Rate{
		perSecond: rate.Limit(perSecond), burst: perSecond, limit: callRateCallers, young: map[string]*rate.Limiter{},
	}
}

// Limits reports whether there is a limit.
func (r *Rate) Limits() bool { return r.perSecond > 0 }

// Allow lets a call pass, or fails with a *rateError.
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

func (r *Rate) bucket(caller string, now time.Time) *rate.Limiter {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.young) >= r.limit || now.Sub(r.turned) >= callRateTurn {
		r.old, r.young, r.turned = r.young, map[string]*rate.Limiter{}, now
	}
	b := r.young[caller]
	if b == nil {
		if b = r.old[caller]; b == nil {
			b = rate.NewLimiter(r.perSecond, r.burst)
		}
		r.young[caller] = b
	}
	return b
}

// RateError says when a caller may call again.
type RateError struct{ after time.Duration }

func (e *RateError) Error() string { return "too many calls" }
