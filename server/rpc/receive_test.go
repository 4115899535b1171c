package rpc

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/grpc"
	"google.golang.org/grpc/test/bufconn"
	"google.golang.org/protobuf/proto"

	"convexgateway/convex"
	gatewayv1 "convexgateway/gen/convexgateway/v1"

	"convexgateway/server/call"
	"convexgateway/server/call/limit"
)

// nothing is a deployment all of whose functions return null.
type nothing struct{}

func (nothing) Call(context.Context, convex.Call) (*convex.Result, error) {
	return &convex.Result{Value: []byte("null")}, nil
}

// endless is a deployment whose functions end with their calls.
type endless struct{}

func (endless) Call(ctx context.Context, _ convex.Call) (*convex.Result, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// serveReceiver serves gRPC in the bubble, over grpc-go's own transport or over net/http's, and returns a client of HTTP/2.
func serveReceiver(t *testing.T, ownTransport bool, deployment FunctionCaller, budget *limit.Budget, change ...func(*Options)) *http.Client {
	t.Helper()
	o := Options{
		Caller: deployment, MaxRequest: 20 << 20, Limits: &call.Limits{Budget: budget}, Registry: prometheus.NewRegistry(),
		Log: &CallLog{Logger: slog.New(slog.DiscardHandler)},
	}
	for _, f := range change {
		f(&o)
	}
	services := New(o)
	tapped := grpc.InTapHandle(services.Arriving)
	server := grpc.NewServer(grpc.ForceServerCodecV2(NewCodec()), tapped, grpc.ChainStreamInterceptor(services.Interceptors()...))
	server.RegisterService(&grpc.ServiceDesc{ServiceName: "test.Talk", HandlerType: (*any)(nil), Streams: []grpc.StreamDesc{{
		StreamName: "Talk", ClientStreams: true, ServerStreams: true, Handler: receiveAll,
	}}}, nil)
	services.Register(AsStreams(server, services.Interceptors()...))
	l := bufconn.Listen(1 << 16)
	done := make(chan struct{})
	stop := server.Stop
	if ownTransport {
		go func() { defer close(done); _ = server.Serve(l) }()
	} else {
		h := &http.Server{Protocols: new(http.Protocols), ReadHeaderTimeout: time.Hour, Handler: http.HandlerFunc(
			func(w http.ResponseWriter, r *http.Request) { ServeHTTP(server, w, r) })}
		h.Protocols.SetUnencryptedHTTP2(true)
		go func() { defer close(done); _ = h.Serve(l) }()
		stop = func() { _ = h.Close(); server.Stop() }
	}
	transport := &http.Transport{Protocols: new(http.Protocols), DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return l.DialContext(ctx)
	}}
	transport.Protocols.SetUnencryptedHTTP2(true)
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		stop()
		<-done
	})
	return &http.Client{Transport: transport}
}

// receiveAll receives messages until the client sends no more.
func receiveAll(_ any, stream grpc.ServerStream) error {
	for {
		if err := stream.RecvMsg(&gatewayv1.QueryRequest{}); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
	}
}

// upload sends a query over gRPC, with a compression, by a function that writes its message. It returns the reason of the call's error,
// and how long it took.
func upload(t *testing.T, client *http.Client, encoding string, write func(io.Writer)) (reason string, took time.Duration) {
	t.Helper()
	return uploadTo(t, client, gatewayv1.FunctionService_Query_FullMethodName, encoding, write)
}

func uploadTo(t *testing.T, client *http.Client, method, encoding string, write func(io.Writer)) (reason string, took time.Duration) {
	t.Helper()
	body, writer := io.Pipe()
	began, written := time.Now(), make(chan struct{})
	go func() {
		defer close(written)
		write(writer)
		_ = writer.Close()
	}()
	defer func() {
		_ = body.Close()
		<-written
	}()
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://gateway.test"+method, body)
	req.Header = http.Header{"Content-Type": {"application/grpc"}, "Te": {"trailers"}}
	if encoding != "" {
		req.Header.Set("Grpc-Encoding", encoding)
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		t.Errorf("the response: %v %v %v", err, resp.Header, resp.Trailer)
	}
	return resp.Trailer.Get("Error-Reason") + resp.Header.Get("Error-Reason"), time.Since(began)
}

// query is a query's request on the wire, with arguments of a size.
func query(t *testing.T, size int) []byte {
	t.Helper()
	message, err := proto.Marshal(&gatewayv1.QueryRequest{Path: "a:b", ArgsJson: []byte(`{"x":"` + strings.Repeat("x", size) + `"}`)})
	if err != nil {
		t.Fatal(err)
	}
	return frame(0, message)
}

// frame returns a message as it is on the wire.
func frame(compressed byte, content []byte) []byte {
	return append(binary.BigEndian.AppendUint32([]byte{compressed}, uint32(len(content))), content...)
}

