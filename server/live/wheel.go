package live

import (
	"sync"
	"sync/atomic"
	"time"

	convexlive "convexgateway/convex/live"
)

// wheel finds the streams that are due for a heartbeat. One timer serves all of them, and runs only while there are some. A stream that
// sends something only records when; its slot is looked at when the interval since the event before has passed. Heartbeats are written by the
// fan-out's workers, so that the streams' own goroutines, and their stacks, are left alone. Safe for concurrent use.
type wheel struct {
	began time.Time

	mu      sync.Mutex
	slots   [wheelSlots][]*Stream // of the streams to look at, by the tick at which; nil until the first stream
	passed  int64                 // the newest tick whose slot was emptied
	members int
	timer   *time.Timer // nil before the first stream
}

const (
	// wheelTick is how much later than its interval a heartbeat may be sent.
	wheelTick = 250 * time.Millisecond
	// wheelSlots is enough for the longest interval.
	wheelSlots = int(maxHeartbeat/wheelTick) + 2
)

func newWheel() *wheel { return &wheel{began: time.Now()} }

// beat is what a stream has in the wheel. The wheel guards slot and place.
type beat struct {
	interval time.Duration // 0: no heartbeats
	sent     atomic.Int64  // when the last event was sent, since wheel.began, in nanoseconds
	slot     int32
	place    int32
}

func (w *wheel) now() time.Duration { return time.Since(w.began) }

// dueAt returns when a stream that sends nothing has to send a heartbeat.
func (b *beat) dueAt() time.Duration { return time.Duration(b.sent.Load()) + b.interval }

// join adds a stream with heartbeats.
func (w *wheel) join(s *Stream) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.now()
	if w.members == 0 {
		w.passed = int64(now / wheelTick)
		w.start(now)
	}
	w.members++
	w.put(s, s.beat.dueAt())
}

// leave removes a stream that has joined.
func (w *wheel) leave(s *Stream) {
	w.mu.Lock()
	defer w.mu.Unlock()
	slot, last := w.slots[s.beat.slot], len(w.slots[s.beat.slot])-1
	slot[s.beat.place] = slot[last]
	slot[s.beat.place].beat.place = s.beat.place
	slot[last] = nil
	w.slots[s.beat.slot] = slot[:last]
	if w.members--; w.members == 0 {
		w.timer.Stop()
		w.slots = [wheelSlots][]*Stream{}
	}
}

// start sets the timer to the next tick. The caller holds mu.
func (w *wheel) start(now time.Duration) {
	next := wheelTick - now%wheelTick
	if w.timer == nil {
		w.timer = time.AfterFunc(next, w.advance)
		return
	}
	w.timer.Reset(next)
}

// put adds a stream to the slot of the first tick at or after a time that has not passed. The caller holds mu.
func (w *wheel) put(s *Stream, at time.Duration) {
	tick := max(int64((at+wheelTick-1)/wheelTick), w.passed+1)
	i := int(tick % int64(wheelSlots))
	s.beat.slot, s.beat.place = int32(i), int32(len(w.slots[i]))
	w.slots[i] = append(w.slots[i], s)
}

// advance passes the streams that are due on to the workers.
func (w *wheel) advance() {
	for queue, streams := range w.pass() {
		queue.Notify(streams)
	}
}

// pass empties the slots of all ticks up to now, and returns the streams of them that are due.
func (w *wheel) pass() map[*connQueue][]convexlive.Listener {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.members == 0 {
		return nil
	}
	now := w.now()
	due := map[*connQueue][]convexlive.Listener{}
	tick := int64(now / wheelTick)
	for first := max(w.passed+1, tick-int64(wheelSlots)+1); first <= tick; first++ {
		w.passed = first
		w.empty(int(first%int64(wheelSlots)), now, due)
	}
	w.start(now)
	return due
}

// empty moves the streams of a slot to those of their next heartbeats, and adds those that are due to the map.
func (w *wheel) empty(slot int, now time.Duration, due map[*connQueue][]convexlive.Listener) {
	streams := w.slots[slot]
	w.slots[slot] = nil
	for _, s := range streams {
		at := s.beat.dueAt()
		if at <= now {
			due[s.queue] = append(due[s.queue], s)
			at = now + s.beat.interval
		}
		w.put(s, at)
	}
}

// Sent restarts the time of quiet until the next heartbeat. The sink calls it with each event that it sends.
func (s *Stream) Sent() {
	if s.beat.interval > 0 {
		s.beat.sent.Store(int64(s.streams.wheel.now()))
	}
}

// keepAlive sends a heartbeat if it is due.
func (s *Stream) keepAlive() error {
	if s.beat.interval == 0 || s.beat.dueAt() > s.streams.wheel.now() {
		return nil
	}
	s.Sent()
	return s.sink.Heartbeat()
}
