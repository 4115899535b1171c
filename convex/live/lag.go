package live

import (
	"time"

	"convexgateway/convex/live/protocol"
)

// The lag of a transition is how long the deployment took for it. It computes one transition of a socket at a time, so that the lag of
// the slowest query is that of all.

// slowAfter is from which lag on a transition is slow.
const slowAfter = 100 * time.Millisecond

// maxLag is where a change is none of the commit: a query that could not run is run again some time after it.
const maxLag = 30 * time.Second

// maxSentTimes bounds the messages of a socket whose times are kept.
const maxSentTimes = 1_000

// sentTime is when a version of the query set was sent.
type sentTime struct {
	version uint32
	at      time.Time
}

// send sends messages, and notes when.
func (u *upstream) send(messages [][]byte) {
	u.link.send(messages)
	version := u.machine.QuerySetSent()
	if len(messages) == 0 || u.link.socket == nil || !u.session.upstreams.separate() || len(u.sent) >= maxSentTimes {
		return
	}
	if n := len(u.sent); n == 0 || u.sent[n-1].version < version {
		u.sent = append(u.sent, sentTime{version, time.Now()})
	}
}

// sentAt returns when a version was sent that a transition has answered, and drops it and those before.
func (u *upstream) sentAt(version uint32) (at time.Time, known bool) {
	for len(u.sent) > 0 && u.sent[0].version <= version {
		at, known = u.sent[0].at, u.sent[0].version == version
		u.sent = u.sent[1:]
	}
	if len(u.sent) == 0 {
		u.sent = nil
	}
	return at, known
}

// lag returns that of a transition; unknown for one that answers to a token, which has every query run again. That of an answer to a
// message of ours is timed from the message, and the fastest answer or dial of the session is what the way takes; that of a change from its
// commit, by the deployment's clock.
func (u *upstream) lag(t *protocol.Transition) (lag time.Duration, known bool) {
	sent, answers := u.sentAt(t.End.QuerySet)
	switch {
	case t.Start.Identity != t.End.Identity:
		return 0, false
	case t.Start.QuerySet == t.End.QuerySet:
		lag = time.Duration(t.Sent) - time.Duration(t.End.TS)
		return lag, len(t.Modifications) > 0 && lag >= 0 && lag < maxLag
	case !answers:
		return 0, false
	}
	lag = t.Received.Sub(sent)
	u.session.fastest.note(lag, t.Received)
	return lag - u.session.fastest.get(), true
}

// fastest is how long the fastest answers and dials of late took; 0: there were none. The way may become longer.
type fastest struct {
	now, before time.Duration // of this period and the one before
	since       time.Time     // this period has begun
}

const fastestPeriod = 5 * time.Minute

func (f *fastest) get() time.Duration {
	if f.before == 0 || f.now > 0 && f.now < f.before {
		return f.now
	}
	return f.before
}

// note notes how long an answer, or a dial, took.
func (f *fastest) note(took time.Duration, now time.Time) {
	if now.Sub(f.since) > fastestPeriod {
		f.before, f.now, f.since = f.now, 0, now
	}
	if f.now == 0 || took < f.now {
		f.now = max(took, 1)
	}
}
