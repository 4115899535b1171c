package live

import (
	"math"
	"time"
)

// disarmed is the time of a timer that is not to fire.
const disarmed = time.Duration(math.MaxInt64)

// deadlines are the timers of one stream, on a single one that wakes the stream. The goroutine that works on the stream uses
// them.
type deadlines struct {
	at     [deadlineKinds]time.Time // zero: not scheduled
	timer  *time.Timer              // nil before the first
	stream interface{ wakeUp() }
}

// What a stream may be woken for.
const (
	heartbeatDue   = iota // the heartbeat's quiet is over
	unreachableDue        // the deployment was out of reach for too long
	refusalDue            // no other token has come after the deployment refused one
	leaveDue              // the stream has to end, and its client to connect again
	deadlineKinds
)

// set schedules kind after d, replacing its earlier time.
func (d *deadlines) set(kind int, after time.Duration) {
	d.at[kind] = time.Now().Add(after)
	d.rewind()
}

// clear takes kind off the schedule.
func (d *deadlines) clear(kind int) {
	if !d.at[kind].IsZero() {
		d.at[kind] = time.Time{}
		d.rewind()
	}
}

// due reports whether the time of kind has come, and takes it off the schedule if so.
func (d *deadlines) due(kind int, now time.Time) bool {
	if d.at[kind].IsZero() || now.Before(d.at[kind]) {
		return false
	}
	d.clear(kind)
	return true
}

// rewind sets the timer to the earliest deadline.
func (d *deadlines) rewind() {
	var first time.Time
	for _, at := range d.at {
		if first.IsZero() || !at.IsZero() && at.Before(first) {
			first = at
		}
	}
	switch {
	case first.IsZero():
		d.stop()
	case d.timer == nil:
		d.timer = time.AfterFunc(time.Until(first), d.stream.wakeUp)
	default:
		d.timer.Reset(time.Until(first))
	}
}

func (d *deadlines) stop() {
	if d.timer != nil {
		d.timer.Stop()
	}
}
