package server

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"convexgateway/convex"
	"convexgateway/dev/deployment"
	convexapp "convexgateway/examples/convex-app"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

func withAdmin(c *Config) { c.AdminAddr = "127.0.0.1:0" }

// keyed is a mutation with a request id.
func (g *gateway) keyed(token, name, id string) {
	g.t.Helper()
	ctx := g.context()
	if token != "" {
		ctx = g.as(token)
	}
	if _, err := g.functions.Mutate(ctx, &gatewayv1.MutateRequest{Path: "counter:add", ArgsJson: []byte(`{"name":"` + name + `"}`), RequestId: id}); err != nil {
		g.t.Fatal(err)
	}
}

// The time of the deployment is measured by the kind of function and the way to it, and how long calls over sockets waited.
func TestTimeOfTheDeployment(t *testing.T) {
	t.Parallel()
	g := start(t, withAdmin, func(c *Config) { c.ClusterKeys = Keys{NewKey()} })
	token := g.token(deployment.TokenRequest{User: "ada"})
	g.mustCall(g.context(), convex.Query, "users:me", `{}`)
	g.mustCall(g.context(), convex.Mutation, "counter:add", `{"name":"t"}`)
	g.keyed("", "t", "one-request-id-of-many-bits")
	result(g.subscribe(g.as(token), counterQuery("t")))
	g.mustCall(g.as(token), convex.Mutation, "counter:add", `{"name":"t"}`)
	g.mustCall(g.as(token), convex.Action, "actions:sleep", `{"ms":50}`)
	got := g.scrape()
	for name, want := range map[string]float64{
		"upstream_seconds{kind=query,lane=http}": 1, "upstream_seconds{kind=mutation,lane=http}": 1, "upstream_seconds{kind=mutation,lane=keyed}": 1,
		"upstream_seconds{kind=mutation,lane=session}": 1, "upstream_seconds{kind=action,lane=session}": 1, "upstream_seconds{kind=action,lane=http}": 0,
		"queue_seconds{}": 3,
	} {
		if n, there := got["convexgateway_"+name]; !there || n != want {
			t.Errorf("%s is %v (%v), want %v", name, n, there, want)
		}
	}
	for _, m := range g.families()["convexgateway_upstream_seconds"].GetMetric() {
		if text := m.String(); strings.Contains(text, `"action"`) && strings.Contains(text, `"session"`) && m.GetHistogram().GetSampleSum() < 0.05 {
			t.Errorf("an action of 50 ms took %v s", m.GetHistogram().GetSampleSum())
		}
	}
}

// A mutation over a session has children for its time in the queue and at the deployment, which follow each other within it.
func TestSpansOfSessionCalls(t *testing.T) {
	t.Parallel()
	into := tracetest.NewInMemoryExporter()
	g := start(t, func(c *Config) { c.Traces = sdktrace.NewTracerProvider(sdktrace.WithSyncer(into)) })
	token := g.token(deployment.TokenRequest{User: "ada"})
	result(g.subscribe(g.as(token), counterQuery("t")))
	g.mustCall(g.as(token), convex.Mutation, "counter:add", `{"name":"t"}`)
	if err := g.stop(); err != nil {
		t.Fatal(err)
	}
	spans := map[string]tracetest.SpanStub{}
	for _, span := range into.GetSpans() {
		spans[span.Name] = span
	}
	call, queue, upstream := spans["convexgateway.v1.FunctionService/Mutate"], spans["queue"], spans["deployment"]
	for name, child := range map[string]tracetest.SpanStub{"queue": queue, "deployment": upstream} {
		if child.Parent.SpanID() != call.SpanContext.SpanID() || !call.SpanContext.IsValid() || child.StartTime.Before(call.StartTime) || child.EndTime.After(call.EndTime) {
			t.Errorf("%s: %+v, its parent %+v", name, child, call)
		}
	}
	if !queue.EndTime.Equal(upstream.StartTime) || !upstream.EndTime.After(upstream.StartTime) {
		t.Errorf("queue until %v, deployment from %v to %v", queue.EndTime, upstream.StartTime, upstream.EndTime)
	}
}

