package server

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/grpc/status"

	"convexgateway/convex"
	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/internal/freeport"
)

const largeResult = 5 << 20 // bytes

// startStreaming runs a gateway in front of a deployment whose results are large, but for users:me, and which keeps none of them. step
// makes a call from another address.
func startStreaming(t *testing.T) (g *gateway, step func()) {
	t.Helper()
	result := []byte(strings.Repeat("x", 64<<10))
	g = startFake(t, func(w http.ResponseWriter, r *http.Request) {
		var call struct{ Path string }
		_ = json.NewDecoder(r.Body).Decode(&call)
		_, _ = io.WriteString(w, `{"status":"success","value":"`)
		for sent := 0; call.Path != "users:me" && sent < largeResult; sent += len(result) {
			if _, err := w.Write(result); err != nil {
				return
			}
		}
		_, _ = io.WriteString(w, `"}`)
	}, func(c *Config) { c.MemoryBudget, c.TrustedProxies = testBudget, []string{"127.0.0.1"} })
	return g, func() {
		t.Helper()
		if got := g.rest("GET", "/v1/query?path=users:me", "", "X-Forwarded-For", "192.0.2.7"); got.status != http.StatusOK {
			t.Errorf("another caller: HTTP %d %s", got.status, got.body)
		}
	}
}

// Results that nobody reads hold no more than their caller's share, over REST, Connect, gRPC-Web and gRPC. When their connections are closed,
// nothing is held.
func TestUnreadAnswers(t *testing.T) {
	const calls = 60
	overHTTP1 := func(request string) func(*testing.T, *gateway) (ask, end func()) {
		return func(_ *testing.T, g *gateway) (ask, end func()) {
			var conns []net.Conn
			ask = func() {
				conn := g.rawConn(g.HTTPAddr())
				_, _ = io.WriteString(conn, request)
				conns = append(conns, conn)
			}
			return ask, func() {
				for _, conn := range conns {
					_ = conn.Close()
				}
			}
		}
	}
	for name, connect := range map[string]func(*testing.T, *gateway) (ask, end func()){
		"HTTP/1.1": overHTTP1("GET /v1/query?path=test:large HTTP/1.1\r\nHost: x\r\n\r\n"),
		"Connect":  overHTTP1(rawProcedure(queryProcedure, "application/json", `{"path":"test:large"}`)),
		"gRPC-Web": overHTTP1(rawProcedure(queryProcedure, "application/grpc-web+proto", enveloped(0, "\n\x0atest:large"))),
		"gRPC": func(t *testing.T, g *gateway) (ask, end func()) {
			conn := g.rawConn(g.GRPCAddr())
			framer := startHTTP2(t, conn)
			go func() { _, _ = io.Copy(io.Discard, conn) }() // frames are read, but the windows stay as they are
			id := uint32(1)
			ask = func() {
				writeCall(framer, id, gatewayv1.FunctionService_Query_FullMethodName, &gatewayv1.QueryRequest{
					Path: "test:large", ValueFormat: gatewayv1.ValueFormat_VALUE_FORMAT_JSON,
				})
				id += 2
			}
			return ask, func() { _ = conn.Close() }
		},
	} {
		t.Run(name, func(t *testing.T) {
			g, step := startStreaming(t)
			before := heap()
			ask, end := connect(t, g)
			eventually(t, "results wait for their reader", func() bool {
				ask()
				return g.limits.Budget.Held() >= 2*largeResult
			})
			for range calls {
				ask()
			}
			eventually(t, "all results but those that wait for their reader are refused", func() bool {
				return len(g.logs.find(t, map[string]any{"msg": "call", "reason": "OVERLOADED"})) >= calls-testShare/largeResult-1
			})
			for range 5 {
				step()
			}
			if held := g.limits.Budget.Held(); held < largeResult {
				t.Errorf("%d bytes are held", held)
			}
			eventually(t, "calls that have ended hold their answers alone", func() bool { return g.limits.Budget.Held() <= testShare })
			g.checkHeld(before)
			end()
			eventually(t, "nothing is held", func() bool {
				runtime.GC()
				return g.limits.Budget.Held() == 0
			})
		})
	}
}

