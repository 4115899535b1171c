package server

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/v"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

const (
	patience = 60 * time.Second // how long a test waits for an event that must come
	testLife = 5 * patience     // how long all of a test may take: its calls and streams last as long
)

// gateway is a running Server with clients of it.
type gateway struct {
	*Server
	t         *testing.T
	dev       *deployment.Deployment // nil in front of a fake
	logs      *logBuffer
	client    *http.Client
	conn      *grpc.ClientConn
	functions gatewayv1.FunctionServiceClient
	auth      gatewayv1.AuthServiceClient
	stop      func() error // ends Serve and returns its result
	kept      *keptSecrets
}

// keptSecrets are texts that no log of a gateway may hold.
type keptSecrets struct {
	mu   sync.Mutex
	list []string
}

// keep adds a secret, and returns it.
func (g *gateway) keep(secret string) string {
	g.kept.mu.Lock()
	defer g.kept.mu.Unlock()
	if secret != "" {
		g.kept.list = append(g.kept.list, secret)
	}
	return secret
}

// checkSecrets fails the test if a secret is in the logs. It is called for every gateway of every test, when that has stopped.
func (g *gateway) checkSecrets() {
	g.kept.mu.Lock()
	defer g.kept.mu.Unlock()
	logs := g.logs.String()
	for _, secret := range g.kept.list {
		if strings.Contains(logs, secret) {
			g.t.Error("a token or another secret is in the logs")
			return
		}
	}
}

// start runs a development deployment and a gateway in front of it.
func start(t *testing.T, change ...func(*Config)) *gateway {
	t.Helper()
	return startBefore(t, startDeployment(t, deployment.Config{}), change...)
}

func startDeployment(t *testing.T, cfg deployment.Config) *deployment.Deployment {
	t.Helper()
	if cfg.Addr == "" {
		cfg.Addr = "127.0.0.1:0"
	}
	if cfg.Functions == nil {
		cfg.Functions = append(deployment.SampleApp(), testFunctions()...)
	}
	d, err := deployment.Start(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// testFunctions are functions that the sample app does not have.
func testFunctions() []deployment.Function {
	named := v.Object(v.Field("name", v.String()))
	return []deployment.Function{
		// throws ConvexError while the counter of that name is odd
		deployment.Query("test:even", named, func(ctx *deployment.QueryCtx, args deployment.Args) (any, error) {
			counter, err := ctx.DB.Query("counters").WithIndex("by_name", deployment.Eq("name", args.String("name"))).First()
			if err != nil || counter == nil {
				return 0.0, err
			}
			if n := counter["value"].(float64); int(n)%2 == 1 {
				return nil, &deployment.ConvexError{Data: map[string]any{"code": "OUT_OF_RANGE", "odd": n}}
			}
			return counter["value"], nil
		}),
		deployment.Query("test:logs", nil, func(ctx *deployment.QueryCtx, _ deployment.Args) (any, error) {
			ctx.Log("hello", 1.0)
			ctx.Warn("careful")
			return "logged", nil
		}),
		// blocks until its context ends
		deployment.Query("test:block", nil, func(ctx *deployment.QueryCtx, _ deployment.Args) (any, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}),
		// throws ConvexError with that many bytes of data, after as many bytes of logs
		deployment.Query("test:bulky", v.Object(v.Field("data", v.Number()), v.Field("logs", v.Number())),
			func(ctx *deployment.QueryCtx, args deployment.Args) (any, error) {
				ctx.Log(strings.Repeat("l", int(args.Float("logs"))))
				return nil, &deployment.ConvexError{Data: map[string]any{
					"code": "NOT_FOUND", "message": "bulky", "filler": strings.Repeat("d", int(args.Float("data"))),
				}}
			}),
	}
}

// startBefore runs a gateway in front of a deployment.
func startBefore(t *testing.T, d *deployment.Deployment, change ...func(*Config)) *gateway {
	t.Helper()
	g := startUpstream(t, Upstream{ConvexURL: d.URL(), Issuers: []string{d.IssuerURL()}}, change...)
	g.dev = d
	g.waitReady()
	return g
}

// waitReady waits until the gateway has keys and the deployment has answered.
func (g *gateway) waitReady() {
	g.t.Helper()
	if err := g.WaitReady(g.context()); err != nil {
		g.t.Fatal("the gateway did not become ready")
	}
}

// startFake runs a gateway in front of a fake deployment that answers every function call with handle.
func startFake(t *testing.T, handle http.HandlerFunc, change ...func(*Config)) *gateway {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /version", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("POST /api/", handle)
	fake := httptest.NewServer(mux)
	t.Cleanup(fake.Close)
	return startUpstream(t, Upstream{ConvexURL: fake.URL}, change...)
}

// testConfig has no heartbeats by default: on a busy machine one could come where a test expects the next value.
func testConfig() Config {
	return Config{GRPCAddr: "127.0.0.1:0", HTTPAddr: "127.0.0.1:0", Linger: time.Second, DrainPeriod: -1, Heartbeat: -1}
}

func startUpstream(t *testing.T, up Upstream, change ...func(*Config)) *gateway {
	t.Helper()
	g := &gateway{t: t, logs: &logBuffer{}, kept: &keptSecrets{}}
	cfg := testConfig()
	cfg.Logger = newTestLogger(g.logs)
	for _, f := range change {
		f(&cfg)
	}
	var err error
	if g.Server, err = New(cfg, up); err != nil {
		t.Fatal(err)
	}
	addBudget(g.limits.Budget)
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- g.Serve(ctx) }()
	g.stop = sync.OnceValue(func() error {
		cancel()
		return <-served
	})
	t.Cleanup(func() {
		if err := g.stop(); err != nil {
			t.Errorf("Serve: %v", err)
		}
		g.checkSecrets()
	})
	for _, secret := range append(up.WebhookSecrets, up.ClerkSecretKey, string(cfg.ClusterKeys.First())) {
		g.keep(secret)
	}
	g.client = &http.Client{Transport: &http.Transport{}}
	t.Cleanup(g.client.CloseIdleConnections)
	if cfg.TLSCert == "" {
		g.dial(insecure.NewCredentials())
	}
	return g
}

// dial connects the gRPC clients.
func (g *gateway) dial(creds credentials.TransportCredentials) {
	g.t.Helper()
	conn, err := grpc.NewClient(g.GRPCAddr(), grpc.WithTransportCredentials(creds),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(64<<20)))
	if err != nil {
		g.t.Fatal(err)
	}
	g.t.Cleanup(func() { _ = conn.Close() })
	g.conn, g.functions, g.auth = conn, gatewayv1.NewFunctionServiceClient(conn), gatewayv1.NewAuthServiceClient(conn)
}

// newTestLogger logs everything.
func newTestLogger(to *logBuffer) *slog.Logger {
	return slog.New(slog.NewJSONHandler(to, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// logBuffer holds the log of a gateway.
type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// find returns the lines that have all these attributes.
func (l *logBuffer) find(t *testing.T, want map[string]any) (found []map[string]any) {
	t.Helper()
	for line := range strings.Lines(l.String()) {
		var attrs map[string]any
		if err := json.Unmarshal([]byte(line), &attrs); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if hasAll(attrs, want) {
			found = append(found, attrs)
		}
	}
	return found
}

func hasAll(attrs, want map[string]any) bool {
	for name, value := range want {
		if attrs[name] != value {
			return false
		}
	}
	return true
}
