package outage

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

const (
	sumEvery    = time.Minute      // between the lines of one outage; a whole one without the failure ends it
	settleAfter = 10 * time.Second // the quiet after a success that ends it
)

// Log logs a failure that all sessions may have, many times each: the first time at once, the others as sums. Safe for
// concurrent use.
type Log struct {
	Logger  *slog.Logger
	Level   slog.Level // of the first line
	Message string

	mu       sync.Mutex
	timer    *time.Timer // to the next sum; nil while there is no outage
	times    int         // since the last line
	args     []any       // of the last time
	nextSum  time.Time
	settling bool // there was a success after the last time
}

// Happened notes the failure, with arguments for the log.
func (o *Log) Happened(args ...any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.timer == nil {
		o.Logger.Log(context.Background(), o.Level, o.Message, args...)
		o.nextSum = time.Now().Add(sumEvery)
		o.timer = time.AfterFunc(sumEvery, o.sum)
		return
	}
	o.times++
	o.args = args
	if o.settling {
		o.settling = false
		o.timer.Reset(time.Until(o.nextSum))
	}
}

// Succeeded notes that it works for one of them.
func (o *Log) Succeeded() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.timer != nil && !o.settling {
		o.settling = true
		o.timer.Reset(settleAfter)
	}
}

// sum logs how often it has happened since the last line. The outage is over if it has not, or has not since a success.
func (o *Log) sum() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.timer == nil {
		return
	}
	over := o.times == 0 || o.settling
	o.logSum()
	if over {
		o.timer, o.settling = nil, false
		return
	}
	o.nextSum = time.Now().Add(sumEvery)
	o.timer.Reset(sumEvery)
}

// logSum logs the sum, if there is one. The caller holds mu.
func (o *Log) logSum() {
	if o.times > 0 {
		o.Logger.Info(o.Message, append([]any{"times", o.times}, o.args...)...)
	}
	o.times, o.args = 0, nil
}

// Close logs the last sum.
func (o *Log) Close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.timer != nil {
		o.timer.Stop()
		o.timer = nil
	}
	o.logSum()
}
