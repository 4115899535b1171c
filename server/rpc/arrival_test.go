package rpc

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"runtime"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
	"google.golang.org/grpc"
	"google.golang.org/grpc/tap"
	"google.golang.org/grpc/test/bufconn"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
	"convexgateway/server/call/limit"
)

// burst writes calls of a query without a credential, each with more headers, and returns how often each reason has ended one.
func burst(t *testing.T, conn net.Conn, calls int, more ...hpack.HeaderField) map[string]int {
	t.Helper()
	var out, block bytes.Buffer
	out.WriteString(http2.ClientPreface)
	w, encoder := http2.NewFramer(&out, nil), hpack.NewEncoder(&block)
	headers := append([]hpack.HeaderField{
		{Name: ":method", Value: "POST"}, {Name: ":scheme", Value: "http"}, {Name: ":authority", Value: "x"},
		{Name: ":path", Value: gatewayv1.FunctionService_Query_FullMethodName}, {Name: "content-type", Value: "application/grpc"}, {Name: "te", Value: "trailers"},
	}, more...)
	_ = w.WriteSettings()
	for i := range calls {
		block.Reset()
		for _, h := range headers {
			_ = encoder.WriteField(h)
		}
		_ = w.WriteHeaders(http2.HeadersFrameParam{StreamID: uint32(2*i + 1), BlockFragment: block.Bytes(), EndHeaders: true, EndStream: true})
	}
	go func() { _, _ = out.WriteTo(conn) }()
	r := http2.NewFramer(io.Discard, conn)
	r.ReadMetaHeaders = hpack.NewDecoder(4<<10, nil)
	reasons := map[string]int{}
	_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
	for ended := 0; ended < calls; {
		frame, err := r.ReadFrame()
		if err != nil {
			t.Fatalf("after %v: %v", reasons, err)
		}
		headers, ok := frame.(*http2.MetaHeadersFrame)
		if !ok || !headers.StreamEnded() {
			continue
		}
		ended++
		for _, field := range headers.Fields {
			if field.Name == reasonTrailer {
				reasons[field.Value]++
			}
		}
	}
	return reasons
}

// serveArrivals serves calls that need a credential, and returns a connection. It calls arrived for each, with its context.
func serveArrivals(t *testing.T, places *limit.Places, arrived func(ctx context.Context)) net.Conn {
	t.Helper()
	services := New(Options{
		RequireAuth: true, Limits: &call.Limits{Arriving: places}, Registry: prometheus.NewRegistry(), Log: &CallLog{Logger: slog.New(slog.DiscardHandler)},
	})
	server := grpc.NewServer(grpc.InTapHandle(func(ctx context.Context, info *tap.Info) (context.Context, error) {
		defer arrived(ctx)
		return services.Arriving(ctx, info)
	}))
	services.Register(AsStreams(server, services.Interceptors()...))
	l := bufconn.Listen(1 << 20) // as much as a burst
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(l) }()
	conn, err := l.Dial()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = conn.Close()
		server.Stop()
		<-done
	})
	return conn
}

// A burst of calls does not fill the queue of Go's scheduler: few of them have begun and not been refused yet when the next one begins.
// Not parallel: it has one processor.
func TestBurstLeavesRoom(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	const calls, bound = 5_000, 200
	places, peak := limit.NewPlaces(calls, 0, call.ErrTooManyCalls, call.ErrTooManyCalls), 0
	conn := serveArrivals(t, places, func(context.Context) { peak = max(peak, places.Taken()) })
	if reasons := burst(t, conn, calls); reasons["NO_CREDENTIALS"] != calls {
		t.Errorf("the calls ended with %v", reasons)
	}
	if peak > bound {
		t.Errorf("%d calls had begun at the same time, want %d at peak", peak, bound)
	}
	if n := places.Taken(); n != 0 {
		t.Errorf("%d calls arrive in the end", n)
	}
}

// A call that is refused as it arrives has the trailers of all refusals, and keeps no timer until its deadline.
func TestRefusedArrivals(t *testing.T) {
	t.Parallel()
	const calls = 100
	places := limit.NewPlaces(0, 1, call.ErrTooManyCalls, call.ErrTooManyCalls)
	if err := places.Take("another"); err != nil {
		t.Fatal(err)
	}
	var contexts []context.Context
	conn := serveArrivals(t, places, func(ctx context.Context) { contexts = append(contexts, ctx) })
	if reasons := burst(t, conn, calls, hpack.HeaderField{Name: "grpc-timeout", Value: "99999999H"}); reasons["CALLER_RATE_LIMITED"] != calls {
		t.Errorf("the calls ended with %v", reasons)
	}
	kept := 0
	for _, ctx := range contexts {
		if ctx.Err() == nil {
			kept++
		}
	}
	if kept > 0 || len(contexts) != calls {
		t.Errorf("of %d calls the timers of %d are kept", len(contexts), kept)
	}
	if n := places.Taken(); n != 1 {
		t.Errorf("%d calls arrive in the end", n)
	}
}

// A call whose deadline has passed as it arrives, which grpc-go does not handle, takes no place for long.
func TestLateArrivals(t *testing.T) {
	t.Parallel()
	places := limit.NewPlaces(0, 0, call.ErrTooManyCalls, call.ErrTooManyCalls)
	conn := serveArrivals(t, places, func(context.Context) {})
	burst(t, conn, 100, hpack.HeaderField{Name: "grpc-timeout", Value: "1n"})
	if n := places.Taken(); n != 0 {
		t.Errorf("%d calls arrive in the end", n)
	}
}
