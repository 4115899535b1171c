package convex

import (
	"context"
	"time"

	"convexgateway/internal/wait"
)

// conflictCode is the deployment's code for a mutation that has lost its last race with other writes. It runs each again up to
// four times by itself, within some 300 ms; then nothing is committed. Source: get-convex/convex-backend crates/errors/src/lib.rs.
const conflictCode = "OptimisticConcurrencyControlFailure"

const (
	conflictPause    = 200 * time.Millisecond // before the first attempt after a conflict
	maxConflictPause = 2 * time.Second
	conflictMargin   = 200 * time.Millisecond // before the caller's deadline, in which no attempt begins
	conflictPatience = 30 * time.Second       // of a caller without a deadline
)

// Contention spaces out the attempts of one mutation that loses races with other writes.
type Contention struct {
	pauses wait.Backoff
	until  time.Time
}

// NewContention makes one for a call that begins now under a context. random is that of [wait.Backoff].
func NewContention(ctx context.Context, random func() float64) *Contention {
	return &Contention{pauses: wait.Backoff{Max: maxConflictPause, Random: random}, until: patienceOf(ctx)}
}

// Extend has attempts go on for another call that begins now under a context, if that has more time.
func (c *Contention) Extend(ctx context.Context) {
	if until := patienceOf(ctx); until.After(c.until) {
		c.until = until
	}
}

// patienceOf is until when attempts go on of a call that begins now.
func patienceOf(ctx context.Context) time.Time {
	if deadline, ok := ctx.Deadline(); ok {
		return deadline.Add(-conflictMargin)
	}
	return time.Now().Add(conflictPatience)
}

// Next returns the pause before the next attempt. It reports false if no attempt is to begin any more.
func (c *Contention) Next() (pause time.Duration, again bool) {
	pause = c.pauses.Next(conflictPause)
	return pause, time.Now().Add(pause).Before(c.until)
}
