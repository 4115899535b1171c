package live

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

// outage logs a failure that all sessions may have, many times each: the first time at once, the others as sums. Safe for
// concurrent use.
type outage struct {
	logger  *slog.Logger
	level   slog.Level // of the first line
	message string

	mu       sync.Mutex
	timer    *time.Timer // to the next sum; nil while there is no outage
	times    int         // since the last line
	args     []any       // of the last time
	nextSum  time.Time
	settling bool // there was a success after the last time
}

// happened notes the failure, with arguments for the log.
func (o *outage) happened(args ...any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.timer == nil {
		o.logger.Log(context.Background(), o.level, o.message, args...)
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

// succeeded notes that it works for one of them.
func (o *outage) succeeded() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.timer != nil && !o.settling {
		o.settling = true
		o.timer.Reset(settleAfter)
	}
}

// sum logs how often it has happened since the last line. The outage is over if it has not, or has not since a success.
func (o *outage) sum() {
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
func (o *outage) logSum() {
	if o.times > 0 {
		o.logger.Info(o.message, append([]any{"times", o.times}, o.args...)...)
	}
	o.times, o.args = 0, nil
}

// close logs the last sum.
func (o *outage) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.timer != nil {
		o.timer.Stop()
		o.timer = nil
	}
	o.logSum()
}

// outages are those of a client.
type outages struct {
	unreachable, refused *outage
	unchecked            *outage            // tokens that the deployment could not check
	behind               *outage            // times of the deployment that have gone back
	ended                map[string]*outage // by cause: one of LossCauses
}

func newOutages(logger *slog.Logger) *outages {
	o := &outages{
		unreachable: &outage{logger: logger, level: slog.LevelWarn, message: "cannot reach the deployment"},
		refused:     &outage{logger: logger, level: slog.LevelWarn, message: "the deployment refused a token"},
		unchecked:   &outage{logger: logger, level: slog.LevelWarn, message: "the deployment cannot reach the issuer of a token"},
		behind: &outage{
			logger: logger, level: slog.LevelWarn,
			message: "the deployment's time is behind what it gave out before, as if older data had been put back; its times start over",
		},
		ended: map[string]*outage{},
	}
	for _, cause := range LossCauses {
		o.ended[cause] = &outage{logger: logger, level: slog.LevelInfo, message: "the socket to the deployment ended"}
	}
	return o
}

func (o *outages) close() {
	for _, each := range []*outage{o.unreachable, o.refused, o.unchecked, o.behind} {
		each.close()
	}
	for _, ended := range o.ended {
		ended.close()
	}
}
