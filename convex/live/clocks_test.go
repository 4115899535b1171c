package live

import (
	"testing"
	"time"

	"convexgateway/convex/live/protocol"
)

// How old a commit is does not depend on how wrong either clock is; a message that is longer on its way is older by that, and one that no
// commit has caused has no age.
func TestFreshness(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	for _, ahead := range []time.Duration{0, -time.Hour, 24 * time.Hour} {
		var c clocks
		now := processBegan.Add(time.Minute)
		deployment := time.Duration(now.UnixNano()) + ahead // its clock at that time
		receive := func(commit, sent, received time.Duration, change func(*protocol.Transition)) time.Duration {
			m := &protocol.Transition{Sent: protocol.Timestamp(deployment + sent), Received: now.Add(received), Modifications: make([]protocol.Modification, 1)}
			m.End.TS = protocol.Timestamp(deployment + commit)
			if change != nil {
				change(m)
			}
			return c.freshness(m)
		}
		for _, tt := range []struct {
			name                         string
			commit, sent, received, want time.Duration
			change                       func(*protocol.Transition)
		}{
			{name: "the first, whose way counts as none", commit: 0, sent: 10 * ms, received: 40 * ms, want: 10 * ms},
			{name: "a faster one", commit: 1000 * ms, sent: 1010 * ms, received: 1015 * ms, want: 10 * ms},
			{name: "a slow one", commit: 2000 * ms, sent: 2010 * ms, received: 2215 * ms, want: 210 * ms},
			{name: "a query that was added", commit: 2100 * ms, sent: 2300 * ms, received: 2400 * ms, change: func(m *protocol.Transition) { m.End.QuerySet = 1 }},
			{name: "a token", commit: 2100 * ms, sent: 2300 * ms, received: 2400 * ms, change: func(m *protocol.Transition) { m.End.Identity = 1 }},
			{name: "nothing has changed", commit: 2100 * ms, sent: 2300 * ms, received: 2400 * ms, change: func(m *protocol.Transition) { m.Modifications = nil }},
			{name: "a deployment that sends no time", commit: 2100 * ms, received: 2400 * ms, change: func(m *protocol.Transition) { m.Sent = 0 }},
			{name: "a query that runs long after the commit", commit: 0, sent: 40_000 * ms, received: 40_100 * ms},
		} {
			if got := receive(tt.commit, tt.sent, tt.received, tt.change); got != tt.want {
				t.Errorf("%v ahead, %s: %v, want %v", ahead, tt.name, got, tt.want)
			}
		}
		deployment += time.Second // it is set: two periods later only the new difference counts
		for at := time.Minute; at < 5*time.Minute; at += 30 * time.Second {
			receive(at, at, at, nil)
		}
		deployment -= 3 * time.Second
		last := time.Duration(0)
		for at := 5 * time.Minute; at < 8*time.Minute; at += 30 * time.Second {
			last = receive(at, at, at, nil)
		}
		if last > ms {
			t.Errorf("%v ahead, after the clock was set: %v", ahead, last)
		}
	}
	if (*clocks)(nil).freshness(&protocol.Transition{Sent: 1}) != 0 {
		t.Error("without clocks")
	}
}