// Health and reflection, which need no credential, have a few places of their own, and take small messages only.
func TestProbesAreBounded(t *testing.T) {
	t.Parallel()
	g := start(t)
	client := grpc_health_v1.NewHealthClient(g.conn)
	large, err := client.Watch(g.context(), &grpc_health_v1.HealthCheckRequest{Service: strings.Repeat("x", 19<<20)})
	if err == nil {
		_, err = large.Recv()
	}
	if status.Code(err) != codes.InvalidArgument || reasonOf(err) != "REQUEST_TOO_LARGE" {
		t.Errorf("a long name: %v", err)
	}
	watch := func() error {
		stream, err := client.Watch(g.context(), &grpc_health_v1.HealthCheckRequest{})
		if err == nil {
			_, err = stream.Recv()
		}
		return err
	}
	reflect := func() error {
		stream, err := grpc_reflection_v1.NewServerReflectionClient(g.conn).ServerReflectionInfo(g.context())
		if err == nil {
			err = stream.Send(&grpc_reflection_v1.ServerReflectionRequest{
				MessageRequest: &grpc_reflection_v1.ServerReflectionRequest_ListServices{ListServices: "*"},
			})
		}
		if err == nil {
			_, err = stream.Recv()
		}
		return err
	}
	for i := range maxProbesOfCaller {
		open := watch
		if i%2 == 0 {
			open = reflect
		}
		if err := open(); err != nil {
			t.Fatalf("%d: %v", i, err)
		}
	}
	for _, open := range []func() error{watch, reflect} {
		if err := open(); reasonOf(err) != "CALLER_RATE_LIMITED" {
			t.Errorf("one more: %v", err)
		}
	}
	if _, err := client.Check(g.context(), &grpc_health_v1.HealthCheckRequest{}); err != nil {
		t.Errorf("a check, which orchestrators make: %v", err)
	}
	g.mustCall(g.context(), convex.Query, "users:me", "{}")
}

// A gateway without reflection has health.
func TestNoReflection(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.NoReflection = true })
	stream, err := grpc_reflection_v1.NewServerReflectionClient(g.conn).ServerReflectionInfo(g.context())
	if err == nil {
		_, err = stream.Recv()
	}
	if status.Code(err) != codes.Unimplemented {
		t.Errorf("%v", err)
	}
	if _, err := grpc_health_v1.NewHealthClient(g.conn).Check(g.context(), &grpc_health_v1.HealthCheckRequest{}); err != nil {
		t.Error(err)
	}
}

// Calls that last hold no more places than their caller has, so that they do not take all connections to the deployment.
func TestCallsUnderWay(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.MaxCalls, c.MaxCallsPerCaller = 100, 50 })
	ctx, cancel := context.WithCancel(g.context())
	errs := make(chan error, 500)
	for range cap(errs) {
		go func() {
			_, err := g.call(ctx, convex.Action, "actions:sleep", `{"ms":60000}`)
			errs <- err
		}()
	}
	for range cap(errs) - 50 {
		if err := <-errs; reasonOf(err) != "CALLER_RATE_LIMITED" {
			t.Fatalf("%v", err)
		}
	}
	if n := g.limits.Unary.Taken(); n != 50 {
		t.Errorf("%d calls are under way", n)
	}
	other := g.as(g.token(deployment.TokenRequest{User: "other"}))
	g.mustCall(other, convex.Query, "users:me", "{}")
	if _, err := g.call(g.context(), convex.Query, "users:me", "{}"); reasonOf(err) != "CALLER_RATE_LIMITED" {
		t.Errorf("one more: %v", err)
	}
	cancel()
	for range 50 {
		<-errs
	}
	eventually(t, "the places are free", func() bool { return g.limits.Unary.Taken() == 0 })
	g.mustCall(g.context(), convex.Query, "users:me", "{}")
}