// Functions of the contract have series from the start; errors are counted by whose fault they are. What is not in the contract is other.
func TestFunctionMetrics(t *testing.T) {
	t.Parallel()
	g := start(t, withAdmin, func(c *Config) { c.APIFiles = convexapp.API() })
	before := g.scrape()
	for _, name := range []string{"function_duration_seconds{function=messages:send}", "function_errors_total{fault=service,function=messages:send}", "function_errors_total{fault=function,function=other}"} {
		if n, there := before["convexgateway_"+name]; !there || n != 0 {
			t.Errorf("%s is %v (%v) at the start", name, n, there)
		}
	}
	g.mustCall(g.context(), convex.Query, "users:me", `{}`)
	g.mustCall(g.context(), convex.Query, "test:logs", `{}`)
	g.rest("POST", "/v1/query", `{"path":"errors:crash"}`)
	g.rest("POST", "/v1/query", `{"path":"errors:convex","args":{"data":1}}`)
	g.rest("POST", "/v1/mutate", `{"path":"messages:send","args":{"body":1}}`)
	g.rest("POST", "/v1/functions/users/me", `{}`)
	g.dev.FailNext(10, deployment.Failure{Status: 503})
	g.rest("POST", "/v1/query", `{"path":"users:me"}`)
	got := g.scrape()
	for name, want := range map[string]float64{
		"function_duration_seconds{function=users:me}": 3, "function_duration_seconds{function=other}": 1,
		"function_errors_total{fault=function,function=errors:crash}": 1, "function_errors_total{fault=function,function=errors:convex}": 1,
		"function_errors_total{fault=caller,function=messages:send}": 1, "function_errors_total{fault=service,function=users:me}": 1,
		"function_errors_total{fault=caller,function=users:me}": 0,
	} {
		if n := got["convexgateway_"+name]; n != want {
			t.Errorf("%s is %v, want %v", name, n, want)
		}
	}
	only := start(t, withAdmin, func(c *Config) { c.APIFiles, c.MetricsFunctions = convexapp.API(), []string{"users:me"} })
	if got := only.scrape(); len(only.families()["convexgateway_function_duration_seconds"].GetMetric()) != 2 || got["convexgateway_function_duration_seconds{function=users:me}"] != 0 {
		t.Errorf("%v", got)
	}
}

// Counters are there, at 0, before anything has happened, so that the first failure is an increase; so are the build, the limits, and
// whether NATS is connected.
func TestCountersBeginAtZero(t *testing.T) {
	t.Parallel()
	var connected atomic.Bool
	connected.Store(true)
	g := start(t, withAdmin, func(c *Config) {
		c.Build, c.MaxConnections, c.ExchangeConnected = Build{Version: "v1.2.3", Commit: "abc", Go: "go1"}, 77, connected.Load
	})
	got := g.scrape()
	for name, want := range map[string]float64{
		"rpcs_total{code=Unavailable,method=" + functionPath + "Query}":          0,
		"rpcs_total{code=Internal,method=/convexgateway.v1.AuthService/SignOut}": 0,
		"authentications_total{outcome=BAD_SIGNATURE}":                           0,
		"deployment_errors_total{class=unavailable}":                             0,
		"upstream_sockets_lost_total{cause=silence}":                             0,
		"refused_connections_total{}":                                            0,
		"build_info{commit=abc,go=go1,version=v1.2.3}":                           1,
		"max_connections{}":                                                      77,
		"max_upstream_sockets{}":                                                 float64(g.cfg.MaxUpstreamSockets),
		"max_streams{}":                                                          float64(g.cfg.MaxStreams),
		"nats_connected{}":                                                       1,
	} {
		if n, there := got["convexgateway_"+name]; !there || n != want {
			t.Errorf("%s is %v (%v), want %v", name, n, there, want)
		}
	}
	connected.Store(false)
	if got := g.scrape()["convexgateway_nats_connected{}"]; got != 0 {
		t.Errorf("NATS is lost: %v", got)
	}
	if _, there := start(t, withAdmin).scrape()["convexgateway_nats_connected{}"]; there {
		t.Error("without NATS there is a metric of it")
	}
}

// Each update on a stream counts how old its commit was when it was written, and the first result, which no commit has caused, does not.
func TestFreshnessIsMeasured(t *testing.T) {
	t.Parallel()
	g := start(t, withAdmin)
	stream := g.subscribe(g.context(), counterQuery("f"))
	wantValue(t, result(stream), "0")
	began := time.Now()
	for n := range 3 {
		g.add("f")
		wantValue(t, stream.next(), string(rune('1'+n)))
	}
	took := time.Since(began)
	eventually(t, "three updates are counted", func() bool { return g.scrape()["convexgateway_freshness_seconds{}"] == 3 })
	h := g.families()["convexgateway_freshness_seconds"].GetMetric()[0].GetHistogram()
	if sum := h.GetSampleSum(); sum <= 0 || sum > took.Seconds() {
		t.Errorf("three updates are %v s old, of %v", sum, took)
	}
}

// A call that fails at the deployment is a fault of the service, also of a function that no contract has.
func TestFaultsOfTheServiceAreCounted(t *testing.T) {
	t.Parallel()
	g := startFake(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }, withAdmin)
	if _, err := g.functions.Query(g.context(), &gatewayv1.QueryRequest{Path: "a:b"}); err == nil {
		t.Fatal("no error")
	}
	got := g.scrape()
	if got["convexgateway_rpcs_total{code=Unavailable,method="+functionPath+"Query}"] != 1 || got["convexgateway_function_errors_total{fault=service,function=other}"] != 1 {
		t.Errorf("%v", got)
	}
}