// zipped is a message on the wire, compressed in parts.
func zipped(t *testing.T, parts ...[]byte) []byte {
	t.Helper()
	var text bytes.Buffer
	for _, part := range append(parts, nil)[:max(1, len(parts))] {
		w := gzip.NewWriter(&text)
		_, _ = w.Write(part)
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return frame(1, text.Bytes())
}

// at writes a message at a rate, in bytes a second.
func at(rate int, message []byte) func(io.Writer) {
	return func(w io.Writer) {
		for rest := message; len(rest) > 0; {
			n := min(rate, len(rest))
			if _, err := w.Write(rest[:n]); err != nil {
				return
			}
			rest = rest[n:]
			time.Sleep(time.Second) //nolint:forbidigo // the bubble's clock
		}
	}
}

// A message may arrive slowly, but not stop; what was taken for it is given back.
func TestMessagesMustArrive(t *testing.T) {
	t.Parallel()
	forever := func(message []byte) func(io.Writer) {
		return func(w io.Writer) {
			_, _ = w.Write(message)
			time.Sleep(time.Hour) //nolint:forbidigo // the bubble's clock
		}
	}
	large := query(t, 16_000_000)
	for name, tt := range map[string]struct {
		write  func(io.Writer)
		reason string
		within time.Duration // 0: any
	}{
		"at once":                    {at(len(large), large), "", 0},
		"1.6 MB at 40 kB/s":          {at(40_000, query(t, 1_600_000)), "", 0},
		"16 MB at 40 kB/s":           {at(40_000, large), "", 0},
		"1.6 MB at 8 kB/s":           {at(8_000, query(t, 1_600_000)), "REQUEST_TIMEOUT", 2 * time.Minute},
		"nothing":                    {forever(nil), "REQUEST_TIMEOUT", arrivalGrace + time.Second},
		"half a header":              {forever(large[:3]), "REQUEST_TIMEOUT", arrivalGrace + time.Second},
		"a header":                   {forever(large[:5]), "REQUEST_TIMEOUT", arrivalGrace + 5*time.Second},
		"15 of 16 MB":                {forever(large[:15_000_000]), "REQUEST_TIMEOUT", arrivalGrace + 17*time.Minute},
		"the end after half of it":   {at(len(large), large[:8_000_000]), "TRANSPORT", time.Minute},
		"the end after the header":   {at(5, large[:5]), "TRANSPORT", time.Minute},
		"more than the largest size": {forever([]byte{0, 0xff, 0xff, 0xff, 0xff}), "REQUEST_TOO_LARGE", time.Second},
		"an unknown compression":     {forever([]byte{1, 0, 0, 0, 5}), "UNIMPLEMENTED", time.Second},
		"an unknown format":          {forever([]byte{2, 0, 0, 0, 5}), "TRANSPORT", time.Second},
		"gzip":                       {forever(zipped(t, large[5:])), "", 0},
		"gzip of nothing":            {forever(zipped(t)), "INVALID_PATH", 0},
		"gzip in two parts":          {forever(zipped(t, large[5:1000], large[1000:])), "TRANSPORT", time.Second},
		"gzip of 21 MB":              {forever(zipped(t, make([]byte, 21<<20))), "REQUEST_TOO_LARGE", time.Second},
		"gzip, cut":                  {forever(frame(1, zipped(t, large[5:])[5:1000])), "TRANSPORT", time.Second},
		"gzip of another form":       {forever(frame(1, []byte("abc"))), "TRANSPORT", time.Second},
		"gzip without a byte":        {forever(frame(1, nil)), "TRANSPORT", time.Second},
		"no message of protobuf":     {at(100, []byte{0, 0, 0, 0, 3, 0xff, 0xff, 0xff}), "TRANSPORT", time.Second},
	} {
		for transport, own := range map[string]bool{"grpc-go": true, "net/http": false} {
			t.Run(name+" over "+transport, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					budget := limit.NewBudget(200<<20, 0, call.ErrOverloaded)
					encoding := ""
					if strings.HasPrefix(name, "gzip") {
						encoding = "gzip"
					}
					reason, took := upload(t, serveReceiver(t, own, nothing{}, budget), encoding, tt.write)
					if reason != tt.reason {
						t.Errorf("the call ended with %q, want %q", reason, tt.reason)
					}
					if tt.within > 0 && took > tt.within {
						t.Errorf("after %v, want at most %v", took, tt.within)
					}
					synctest.Wait()
					if held := budget.Held(); held != 0 {
						t.Errorf("%d bytes are held", held)
					}
				})
			})
		}
	}
}

// A unary call ends after the longest time.
func TestLongestUnaryCall(t *testing.T) {
	t.Parallel()
	for transport, own := range map[string]bool{"grpc-go": true, "net/http": false} {
		t.Run(transport, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				message := query(t, 100)
				reason, took := upload(t, serveReceiver(t, own, endless{}, nil), "", at(len(message), message))
				if reason != "DEADLINE_EXCEEDED" || took < maxUnaryTime || took > maxUnaryTime+arrivalGrace {
					t.Errorf("%q after %v", reason, took)
				}
			})
		})
	}
}

// A client's stream may be quiet between its messages, but not in the middle of one.
func TestQuietClientStream(t *testing.T) {
	t.Parallel()
	message := query(t, 1_000)
	for name, tt := range map[string]struct {
		last   []byte
		reason string
	}{"a message": {message, ""}, "half a message": {message[:500], "REQUEST_TIMEOUT"}} {
		for transport, own := range map[string]bool{"grpc-go": true, "net/http": false} {
			t.Run(name+" over "+transport, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					reason, _ := uploadTo(t, serveReceiver(t, own, nothing{}, nil), "/test.Talk/Talk", "", func(w io.Writer) {
						for range 3 {
							_, _ = w.Write(message)
							time.Sleep(20 * time.Minute) //nolint:forbidigo // the bubble's clock
						}
						_, _ = w.Write(tt.last)
						if tt.reason != "" {
							time.Sleep(time.Hour) //nolint:forbidigo // the bubble's clock
						}
					})
					if reason != tt.reason {
						t.Errorf("the stream ended with %q, want %q", reason, tt.reason)
					}
				})
			})
		}
	}
}
