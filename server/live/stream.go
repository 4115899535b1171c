package live

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"convexgateway/auth"
	"convexgateway/auth/lease"
	"convexgateway/convex"
	convexlive "convexgateway/convex/live"
	"convexgateway/server/call"
)

// Stream is one live stream. The goroutine that holds working runs an update: it owns all fields but the atomic ones and
// wake, and no other sends. This is the stream's own goroutine while it does not wait, or a worker of the fan-out.
//
// The fields that every update reads come first, so that they are in few lines of the processor's cache: with many streams, none
// of them are in it when an update begins.
type Stream struct {
	pending     atomic.Bool  // the subscription may have changed since the last update
	accepted    bool         // the deployment has accepted a token of this stream
	unreachable bool         // the deployment is
	unchecked   bool         // the deployment cannot reach the token's issuer
	ownUpdates  atomic.Int32 // quick updates that its own goroutine has to run before workers serve the stream again
	working     sync.Mutex
	sub         *convexlive.Subscription // nil if there is nothing to subscribe to
	state       *lease.CredentialState   // of the credential, at the last update
	identity    *auth.Identity           // of sub; nil for anonymous
	lease       lease.Lease
	end         error // why the stream ends; nil until it does
	refused     error // why the deployment refused the newest token; nil once another has arrived
	sink        Sink
	heartbeat   time.Duration // 0: none
	streams     *Streams
	ctx         context.Context
	queue       *connQueue
	wake        chan struct{} // one slot; its own goroutine has something to do
	deadlines   deadlines
}

// Open opens a stream of a caller for a sink. Run closes it.
func (s *Stream) Open(ctx context.Context, streams *Streams, id *auth.Identity, req Request, sink Sink) error {
	heartbeat, err := ParseHeartbeat(req.GetHeartbeat())
	if err != nil {
		return err
	}
	if key := req.GetRefreshKey(); key != "" {
		if err := lease.CheckRefreshKey(key); err != nil {
			return err
		}
	}
	s.streams, s.ctx, s.sink, s.heartbeat = streams, ctx, sink, heartbeat
	s.queue, s.wake = streams.fanout.join(ctx), make(chan struct{}, 1)
	s.lease = streams.Sessions.Open(id, req.GetRefreshKey())
	s.state = s.lease.State()
	s.identity = s.state.Identity
	s.deadlines.stream = s
	return nil
}

// Identity returns the caller's identity by the newest token; nil for anonymous. For sinks.
func (s *Stream) Identity() *auth.Identity { return s.identity }

// Subscribe subscribes to a query for the stream's identity, or, with a zero path, to the state of its session. The journal
// is that of an earlier result of a page; empty: none. For sinks.
func (s *Stream) Subscribe(path convex.Path, args []byte, notBefore uint64, journal string) (*convexlive.Subscription, error) {
	return s.streams.Queries.Subscribe(call.CredentialOf(s.identity), path, args, convexlive.SubscribeOptions{
		NotBefore: notBefore, Journal: journal, MaxWait: s.streams.MaxReadWait, Caller: call.From(s.ctx).Caller(), Listener: s,
	})
}

// Run runs the stream until it ends, and returns why: never nil.
func (s *Stream) Run() error {
	s.working.Lock()
	defer s.working.Unlock()
	defer s.close()
	s.end = s.loop()
	if s.ctx.Err() != nil {
		return s.ctx.Err()
	}
	if err := s.sink.Ended(s.ctx, s.end); err != nil {
		return err
	}
	return s.end
}

func (s *Stream) close() {
	s.deadlines.stop()
	if s.sub != nil {
		s.sub.Close()
	}
	s.lease.Close()
	s.queue.leave()
}

func (s *Stream) loop() error {
	if s.state.Err != nil {
		return s.state.Err
	}
	if err := s.subscribe(false); err != nil {
		return err
	}
	if s.streams.MaxAge > 0 {
		s.deadlines.set(endDue, spreadAge(s.streams.MaxAge))
	}
	s.restartHeartbeat()
	draining := s.streams.Draining
	for {
		if err := s.ownUpdate(); err != nil {
			return err
		}
		if s.await(draining) {
			draining = nil
			s.deadlines.set(endDue, drainDelay(s.identity, s.streams.DrainPeriod))
		}
		if err := s.runDue(); err != nil {
			return err
		}
	}
}

// await lets workers update the stream until its own goroutine is needed. It reports whether that is because of the drain.
func (s *Stream) await(draining <-chan struct{}) (drain bool) {
	changed := s.state.Changed()
	s.working.Unlock()
	defer s.working.Lock()
	if s.pending.Load() {
		return false // a worker found it locked meanwhile
	}
	select {
	case <-s.ctx.Done():
	case <-s.wake:
	case <-changed:
	case <-draining:
		return true
	}
	return false
}

// runDue runs one deadline that has passed, if any. It returns why the stream has ended, if it has.
func (s *Stream) runDue() error {
	now := time.Now()
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
	case s.deadlines.due(heartbeatDue, now):
		defer s.restartHeartbeat()
		return s.sink.Heartbeat()
	}
	return nil
}

// wakeUp wakes the stream's own goroutine. Safe for concurrent use.
func (s *Stream) wakeUp() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Notifier implements [convexlive.Listener].
func (s *Stream) Notifier() convexlive.Notifier { return s.queue }
