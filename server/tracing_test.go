package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"

	"convexgateway/convex"
	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/v"
)

// traced has a gateway's traces kept in memory.
func traced() (into *tracetest.InMemoryExporter, change func(*Config)) {
	into = tracetest.NewInMemoryExporter()
	return into, func(c *Config) { c.Traces = sdktrace.NewTracerProvider(sdktrace.WithSyncer(into)) }
}

// written is a span as text, with everything that an exporter gets.
func written(t *testing.T, span tracetest.SpanStub) string {
	t.Helper()
	attributes := map[string]string{}
	for _, a := range span.Attributes {
		attributes[string(a.Key)] = a.Value.String()
	}
	events, err := json.Marshal(span.Events)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s %v %v %s %q", span.Name, span.SpanKind, attributes, events, span.Status.Description)
}

// No span holds data that callers send or get, however a call ends.
func TestTracesHoldNoData(t *testing.T) {
	t.Parallel()
	const secret = "sesame"
	text := v.Object(v.Field("text", v.String()))
	quoting := func(_ *deployment.QueryCtx, args deployment.Args) (any, error) {
		return nil, errors.New("bad " + args.String("text"))
	}
	d := startDeployment(t, deployment.Config{Functions: append(deployment.SampleApp(), deployment.Query("test:quotes", text, quoting))})
	spans, change := traced()
	g := startBefore(t, d, change)
	token := g.token(deployment.TokenRequest{User: "ada", Claims: map[string]any{"email": secret + "@example.com"}})

	g.mustCall(g.as(token), convex.Query, "values:echo", `{"value":"`+secret+`"}`)
	g.fails(t, convex.Query, "test:quotes", `{"text":"`+secret+`"}`, failure{code: codes.Unknown, reason: "FUNCTION_FAILED", http: 500, function: true})
	g.fails(t, convex.Query, "test:quotes", `{"text":["`+secret+`"]}`, failure{code: codes.InvalidArgument, reason: "ARGUMENT_VALIDATION", http: 400, function: true})
	g.fails(t, convex.Query, "errors:convex", `{"data":"`+secret+`"}`, failure{code: codes.FailedPrecondition, reason: "CONVEX_ERROR", http: 400, function: true})
	g.rest("GET", "/v1/query?path=values:echo&args=%7B%22value%22:%22"+secret+"%22%7D", "", "Authorization", "Bearer "+token)
	stream := g.subscribe(g.as(token), counterQuery(secret))
	wantValue(t, result(stream), "0")
	stream.cancel()
	overREST := g.sse("GET", counterRoute+counterArgs(secret), "", "Authorization", "Bearer "+token)
	overREST.result()
	overREST.cancel()
	if err := g.stop(); err != nil { // and with it all spans end
		t.Fatal(err)
	}
	var all []string
	for _, span := range spans.GetSpans() {
		all = append(all, written(t, span))
	}
	words := strings.Join(all, "\n")
	if n := strings.Count(words, "convexgateway.v1.FunctionService/Subscribe server"); n != 2 {
		t.Errorf("%d spans of streams", n)
	}
	for _, want := range []string{
		"convexgateway.v1.FunctionService/Query server", "convexgateway.v1.FunctionService/Subscribe server", "POST /api/query client",
		"convexgateway.reason:FUNCTION_FAILED", "convexgateway.path:values:echo", "http.response.status_code:200",
	} {
		if !strings.Contains(words, want) {
			t.Errorf("no %q", want)
		}
	}
	for _, forbidden := range []string{secret, token, token[len(token)/2:]} {
		if strings.Contains(words, forbidden) {
			t.Errorf("%q is in the spans", forbidden)
		}
	}
	if t.Failed() {
		t.Log(words)
	}
}

