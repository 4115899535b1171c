package rpc

import (
	"fmt"
	"log/slog"
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

// connStreams is a set of streams on a few connections, outside of any bubble: the fan-out's timers run by the real clock.
type connStreams struct {
	*streamTest
	streams sync.WaitGroup
	ended   chan error // of streams, why; with room for one
}

func newConnStreams(t testing.TB) *connStreams {
	w, end := newStreamTest(t)
	s := &connStreams{streamTest: w, ended: make(chan error, 1)}
	t.Cleanup(func() { end(s.streams.Wait) })
	return s
}

// open opens a stream on a connection, nil for one of its own, and returns once it has its first value. send is called with
// each value, on the goroutine that sends.
func (s *connStreams) open(conn net.Addr, send func(value string)) {
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
		select {
		case s.ended <- s.subscribe(req, stream):
		default:
		}
	})
	<-first
}

// subscribe runs the RPC, and recovers from panics of its own goroutine as the interceptor does.
func (s *connStreams) subscribe(req *gatewayv1.SubscribeRequest, stream gatewayv1.FunctionService_SubscribeServer) (err error) {
	defer call.Recover(s.ctx, slog.New(slog.DiscardHandler), &err)
	return (&functionService{streams: s.Streams}).Subscribe(req, stream)
}

// A client that stops reading one stream of a connection delays no other stream, neither then nor later, and gets the newest
// value when it reads on.
func TestStoppedClientDelaysNoOtherStream(t *testing.T) {
	t.Parallel()
	for name, conn := range map[string]net.Addr{"one connection": &net.TCPAddr{}, "none in common": nil} {
		t.Run(name, func(t *testing.T) { stopOne(t, conn) })
	}
}

func stopOne(t *testing.T, conn net.Addr) {
	s := newConnStreams(t)
	resume, stopped, others := make(chan struct{}), make(chan string, 10), make(chan string, 10)
	s.open(conn, func(string) {})
	s.open(conn, func(value string) {
		if value != "0" {
			<-resume
		}
		stopped <- value
	})
	s.open(conn, func(value string) { others <- value })
	<-stopped
	<-others
	for _, value := range []string{"1", "2", "3", "4"} {
		s.upstream.set(value)
		if got := <-others; got != value {
			t.Fatalf("the next stream has %s, want %s", got, value)
		}
	}
	close(resume)
	if first, second := <-stopped, <-stopped; first != "1" || second != "4" {
		t.Errorf("the stopped stream has %s and %s, want 1, which was being sent, and 4", first, second)
	}
	for i := range 2 * 32 { // first the updates are by its own goroutine, then by workers again
		value := fmt.Sprint(100 + i)
		s.upstream.set(value)
		if got, other := <-stopped, <-others; got != value || other != value {
			t.Fatalf("the streams have %s and %s, want %s", got, other, value)
		}
	}
}

// One goroutine at a time sends on a stream, and each value is newer than the one before.
func TestOneSenderAtATime(t *testing.T) {
	t.Parallel()
	s := newConnStreams(t)
	const streams, conns, last = 60, 7, 300
	addresses := connections(conns)
	resume := make(chan struct{})
	var done sync.WaitGroup
	for i := range streams {
		var sending atomic.Bool
		newest := -1
		done.Add(1)
		s.open(addresses[i%conns], func(text string) {
			if !sending.CompareAndSwap(false, true) {
				t.Error("two goroutines send at once")
			}
			value := 0
			if _, err := fmt.Sscan(text, &value); err != nil || value <= newest {
				t.Errorf("%s after %d: %v", text, newest, err)
			}
			if newest = value; value == last {
				done.Done()
			}
			if i%10 == 0 && value > 0 {
				<-resume // a client that has stopped reading
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

// A panic in a worker ends the stream that it serves, and no other.
func TestPanicInWorkerEndsOneStream(t *testing.T) {
	t.Parallel()
	s := newConnStreams(t)
	conn := &net.TCPAddr{}
	others := make(chan string, 10)
	s.open(conn, func(value string) {
		if value != "0" {
			panic("a secret")
		}
	})
	s.open(conn, func(value string) { others <- value })
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

// BenchmarkFanout sends a new value on 1,000 streams of 10 connections, by workers and by a goroutine for each stream.
func BenchmarkFanout(b *testing.B) {
	for name, open := range map[string]func(*connStreams, net.Addr, func(string)){"gateway": (*connStreams).open, "own_goroutines": (*connStreams).openSimple} {
		b.Run(name, func(b *testing.B) {
			s := newConnStreams(b)
			var sent sync.WaitGroup
			addresses := connections(10)
			for i := range 1000 {
				open(s, addresses[i/100], func(value string) {
					if value != "0" {
						sent.Done()
					}
				})
			}
			for value := 1; b.Loop(); value++ {
				sent.Add(1000)
				s.upstream.set(fmt.Sprint(value))
				sent.Wait()
			}
		})
	}
}

// openSimple opens a stream without the fan-out: a goroutine that waits for its subscription and sends.
func (s *connStreams) openSimple(_ net.Addr, send func(value string)) {
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
				_ = stream.SendMsg(ResultEvent(state.Result, state.ReadTime, nil, &inv))
			}
		}
	})
}

// connections returns the addresses of n connections.
func connections(n int) (addresses []net.Addr) {
	for port := range n {
		addresses = append(addresses, &net.TCPAddr{Port: port + 1})
	}
	return addresses
}
