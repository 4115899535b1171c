package live

import (
	"context"
	"sync"
	"sync/atomic"

	"convexgateway/auth"
	"convexgateway/auth/lease"
	"convexgateway/convex"
	convexlive "convexgateway/convex/live"
	"convexgateway/server/call"
)

// Stream is one live stream. The goroutine that holds working runs an update: it owns all fields but the atomic ones and
// wake, and no other sends. This is the stream's own goroutine while it does not wait, or a worker of the fan-out; while its own goroutine
// waits for commands, also one that wakeUp starts in its place.
//
// The fields that every update reads come first, so that they are in few lines of the processor's cache: with many streams, none
// of them are in it when an update begins.
type Stream struct {
	pending     atomic.Bool  // the subscription may have changed since the last update
	receiving   atomic.Bool  // its own goroutine waits for commands
	over        bool         // Sink.Ended has been called, or need not be
	draining    bool         // its end is scheduled, because all streams have to end
	beating     bool         // it has joined the wheel
	accepted    bool         // the deployment has accepted a token of this stream
	unreachable bool         // the deployment is
	unchecked   bool         // the deployment cannot reach the token's issuer
	ownUpdates  atomic.Int32 // quick updates that its own goroutine has to run before workers serve the stream again
	working     sync.Mutex
	sub         Source                 // nil if there is nothing to subscribe to
	state       *lease.CredentialState // of the credential, at the last update
	silentFrom  int64                  // of state, in ns since 1970; 0: never. Here it is in the cache already
	identity    *auth.Identity         // the caller's, by the newest token; nil for anonymous callers
	commands    Commands               // nil: the client sends none
	lease       lease.Lease
	end         error // why the stream ends; nil until it does
	refused     error // why the deployment refused the newest token; nil once another has arrived
	sink        Sink
	beat        beat
	ordered     atomic.Pointer[order] // what an operator asks; nil: nothing
	streams     *Streams
	ctx         context.Context
	queue       *connQueue
	wake        chan struct{} // one slot; its own goroutine has something to do
	deadlines   deadlines
}

// Open opens a stream of a caller for a sink. Run closes it.
func (s *Stream) Open(ctx context.Context, streams *Streams, id *auth.Identity, req Request, sink Sink) error {
	return s.open(ctx, streams, req, sink, func() lease.Lease { return streams.Sessions.Open(id, req.GetRefreshKey()) })
}

// OpenCommanded opens a stream whose client sends commands; newer tokens may be among them.
func (s *Stream) OpenCommanded(ctx context.Context, streams *Streams, id *auth.Identity, req Request, sink Sink, commands Commands) error {
	s.commands = commands
	return s.open(ctx, streams, req, sink, func() lease.Lease { return streams.Sessions.OpenAlone(id, req.GetRefreshKey(), s.wakeUp) })
}

func (s *Stream) open(ctx context.Context, streams *Streams, req Request, sink Sink, openLease func() lease.Lease) error {
	heartbeat, err := streams.HeartbeatOf(ctx, req)
	if err != nil {
		return err
	}
	if key := req.GetRefreshKey(); key != "" {
		if err := lease.CheckRefreshKey(key); err != nil {
			return err
		}
	}
	s.streams, s.ctx, s.sink, s.beat.interval = streams, ctx, sink, heartbeat
	s.queue, s.wake = streams.fanout.join(ctx), make(chan struct{}, 1)
	s.deadlines.stream = s
	s.lease = openLease()
	s.take(s.lease.State())
	s.identity = s.state.Identity
	streams.open.add(s, s.identity)
	return nil
}

// Identity returns the caller's identity by the newest token; nil for anonymous. For sinks.
func (s *Stream) Identity() *auth.Identity { return s.identity }

// Source returns what the sink has subscribed to last; nil before. For sinks.
func (s *Stream) Source() Source { return s.sub }

