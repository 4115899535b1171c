package live

import (
	"context"
	"sync"

	"convexgateway/auth"
	"convexgateway/server/call"
)

// streamLimit bounds the open streams of each caller, and in all. Safe for concurrent use.
type streamLimit struct {
	perCaller int // 0: no limit
	inAll     int // 0: no limit

	mu   sync.Mutex
	all  int
	open map[string]int // by caller; no entry for 0
}

func newStreamLimit(perCaller, inAll int) *streamLimit {
	return &streamLimit{perCaller: perCaller, inAll: inAll, open: map[string]int{}}
}

// acquire counts a stream, or fails with [call.ErrTooManyStreams]. The stream calls release once when it ends.
func (l *streamLimit) acquire(ctx context.Context, id *auth.Identity) (release func(), err error) {
	if l.perCaller == 0 && l.inAll == 0 {
		return func() {}, nil
	}
	caller := call.CallerOf(ctx, id)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.inAll > 0 && l.all >= l.inAll || l.perCaller > 0 && l.open[caller] >= l.perCaller {
		return nil, call.ErrTooManyStreams
	}
	l.all++
	if l.perCaller > 0 {
		l.open[caller]++
	}
	return func() { l.release(caller) }, nil
}

func (l *streamLimit) release(caller string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all--
	if l.perCaller == 0 {
		return
	}
	if l.open[caller]--; l.open[caller] == 0 {
		delete(l.open, caller)
	}
}
