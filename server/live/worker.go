package live

import (
	"math"
	"slices"
	"sync/atomic"
	"time"
)

// stuckAfter is how long a worker may serve one stream before another worker replaces it.
const stuckAfter = 2 * time.Millisecond

// disarmed is the time of a timer that is not to fire.
const disarmed = time.Duration(math.MaxInt64)

// worker serves the streams of batches, one at a time, until there is no batch left or it is replaced.
type worker struct {
	fanout *fanout
	timer  *time.Timer            // runs check every stuckAfter
	at     atomic.Pointer[Stream] // that is being served, or was last
	served atomic.Uint64

	// guarded by fanout.mu
	batch *batch // nil before the first
	seen  uint64 // served at the last check
	ended bool   // it was replaced, or has no work
}

func newWorker(f *fanout) *worker { return &worker{fanout: f} }

func (w *worker) start() {
	w.timer = time.AfterFunc(disarmed, w.check)
	go w.run()
}

func (w *worker) run() {
	w.timer.Reset(stuckAfter)
	defer w.timer.Stop()
	for b := w.take(); b != nil; b = w.take() {
		for stream := b.take(); stream != nil; stream = b.take() {
			w.at.Store(stream)
			stream.serve()
			w.served.Add(1)
		}
	}
}

// take returns the next batch; nil if there is none, or the worker was replaced.
func (w *worker) take() *batch {
	f := w.fanout
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case w.ended:
		return nil
	case len(f.waiting) == 0:
		w.ended, f.waiting = true, nil
		f.workers--
		return nil
	}
	w.batch, f.waiting = f.waiting[0], f.waiting[1:]
	return w.batch
}

// check replaces the worker if it has served no stream since the last check. Another takes the rest of its batch.
func (w *worker) check() {
	f := w.fanout
	f.mu.Lock()
	defer f.mu.Unlock()
	served, at := w.served.Load(), w.at.Load()
	if w.ended {
		return
	}
	if at == nil || served != w.seen {
		w.seen = served
		w.timer.Reset(stuckAfter)
		return
	}
	at.ownUpdates.Store(ownUpdatesWhenStuck)
	w.ended = true
	f.workers--
	f.waiting = slices.Insert(f.waiting, 0, w.batch)
	f.startWorker()
}
