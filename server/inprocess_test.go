package server

import (
	"convexgateway/server/call"
	"convexgateway/server/live"

	"bytes"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	"convexgateway/auth/lease"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
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
	services := NewServices(Options{
		Caller: panicking{}, Rate: call.NewRate(0), Registry: prometheus.NewRegistry(), Logger: logger,
		Streams: live.New(live.Options{Queries: panicking{}, Sessions: lease.NewRegistry(lease.Config{}), MaxPerCaller: 1, Logger: logger}),
	})
	unary, stream := services.Interceptors(0)
	conn := NewConn(unary, stream, nil)
	services.Register(conn)
	var f *REST
	late := Route{"GET", "/late", func(w http.ResponseWriter, r *http.Request, _ map[string]string) error {
		x := exchangeFrom(r.Context())
		x.request.URL.Path = subscribeRoute
		x.stream = f.newStream(w, x.request, conn.serve("/late", func(_ any, stream grpc.ServerStream) error {
			_ = stream.SendMsg(&gatewayv1.AuthStateResponse{})
			panic("the secret of a caller")
		}))
		return nil
	}}
	f, err := NewREST(RESTOptions{Functions: services.Functions(), Auth: services.Auth(), Conn: conn, Routes: []Route{late}, MaxBody: 1 << 20, Logger: logger})
	if err != nil {
		t.Fatal(err)
	}
	want := failure{code: codes.Internal, reason: "INTERNAL", http: 500}
	for _, route := range []string{"/v1/query?path=a:b", "/v1/subscribe?path=a:b", "/v1/subscribe?path=a:b"} { // its place is given back
		w := httptest.NewRecorder()
		f.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, route, nil))
		want.checkAnswer(t, answer{status: w.Code, header: w.Header(), body: w.Body.String()})
	}
	w := httptest.NewRecorder()
	f.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/late?path=late:late", nil))
	if !strings.HasPrefix(w.Body.String(), `{"result":{}}`+"\n"+`{"error":{"code":13,`) || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("%s", w.Body)
	}
	if text := logs.String(); strings.Contains(text, "secret") || strings.Count(text, "panic in a handler") != 4 || strings.Count(text, `"msg":"call"`) != 4 {
		t.Errorf("logs: %s", text)
	}
}
