package server

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"convexgateway/convex/devdeploy"
)

const (
	leakStreams  = 1000
	streamGrowth = 1 << 10 // bytes that may stay of each stream; 25 bytes did when this was written
)

// TestManyEventStreams opens 1,000 streams of server-sent events, each on an HTTP/1.1 socket of its own, and ends them in each
// of the ways in which streams end. Goroutines, sockets and heap must then be where they were.
func TestManyEventStreams(t *testing.T) {
	g := start(t, func(c *Config) { c.Logger = slog.New(slog.DiscardHandler); c.Linger = 0 })
	g.manyEventStreams("bob") // what the runtime keeps: the headers of so many goroutines, for the next ones
	goroutines, heap, sockets := runtime.NumGoroutine(), heapAllocated(), g.dev.Stats().SocketsOpened

	peak := g.manyEventStreams("ada")

	eventually(t, fmt.Sprintf("goroutines are back to %d", goroutines), func() bool { return runtime.NumGoroutine() <= goroutines })
	after := heapAllocated()
	t.Logf("%d streams: %d goroutines before, %d at most, %d after; heap %d KiB before, %d KiB after",
		leakStreams, goroutines, peak, runtime.NumGoroutine(), heap>>10, after>>10)
	if peak < goroutines+leakStreams {
		t.Errorf("%d goroutines at most: the streams were not open together", peak)
	}
	if after > heap+leakStreams*streamGrowth {
		t.Errorf("the heap has grown from %d to %d bytes", heap, after)
	}
	if got := g.dev.Stats().SocketsOpened - sockets; got != 2 {
		t.Errorf("%d sockets to the deployment, want one of the user and one of the anonymous callers", got)
	}
}

// manyEventStreams has the streams open together, a third of them signed in, and ends them: the first third hang up while the
// stream is quiet, the second with an event on its way, and the third are signed out. It returns how many goroutines there
// were with all of them open, and when nothing is followed any more.
func (g *gateway) manyEventStreams(user string) (peak int) {
	g.t.Helper()
	g.t.Run(user, func(t *testing.T) { // whose end lets go of what the harness holds for each stream
		g := *g
		g.t = t
		token := g.token(devdeploy.TokenRequest{User: user, TTL: 10 * time.Minute})
		streams := make([]*sseStream, leakStreams)
		for i := range streams {
			if i%3 == 2 {
				streams[i] = g.lastingSSE(user, "Authorization", "Bearer "+token)
			} else {
				streams[i] = g.lastingSSE(user)
			}
		}
		peak = runtime.NumGoroutine()
		for i := 0; i < leakStreams; i += 3 {
			streams[i].cancel()
		}
		g.add(user)
		for i := 1; i < leakStreams; i += 3 {
			streams[i].cancel()
		}
		for i := 2; i < leakStreams; i += 3 {
			if e := streams[i].result(); e.name != "value" {
				t.Errorf("stream %d: event %+v", i, e)
			}
		}
		if got := g.rest("POST", "/v1/auth/sign-out", "", "Authorization", "Bearer "+token); got.status != http.StatusOK {
			t.Errorf("sign-out: HTTP %d %s", got.status, got.body)
		}
		for i := 2; i < leakStreams; i += 3 {
			failure{code: codes.Unauthenticated, reason: "SIGNED_OUT"}.checkBody(t, streams[i].result().data)
			if rest := streams[i].block(); rest != nil {
				t.Errorf("stream %d: %q after the status", i, rest)
			}
		}
		eventually(t, "the last query's socket has gone", func() bool { return g.dev.Stats().Sockets == 0 })
		g.client.CloseIdleConnections()
	})
	return peak
}

// lastingSSE opens a stream of a counter that lasts until the test ends, and reads its first value.
func (g *gateway) lastingSSE(counter string, header ...string) *sseStream {
	g.t.Helper()
	ctx, cancel := context.WithCancel(g.t.Context())
	resp := g.request(ctx, "GET", counterRoute+counterArgs(counter), "", append([]string{"Accept", "text/event-stream"}, header...)...)
	g.t.Cleanup(func() { cancel(); _ = resp.Body.Close() })
	if resp.StatusCode != http.StatusOK || resp.ProtoMajor != 1 {
		g.t.Fatalf("%s %s", resp.Proto, resp.Status)
	}
	s := &sseStream{g.t, bufio.NewReader(resp.Body), cancel}
	s.block() // retry
	if e := s.result(); e.name != "value" {
		g.t.Fatalf("event %+v", e)
	}
	return s
}
