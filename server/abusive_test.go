package server

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

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

// Clients that stop reading delay no other client, over gRPC and over SSE.
func TestStoppedReaders(t *testing.T) {
	t.Parallel()
	g := start(t)
	step := followOther(g)
	large := strings.Repeat("x", 64<<10)
	for range 20 {
		_ = g.subscribe(g.context(), &gatewayv1.SubscribeRequest{Path: "messages:list"}) // never read
		conn := g.rawConn(g.HTTPAddr())
		_, _ = io.WriteString(conn, "GET /v1/subscribe?path=messages:list HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n")
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
	var block bytes.Buffer
	encoder := hpack.NewEncoder(&block)
	for i := range 5000 {
		block.Reset()
		for _, field := range [][2]string{
			{":method", "POST"}, {":scheme", "http"}, {":path", gatewayv1.FunctionService_Subscribe_FullMethodName}, {":authority", "x"},
			{"content-type", "application/grpc"}, {"te", "trailers"},
		} {
			_ = encoder.WriteField(hpack.HeaderField{Name: field[0], Value: field[1]})
		}
		id := uint32(2*i + 1)
		if framer.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: block.Bytes(), EndHeaders: true}) != nil ||
			framer.WriteRSTStream(id, http2.ErrCodeCancel) != nil {
			break
		}
	}
	for range 5 {
		step()
	}
	eventually(t, "only the other client's stream is left", func() bool { return g.Server.live.Stats().Subscriptions <= 1 })
}

// Metadata over the limit is refused by the transport.
func TestHugeMetadata(t *testing.T) {
	t.Parallel()
	g := start(t)
	step := followOther(g)
	ctx := metadata.AppendToOutgoingContext(g.context(), "x-filler", strings.Repeat("x", 1<<20))
	if _, err := g.functions.Query(ctx, &gatewayv1.QueryRequest{Path: "users:me"}); err == nil || status.Code(err) == codes.OK {
		t.Error("the call succeeded")
	}
	step()
}

// Streams that are cancelled at once, many at a time, keep no subscription.
func TestCancelledCalls(t *testing.T) {
	t.Parallel()
	g := start(t)
	step := followOther(g)
	var work sync.WaitGroup
	for range 200 {
		work.Go(func() {
			ctx, cancel := context.WithCancel(g.context())
			stream, err := g.functions.Subscribe(ctx, counterQuery("x"))
			cancel()
			for err == nil {
				_, err = stream.Recv()
			}
		})
	}
	work.Wait()
	step()
	eventually(t, "only the other client's stream is left", func() bool { return g.Server.live.Stats().Subscriptions <= 1 })
}

func startHTTP2(t *testing.T, conn net.Conn) *http2.Framer {
	t.Helper()
	if _, err := io.WriteString(conn, http2.ClientPreface); err != nil {
		t.Fatal(err)
	}
	framer := http2.NewFramer(conn, conn)
	if err := framer.WriteSettings(); err != nil {
		t.Fatal(err)
	}
	return framer
}

// readGoAway reads up to the server's GOAWAY frame, and returns its error code.
func readGoAway(t *testing.T, conn net.Conn, framer *http2.Framer) http2.ErrCode {
	t.Helper()
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	for {
		frame, err := framer.ReadFrame()
		if err != nil {
			t.Fatal(err)
		}
		if goAway, ok := frame.(*http2.GoAwayFrame); ok {
			return goAway.ErrCode
		}
	}
}
