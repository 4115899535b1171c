package server

import (
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"convexgateway/convex"
	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// families reads the gateway's metrics as Prometheus does.
func (g *gateway) families() map[string]*dto.MetricFamily {
	g.t.Helper()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(g.fromAdmin("/metrics").body))
	if err != nil {
		g.t.Fatal(err)
	}
	return families
}

// scrape reads the metrics into name{label="value"} and their values.
func (g *gateway) scrape() map[string]float64 {
	g.t.Helper()
	values := map[string]float64{}
	for name, family := range g.families() {
		if !strings.HasPrefix(name, "convexgateway_") && !strings.HasPrefix(name, "go_") && !strings.HasPrefix(name, "process_") {
			g.t.Errorf("metric %s", name)
		}
		for _, m := range family.GetMetric() {
			var labels []string
			for _, l := range m.GetLabel() {
				labels = append(labels, l.GetName()+"="+l.GetValue())
			}
			values[name+"{"+strings.Join(labels, ",")+"}"] = m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount())
		}
	}
	return values
}

const functionPath = "/convexgateway.v1.FunctionService/"

func TestMetrics(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.AdminAddr = "127.0.0.1:0" })
	token := g.token(deployment.TokenRequest{User: "ada"})
	g.mustCall(g.as(token), convex.Query, "users:me", `{}`)
	g.mustCall(g.context(), convex.Query, "users:me", `{}`)
	g.rest("POST", "/v1/query", `{"path":"users:me"}`, "Authorization", "Bearer a.b.c")
	g.fails(t, convex.Query, "errors:crash", `{}`, failure{code: codes.Unknown, reason: "FUNCTION_FAILED", http: 500, function: true})

	first := g.subscribe(g.as(token), counterQuery("m"))
	wantValue(t, result(first), "0")
	second := g.subscribe(g.as(token), counterQuery("m"))
	wantValue(t, result(second), "0")
	g.add("m")
	wantValue(t, first.next(), "1")
	wantValue(t, second.next(), "1")
	got := g.scrape()
	failed := float64(2 + len(wires)) // over gRPC, over REST, and over each other wire
	for name, want := range map[string]float64{
		"convexgateway_rpcs_total{code=OK,method=" + functionPath + "Query}":              2,
		"convexgateway_rpcs_total{code=Unauthenticated,method=" + functionPath + "Query}": 1,
		"convexgateway_rpcs_total{code=Unknown,method=" + functionPath + "Query}":         failed,
		"convexgateway_rpc_duration_seconds{method=" + functionPath + "Query}":            3 + failed,
		"convexgateway_open_streams{method=" + functionPath + "Subscribe}":                2,
		"convexgateway_authentications_total{outcome=AUTHENTICATED}":                      1, // the streams count when they end
		"convexgateway_authentications_total{outcome=MALFORMED}":                          1,
		"convexgateway_authentications_total{outcome=ANONYMOUS}":                          2 + failed,
		"convexgateway_query_audiences{subscribers=0}":                                    0,
		"convexgateway_query_audiences{subscribers=1}":                                    0,
		"convexgateway_query_audiences{subscribers=2-9}":                                  1,
		"convexgateway_upstream_sessions{}":                                               1,
		"convexgateway_upstream_sockets{}":                                                1,
		"convexgateway_upstream_queries{}":                                                1,
		"convexgateway_subscriptions{}":                                                   2,
		"convexgateway_shared_sockets_total{}":                                            1,
		"convexgateway_shared_queries_total{}":                                            1,
	} {
		if got[name] != want {
			t.Errorf("%s is %v, want %v", name, got[name], want)
		}
	}
	if got["convexgateway_shared_bytes_total{}"] == 0 {
		t.Error("no bytes were saved")
	}
	eventually(t, "the first value and both changes are counted", func() bool { return g.scrape()["convexgateway_delivery_seconds{}"] == 3 })

	g.dev.CutSockets()
	eventually(t, "the cut is counted", func() bool {
		now := g.scrape()
		return now["convexgateway_upstream_sockets_lost_total{cause=connection_lost}"] == 1 && now["convexgateway_upstream_sockets{}"] == 1
	})
	first.cancel()
	second.cancel()
	eventually(t, "nothing is left", func() bool {
		now := g.scrape()
		return now["convexgateway_subscriptions{}"]+now["convexgateway_upstream_queries{}"]+now["convexgateway_upstream_sockets{}"]+
			now["convexgateway_upstream_sessions{}"]+now["convexgateway_open_streams{method="+functionPath+"Subscribe}"] == 0
	})
}

