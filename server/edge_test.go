package server

import (
	"net/http"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// Requests that grpc itself would refuse without a reason have one.
func TestEdgeErrorsHaveReasons(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.MaxRequestBytes = 4 << 10 })
	large := &gatewayv1.QueryRequest{Path: "values:echo", ArgsJson: []byte(`{"value":"` + strings.Repeat("x", 5<<10) + `"}`)}
	var trailer metadata.MD
	_, err := g.functions.Query(g.context(), large, grpc.Trailer(&trailer))
	tooLarge := failure{code: codes.InvalidArgument, reason: "REQUEST_TOO_LARGE", http: 413}
	tooLarge.checkStatus(t, err, trailer)
	stream := g.subscribe(g.context(), &gatewayv1.SubscribeRequest{Path: "values:echo", ArgsJson: large.ArgsJson})
	tooLarge.checkStatus(t, stream.end(), stream.Trailer())
	tooLarge.checkAnswer(t, g.rest("POST", "/v1/query", `{"path":"`+strings.Repeat("x", 5<<10)+`"}`))

	unknown := failure{code: codes.Unimplemented, reason: "UNIMPLEMENTED"}
	for _, method := range []string{"/no.Such/Method", "/convexgateway.v1.FunctionService/Nope"} {
		trailer = nil
		err := g.conn.Invoke(g.context(), method, &gatewayv1.QueryRequest{}, &gatewayv1.QueryResponse{}, grpc.Trailer(&trailer))
		unknown.checkStatus(t, err, trailer)
	}
}

func TestTextAfterTheBodyIsRefused(t *testing.T) {
	t.Parallel()
	g := start(t)
	want := failure{code: codes.InvalidArgument, reason: "INVALID_REQUEST", http: 400}
	for _, route := range []string{"/v1/query", "/v1/mutate", "/v1/subscribe"} {
		want.checkAnswer(t, g.rest("POST", route, `{"path":"users:me"} {"path":"users:me"}`))
	}
}

// An event id of another server is ignored, because an error would end an EventSource.
func TestForeignEventIDIsIgnored(t *testing.T) {
	t.Parallel()
	g := start(t)
	for _, id := range []string{"foo!", "42", strings.Repeat("x", 300)} {
		events := g.sse("GET", "/v1/subscribe?path=users:me", "", "Last-Event-ID", id)
		if event := events.result(); event.name != "value" {
			t.Errorf("id %.10q: event %+v", id, event)
		}
	}
}

func TestProbesMayUseHEAD(t *testing.T) {
	t.Parallel()
	g := start(t)
	for _, route := range []string{"/healthz", "/readyz"} {
		if got := g.rest(http.MethodHead, route, ""); got.status != http.StatusOK {
			t.Errorf("HEAD %s: %d", route, got.status)
		}
	}
}
