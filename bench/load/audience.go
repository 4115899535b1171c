package load

import (
	"context"
	"fmt"
	"hash/maphash"
	"sync"
	"sync/atomic"
	"time"
)

// Audience receives a Feed on many streams and checks it: only what was published, byte by byte; never backwards, never
// twice; and, on streams that are read, every single update, because the next one is published when all have the last.
//
// Decoding is for the first time that some bytes are seen. Streams that share a result are sent the same bytes, which a hash
// recognises.
type Audience struct {
	feed    *Feed
	decode  func([]byte) (Event, error)
	faults  *Faults
	name    string // of the server, in faults
	reading int    // streams that are not stopped
	stopped func(stream int) bool

	known   sync.Map // hash of bytes: known
	seed    maphash.Seed
	last    []atomic.Int64 // by stream: the update it was sent last
	skipped atomic.Int64   // updates that stopped streams were not sent
	token   atomic.Pointer[string]
	strict  atomic.Bool // an update may not be missed
	round   atomic.Pointer[round]
	closing atomic.Bool
}

// known is what some bytes say.
type known struct {
	seq       int64 // 0: no value
	unchanged bool
}

// round waits until all readers have an update.
type round struct {
	seq  int64
	left atomic.Int64
	done chan struct{}
}

// NewAudience makes the receiver of streams that follow a feed.
func NewAudience(feed *Feed, name string, o Open, decode func([]byte) (Event, error), faults *Faults) *Audience {
	a := &Audience{
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
func (a *Audience) Message(stream int, b []byte) {
	k, ok := a.recognise(b)
	if !ok || k.seq == 0 && !k.unchanged {
		return
	}
	seq := k.seq
	if k.unchanged { // what it had before
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

// recognise says what bytes mean, and false if they are wrong.
func (a *Audience) recognise(b []byte) (known, bool) {
	hash := maphash.Bytes(a.seed, b)
	if k, ok := a.known.Load(hash); ok {
		return k.(known), true
	}
	event, err := a.decode(b)
	var seq int
	if err == nil && event.HasValue {
		seq, err = a.feed.check(event.Value)
	}
	if err != nil {
		a.faults.Add("%s: %v", a.name, err)
		return known{}, false
	}
	if event.ResumeToken != "" {
		a.token.Store(&event.ResumeToken)
	}
	k := known{seq: int64(seq), unchanged: event.Unchanged}
	a.known.Store(hash, k)
	return k, true
}

// Ended implements Receiver: no stream ends before Close is about to be called.
func (a *Audience) Ended(_ int, why error) {
	if !a.closing.Load() {
		a.faults.Add("%s: a stream ended: %v", a.name, why)
	}
}

// Closing says that streams end from now on.
func (a *Audience) Closing() { a.closing.Store(true) }

// Skipped is how many updates stopped streams have not been sent.
func (a *Audience) Skipped() int64 { return a.skipped.Load() }

// ResumeToken is the last that was seen.
func (a *Audience) ResumeToken() string {
	if t := a.token.Load(); t != nil {
		return *t
	}
	return ""
}

// Await makes an update that is already published, or about to be, the one that all readers must get. Call it before they
// can.
func (a *Audience) Await(seq int) {
	r := &round{seq: int64(seq), done: make(chan struct{})}
	r.left.Store(int64(a.reading))
	a.round.Store(r)
}

// roundLimit is how long an update may take to reach all streams before it counts as lost.
const roundLimit = 60 * time.Second

// Wait returns when all readers have got the awaited update.
func (a *Audience) Wait(ctx context.Context) error {
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

// Round publishes an update and returns how long it took until the last reader had it.
func (a *Audience) Round(ctx context.Context, size int) (time.Duration, error) {
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

// Newest waits until every stream, those that were stopped included, has the newest update.
func (a *Audience) Newest(ctx context.Context) error {
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
