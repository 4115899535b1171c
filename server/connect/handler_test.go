package connect

import (
	"context"
	"encoding/binary"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"convexgateway/convex"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
	"convexgateway/server/rest"
	"convexgateway/server/rpc"
)

// echo is a FunctionService whose results are requests.
type echo struct {
	gatewayv1.UnimplementedFunctionServiceServer
}

func (echo) Query(ctx context.Context, req *gatewayv1.QueryRequest) (*gatewayv1.QueryResponse, error) {
	call.From(ctx).Result = &convex.Result{Value: []byte(`{"echo":true}`)} // as a handler does
	return &gatewayv1.QueryResponse{ValueJson: req.GetArgsJson(), LogLines: []string{req.GetPath()}}, nil
}

// Subscribe sends an event, and fails.
func (echo) Subscribe(req *gatewayv1.SubscribeRequest, stream gatewayv1.FunctionService_SubscribeServer) error {
	if req.GetPath() == "panic" { // in the encoding of an event
		return stream.SendMsg("no message")
	}
	err := stream.SendMsg(rpc.NewEvent(&gatewayv1.SubscribeResponse{ResumeToken: req.GetHeartbeat().AsDuration().String()}, []byte(`[1, null]`)))
	if err != nil {
		return err
	}
	return status.Error(codes.Aborted, "the end")
}

func (echo) WatchSet(*gatewayv1.WatchSetRequest, gatewayv1.FunctionService_WatchSetServer) error {
	return nil
}

// mapped are interceptors that make statuses of the adapter's errors.
var mapped = []grpc.StreamServerInterceptor{
	func(srv any, stream grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
		err := handler(srv, stream)
		if _, ok := status.FromError(err); ok {
			return err
		}
		return rpc.HTTPStatus(call.ProblemOf(err)).Err()
	},
}