// A caller's trace continues through the gateway to the deployment, and its id is in the log, over gRPC and REST.
func TestTraceContinues(t *testing.T) {
	t.Parallel()
	const id = "4bf92f3577b34da6a3ce929d0e0e4736"
	const parent = "00-" + id + "-00f067aa0ba902b7-01"
	atDeployment := make(chan http.Header, 2)
	spans, change := traced()
	g := startFake(t, func(w http.ResponseWriter, r *http.Request) {
		atDeployment <- r.Header
		_, _ = w.Write([]byte(`{"status":"success","value":null}`))
	}, change)
	for protocol, call := range map[string]func(){
		"gRPC": func() {
			g.mustCall(metadata.AppendToOutgoingContext(g.context(), "traceparent", parent, "baggage", "a=sesame"), convex.Query, "a:b", `{}`)
		},
		"REST": func() { g.rest("POST", "/v1/query", `{"path":"a:b"}`, "Traceparent", parent, "Baggage", "a=sesame") },
	} {
		spans.Reset()
		logged := len(g.logs.String())
		call()
		header := <-atDeployment
		eventually(t, protocol+": both spans have ended", func() bool { return len(spans.GetSpans()) == 2 })
		ended := spans.GetSpans()
		inner := ended[slices.IndexFunc(ended, func(s tracetest.SpanStub) bool { return s.SpanKind == trace.SpanKindClient })]
		outer := ended[slices.IndexFunc(ended, func(s tracetest.SpanStub) bool { return s.SpanKind == trace.SpanKindServer })]
		if outer.SpanContext.TraceID().String() != id || outer.Parent.SpanID().String() != "00f067aa0ba902b7" || inner.Parent.SpanID() != outer.SpanContext.SpanID() {
			t.Errorf("%s: spans %+v", protocol, ended)
		}
		if got, want := header.Get("Traceparent"), "00-"+id+"-"+inner.SpanContext.SpanID().String()+"-01"; got != want || header.Get("Baggage") != "" {
			t.Errorf("%s: the deployment got %q and %q, want %q", protocol, got, header.Get("Baggage"), want)
		}
		if logs := g.logs.String()[logged:]; !strings.Contains(logs, `"trace_id":"`+id+`"`) || !strings.Contains(logs, `"request_id":"`) {
			t.Errorf("%s: logs %s", protocol, logs)
		}
	}
}

// Without a provider calls are not traced, and their log lines have no trace id, whatever the caller sends.
func TestNoTraces(t *testing.T) {
	t.Parallel()
	g := startFake(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Traceparent") != "" {
			t.Error("the deployment got a trace")
		}
		_, _ = w.Write([]byte(`{"status":"success","value":null}`))
	})
	if tracer, transport := g.cfg.callTracer(nil), g.cfg.tracedTransport(0); tracer != nil || transport != nil {
		t.Errorf("tracer %v, transport %v", tracer, transport)
	}
	g.rest("POST", "/v1/query", `{"path":"a:b"}`, "Traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
	if logs := g.logs.String(); strings.Contains(logs, "trace_id") || !strings.Contains(logs, `"msg":"call"`) {
		t.Errorf("logs %s", logs)
	}
}

// The log lines of package auth have the ids of the call.
func TestIdsInTheLogOfAuth(t *testing.T) {
	t.Parallel()
	const id = "4bf92f3577b34da6a3ce929d0e0e4736"
	_, change := traced()
	g := start(t, change)
	token := g.token(deployment.TokenRequest{User: "ada", Claims: map[string]any{"$odd": 1}})
	g.rest("POST", "/v1/query", `{"path":"users:me"}`, "Authorization", "Bearer "+token,
		"Traceparent", "00-"+id+"-00f067aa0ba902b7-01", "X-Request-Id", "with-an-odd-claim")
	lines := g.logs.find(t, map[string]any{"trace_id": id, "request_id": "with-an-odd-claim"})
	if !slices.ContainsFunc(lines, func(line map[string]any) bool { return line["claims"] != nil && line["level"] == "WARN" }) {
		t.Errorf("%v", lines)
	}
}
