package live

import "time"

// deadlines are the timers of one stream but for its heartbeats. They share one timer, which wakes the stream. Only the goroutine that holds
// Stream.working may use them.
type deadlines struct {
	at     [deadlineKinds]instant // 0: not scheduled
	timer  *time.Timer            // nil before the first
	stream *Stream
}

// instant is a time in nanoseconds since the process began, by the monotonic clock. It is a third of a [time.Time], of which each stream
// would have several.
type instant int64

var began = time.Now()

func now() instant { return instant(time.Since(began)) }

func (i instant) time() time.Time { return began.Add(time.Duration(i)) }

// What a stream may be woken for.
const (
	unreachableDue = iota // the deployment was unreachable for too long
	refusalDue            // no other token has arrived after the deployment refused one
	endDue                // the stream has to end, so that its client connects again
	deadlineKinds
)

// set schedules kind after d, replacing its earlier time.
func (d *deadlines) set(kind int, after time.Duration) {
	d.at[kind] = now() + instant(after)
	d.reschedule()
}

// clear removes kind from the schedule.
func (d *deadlines) clear(kind int) {
	if d.at[kind] != 0 {
		d.at[kind] = 0
		d.reschedule()
	}
}

// due reports whether the time of kind has come, and removes it from the schedule if so.
func (d *deadlines) due(kind int, now instant) bool {
	if d.at[kind] == 0 || now < d.at[kind] {
		return false
	}
	d.clear(kind)
	return true
}

// reschedule sets the timer to the earliest deadline.
func (d *deadlines) reschedule() {
	var first instant
	for _, at := range d.at {
		if first == 0 || at != 0 && at < first {
			first = at
		}
	}
	switch {
	case first == 0:
		d.stop()
	case d.timer == nil:
		d.timer = time.AfterFunc(time.Duration(first-now()), d.stream.wakeUp)
	default:
		d.timer.Reset(time.Duration(first - now()))
	}
}

func (d *deadlines) stop() {
	if d.timer != nil {
		d.timer.Stop()
	}
}
