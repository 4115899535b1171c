package live

import (
	"context"
	"slices"
	"sync/atomic"
	"time"
)

// showLimit is how long listeners that have not shown their newest state may hold back the answer of a mutation.
const showLimit = 50 * time.Millisecond

// versions count the states of a subscription; they wrap around. The subscription's mu guards them.
type versions struct {
	put   uint32 // of the newest state
	read  uint32 // of the state that State returned last
	shown uint32 // of the state that the listener has shown last
	waits []showWait
}

// firstSince reports whether a state is new that nobody has to be notified of yet: all before it were read.
func (v *versions) firstSince(before versions) bool {
	return before.read == before.put && v.put != before.put
}

// showWait waits until the state of a version, or a newer one, has been shown.
type showWait struct {
	version uint32
	shows   *shows
}

// Shown is called by the listener when it has passed on what State returned last, or has decided not to.
func (sub *Subscription) Shown() {
	sub.mu.Lock()
	defer sub.mu.Unlock()
	sub.versions.show()
}

// show notes that what was read last has been shown.
func (v *versions) show() {
	v.shown = v.read
	if len(v.waits) > 0 {
		v.release(func(version uint32) bool { return int32(v.shown-version) >= 0 }) // as they wrap around
	}
}

// release ends the waits for versions that match.
func (v *versions) release(match func(version uint32) bool) {
	v.waits = slices.DeleteFunc(v.waits, func(w showWait) bool {
		if !match(w.version) {
			return false
		}
		w.shows.done()
		return true
	})
}

// awaitShown has shows wait until the listener has shown the present state. Without a listener there is nothing to wait for:
// the state is in the subscriber's slot.
func (sub *Subscription) awaitShown(s *shows) {
	if sub.listener == nil {
		return
	}
	sub.mu.Lock()
	defer sub.mu.Unlock()
	if sub.state.Err == nil {
		sub.versions.await(s)
	}
}

// await has shows wait until the newest state has been shown.
func (v *versions) await(s *shows) {
	if v.shown != v.put {
		s.missing.Add(1)
		v.waits = append(v.waits, showWait{v.put, s})
	}
}

// shows are what listeners still have to show before a mutation is answered.
type shows struct {
	missing atomic.Int32  // and 1 while it is being made
	all     chan struct{} // closed when nothing is missing
}

func (s *shows) done() {
	if s.missing.Add(-1) == 0 {
		close(s.all)
	}
}

// unshown is what the listeners of a session have been given and not shown. It runs on the loop.
func (s *subscribers) unshown() *shows {
	w := &shows{all: make(chan struct{})}
	w.missing.Add(1)
	for sub := range s.all {
		sub.awaitShown(w)
	}
	for set := range s.sets {
		set.awaitShown(w)
	}
	w.done()
	return w
}

// wait waits until nothing is missing, for showLimit at most.
func (s *shows) wait(ctx context.Context) {
	select {
	case <-s.all: // without a timer
		return
	default:
	}
	limit := time.NewTimer(showLimit)
	defer limit.Stop()
	select {
	case <-s.all:
	case <-limit.C:
	case <-ctx.Done():
	}
}
