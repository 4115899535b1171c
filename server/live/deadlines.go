package live

import "time"

// deadlines are the timers of one stream. They share one timer, which wakes the stream. Only the goroutine that holds
// Stream.working may use them.
type deadlines struct {
	at     [deadlineKinds]time.Time // zero: not scheduled
	timer  *time.Timer              // nil before the first
	stream interface{ wakeUp() }
}

// What a stream may be woken for.
const (
	heartbeatDue   = iota // nothing was sent for the heartbeat's interval
	unreachableDue        // the deployment was unreachable for too long
	refusalDue            // no other token has arrived after the deployment refused one
	endDue                // the stream has to end, so that its client connects again
	deadlineKinds
)

// set schedules kind after d, replacing its earlier time.
func (d *deadlines) set(kind int, after time.Duration) {
	d.at[kind] = time.Now().Add(after)
	d.reschedule()
}

// clear removes kind from the schedule.
func (d *deadlines) clear(kind int) {
	if !d.at[kind].IsZero() {
		d.at[kind] = time.Time{}
		d.reschedule()
	}
}

// due reports whether the time of kind has come, and removes it from the schedule if so.
func (d *deadlines) due(kind int, now time.Time) bool {
	if d.at[kind].IsZero() || now.Before(d.at[kind]) {
		return false
	}
	d.clear(kind)
	return true
}

// reschedule sets the timer to the earliest deadline.
func (d *deadlines) reschedule() {
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
