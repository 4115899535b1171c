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

// fanout writes a result to all of its streams. To wake each stream's own goroutine would cost several times what it writes,
// so it writes from as many goroutines as there are cores, the workers:
//
//   - A sync session hands over all streams with a pending change at once, by connection. A worker takes the batch of one
//     connection and serves its streams in turn, so that the transport finds many frames to send and makes few write calls.
//   - A send blocks when its client has stopped reading. A worker that has served no stream for stuckAfter is replaced: another
//     takes the rest of its batch, and it ends when its send does. So a stopped client delays the others once, and never
//     again: while the send lasts, Stream.serve finds the stream at work and goes on to the next.
//   - The stream at which a worker got stuck is left to its own goroutine until that has been quick for a while.
//
// Safe for concurrent use. Without pending changes it has no goroutine.
type fanout struct {
	maxWorkers int

	shared *connQueue // of all streams that have their connection to themselves

	mu      sync.Mutex
	queues  map[connID]*connQueue // of the connections that may have several streams
	waiting []*batch
	workers int // that are at work; those that were replaced do not count
}

const (
	probation  = 32 // quick updates by a stream's own goroutine, after which workers serve it again
	chunkOfMix = 32 // streams without a connection in common that one batch has
)

func newFanout() *fanout {
	f := &fanout{maxWorkers: runtime.GOMAXPROCS(0), queues: map[connID]*connQueue{}}
	f.shared = &connQueue{fanout: f}
	return f
}

// connID identifies a connection by its remote address, which is that of one TCP connection. If two connections share one,
// they share a queue, which is slower and not wrong.
type connID string

// connQueue is where the streams of one connection are queued: they share it.
type connQueue struct {
	fanout  *fanout
	conn    connID // empty for streams that have no connection in common
	streams int
}

// join returns the queue of a stream's connection. The stream must leave it when it ends. Streams over REST share one that is
// of no connection.
func (f *fanout) join(ctx context.Context) *connQueue {
	p, ok := peer.FromContext(ctx)
	if !ok || call.From(ctx).OverREST {
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
		size = chunkOfMix
	}
	for chunk := range slices.Chunk(streams, size) {
		q.fanout.add(&batch{streams: chunk})
	}
}

// batch is streams that are to be served: those of one connection, or some that have none in common.
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
