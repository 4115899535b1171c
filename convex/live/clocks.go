package live

import (
	"sync"
	"time"

	"convexgateway/convex/live/protocol"
)

// clocks is the difference of the deployment's clock and this process's, by the fastest message of late: what that took on its way
// counts as none. Neither clock has to be right. Safe for concurrent use.
type clocks struct {
	mu          sync.Mutex
	now, before time.Duration // the least difference of this period and of the one before, if known
	since       time.Time     // this period has begun; zero: nothing is known
	once        bool          // there was a period before
}

// clocksPeriod is short, so that a clock that is set has little effect: on the messages of two periods.
const clocksPeriod = time.Minute

// processBegan is what the monotonic clock, which nobody sets, is read from.
var processBegan = time.Now()

// freshness is how old the commit was when a transition was received that shows its effects; 0 if it is none of one commit's, or unknown.
func (c *clocks) freshness(t *protocol.Transition) time.Duration {
	if c == nil || t.Sent == 0 {
		return 0
	}
	late := c.late(time.Duration(t.Sent), t.Received)
	if t.Start.QuerySet != t.End.QuerySet || t.Start.Identity != t.End.Identity || len(t.Modifications) == 0 {
		return 0
	}
	age := time.Duration(t.Sent) - time.Duration(t.End.TS)
	if age < 0 || age >= maxLag {
		return 0
	}
	return max(age+late, 1)
}

// late is how much longer a message was on its way than the fastest.
func (c *clocks) late(sent time.Duration, received time.Time) time.Duration {
	difference := received.Sub(processBegan) - sent
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.since.IsZero():
		c.now, c.since = difference, received
	case received.Sub(c.since) > clocksPeriod:
		c.before, c.once = c.now, received.Sub(c.since) <= 2*clocksPeriod
		c.now, c.since = difference, received
	}
	c.now = min(c.now, difference)
	least := c.now
	if c.once {
		least = min(least, c.before)
	}
	return difference - least
}
