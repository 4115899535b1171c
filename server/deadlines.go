package server

import "time"

// deadlines are the clocks of one stream, on a single timer that wakes it. Whoever is at work on the stream uses them.
type deadlines struct {
	at    [deadlineKinds]time.Time // zero: none
	timer *time.Timer              // nil before the first
	of    interface{ wakeUp() }
}

// What a stream may be woken for.
const (
	beatDue    = iota // the client wants to hear something
	reachDue          // the deployment was away for too long
	refusalDue        // no other token has come after the deployment refused one
	leaveDue          // the stream has to end, and its client to connect again
	deadlineKinds
)

// set lets a kind be due after d.
func (d *deadlines) set(kind int, after time.Duration) {
	d.at[kind] = time.Now().Add(after)
	d.rewind()
}

// clear lets a kind be due no more.
func (d *deadlines) clear(kind int) {
	if !d.at[kind].IsZero() {
		d.at[kind] = time.Time{}
		d.rewind()
	}
}

// due reports whether the time of a kind has come, and clears it.
func (d *deadlines) due(kind int, now time.Time) bool {
	if d.at[kind].IsZero() || now.Before(d.at[kind]) {
		return false
	}
	d.clear(kind)
	return true
}

// rewind sets the timer to the kind that is due first.
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
		d.timer = time.AfterFunc(time.Until(first), d.of.wakeUp)
	default:
		d.timer.Reset(time.Until(first))
	}
}

func (d *deadlines) stop() {
	if d.timer != nil {
		d.timer.Stop()
	}
}
