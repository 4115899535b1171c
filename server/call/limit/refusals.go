package limit

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Refusals bounds the log lines of refusals: for each caller and reason the first few lines of a minute are written, the
// others are counted, and their sums are one line a minute. Safe for concurrent use. A nil *Refusals counts nothing.
type Refusals struct {
	write func(...slog.Attr) // a sum

	mu     sync.Mutex
	timer  *time.Timer // to the sums; nil while nothing is counted
	times  map[refusalKey]int
	others int // refusals that have no entry in times
}

// refusalKey is what refusals are counted by.
type refusalKey struct{ caller, reason string }

const (
	sumEvery      = time.Minute
	linesOfCaller = 60    // log lines of one caller and reason in a minute
	maxRefusals   = 1_000 // callers and reasons that are counted separately in a minute
)

// NewRefusals returns refusals that write their sums by a function: caller, reason and more_times, or, of callers that are not counted
// separately, caller "others" and more_times.
func NewRefusals(write func(sum ...slog.Attr)) *Refusals {
	return &Refusals{write: write, times: map[refusalKey]int{}}
}

// LogSums returns a function for NewRefusals that logs the sums of refused calls.
func LogSums(logger *slog.Logger) func(...slog.Attr) {
	return func(sum ...slog.Attr) {
		logger.LogAttrs(context.Background(), slog.LevelWarn, "calls are refused", sum...)
	}
}

// Add counts a refusal, and reports whether the call's own log line is to be written.
func (r *Refusals) Add(caller, reason string) (logged bool) {
	if r == nil {
		return true
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.timer == nil {
		r.timer = time.AfterFunc(sumEvery, r.sum)
	}
	key := refusalKey{caller, reason}
	if r.times[key] == 0 && len(r.times) >= maxRefusals {
		r.others++
		return false
	}
	r.times[key]++
	return r.times[key] <= linesOfCaller
}

// sum logs the sums of the last minute.
func (r *Refusals) sum() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.logSums()
	r.timer = nil
}

// logSums logs and clears the sums. The caller holds mu.
func (r *Refusals) logSums() {
	for key, times := range r.times {
		if more := times - linesOfCaller; more > 0 {
			r.write(slog.String("caller", key.caller), slog.String("reason", key.reason), slog.Int("more_times", more))
		}
	}
	if r.others > 0 {
		r.write(slog.String("caller", "others"), slog.Int("more_times", r.others))
	}
	clear(r.times)
	r.others = 0
}

// Close logs the last sums.
func (r *Refusals) Close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.timer != nil {
		r.timer.Stop()
		r.timer = nil
	}
	r.logSums()
}
