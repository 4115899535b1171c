package load

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"
)

// Users are users with some streams each, in front of the development deployment. The first stream of each user follows
// users:me, whose result differs for each user; the others follow a counter. It is the [Receiver] of all streams.
type Users struct {
	Users, Each int
	Faults      *Faults
	Closing     atomic.Bool  // the ends of streams are no faults
	want        atomic.Int64 // of the counter
	left        atomic.Int64 // streams without the wanted value
	done        chan struct{}
}

// UserName returns the name of a user.
func UserName(i int) string { return fmt.Sprintf("user%d", i) }

// Message implements [Receiver].
func (c *Users) Message(stream int, b []byte) {
	event, err := DecodeGRPC(b)
	switch {
	case err != nil:
		c.Faults.Add("identities: %v", err)
	case !event.HasValue:
	case stream%c.Each == 0 && c.Users > 1:
		c.isMe(event.Value, UserName(stream/c.Each))
	default:
		if n, _ := event.Value.(float64); int64(n) == c.want.Load() {
			c.got()
		}
	}
}

// isMe checks that the result of users:me is that of the stream's user.
func (c *Users) isMe(value any, name string) {
	me, _ := value.(map[string]any)
	if me["name"] != name {
		c.Faults.Add("identities: a user sees another identity")
		return
	}
	c.got()
}

func (c *Users) got() {
	if c.left.Add(-1) == 0 {
		close(c.done)
	}
}

// Ended implements [Receiver].
func (c *Users) Ended(_ int, why error) {
	if !c.Closing.Load() {
		c.Faults.Add("identities: a stream ended: %v", why)
	}
}

// Await begins to wait for a value of the counter on a number of streams, those of users:me included.
func (c *Users) Await(streams int, counter int64) {
	c.done = make(chan struct{})
	c.want.Store(counter)
	c.left.Store(int64(streams))
}

// Wait waits until all of these streams have it.
func (c *Users) Wait(ctx context.Context) error {
	timer := time.NewTimer(2 * time.Minute)
	defer timer.Stop()
	select {
	case <-c.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return fmt.Errorf("%d streams were not sent what they should", c.left.Load())
	}
}