// Subscribe subscribes to a query that runs as an identity, the stream's or none, or, with a zero path, to the state of the identity's
// session. The journal is that of an earlier result of a page; empty: none. For sinks.
func (s *Stream) Subscribe(as *auth.Identity, path convex.Path, args []byte, notBefore uint64, journal string) (*convexlive.Subscription, error) {
	return s.streams.Queries.Subscribe(call.CredentialOf(as), path, args, convexlive.SubscribeOptions{
		NotBefore: notBefore, Journal: journal, MaxWait: s.streams.MaxReadWait, Caller: call.From(s.ctx).Caller(), Listener: s,
	})
}

// Watch opens an empty set of queries that run as an identity, the stream's or none. For sinks.
func (s *Stream) Watch(as *auth.Identity) (*convexlive.Set, error) {
	return s.streams.Queries.Watch(call.CredentialOf(as), convexlive.WatchOptions{
		MaxWait: s.streams.MaxReadWait, Caller: call.From(s.ctx).Caller(), Listener: s,
	})
}

// Run runs the stream until it ends, and returns why: never nil.
func (s *Stream) Run() error {
	s.working.Lock()
	defer s.working.Unlock()
	defer s.close()
	s.end = s.begin()
	if s.end == nil && s.commands != nil {
		s.receive()
	}
	if s.end == nil {
		s.end = s.loop()
	}
	s.finish()
	return s.end
}

// finish passes the stream's end on to the sink, once.
func (s *Stream) finish() {
	switch {
	case s.over:
	case s.ctx.Err() != nil:
		s.end = s.ctx.Err()
	default:
		if err := s.sink.Ended(s.ctx, s.end); err != nil {
			s.end = err
		}
	}
	s.over = true
}

func (s *Stream) close() {
	s.streams.open.remove(s)
	s.deadlines.stop()
	if s.beating {
		s.streams.wheel.leave(s)
	}
	if s.sub != nil {
		s.sub.Close()
	}
	s.lease.Close()
	s.queue.leave()
}

// begin subscribes, and schedules the first deadlines.
func (s *Stream) begin() error {
	if s.state.Err != nil {
		return s.state.Err
	}
	s.streams.Began(s.ctx)
	if err := s.subscribe(false); err != nil {
		return err
	}
	if s.streams.MaxAge > 0 {
		s.deadlines.set(endDue, spreadAge(s.streams.MaxAge))
	}
	if s.beat.interval > 0 {
		s.Sent()
		s.streams.wheel.join(s)
		s.beating = true
	}
	return nil
}

func (s *Stream) loop() error {
	for {
		if err := s.ownUpdate(); err != nil {
			return err
		}
		s.await()
		if err := s.runDue(); err != nil {
			return err
		}
	}
}

// await lets workers update the stream until its own goroutine is needed.
func (s *Stream) await() {
	changed, draining := s.state.Changed(), s.streams.Draining.Done()
	if s.draining {
		draining = nil
	}
	s.working.Unlock()
	defer s.working.Lock()
	if s.pending.Load() {
		return // a worker found it locked meanwhile
	}
	select {
	case <-s.ctx.Done():
	case <-s.wake:
	case <-changed:
	case <-draining:
	}
}

// runDue runs one deadline that has passed, if any. It returns why the stream has ended, if it has.
func (s *Stream) runDue() error {
	if !s.draining && s.streams.Draining.Err() != nil {
		s.draining = true
		s.deadlines.set(endDue, drainDelay(s.identity, s.streams.DrainPeriod))
	}
	if err := s.obey(); err != nil {
		return err
	}
	now := now()
	switch {
	case s.ctx.Err() != nil:
		return s.ctx.Err()
	case s.end != nil:
		return s.end
	case s.deadlines.due(endDue, now):
		return call.ErrDraining
	case s.deadlines.due(unreachableDue, now):
		return call.ErrUnreachable
	case s.deadlines.due(refusalDue, now):
		return s.refused
	}
	return nil
}

// wakeUp wakes the stream's own goroutine, or starts one in its place. It does not block. Safe for concurrent use.
func (s *Stream) wakeUp() {
	select {
	case s.wake <- struct{}{}:
		if s.receiving.Load() {
			go s.standIn()
		}
	default:
	}
}

// Notifier implements [convexlive.Listener].
func (s *Stream) Notifier() convexlive.Notifier { return s.queue }
