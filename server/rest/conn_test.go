package rest

import (
	"bytes"
	"context"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/grpc"

	"convexgateway/auth/lease"
	"convexgateway/convex"
	convexlive "convexgateway/convex/live"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
	"convexgateway/server/call/limit"
	"convexgateway/server/live"
	"convexgateway/server/rpc"
)

func TestParseTimeout(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"200m": 200 * time.Millisecond, "1H": time.Hour, "2M": 2 * time.Minute, "3S": 3 * time.Second, "4u": 4 * time.Microsecond,
		"5n": 5, "0S": 0, "99999999H": math.MaxInt64, "18446744073709551615n": math.MaxInt64,
	} {
		if got, err := parseTimeout(text); err != nil || got != want {
			t.Errorf("%s: %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"m", "1", "1s", "-1S", "1.5S", "+1S", " 1S", "18446744073709551616n", "S1", "soon"} {
		if got, err := parseTimeout(text); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
}

// A panic in a handler behind REST is an internal error, before a stream has begun and after.
func TestPanicOverREST(t *testing.T) {
	t.Parallel()
	logs := &bytes.Buffer{}
	logger := slog.New(slog.NewJSONHandler(logs, nil))
	services := rpc.New(rpc.Options{
		Caller: faulty{}, Limits: &call.Limits{Streams: limit.NewPlaces(1, 0, call.ErrTooManyStreams, nil)}, Registry: prometheus.NewRegistry(), Log: &rpc.CallLog{Logger: logger},
		Streams: live.New(live.Options{Queries: faulty{}, Sessions: lease.NewRegistry(lease.Config{}), Logger: logger}),
	})
	conn := NewConn(rpc.InProcess{Interceptors: services.Interceptors()})
	services.Register(rpc.AsStreams(conn))
	var h *Handler
	late := Route{Method: "GET", Path: "/late", Handle: func(w http.ResponseWriter, r *http.Request, _ map[string]string) error {
		x := exchangeFrom(r.Context())
		x.request.URL.Path = subscribeRoute
		s := h.newStream(w, x.request, conn.Handler("/late", streaming, func(_ any, stream grpc.ServerStream) error {
			_ = stream.SendMsg(&gatewayv1.AuthStateResponse{})
			panic("the secret of a caller")
		}))
		x.run = s.run
		return nil
	}}
	h, err := New(Options{Functions: services.Functions(), Auth: services.Auth(), Conn: conn, Routes: []Route{late}, MaxBody: 1 << 20, Logger: logger})
	if err != nil {
		t.Fatal(err)
	}
	for _, route := range []string{"/v1/query?path=a:b", "/v1/subscribe?path=a:b", "/v1/subscribe?path=a:b"} { // the first has freed its place under the limit
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, route, nil))
		if w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), `"reason":"INTERNAL"`) {
			t.Errorf("%s: HTTP %d %s", route, w.Code, w.Body)
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/late?path=late:late", nil))
	if !strings.HasPrefix(w.Body.String(), `{"result":{}}`+"\n"+`{"error":{"code":13,`) || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("%s", w.Body)
	}
	if text := logs.String(); strings.Contains(text, "secret") || strings.Count(text, "panic in a handler") != 4 || strings.Count(text, `"msg":"call"`) != 4 {
		t.Errorf("logs: %s", text)
	}
}

// faulty is a deployment whose client has a bug.
type faulty struct{}

func (faulty) Call(context.Context, convex.Call) (*convex.Result, error) {
	panic("the secret of a caller")
}

func (faulty) Watch(convex.Credential, convexlive.WatchOptions) (*convexlive.Set, error) {
	panic("no watch")
}

func (faulty) Subscribe(convex.Credential, convex.Path, []byte, convexlive.SubscribeOptions) (*convexlive.Subscription, error) {
	panic("the secret of a caller")
}

// A panic in a handler of a route closes the connection, and its value is not in the log.
func TestPanicInRoute(t *testing.T) {
	t.Parallel()
	logs := &bytes.Buffer{}
	logger := slog.New(slog.NewJSONHandler(logs, nil))
	route := Route{Method: "GET", Path: "/panic", Handle: func(http.ResponseWriter, *http.Request, map[string]string) error {
		panic("the secret of a caller")
	}}
	h, err := New(Options{Conn: NewConn(rpc.InProcess{}), Routes: []Route{route}, MaxBody: 1 << 20, Logger: logger})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	if resp, err := server.Client().Get(server.URL + "/panic"); err == nil {
		_ = resp.Body.Close()
		t.Errorf("HTTP %d", resp.StatusCode)
	}
	server.Close()
	if text := logs.String(); strings.Contains(text, "secret") || !strings.Contains(text, "panic in a handler") {
		t.Errorf("logs: %s", text)
	}
}
