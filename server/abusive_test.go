package server

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/http2"

	"convexgateway/convex"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// Abusive clients. In each test another client's stream goes on and gets value after value meanwhile.

// followOther opens a stream of a counter. step changes the counter, and the next event must be its value.
func followOther(g *gateway) (step func()) {
	g.t.Helper()
	stream := g.subscribe(g.context(), counterQuery("other"))
	wantValue(g.t, result(stream), "0")
	n := 0
	return func() {
		g.t.Helper()
		n++
		g.add("other")
		wantValue(g.t, stream.next(), fmt.Sprint(n))
	}
}

func (g *gateway) rawConn(address string) net.Conn {
	g.t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		g.t.Fatal(err)
	}
	g.t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// Connections without a request, or with half a header, do not affect other clients.
func TestSilentConnections(t *testing.T) {
	t.Parallel()
	g := start(t)
	step := followOther(g)
	for i := range 500 {
		g.rawConn(g.GRPCAddr())
		conn := g.rawConn(g.HTTPAddr())
		if i%2 == 0 {
			_, _ = io.WriteString(conn, "POST /v1/query HTTP/1.1\r\nHost: x\r\nX-Slow: ")
		}
	}
	for range 10 {
		step()
	}
}

// Clients that stop reading delay no other client, over gRPC, SSE, Connect and gRPC-Web.
func TestStoppedReaders(t *testing.T) {
	t.Parallel()
	g := start(t)
	step := followOther(g)
	large := strings.Repeat("x", 64<<10)
	for range 20 {
		_ = g.subscribe(g.context(), &gatewayv1.SubscribeRequest{Path: "messages:list"}) // never read
		conn := g.rawConn(g.HTTPAddr())
		_, _ = io.WriteString(conn, "GET /v1/subscribe?path=messages:list HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n")
		for _, kind := range []string{"application/connect+json", "application/grpc-web+json"} {
			_, _ = io.WriteString(g.rawConn(g.HTTPAddr()), rawProcedure(subscribeProcedure, kind, enveloped(0, `{"path":"messages:list"}`)))
		}
	}
	for range 12 {
		g.mustCall(g.context(), convex.Mutation, "messages:send", `{"body":"`+large+`"}`)
		step()
	}
}

// A flood of pings ends its own connection.
func TestPingFlood(t *testing.T) {
	t.Parallel()
	g := start(t)
	step := followOther(g)
	conn := g.rawConn(g.GRPCAddr())
	framer := startHTTP2(t, conn)
	for i := range 1000 {
		if framer.WritePing(false, [8]byte{byte(i)}) != nil {
			break // the connection is closed already
		}
	}
	if got := readGoAway(t, conn, framer); got != http2.ErrCodeEnhanceYourCalm {
		t.Errorf("the connection ended with %v", got)
	}
	step()
}

// Streams that are reset as soon as they are opened keep no subscription.
func TestRapidReset(t *testing.T) {
	t.Parallel()
	g := start(t)
	step := followOther(g)
	conn := g.rawConn(g.GRPCAddr())
	framer := startHTTP2(t, conn)
	go func() { _, _ = io.Copy(io.Discard, conn) }()
	for i := range 5000 {
		id := uint32(2*i + 1)
		if writeHeaders(framer, id, gatewayv1.FunctionService_Subscribe_FullMethodName) != nil || framer.WriteRSTStream(id, http2.ErrCodeCancel) != nil {
			break
		}
	}
	for range 5 {
		step()
	}
	eventually(t, "only the other client's stream is left", func() bool { return g.Server.live.Stats().Subscriptions <= 1 })
}

// cancelStreams opens streams at the same time, and cancels each at once.
func (g *gateway) cancelStreams(work *sync.WaitGroup, streams int) {
	for range streams {
		work.Go(func() {
			ctx, cancel := context.WithCancel(g.context())
			stream, err := g.functions.Subscribe(ctx, counterQuery("x"))
			cancel()
			for err == nil {
				_, err = stream.Recv()
			}
		})
	}
}

// Streams that are cancelled at once, many at a time, keep no subscription.
func TestCancelledCalls(t *testing.T) {
	t.Parallel()
	g := start(t)
	step := followOther(g)
	var work sync.WaitGroup
	g.cancelStreams(&work, 200)
	work.Wait()
	step()
	eventually(t, "only the other client's stream is left", func() bool { return g.Server.live.Stats().Subscriptions <= 1 })
}
