package live

import (
	"sync"
	"time"
)

// loop runs functions one after the other. Its goroutine is there only while there are any, so that an idle session's only
// goroutine is its socket's reader: there may be thousands of sessions, and stacks are most of an idle one.
type loop struct {
	afterEach func() // runs after each function

	mu      sync.Mutex
	queue   []func() // in order
	running bool
	stopped bool // nothing is taken any more
}

// post runs f after what was posted before. It reports false if the loop has stopped; f then never runs.
func (l *loop) post(f func()) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped {
		return false
	}
	l.add(f)
	return true
}

// postAfter posts f when d has passed.
func (l *loop) postAfter(d time.Duration, f func()) *time.Timer {
	return time.AfterFunc(d, func() { l.post(f) })
}

// stop runs last after what was posted before, and nothing after that. It may be called twice; the first last counts.
func (l *loop) stop(last func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.stopped {
		l.stopped = true
		l.add(last)
	}
}

// add queues f and starts the goroutine unless it runs. The caller holds mu.
func (l *loop) add(f func()) {
	l.queue = append(l.queue, f)
	if !l.running {
		l.running = true
		go l.run()
	}
}

func (l *loop) run() {
	for f := l.next(); f != nil; f = l.next() {
		f()
		l.afterEach()
	}
}

// next returns what is to run; nil, and the goroutine ends, if nothing.
func (l *loop) next() (f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.queue) == 0 {
		l.queue, l.running = nil, false
		return nil
	}
	f, l.queue = l.queue[0], l.queue[1:]
	return f
}
