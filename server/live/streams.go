package live

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"convexgateway/auth"
	"convexgateway/auth/lease"
	"convexgateway/convex"
	convexlive "convexgateway/convex/live"
)

// Queries subscribes to queries of the deployment; *convexlive.Client does.
type Queries interface {
	Watch(credential convex.Credential, opts convexlive.WatchOptions) (*convexlive.Set, error)
	Subscribe(credential convex.Credential, path convex.Path, args []byte, opts convexlive.SubscribeOptions) (*convexlive.Subscription, error)
}

// Options are what all streams share.
type Options struct {
	Queries  Queries
	Sessions *lease.Registry
	// Draining ends when streams have to end. nil: never
	Draining context.Context
	// DrainPeriod is the time over which their ends are spread then.
	DrainPeriod time.Duration
	// MaxReadWait is how long the first result is held back until it reflects a time that its stream asks for.
	MaxReadWait time.Duration
	// MaxAge is the age at which a stream ends, plus or minus a tenth. 0: no limit.
	MaxAge time.Duration
	// UnreachableWait is how long a stream waits for an unreachable deployment.
	UnreachableWait time.Duration
	// Heartbeat is the longest interval of the heartbeats of streams over gRPC that ask for none themselves; they are spread over the fifth
	// before it. 0: none.
	Heartbeat time.Duration
	// RefusalWait is how long a stream waits for another token after the deployment has refused one.
	RefusalWait time.Duration
	// Began is called when a stream begins, and Accepted when the deployment has first accepted its token, with the stream's context.
	// nil: nothing is.
	Began    func(ctx context.Context)
	Accepted func(ctx context.Context, id *auth.Identity)
	// Logger gets panics.
	Logger *slog.Logger
}

// Streams opens live streams. Safe for concurrent use.
type Streams struct {
	Options
	fanout    *fanout
	wheel     *wheel
	open      openStreams
	receivers receivers
}

// New returns an empty set of streams.
func New(o Options) *Streams {
	if o.Draining == nil {
		o.Draining = context.Background()
	}
	if o.Began == nil {
		o.Began = func(context.Context) {}
	}
	if o.Accepted == nil {
		o.Accepted = func(context.Context, *auth.Identity) {}
	}
	s := &Streams{Options: o, fanout: newFanout(), wheel: newWheel(), open: openStreams{all: map[*Stream]opening{}}, receivers: receivers{draining: o.Draining, all: map[*Stream]struct{}{}}}
	context.AfterFunc(o.Draining, s.receivers.wake)
	return s
}

// receivers are the streams whose own goroutines wait for commands, and so cannot wait for the draining. Safe for concurrent use.
type receivers struct {
	draining context.Context

	mu  sync.Mutex
	all map[*Stream]struct{}
}

func (r *receivers) add(s *Stream) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all[s] = struct{}{}
	if r.draining.Err() != nil {
		s.wakeUp()
	}
}

func (r *receivers) remove(s *Stream) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.all, s)
}

// wake wakes all of them.
func (r *receivers) wake() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for s := range r.all {
		s.wakeUp()
	}
}
