package server

import (
	"context"
	"net"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc/peer"

	"convexgateway/convex"
	"convexgateway/server/call"
)

// fanout writes a result to all of its streams. To wake each stream's own goroutine would cost several times what it writes,
// so the trick is to write from as many goroutines as there are cores, the writers:
//
//   - A session hands over all streams that have news at once, by connection. A writer takes a connection and visits its
//     streams in turn, so that the transport finds many frames to send and makes few write calls of them.
//   - A send blocks when its reader has stopped. A writer that has not got on for stuckAfter is relieved: another takes the
//     rest of its connection, and it goes when its send ends. So a stopped reader delays the others once, and never again:
//     while the send lasts, watch.visit finds it under way and passes by.
//   - The stream at which a writer got stuck is left to its own goroutine until that has been quick for a while.
//
// It may be used concurrently, and leaves nothing behind when there are no news.
type fanout struct {
	most int // writers at work

	alone *desk // of all streams that share their connection with none

	mu      sync.Mutex
	desks   map[net.Addr]*desk // of the connections that may have several streams
	waiting []*round
	writers int // at work; those that were relieved do not count
}

const (
	stuckAfter = 2 * time.Millisecond
	probation  = 32 // quick looks of a stream's own goroutine, after which writers visit it again
	aFew       = 32 // streams without a connection in common that a writer takes at once
)

func newFanout() *fanout {
	f := &fanout{most: runtime.GOMAXPROCS(0), desks: map[net.Addr]*desk{}}
	f.alone = &desk{fanout: f}
	return f
}

// desk is where the streams of one connection get their news: they share it.
type desk struct {
	fanout  *fanout
	conn    net.Addr // nil for streams that have no connection in common
	streams int
}

// sit gives a stream its connection's desk. It must be left when the stream ends. Those over REST have one that stands for no
// connection.
func (f *fanout) sit(ctx context.Context) *desk {
	p, ok := peer.FromContext(ctx)
	if !ok || call.From(ctx).OverREST {
		return f.alone
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	d := f.desks[p.Addr]
	if d == nil {
		d = &desk{fanout: f, conn: p.Addr}
		f.desks[p.Addr] = d
	}
	d.streams++
	return d
}

func (d *desk) leave() {
	if d.conn == nil {
		return
	}
	d.fanout.mu.Lock()
	defer d.fanout.mu.Unlock()
	if d.streams--; d.streams == 0 {
		delete(d.fanout.desks, d.conn)
	}
}

// Deliver implements [convex.Outbox]. Streams without a connection in common are for all writers, a few at a time.
func (d *desk) Deliver(readers []convex.Reader) {
	few := len(readers)
	if d.conn == nil {
		few = aFew
	}
	for some := range slices.Chunk(readers, few) {
		d.fanout.add(&round{readers: some})
	}
}

// round is the streams of one connection that are to be visited, or some that have none in common.
type round struct {
	readers []convex.Reader
	next    atomic.Int64
}

// take returns the next stream; nil at the end.
func (r *round) take() *watch {
	if i := int(r.next.Add(1)) - 1; i < len(r.readers) {
		return r.readers[i].(*watch)
	}
	return nil
}

func (f *fanout) add(r *round) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.waiting = append(f.waiting, r)
	f.staff()
}

// staff sends one more writer to work, if there is work and not enough of them. The caller holds mu.
func (f *fanout) staff() {
	if len(f.waiting) == 0 || f.writers >= f.most {
		return
	}
	f.writers++
	w := &writer{fanout: f}
	w.clock = time.AfterFunc(never, w.check)
	go w.work()
}

// writer visits streams.
type writer struct {
	fanout  *fanout
	clock   *time.Timer // runs check every stuckAfter
	at      atomic.Pointer[watch]
	visited atomic.Uint64

	// guarded by fanout.mu
	round *round // nil before the first
	seen  uint64 // visited at the last check
	gone  bool   // relieved, or out of work
}

func (w *writer) work() {
	w.clock.Reset(stuckAfter)
	defer w.clock.Stop()
	for r := w.take(); r != nil; r = w.take() {
		for stream := r.take(); stream != nil; stream = r.take() {
			w.at.Store(stream)
			stream.visit()
			w.visited.Add(1)
		}
	}
}

// take returns the next round; nil if there is none, or the writer was relieved.
func (w *writer) take() *round {
	f := w.fanout
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case w.gone:
		return nil
	case len(f.waiting) == 0:
		w.gone, f.waiting = true, nil
		f.writers--
		return nil
	}
	w.round, f.waiting = f.waiting[0], f.waiting[1:]
	return w.round
}

// check relieves the writer if it has not got on since the last check. The rest of its round is for another.
func (w *writer) check() {
	f := w.fanout
	f.mu.Lock()
	defer f.mu.Unlock()
	visited, at := w.visited.Load(), w.at.Load()
	if w.gone {
		return
	}
	if at == nil || visited != w.seen {
		w.seen = visited
		w.clock.Reset(stuckAfter)
		return
	}
	at.slow.Store(probation)
	w.gone = true
	f.writers--
	f.waiting = slices.Insert(f.waiting, 0, w.round)
	f.staff()
}
