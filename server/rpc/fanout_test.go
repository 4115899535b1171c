package rpc

import (
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"google.golang.org/grpc/peer"

	"convexgateway/convex"
	convexlive "convexgateway/convex/live"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
)

// seats is an audience on a few connections, outside of any bubble: what is late by the fan-out's own clock must come all the
// same.
type seats struct {
	*watchTest
	streams sync.WaitGroup
	ended   chan error // of streams, why; with room for one
}

func newSeats(t testing.TB) *seats {
	w, end := newWatchTest(t)
	s := &seats{watchTest: w, ended: make(chan error, 1)}
	t.Cleanup(func() { end(s.streams.Wait) })
	return s
}

// seat opens a stream on a connection, nil for one that it shares with none, and returns once it has its first value. send is
// called with each value, on the goroutine that sends.
func (s *seats) seat(conn net.Addr, send func(value string)) {
	s.t.Helper()
	first := make(chan struct{})
	var once sync.Once
	ctx := s.ctx
	if conn != nil {
		ctx = peer.NewContext(ctx, &peer.Peer{Addr: conn})
	}
	stream := recorder[gatewayv1.SubscribeResponse]{ctx: ctx, send: func(e *gatewayv1.SubscribeResponse) {
		if e.GetConnection() == nil {
			send(string(e.GetValueJson()))
			once.Do(func() { close(first) })
		}
	}}
	req := &gatewayv1.SubscribeRequest{Path: "a:b", ValueFormat: gatewayv1.ValueFormat_VALUE_FORMAT_JSON}
	s.streams.Go(func() {
		err := (&functionService{streams: s.Streams}).Subscribe(req, stream)
		select {
		case s.ended <- err:
		default:
		}
	})
	<-first
}

// A reader that has stopped in the middle of its connection keeps nobody waiting, neither when it stops nor later, and has
// the newest value when it reads on.
func TestStoppedReaderKeepsNobodyWaiting(t *testing.T) {
	t.Parallel()
	for name, conn := range map[string]net.Addr{"one connection": &net.TCPAddr{}, "none in common": nil} {
		t.Run(name, func(t *testing.T) { stopOne(t, conn) })
	}
}

func stopOne(t *testing.T, conn net.Addr) {
	s := newSeats(t)
	resume, stopped, others := make(chan struct{}), make(chan string, 10), make(chan string, 10)
	s.seat(conn, func(string) {})
	s.seat(conn, func(value string) {
		if value != "0" {
			<-resume
		}
		stopped <- value
	})
	s.seat(conn, func(value string) { others <- value })
	<-stopped
	<-others
	for _, value := range []string{"1", "2", "3", "4"} {
		s.upstream.set(value)
		if got := <-others; got != value {
			t.Fatalf("the next one has %s, want %s", got, value)
		}
	}
	close(resume)
	if first, second := <-stopped, <-stopped; first != "1" || second != "4" {
		t.Errorf("who stopped has %s and %s, want 1, which was on its way, and 4", first, second)
	}
	for i := range 2 * 32 { // its own goroutine sees to it first, then the writers again
		value := fmt.Sprint(100 + i)
		s.upstream.set(value)
		if got, other := <-stopped, <-others; got != value || other != value {
			t.Fatalf("they have %s and %s, want %s", got, other, value)
		}
	}
}

// Whoever sends on a stream, it is one at a time, and each value is newer than the one before.
func TestOneSenderAtATime(t *testing.T) {
	t.Parallel()
	s := newSeats(t)
	const streams, conns, last = 60, 7, 300
	addresses := connections(conns)
	resume := make(chan struct{})
	var done sync.WaitGroup
	for i := range streams {
		var sending atomic.Bool
		newest := -1
		done.Add(1)
		s.seat(addresses[i%conns], func(text string) {
			if !sending.CompareAndSwap(false, true) {
				t.Error("two send at once")
			}
			value := 0
			if _, err := fmt.Sscan(text, &value); err != nil || value <= newest {
				t.Errorf("%s after %d: %v", text, newest, err)
			}
			if newest = value; value == last {
				done.Done()
			}
			if i%10 == 0 && value > 0 {
				<-resume // a reader that has stopped
			}
			sending.Store(false)
		})
	}
	for i := range last {
		s.upstream.set(fmt.Sprint(i + 1))
	}
	close(resume)
	done.Wait()
}

// A panic while a value is sent ends the stream that it was for, and no other.
func TestPanicOfAWriter(t *testing.T) {
	t.Parallel()
	s := newSeats(t)
	conn := &net.TCPAddr{}
	others := make(chan string, 10)
	s.seat(conn, func(value string) {
		if value != "0" {
			panic("a secret")
		}
	})
	s.seat(conn, func(value string) { others <- value })
	<-others
	for _, value := range []string{"1", "2"} {
		s.upstream.set(value)
		if got := <-others; got != value {
			t.Errorf("the other stream has %s, want %s", got, value)
		}
	}
	if first := <-s.ended; first == nil || strings.Contains(first.Error(), "secret") || call.ProblemOf(first).Reason != "INTERNAL" {
		t.Errorf("the stream ended with %v", first)
	}
}

// BenchmarkFanout shows a new value to 1,000 streams of 10 connections, beside what it takes to wake a goroutine for each.
func BenchmarkFanout(b *testing.B) {
	for name, open := range map[string]func(*seats, net.Addr, func(string)){"gateway": (*seats).seat, "own_goroutines": (*seats).follow} {
		b.Run(name, func(b *testing.B) {
			s := newSeats(b)
			var shown sync.WaitGroup
			addresses := connections(10)
			for i := range 1000 {
				open(s, addresses[i/100], func(value string) {
					if value != "0" {
						shown.Done()
					}
				})
			}
			for value := 1; b.Loop(); value++ {
				shown.Add(1000)
				s.upstream.set(fmt.Sprint(value))
				shown.Wait()
			}
		})
	}
}

// follow is a stream as one would write it: a goroutine that waits for its subscription and sends.
func (s *seats) follow(_ net.Addr, send func(value string)) {
	path, err := convex.ParsePath("a:b")
	if err != nil {
		s.t.Fatal(err)
	}
	sub, err := s.Queries.Subscribe(convex.Credential{}, path, []byte("{}"), convexlive.SubscribeOptions{})
	if err != nil {
		s.t.Fatal(err)
	}
	inv := Invocation{Path: path, Args: []byte("{}"), Format: JSONFormat}
	stream := recorder[gatewayv1.SubscribeResponse]{send: func(e *gatewayv1.SubscribeResponse) { send(string(e.GetValueJson())) }}
	s.streams.Go(func() {
		defer sub.Close()
		for {
			state, err := sub.Next(s.ctx)
			if err != nil {
				return
			}
			if state.Result != nil {
				_ = stream.SendMsg(ResultEvent(state.Result, state.ReadTime, nil, inv))
			}
		}
	})
}

// connections are addresses of different ones.
func connections(n int) (addresses []net.Addr) {
	for port := range n {
		addresses = append(addresses, &net.TCPAddr{Port: port + 1})
	}
	return addresses
}
