package server

import (
	"convexgateway/server/live"

	"bytes"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

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

// A panic in a handler behind the REST face is an internal error, before a stream has begun and after.
func TestPanicOverREST(t *testing.T) {
	t.Parallel()
	logs := &bytes.Buffer{}
	b := &border{logger: slog.New(slog.NewJSONHandler(logs, nil))}
	functions := &functionService{functions: panicking{}, streams: live.New(live.Options{
		Queries: panicking{}, Sessions: lease.NewRegistry(lease.Config{}), MaxPerCaller: 1, Logger: b.logger,
	})}
	f := &restFace{
		server:    &Server{cfg: Config{MaxRequestBytes: 1 << 20}, logger: b.logger},
		inProcess: &inProcess{unary: []grpc.UnaryServerInterceptor{b.unary}, stream: []grpc.StreamServerInterceptor{b.stream()}},
		functions: functions,
	}
	query := f.function(0, gatewayv1.FunctionService_Query_FullMethodName, newMessage[gatewayv1.QueryRequest])
	subscribe := f.stream(gatewayv1.FunctionService_Subscribe_FullMethodName, functions, &gatewayv1.FunctionService_ServiceDesc)
	late := f.inProcess.serve("/late", func(_ any, stream grpc.ServerStream) error {
		_ = stream.SendMsg(&gatewayv1.AuthStateResponse{})
		panic("the secret of a caller")
	})
	f.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !isStream(r.URL.Path):
			query(w, r, nil)
		case r.URL.Query().Get("path") == "late:late":
			x := exchangeFrom(r.Context())
			x.stream = f.newStream(w, x.request, late)
		default:
			subscribe(w, r, nil)
		}
	})
	want := failure{code: codes.Internal, reason: "INTERNAL", http: 500}
	for _, route := range []string{"/v1/query?path=a:b", "/v1/subscribe?path=a:b", "/v1/subscribe?path=a:b"} { // its place is given back
		w := httptest.NewRecorder()
		f.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, route, nil))
		want.checkAnswer(t, answer{status: w.Code, header: w.Header(), body: w.Body.String()})
	}
	w := httptest.NewRecorder()
	f.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/v1/subscribe?path=late:late", nil))
	if !strings.HasPrefix(w.Body.String(), `{"result":{}}`+"\n"+`{"error":{"code":13,`) || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("%s", w.Body)
	}
	if text := logs.String(); strings.Contains(text, "secret") || strings.Count(text, "panic in a handler") != 4 || strings.Count(text, `"msg":"call"`) != 4 {
		t.Errorf("logs: %s", text)
	}
}
