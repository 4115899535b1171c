package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// stream is a client that follows a channel, and reconnects with its resume token when it is cut off.
type stream struct {
	clients   *clients
	user      *user
	channel   int
	number    atomic.Int64  // of the newest message received
	unchanged atomic.Int64  // events
	started   chan struct{} // closed at the first value
	signedOut chan struct{} // closed at the end by a sign-out
	cut       atomic.Value  // string: the error of the last cut
	begin     func()        // closes started
}

func newStream(u *user, channel int, cs *clients) *stream {
	s := &stream{clients: cs, user: u, channel: channel, started: make(chan struct{}), signedOut: make(chan struct{})}
	s.begin = sync.OnceFunc(func() { close(s.started) })
	return s
}

func (s *stream) seen() int64 { return s.number.Load() }

// follow reads one stream after the other, until ctx ends or the user is signed out.
func (s *stream) follow(ctx context.Context) {
	resume := ""
	for tries := 0; ; tries++ {
		progress, trailer, err := s.read(ctx, &resume)
		switch {
		case ctx.Err() != nil:
			return
		case status.Code(err) == codes.Unauthenticated && reasonOf(err, trailer) == "SIGNED_OUT":
			close(s.signedOut)
			return
		case status.Code(err) != codes.Unavailable:
			s.clients.fail(fmt.Errorf("a stream of %s ended: %w (%s)", s.user.name, err, reasonOf(err, trailer)))
			return
		case progress:
			tries = 0
			s.clients.reconnects.Add(1)
			s.clients.moved.reconnected(query{s.user, s.channel})
		}
		s.cut.Store(fmt.Sprintf("%v (%s)", err, reasonOf(err, trailer)))
		if wait(ctx, pauseBefore(tries, trailer)) != nil {
			return
		}
	}
}

// pauseBefore returns how long a client waits before it reconnects: the delay that the gateway asks for, doubled with each
// try, with a jitter of one half, so that clients do not reconnect at once.
func pauseBefore(tries int, trailer metadata.MD) time.Duration {
	pause := 200 * time.Millisecond
	if asked := trailer.Get("retry-after-ms"); len(asked) == 1 {
		if ms, err := strconv.Atoi(asked[0]); err == nil {
			pause = time.Duration(ms) * time.Millisecond
		}
	}
	pause = min(pause<<min(tries, 5), 5*time.Second)
	return pause/2 + rand.N(pause/2+1)
}

// read follows the channel until the stream ends, and reports whether it received anything.
func (s *stream) read(ctx context.Context, resume *string) (progress bool, trailer metadata.MD, err error) {
	ctx, cancel := context.WithCancel(s.user.as(ctx))
	defer cancel()
	events, err := s.user.functions.Subscribe(ctx, &gatewayv1.SubscribeRequest{
		Path: "messages:list", ArgsJson: fmt.Appendf(nil, `{"channel":"c%d","limit":1}`, s.channel),
		ValueFormat: gatewayv1.ValueFormat_VALUE_FORMAT_JSON, ResumeToken: *resume,
	})
	if err != nil {
		return false, nil, err
	}
	for {
		event, err := events.Recv()
		if err != nil {
			return progress, events.Trailer(), err
		}
		switch {
		case event.GetUnchanged() != nil:
			s.unchanged.Add(1)
			progress = true
		case event.GetValueJson() != nil:
			progress = true
			if err := s.value(event.GetValueJson()); err != nil {
				s.clients.fail(err)
				return progress, nil, status.Error(codes.Internal, err.Error())
			}
		case event.GetFunctionError() != nil:
			err := status.Error(codes.Internal, event.GetFunctionError().GetMessage())
			return progress, nil, err
		}
		if token := event.GetResumeToken(); token != "" {
			*resume = token
		}
	}
}

// value stores the number of the newest message, which must not be older than the one before.
func (s *stream) value(list []byte) error {
	n, err := newest(list)
	if err != nil {
		return err
	}
	if before := s.number.Swap(n); n < before {
		return fmt.Errorf("a stream of %s got message %d of channel %d after message %d", s.user.name, n, s.channel, before)
	}
	s.begin()
	return nil
}
