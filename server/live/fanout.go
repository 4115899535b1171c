package live

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"google.golang.org/grpc/peer"

	convexlive "convexgateway/convex/live"
	"convexgateway/server/call"
)

// fanout writes a result to all of its streams. To wake each stream's own goroutine costs several times as much as the write,
// so it writes from as many goroutines as there are cores, the workers:
//
//   - A sync session passes on all streams with a pending change at once, grouped by connection. A worker takes the batch of
//     one connection and serves its streams in turn, so that the transport finds many frames and makes few write calls.
//   - A send blocks when its client has stopped reading. A worker that has served no stream for stuckAfter is replaced: another
//     takes the rest of its batch, and the worker ends when its send does. So a stopped client delays others only once: while
//     the send lasts, Stream.serve finds the stream locked and skips it.
//   - Workers skip a stream at which one was stuck until the stream's own goroutine has run ownUpdatesWhenStuck quick updates.
//
// Safe for concurrent use. It has no goroutine while no change is pending.
type fanout struct {
	maxWorkers int

	shared *connQueue // of all streams that share their connection with no other

	mu      sync.Mutex
	queues  map[connID]*connQueue // of the connections that may have several streams
	waiting []*batch
	workers int // that run and were not replaced
}

const (
	ownUpdatesWhenStuck = 32 // quick updates by a stream's own goroutine, after which workers serve the stream again
	mixedBatch          = 32 // streams without a connection in common in one batch
)

func newFanout() *fanout {
	f := &fanout{maxWorkers: runtime.GOMAXPROCS(0), queues: map[connID]*connQueue{}}
	f.shared = &connQueue{fanout: f}
	return f
}

// connID identifies a connection by its remote address, which belongs to one TCP connection. If two connections have the same
// address, they share a queue, which is slower, but correct.
type connID string

// connQueue queues the streams of one connection for the workers.
type connQueue struct {
	fanout  *fanout
	conn    connID // empty for streams that have no connection in common
	streams int
}

// join returns the queue of a stream's connection. The stream must leave it when it ends. Streams that come by the HTTP handler share the queue of
// those without a connection in common.
func (f *fanout) join(ctx context.Context) *connQueue {
	p, ok := peer.FromContext(ctx)
	if !ok || call.From(ctx).Protocol != call.GRPC {
		return f.shared
	}
	conn := connID(p.Addr.String())
	f.mu.Lock()
	defer f.mu.Unlock()
	q := f.queues[conn]
	if q == nil {
		q = &connQueue{fanout: f, conn: conn}
		f.queues[conn] = q
	}
	q.streams++
	return q
}

func (q *connQueue) leave() {
	if q.conn == "" {
		return
	}
	q.fanout.mu.Lock()
	defer q.fanout.mu.Unlock()
	if q.streams--; q.streams == 0 {
		delete(q.fanout.queues, q.conn)
	}
}

// Notify implements [convexlive.Notifier]. Streams without a connection in common are split among all workers.
func (q *connQueue) Notify(streams []convexlive.Listener) {
	size := len(streams)
	if q.conn == "" {
		size = mixedBatch
	}
	for chunk := range slices.Chunk(streams, size) {
		q.fanout.add(&batch{streams: chunk})
	}
}

// batch is a set of streams for one worker: those of one connection, or some that have none in common.
type batch struct {
	streams []convexlive.Listener
	next    atomic.Int64
}

// take returns the next stream; nil at the end.
func (b *batch) take() *Stream {
	if i := int(b.next.Add(1)) - 1; i < len(b.streams) {
		return b.streams[i].(*Stream)
	}
	return nil
}

func (f *fanout) add(b *batch) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.waiting = append(f.waiting, b)
	f.startWorker()
}

// startWorker starts one more worker if there is work and room for one. The caller holds mu.
func (f *fanout) startWorker() {
	if len(f.waiting) == 0 || f.workers >= f.maxWorkers {
		return
	}
	f.workers++
	newWorker(f).start()
}