// Streams that wait for an issuer out of reach have places like all others.
func TestWaitingStreamsHavePlaces(t *testing.T) {
	t.Parallel()
	d := startDeployment(t, deployment.Config{})
	g := startUpstream(t, Upstream{ConvexURL: d.URL(), Issuers: []string{"http://" + freeport.Addr()}}, func(c *Config) { c.MaxStreams = 10 })
	token, err := d.Token(deployment.TokenRequest{User: "ada", Claims: map[string]any{"iss": g.up.Issuers[0]}})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 11 {
		stream, err := g.auth.AuthState(g.as(g.keep(token)), &gatewayv1.AuthStateRequest{})
		if err == nil {
			_, err = stream.Recv()
		}
		if i < 10 && err != nil {
			t.Fatalf("%d: %v", i, err)
		}
		if i == 10 && reasonOf(err) != "TOO_MANY_STREAMS" {
			t.Errorf("one more: %v", err)
		}
	}
}

// Of calls that arrive faster than their credentials can be checked, those of one address over a limit are refused at once;
// in the end no place is taken.
func TestCallsThatArrive(t *testing.T) {
	t.Parallel()
	d := startDeployment(t, deployment.Config{})
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	g := startUpstream(t, Upstream{ConvexURL: d.URL(), Issuers: []string{"http://" + silent.Addr().String()}}, func(c *Config) { c.MaxStreams = 2_000 })
	token, err := d.Token(deployment.TokenRequest{User: "ada", Claims: map[string]any{"iss": g.up.Issuers[0]}})
	if err != nil {
		t.Fatal(err)
	}
	conn := g.rawConn(g.GRPCAddr())
	framer := startHTTP2(t, conn)
	var refused, others atomic.Int64
	go func() {
		for {
			frame, err := framer.ReadFrame()
			if err != nil {
				return
			}
			headers, ok := frame.(*http2.MetaHeadersFrame)
			if !ok || !headers.StreamEnded() {
				continue
			}
			if slices.ContainsFunc(headers.Fields, func(f hpack.HeaderField) bool {
				return f.Name == "grpc-status" && f.Value == fmt.Sprint(int(codes.ResourceExhausted))
			}) {
				refused.Add(1)
			} else {
				others.Add(1)
			}
		}
	}()
	id := uint32(1)
	eventually(t, "calls are refused", func() bool {
		for range 100 {
			writeCall(framer, id, gatewayv1.AuthService_AuthState_FullMethodName, &gatewayv1.AuthStateRequest{}, "authorization", "Bearer "+g.keep(token))
			id += 2
		}
		if n := g.limits.Arriving.Taken(); n > minArriving {
			t.Errorf("%d calls arrive", n)
		}
		return refused.Load() >= 200
	})
	if others.Load() > 0 {
		t.Errorf("%d calls ended in another way", others.Load())
	}
	_ = conn.Close()
	eventually(t, "no place is taken", func() bool { return g.limits.Arriving.Taken() == 0 && g.limits.Streams.Taken() == 0 })
}

// Metadata that is too large fails its call, and no other call on the connection.
func TestLargeMetadata(t *testing.T) {
	t.Parallel()
	for name, change := range ports(t) {
		t.Run(name, func(t *testing.T) {
			g := start(t, change)
			step := followOther(g)
			conn := g.rawConn(g.GRPCAddr())
			framer := startHTTP2(t, conn)
			for i, size := range []int{30 << 10, 40 << 10, 100 << 10, 1 << 10} {
				id := uint32(2*i + 1)
				writeCall(framer, id, gatewayv1.FunctionService_Query_FullMethodName, &gatewayv1.QueryRequest{Path: "users:me"}, "x-filler", strings.Repeat("x", size))
				got := readStatus(t, conn, framer, id)
				if large := size > maxHeaderBytes; large != (got["grpc-status"] != "0") || large && got["error-reason"] != "REQUEST_TOO_LARGE" && got[":status"] != "431" {
					t.Errorf("%d bytes: %v", size, got)
				}
			}
			step()
		})
	}
}