// A client that stops reading later gets the newest result only; the skipped ones are counted.
func TestConflatedUpdatesAreCounted(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.AdminAddr = "127.0.0.1:0" })
	_ = g.subscribe(g.context(), &gatewayv1.SubscribeRequest{Path: "messages:list"}) // never read
	large := strings.Repeat("x", 64<<10)
	eventually(t, "updates are skipped", func() bool {
		g.mustCall(g.context(), convex.Mutation, "messages:send", `{"body":"`+large+`"}`)
		return g.scrape()["convexgateway_conflated_updates_total{}"] > 0
	})
}

// How far this clock is ahead of the issuer's is a metric once the issuer has answered.
func TestClockSkewIsShown(t *testing.T) {
	t.Parallel()
	c := startKeyServer(t, nil)
	skew := func() float64 { return c.in(t).scrape()["convexgateway_clock_skew_seconds{}"] }
	if s := skew(); math.Abs(s) > 60 {
		t.Errorf("%v s", s)
	}
	c.issuer.clock.advance(10 * time.Minute) // the keys are fetched again
	c.expect(t, c.issuer.token(nil), failure{})
	eventually(t, "the clock is ahead", func() bool { return skew() > 500 })
}

// Methods that do not exist share one series, however many a caller makes up.
func TestUnknownMethodsAreOneSeries(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.AdminAddr = "127.0.0.1:0" })
	for i := range 20 {
		err := g.conn.Invoke(g.context(), fmt.Sprintf("/made.up/M%d", i), &gatewayv1.QueryRequest{}, &gatewayv1.QueryResponse{})
		if status.Code(err) != codes.Unimplemented {
			t.Fatal(err)
		}
	}
	got := g.scrape()
	if n := got["convexgateway_rpcs_total{code=Unimplemented,method=unknown}"]; n != 20 {
		t.Errorf("%v unknown calls", n)
	}
	for name := range got {
		if strings.Contains(name, "made.up") {
			t.Errorf("series %s", name)
		}
	}
}

// Errors of the deployment are counted by class.
func TestDeploymentErrorsAreCounted(t *testing.T) {
	t.Parallel()
	g := startFake(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) },
		func(c *Config) { c.AdminAddr = "127.0.0.1:0" })
	if _, err := g.functions.Query(g.context(), &gatewayv1.QueryRequest{Path: "a:b"}); err == nil {
		t.Fatal("no error")
	}
	if got := g.scrape()["convexgateway_deployment_errors_total{class=unavailable}"]; got != 1 {
		t.Errorf("%v errors", got)
	}
}

// Profiles have a port of their own, which is off by default; the admin port has metrics alone.
func TestProfilesAreApart(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.AdminAddr, c.PprofAddr = "127.0.0.1:0", "127.0.0.1:0" })
	for _, route := range []string{"/debug/pprof/", "/debug/pprof/heap", "/debug/pprof/cmdline", "/debug/pprof/profile?seconds=1", "/debug/pprof/trace?seconds=1"} {
		if got := g.fromAdmin(route); got.status != http.StatusNotFound {
			t.Errorf("%s on the admin port: HTTP %d", route, got.status)
		}
		if got := g.rest("GET", route, ""); got.status != http.StatusNotFound {
			t.Errorf("%s over REST: HTTP %d", route, got.status)
		}
	}
	if got := g.fromAdmin("/metrics"); got.status != http.StatusOK {
		t.Errorf("HTTP %d", got.status)
	}
	profiles := func(route string) answer {
		return g.read(g.do(g.context(), http.MethodGet, "http://"+g.PprofAddr()+route, ""), time.Now())
	}
	if got := profiles("/debug/pprof/goroutine?debug=1"); got.status != http.StatusOK || !strings.Contains(got.body, "goroutine profile") {
		t.Errorf("HTTP %d %.100s", got.status, got.body)
	}
	if got := profiles("/metrics"); got.status != http.StatusNotFound {
		t.Errorf("metrics at the profiles: HTTP %d", got.status)
	}
	if other := start(t); other.PprofAddr() != "" {
		t.Errorf("profiles at %s", other.PprofAddr())
	}
}

// The admin port is optional.
func TestAdminPort(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.AdminAddr = "127.0.0.1:0" })
	if got := g.fromAdmin("/metrics"); got.status != http.StatusOK {
		t.Errorf("HTTP %d %.100s", got.status, got.body)
	}
	if other := start(t); other.AdminAddr() != "" {
		t.Errorf("an admin port at %s", other.AdminAddr())
	}
	if other := start(t, func(c *Config) { c.AdminAddr, c.AdminOptional = g.AdminAddr(), true }); other.AdminAddr() != "" {
		t.Errorf("an admin port at %s", other.AdminAddr())
	}
	cfg := testConfig()
	cfg.AdminAddr = g.AdminAddr()
	if _, err := New(cfg, Upstream{ConvexURL: "http://127.0.0.1:1"}); err == nil || !strings.Contains(err.Error(), "AdminAddr: ") {
		t.Errorf("error %v", err)
	}
}
