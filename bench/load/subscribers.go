package load

import (
	"context"
	"fmt"
	"hash/maphash"
	"sync"
	"sync/atomic"
	"time"
)

// Subscribers receive a Feed on many streams and check it: only what was published, byte by byte; never backwards, never
// twice; and, on streams that are read, every single update, because the next one is published when all have the last.
//
// A message is decoded once: streams that share a result are sent the same bytes, which are found again by their hash.
type Subscribers struct {
	feed    *Feed
	decode  func([]byte) (Event, error)
	faults  *Faults
	name    string // of the server, for texts of faults
	reading int    // number of streams that are not stopped
	stopped func(stream int) bool

	decoded sync.Map // decoded, by the hash of the message
	seed    maphash.Seed
	last    []atomic.Int64 // by stream: the update it was sent last
	skipped atomic.Int64   // updates that stopped streams were not sent
	token   atomic.Pointer[string]
	strict  atomic.Bool // an update may not be missed
	round   atomic.Pointer[round]
	closing atomic.Bool
}

// decoded is what matters of a message.
type decoded struct {
	seq       int64 // 0: no value
	unchanged bool
}

// round is one update on its way to all streams that are read.
type round struct {
	seq  int64
	left atomic.Int64
	done chan struct{}
}

// NewSubscribers returns the receiver of streams that follow a feed.
func NewSubscribers(feed *Feed, name string, o Open, decode func([]byte) (Event, error), faults *Faults) *Subscribers {
	a := &Subscribers{
		feed: feed, decode: decode, faults: faults, name: name, seed: maphash.MakeSeed(), last: make([]atomic.Int64, o.Streams),
		stopped: o.Stopped,
	}
	if a.stopped == nil {
		a.stopped = func(int) bool { return false }
	}
	for i := range o.Streams {
		if !a.stopped(i) {
			a.reading++
		}
	}
	a.round.Store(&round{})
	return a
}

// Message implements Receiver.
func (a *Subscribers) Message(stream int, b []byte) {
	k, ok := a.decodeOnce(b)
	if !ok || k.seq == 0 && !k.unchanged {
		return
	}
	seq := k.seq
	if k.unchanged { // still the result of before the resume
		seq = a.round.Load().seq
	}
	before := a.last[stream].Swap(seq)
	switch {
	case seq < before:
		a.faults.Add("%s: a stream went back from an update to an earlier one", a.name)
	case seq == before:
		a.faults.Add("%s: a stream was sent an update twice", a.name)
	case a.stopped(stream):
		a.skipped.Add(max(0, seq-before-1))
		return
	case seq > before+1 && a.strict.Load():
		a.faults.Add("%s: a stream missed an update", a.name)
	}
	r := a.round.Load()
	if seq == r.seq && before < r.seq && r.left.Add(-1) == 0 {
		close(r.done)
	}
}

// decodeOnce decodes a message. It reports false, and adds a fault, if the message is wrong.
func (a *Subscribers) decodeOnce(b []byte) (decoded, bool) {
	hash := maphash.Bytes(a.seed, b)
	if k, ok := a.decoded.Load(hash); ok {
		return k.(decoded), true
	}
	event, err := a.decode(b)
	var seq int
	if err == nil && event.HasValue {
		seq, err = a.feed.check(event.Value)
	}
	if err != nil {
		a.faults.Add("%s: %v", a.name, err)
		return decoded{}, false
	}
	if event.ResumeToken != "" {
		a.token.Store(&event.ResumeToken)
	}
	k := decoded{seq: int64(seq), unchanged: event.Unchanged}
	a.decoded.Store(hash, k)
	return k, true
}

// Ended implements Receiver. The end of a stream is a fault until Closing is called.
func (a *Subscribers) Ended(_ int, why error) {
	if !a.closing.Load() {
		a.faults.Add("%s: a stream ended: %v", a.name, why)
	}
}

// Closing is called before the streams are closed.
func (a *Subscribers) Closing() { a.closing.Store(true) }

// Skipped returns how many updates the stopped streams were not sent.
func (a *Subscribers) Skipped() int64 { return a.skipped.Load() }

// ResumeToken returns the newest one; empty: none was received.
func (a *Subscribers) ResumeToken() string {
	if t := a.token.Load(); t != nil {
		return *t
	}
	return ""
}

// Await sets the update that Wait waits for. Call it before a stream can receive that update.
func (a *Subscribers) Await(seq int) {
	r := &round{seq: int64(seq), done: make(chan struct{})}
	r.left.Store(int64(a.reading))
	a.round.Store(r)
}

// roundLimit is how long an update may take to reach all streams before it counts as lost.
const roundLimit = 60 * time.Second

// Wait blocks until all streams that are read have the awaited update.
func (a *Subscribers) Wait(ctx context.Context) error {
	r := a.round.Load()
	timer := time.NewTimer(roundLimit)
	defer timer.Stop()
	select {
	case <-r.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return fmt.Errorf("%s: %d of %d streams have not been sent update %d", a.name, r.left.Load(), a.reading, r.seq)
	}
}

// Round publishes an update and returns how long it took until the last stream that is read had it.
func (a *Subscribers) Round(ctx context.Context, size int) (time.Duration, error) {
	seq, text := a.feed.next(size)
	a.Await(seq)
	a.strict.Store(true)
	start := time.Now()
	if err := a.feed.send(ctx, text); err != nil {
		return 0, err
	}
	err := a.Wait(ctx)
	return time.Since(start), err
}

// Newest blocks until every stream, those that were stopped included, has the newest update.
func (a *Subscribers) Newest(ctx context.Context) error {
	limit, cancel := context.WithTimeout(ctx, roundLimit)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		behind := 0
		for i := range a.last {
			if a.last[i].Load() < a.round.Load().seq {
				behind++
			}
		}
		if behind == 0 {
			return nil
		}
		select {
		case <-tick.C:
		case <-limit.Done():
			return fmt.Errorf("%s: %d streams did not get the newest update", a.name, behind)
		}
	}
}