// newHandler returns an HTTP handler with an echo.
func newHandler(t testing.TB, bodyTimeout time.Duration) http.Handler {
	t.Helper()
	procedures := New(Options{Calls: rpc.InProcess{Interceptors: mapped}, MaxMessage: 1 << 20})
	gatewayv1.RegisterFunctionServiceServer(rpc.AsStreams(procedures), echo{})
	procedures.Mount()
	h, err := rest.New(rest.Options{
		Conn: rest.NewConn(rpc.InProcess{}), Procedures: procedures, MaxBody: 1 << 20, BodyTimeout: bodyTimeout, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// envelopes splits a body into the flags and messages of its envelopes, and fails the test if that is not what it is made of.
func envelopes(t testing.TB, body string) (flags []byte, messages []string) {
	t.Helper()
	for len(body) > 0 {
		if len(body) < 5 {
			t.Fatalf("half an envelope: %q", body)
		}
		size := int(binary.BigEndian.Uint32([]byte(body[1:5])))
		if len(body) < 5+size {
			t.Fatalf("half a message: %q", body)
		}
		flags, messages = append(flags, body[0]), append(messages, body[5:5+size])
		body = body[5+size:]
	}
	return flags, messages
}

func post(h http.Handler, method, contentType, body string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodPost, "/convexgateway.v1.FunctionService/"+method, strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	h.ServeHTTP(w, r)
	return w
}

func inEnvelope(message string) string {
	return string(binary.BigEndian.AppendUint32([]byte{0}, uint32(len(message)))) + message
}

// Streams have heartbeats of 15 s unless their caller chooses, and end with the error after the events.
func TestStreamOnTheWire(t *testing.T) {
	t.Parallel()
	h := newHandler(t, 0)
	for request, heartbeat := range map[string]string{`{}`: "15s", `{"heartbeat":"60s"}`: "1m0s"} {
		event := `{"value":[1,null],"resumeToken":"` + heartbeat + `"}`
		w := post(h, "Subscribe", "application/connect+json", inEnvelope(request))
		flags, messages := envelopes(t, w.Body.String())
		if string(flags) != "\x00\x02" || messages[0] != event || messages[1] != `{"error":{"code":"aborted","message":"the end"}}` {
			t.Errorf("Connect: %q %q", flags, messages)
		}
		w = post(h, "Subscribe", "application/grpc-web+json", inEnvelope(request))
		flags, messages = envelopes(t, w.Body.String())
		if string(flags) != "\x00\x80" || messages[0] != event || !strings.Contains(messages[1], "grpc-status: 10\r\n") {
			t.Errorf("gRPC-Web: %q %q", flags, messages)
		}
	}
	w := post(h, "WatchSet", "application/connect+json", inEnvelope(`{}`))
	if flags, messages := envelopes(t, w.Body.String()); string(flags) != "\x02" || messages[0] != `{}` {
		t.Errorf("a stream without events: %q %q", flags, messages)
	}
}

// A panic while an event is encoded ends its request, on whichever goroutine that is.
func TestPanicOfAnEvent(t *testing.T) {
	t.Parallel()
	h := newHandler(t, 0)
	defer func() {
		if recover() != http.ErrAbortHandler { //nolint:errorlint // as net/http compares it
			t.Error("the handler has not panicked")
		}
	}()
	post(h, "Subscribe", "application/connect+json", inEnvelope(`{"path":"panic"}`))
}

// A body that does not arrive is an error of its own, in the protocol's form.
func TestSlowBody(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(newHandler(t, time.Millisecond))
	defer server.Close()
	for kind, want := range map[string]string{"application/json": "deadline_exceeded", "application/grpc-web+json": "4"} {
		body, writer := io.Pipe()
		resp, err := http.Post(server.URL+"/convexgateway.v1.FunctionService/Query", kind, body)
		_ = writer.Close()
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if got := string(text) + resp.Header.Get("Grpc-Status"); !strings.Contains(got, want) {
			t.Errorf("%s: HTTP %d %s", kind, resp.StatusCode, got)
		}
	}
	http.DefaultClient.CloseIdleConnections()
}

// FuzzRequest sends requests of any form. None panics, and each has a response of its protocol.
func FuzzRequest(f *testing.F) {
	kinds := []string{
		"application/json", "application/proto", "application/connect+json", "application/connect+proto", "application/grpc-web",
		"application/grpc-web+json", "application/grpc", "text/plain",
	}
	methods := []string{"Query", "Subscribe", "WatchSet", "Watch", "None"}
	codings := []string{"", "gzip", "identity", "br"}
	for i := range kinds {
		f.Add(byte(i), byte(i), byte(i), []byte(`{"path":"a:b","args":{"x":1}}`), "")
		f.Add(byte(i), byte(0), byte(1), []byte(inEnvelope(`{"queries":[{"target":1,"args":{}}]}`)), "")
		f.Add(byte(i), byte(1), byte(0), []byte(inEnvelope("\n\x03a:b")), "encoding=json&message=%7B%7D")
	}
	f.Add(byte(3), byte(0), byte(0), []byte("0"), "encoding=json&message=%7B%7D")
	h := newHandler(f, 0)
	f.Fuzz(func(t *testing.T, kind, method, coding byte, body []byte, query string) {
		r := httptest.NewRequest(http.MethodPost, "/convexgateway.v1.FunctionService/"+methods[int(method)%len(methods)], strings.NewReader(string(body)))
		if query != "" {
			r.Method, r.URL.RawQuery = http.MethodGet, query
		}
		r.Header.Set("Content-Type", kinds[int(kind)%len(kinds)])
		for _, name := range []string{"Content-Encoding", "Connect-Content-Encoding", "Grpc-Encoding"} {
			r.Header.Set(name, codings[int(coding)%len(codings)])
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		got := w.Result()
		switch got.Header.Get("Content-Type") {
		case "application/connect+json", "application/connect+proto":
			flags, _ := envelopes(t, w.Body.String())
			if got.StatusCode != http.StatusOK || len(flags) == 0 || flags[len(flags)-1] != 2 {
				t.Errorf("HTTP %d %q", got.StatusCode, w.Body)
			}
		case "application/grpc-web", "application/grpc-web+json":
			flags, _ := envelopes(t, w.Body.String())
			if got.Header.Get("Grpc-Status") == "" && (len(flags) == 0 || flags[len(flags)-1] != 0x80) {
				t.Errorf("HTTP %d %v %q", got.StatusCode, got.Header, w.Body)
			}
		case "application/json", "application/proto", "text/plain; charset=utf-8":
			if got.StatusCode == http.StatusInternalServerError && !strings.Contains(w.Body.String(), "message") {
				t.Errorf("HTTP %d %q", got.StatusCode, w.Body)
			}
		default:
			t.Errorf("HTTP %d %v", got.StatusCode, got.Header)
		}
	})
}