// A compressor counts, because it takes more memory than most responses; where its caller has too little left, the response is sent as
// it is.
func TestCompressionWithinBudget(t *testing.T) {
	t.Parallel()
	for budget, coding := range map[int64]string{1 << 20: "", 8 << 20: "gzip"} {
		g := start(t, func(c *Config) { c.MemoryBudget = budget })
		route := "/v1/query?path=values:echo&args=" + url.QueryEscape(`{"value":"`+strings.Repeat("x", 5_000)+`"}`)
		got := g.rest("GET", route, "", "Accept-Encoding", "gzip")
		if got.status != http.StatusOK || got.header.Get("Content-Encoding") != coding || len(got.header["No-Gzip-Compression"]) > 0 {
			t.Errorf("of a budget of %d: HTTP %d %v", budget, got.status, got.header)
		}
	}
}

// Small answers that nobody reads count as well, with what their streams take.
func TestUnreadSmallAnswers(t *testing.T) {
	const calls, atOnce = 6_000, 50
	g, step := startBudgeted(t)
	conn := g.rawConn(g.GRPCAddr())
	framer := startHTTP2(t, conn)
	if err := framer.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 0}); err != nil {
		t.Fatal(err)
	}
	var begun, refused atomic.Int64
	go func() {
		for {
			frame, err := framer.ReadFrame()
			if err != nil {
				return
			}
			if headers, ok := frame.(*http2.MetaHeadersFrame); ok && headers.StreamEnded() {
				refused.Add(1)
			} else if ok {
				begun.Add(1)
			}
		}
	}()
	before := heap()
	for i := range calls {
		writeCall(framer, uint32(2*i+1), gatewayv1.FunctionService_Query_FullMethodName, &gatewayv1.QueryRequest{Path: "users:me"})
		if (i+1)%atOnce == 0 {
			eventually(t, "the calls have ended", func() bool { return begun.Load()+refused.Load() > int64(i) })
		}
	}
	if refused.Load() == 0 {
		t.Error("no call is refused")
	}
	eventually(t, "all calls have ended", func() bool { return g.limits.Unary.Taken() == 0 })
	step()
	if held := g.limits.Budget.Held(); held > testShare+testShare/4 { // a call that runs already gets its answer
		t.Errorf("%d bytes are held", held)
	}
	checkGrown(t, before, testBudget+testBudget/4)
	_ = conn.Close()
	eventually(t, "nothing is held but the neighbour's stream", func() bool {
		runtime.GC()
		return g.limits.Budget.Held() < streamWindow
	})
}

// Whatever callers send as names, no line of the log is long.
func TestLogLinesAreShort(t *testing.T) {
	t.Parallel()
	g := start(t)
	long := strings.Repeat("x", 20<<10)
	_ = g.conn.Invoke(g.context(), "/"+long+"/"+long[:8<<10], &gatewayv1.QueryRequest{}, &gatewayv1.QueryResponse{})
	_, _ = g.call(g.context(), convex.Query, long+":"+long, "{}")
	_, _ = g.call(g.context(), convex.Query, "users:me", `{"`+long+`":1}`)
	_, _ = g.call(g.as(long), convex.Query, "users:me", "{}")
	ctx := metadata.AppendToOutgoingContext(g.context(), "x-request-id", long[:1<<10], "x-forwarded-for", long[:1<<10], "user-agent", long[:1<<10])
	_, _ = g.call(ctx, convex.Query, "users:me", "{}")
	for _, header := range []string{"X-Request-Id", "Authorization", "Content-Type", "Origin", "X-Forwarded-For", "Host"} {
		_ = g.rest("POST", "/v1/query", `{"path":"`+long+`"}`, header, long[:4<<10])
	}
	_ = g.rest("GET", "/"+long, "")
	lines := 0
	for line := range strings.Lines(g.logs.String()) {
		if lines++; len(line) > 2<<10 {
			t.Errorf("a line has %d bytes: %.200s…", len(line), line)
		}
	}
	if lines < 10 {
		t.Errorf("there are %d lines", lines)
	}
}
