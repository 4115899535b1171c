package doctor

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"

	"convexgateway/auth"
	"convexgateway/auth/nats"
	devclerk "convexgateway/dev/clerk"
	"convexgateway/dev/deployment"
	"convexgateway/internal/leaktest"
	"convexgateway/internal/natstest"
	"convexgateway/server"
	"convexgateway/server/ticket"
)

func TestMain(m *testing.M) { leaktest.Main(suite{m}) }

// suite closes the connections that the tests share before goroutines are counted.
type suite struct{ *testing.M }

func (s suite) Run() int {
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	return s.M.Run()
}

const patience = time.Minute

// startDeployment runs a development deployment, and returns it with the Config of a gateway in front of it.
func startDeployment(t *testing.T, cfg deployment.Config) (*deployment.Deployment, Config) {
	t.Helper()
	cfg.Addr = "127.0.0.1:0"
	d, err := deployment.Start(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d, Config{
		Config: server.Config{GRPCAddr: "127.0.0.1:0", HTTPAddr: "127.0.0.1:0"},
		Upstream: server.Upstream{
			ConvexURL: d.URL(), Issuers: []string{d.IssuerURL()}, ClerkSecretKey: d.SecretKey(), ClerkAPIURL: d.ClerkAPIURL(),
			WebhookSecrets: []string{d.WebhookSecret()},
		},
		Quiet: 100 * time.Millisecond, Limit: patience,
	}
}

func token(t *testing.T, d *deployment.Deployment, request deployment.TokenRequest) string {
	t.Helper()
	request.User = "ada"
	text, err := d.Token(request)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// startGateway runs a gateway with a Config.
func startGateway(t *testing.T, cfg Config) *server.Server {
	t.Helper()
	c := cfg.Config
	c.MaxRequestBytes, c.FailFastAfter, c.UpstreamPatience, c.DrainPeriod = 1<<20, time.Second, time.Minute, -1
	c.AdminAddr, c.Logger = "127.0.0.1:0", slog.New(slog.DiscardHandler)
	s, err := server.New(c, cfg.Upstream)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return s
}

func waitReady(t *testing.T, s *server.Server) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := s.WaitReady(ctx); err != nil {
		t.Fatal(err)
	}
}

// expect runs the checks and compares the finding of the one of that name.
func expect(t *testing.T, cfg Config, name string, status Status, seen, fix string) {
	t.Helper()
	for _, f := range Run(t.Context(), cfg) {
		if f.Check != name {
			continue
		}
		if f.Status != status || !strings.Contains(f.Seen, seen) || !strings.Contains(f.Fix, fix) {
			t.Errorf("%+v, want %s, %q and %q", f, status, seen, fix)
		}
		if (f.Status == Fail || f.Status == Warn) != (f.Fix != "") {
			t.Errorf("%+v: a finding has a fix, and nothing else has", f)
		}
		return
	}
	t.Errorf("no check %q", name)
}

// A configuration without a fault passes every check.
func TestNoFault(t *testing.T) {
	t.Parallel()
	d, cfg := startDeployment(t, deployment.Config{})
	s := startGateway(t, cfg)
	waitReady(t, s)
	cfg.Token, cfg.Through = token(t, d, deployment.TokenRequest{}), "http://"+s.HTTPAddr()
	cfg.TLSCert, cfg.TLSKey = certificate(t, time.Hour, 1000*time.Hour)
	cfg.Replicas = nats.Config{URL: startNATS(t), Keys: [][]byte{make([]byte, 32)}}
	cfg.ClusterKeys = server.Keys{ticket.NewKey()}
	cfg.API, cfg.DeployKey, cfg.PublicFunctions = "../../examples/convex-app/api", d.AdminKey(), []string{"messages:list"}
	findings := Run(t.Context(), cfg)
	if len(findings) != 21 || Failed(findings) != 0 {
		t.Errorf("%d findings, %d failures", len(findings), Failed(findings))
	}
	for _, f := range findings {
		if f.Status != OK && f.Check != "admin port" && f.Check != "public callers" && f.Check != "proxy: gRPC streams" || f.Fix != "" || f.Seen == "" {
			t.Errorf("%+v", f)
		}
	}
	var table, text bytes.Buffer
	if err := WriteTable(&table, findings); err != nil {
		t.Fatal(err)
	}
	if err := WriteJSON(&text, findings); err != nil {
		t.Fatal(err)
	}
	var decoded struct {
		OK       bool
		Findings []Finding
	}
	if err := json.Unmarshal(text.Bytes(), &decoded); err != nil || !decoded.OK || len(decoded.Findings) != len(findings) {
		t.Errorf("%v: %s", err, &text)
	}
	for _, secret := range []string{cfg.Token, cfg.ClerkSecretKey, cfg.WebhookSecrets[0], string(cfg.ClusterKeys[0]), "pass-word"} {
		if strings.Contains(table.String()+text.String(), secret) {
			t.Error("a secret is shown")
		}
	}
	if strings.Count(table.String(), "\n") != len(findings) || !strings.Contains(table.String(), "version convexgateway-dev") {
		t.Errorf("table\n%s", &table)
	}
}

func TestDeploymentIsWrong(t *testing.T) {
	t.Parallel()
	_, cfg := startDeployment(t, deployment.Config{})
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) }))
	t.Cleanup(page.Close)
	cfg.ConvexURL = page.URL
	expect(t, cfg, "deployment", Fail, "no version", "--convex-url")
	expect(t, cfg, "live queries", Fail, "HTTP 200 to the WebSocket", "/api/sync")
	cfg.ConvexURL = "http://127.0.0.1:1"
	expect(t, cfg, "deployment", Fail, "refused", "--convex-url")
	expect(t, cfg, "live queries", Fail, "refused", "/api/sync")
	cfg.Token = "a.b.c"
	expect(t, cfg, "token at the deployment", Fail, "refused", "--convex-url")
	cfg.ConvexURL = "ftp://x"
	expect(t, cfg, "deployment", Fail, "http(s)://host", "--convex-url")
	r := &runner{Config: Config{Upstream: server.Upstream{ConvexURL: "https://a.convex.site"}}}
	if fix := r.deploymentFix(); !strings.Contains(fix, ".convex.cloud") {
		t.Error(fix)
	}
}

// The address of HTTP actions answers to every other path with this. Recorded from convex-local-backend 94a42c3: http_routes.json.
func TestAddressOfHTTPActions(t *testing.T) {
	t.Parallel()
	_, cfg := startDeployment(t, deployment.Config{})
	for _, text := range []string{"No matching routes found", "This Convex deployment does not have HTTP actions enabled."} {
		actions := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, text)
		}))
		t.Cleanup(actions.Close)
		cfg.ConvexURL = actions.URL
		expect(t, cfg, "deployment", Fail, "HTTP actions", ".convex.cloud")
	}
}

// A paused deployment answers to everything but functions and storage. Recorded from convex-local-backend 94a42c3: 3a-paused.json
// (query), 12-stop-probe.json.
func TestDeploymentIsStopped(t *testing.T) {
	t.Parallel()
	d, cfg := startDeployment(t, deployment.Config{})
	cfg.Token = token(t, d, deployment.TokenRequest{})
	target, err := url.Parse(d.URL())
	if err != nil {
		t.Fatal(err)
	}
	real := httputil.NewSingleHostReverseProxy(target)
	paused := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, "/api/storage/"):
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"code":"BackendIsNotRunning","message":"Cannot perform this operation when the backend is not running"}`)
		case r.Method == http.MethodPost:
			_, _ = io.WriteString(w, `{"status":"error","errorMessage":"[Request ID: 8f94b806e2a4cca0] Server Error\nCannot run functions while this deployment is paused. Resume the deployment in the dashboard settings to allow functions to run.\n"}`)
		default:
			real.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(paused.Close)
	cfg.ConvexURL = paused.URL
	expect(t, cfg, "deployment", Fail, "stopped", "dashboard")
	expect(t, cfg, "token at the deployment", Skip, "stopped", "")
	expect(t, cfg, "live queries", OK, "WebSocket", "")
	s := startGateway(t, cfg)
	waitReady(t, s)
	cfg.Through = "http://" + s.HTTPAddr()
	expect(t, cfg, "proxy: ready", Warn, "the deployment is stopped", "dashboard")
}

func TestTokens(t *testing.T) {
	t.Parallel()
	d, cfg := startDeployment(t, deployment.Config{})
	other, _ := startDeployment(t, deployment.Config{})
	expect(t, cfg, "token at the gateway", Skip, "--token", "")
	expect(t, cfg, "token at the deployment", Skip, "--token", "")
	for name, c := range map[string]struct{ token, here, hereFix, there string }{
		"audience": {token(t, d, deployment.TokenRequest{Claims: map[string]any{"aud": "other"}}), "AUDIENCE", "Convex integration", "NoAuthProvider"},
		"template": {token(t, d, deployment.TokenRequest{Claims: map[string]any{"sid": nil}}), "TOKEN_CLASS", "--allow-template-tokens", ""},
		"issuer":   {token(t, other, deployment.TokenRequest{}), "ISSUER", "--clerk-issuer", "NoAuthProvider"},
		"old":      {token(t, d, deployment.TokenRequest{Claims: map[string]any{"exp": 1000, "iat": 900, "nbf": 900}}), "TOKEN_EXPIRED", "60 s", "refuses"},
		"none":     {"a.b.c", "MALFORMED", "fresh", "refuses"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := cfg
			cfg.Token = c.token
			expect(t, cfg, "token at the gateway", Fail, c.here, c.hereFix)
			if c.there == "" {
				expect(t, cfg, "token at the deployment", OK, "takes it", "")
			} else {
				expect(t, cfg, "token at the deployment", Fail, c.there, "auth.config.ts")
			}
		})
	}
	cfg.Token, cfg.Issuers = "a.b.c", nil
	expect(t, cfg, "token at the gateway", Fail, "no issuer", "--clerk-issuer")
	expect(t, cfg, "issuer", Warn, "none", "--clerk-issuer")
}

func TestIssuerIsWrong(t *testing.T) {
	t.Parallel()
	d, cfg := startDeployment(t, deployment.Config{})
	name := "issuer " + d.IssuerURL()
	d.Clerk().Fail(devclerk.Keys, devclerk.Always, devclerk.Status(http.StatusForbidden))
	expect(t, cfg, name, Fail, "keys: HTTP status 403", "--clerk-issuer")
	expect(t, cfg, "Clerk secret key", Warn, "could not be seen", "issuer")
	d.Clerk().Fail(devclerk.Keys, 0, nil)
	d.Clerk().Fail(devclerk.Discovery, devclerk.Always, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"issuer":"https://other.example","jwks_uri":"https://other.example/jwks"}`))
	})
	expect(t, cfg, name, Fail, "is of issuer", "--clerk-issuer")
	cfg.ClerkPublicKey = "given"
	expect(t, cfg, name, Warn, "is of issuer", "--clerk-jwt-key")
	cfg.OtherIssuers, cfg.Issuers = []auth.Issuer{{URL: d.IssuerURL(), ApplicationID: "convex"}}, nil
	expect(t, cfg, name, Fail, "is of issuer", "--trusted-issuers")
	d.Clerk().Fail(devclerk.Discovery, 0, nil)
	expect(t, cfg, name, OK, "1 keys", "")
}

func TestClerkSecretsAreWrong(t *testing.T) {
	t.Parallel()
	d, cfg := startDeployment(t, deployment.Config{})
	other, _ := startDeployment(t, deployment.Config{})
	good := cfg
	cfg.ClerkSecretKey = "sk_test_wrong"
	expect(t, cfg, "Clerk secret key", Fail, "refused", "dashboard")
	cfg.ClerkSecretKey = "pk_test_wrong"
	expect(t, cfg, "Clerk secret key", Fail, "sk_test_", "dashboard")
	cfg.ClerkSecretKey, cfg.ClerkAPIURL = other.SecretKey(), other.ClerkAPIURL()
	expect(t, cfg, "Clerk secret key", Fail, "another instance", "development and production")
	d.Clerk().Fail(devclerk.BackendKeys, devclerk.Always, devclerk.Status(http.StatusBadGateway))
	expect(t, good, "Clerk secret key", Fail, "502", "--clerk-api-url")
	cfg.ClerkSecretKey = ""
	expect(t, cfg, "Clerk secret key", Skip, "none", "")
	cfg.SessionRenewal = true
	expect(t, cfg, "Clerk secret key", Fail, "--session-renewal", "--clerk-secret-key")
	cfg.WebhookSecrets = []string{"whsec_%"}
	expect(t, cfg, "webhook secret", Fail, "whsec_", "Webhooks")
	cfg.WebhookSecrets = nil
	expect(t, cfg, "webhook secret", Skip, "none", "")
}

// promptClock checks the clock. It does so again where that takes so long that the finding is off by half a second.
func promptClock(t *testing.T, cfg Config) (f Finding) {
	t.Helper()
	r := &runner{Config: cfg, client: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}}
	for end := time.Now().Add(patience); time.Now().Before(end); {
		began := time.Now()
		if f = r.clock(t.Context()); time.Since(began) < time.Second {
			return f
		}
	}
	t.Fatalf("the machine is too busy: %+v", f)
	return f
}

func TestClockIsWrong(t *testing.T) {
	t.Parallel()
	_, cfg := startDeployment(t, deployment.Config{})
	for ahead, want := range map[time.Duration]Status{0: OK, 4 * time.Second: Warn, -4 * time.Second: Warn, time.Minute: Fail, -time.Minute: Fail} {
		cfg.Now = func() time.Time { return time.Now().Add(ahead) }
		f := promptClock(t, cfg)
		if f.Status != want || !strings.Contains(f.Seen, "by the Date of 2 servers") || strings.Contains(f.Fix, "NTP") != (want != OK) {
			t.Errorf("%v ahead: %+v, want %s", ahead, f, want)
		}
	}
	cfg.ConvexURL, cfg.Issuers = "http://127.0.0.1:1", nil
	expect(t, cfg, "clock", Warn, "no server", "reachable")
}

func TestKeys(t *testing.T) {
	t.Parallel()
	_, cfg := startDeployment(t, deployment.Config{})
	expect(t, cfg, "keys", Warn, "refused (CLUSTER_KEY_MISSING), and tickets", "--cluster-key")
	cfg.RequestIDKey = ticket.NewKey()
	expect(t, cfg, "keys", Warn, "request ids are accepted, by a key of their own; no cluster key", "--cluster-key")
	cfg.ClusterKeys = server.Keys{ticket.NewKey(), ticket.NewKey()}
	expect(t, cfg, "keys", OK, "accepted, by a key of their own; 2 cluster keys", "")
	cfg.RequestIDKey = ""
	expect(t, cfg, "keys", OK, "derived from the first cluster key; 2 cluster keys", "")
	cfg.ClusterKeys = cfg.ClusterKeys[:1]
	expect(t, cfg, "keys", OK, "one cluster key", "")
}

// startNATS runs a server whose user has the permissions that a replica needs, and no others.
func startNATS(t *testing.T) (url string) {
	t.Helper()
	ours := &natsserver.SubjectPermission{Allow: []string{nats.DefaultSubject + ".*"}}
	user := &natsserver.User{Username: "u", Password: "pass-word", Permissions: &natsserver.Permissions{Publish: ours, Subscribe: ours}}
	s := natstest.Start(t, user)
	return "nats://u:pass-word@" + s.Addr().String()
}

func TestOtherReplicas(t *testing.T) {
	t.Parallel()
	_, cfg := startDeployment(t, deployment.Config{})
	expect(t, cfg, "other replicas", Skip, "no NATS", "")
	url := startNATS(t)
	cfg.Replicas = nats.Config{URL: url, Subject: nats.DefaultSubject}
	expect(t, cfg, "other replicas", Warn, "plain text", "--cluster-key")
	cfg.Replicas.Keys = [][]byte{make([]byte, 32)}
	expect(t, cfg, "other replicas", OK, "there and back in", "")
	cfg.Replicas.Subject = "mine"
	expect(t, cfg, "other replicas", Fail, "refuses the subject", "mine.*")
	cfg.Replicas.URL = strings.Replace(url, "pass", "wrong", 1)
	expect(t, cfg, "other replicas", Fail, "refuses the credentials", "--nats-creds")
	cfg.Replicas.URL = "nats://127.0.0.1:1"
	expect(t, cfg, "other replicas", Fail, "no servers", "--nats-url")
	cfg.Replicas.CredsFile = "/nonexistent"
	expect(t, cfg, "other replicas", Fail, "--nats-creds", "--nats-creds")
}

// certificate writes a certificate that has been valid since some time ago, and will be for the time left, and its key.
func certificate(t *testing.T, since, left time.Duration) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"gateway.example"},
		NotBefore: time.Now().Add(-since), NotAfter: time.Now().Add(left),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	privateDER, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: privateDER}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

func TestTLSFilesAreWrong(t *testing.T) {
	t.Parallel()
	_, cfg := startDeployment(t, deployment.Config{})
	expect(t, cfg, "TLS files", Skip, "plain text", "")
	for seen, times := range map[string][2]time.Duration{
		"expired": {2 * time.Hour, -time.Hour}, "not valid before": {-time.Hour, 2 * time.Hour}, "expires soon": {time.Hour, 24 * time.Hour},
	} {
		cfg.TLSCert, cfg.TLSKey = certificate(t, times[0], times[1])
		status := Fail
		if seen == "expires soon" {
			status = Warn
		}
		expect(t, cfg, "TLS files", status, seen, "")
	}
	_, cfg.TLSKey = certificate(t, time.Hour, time.Hour)
	expect(t, cfg, "TLS files", Fail, "does not match", "--tls-key")
	cfg.TLSCert, cfg.TLSKey = certificate(t, time.Hour, 1000*time.Hour)
	cfg.TLSClientCA = cfg.TLSKey
	expect(t, cfg, "TLS files", Fail, "no certificates", "--tls-client-ca")
	cfg.TLSClientCA = cfg.TLSCert
	expect(t, cfg, "TLS files", OK, "gateway.example", "")
	cfg.TLSKey = "/nonexistent"
	expect(t, cfg, "TLS files", Fail, "no such file", "--tls-key")
}

// A port that is taken is right if a gateway has taken it.
func TestPorts(t *testing.T) {
	t.Parallel()
	_, cfg := startDeployment(t, deployment.Config{})
	s := startGateway(t, cfg)
	cfg.HTTPAddr, cfg.GRPCAddr, cfg.AdminAddr = s.HTTPAddr(), s.GRPCAddr(), s.AdminAddr()
	for _, name := range []string{"REST port", "gRPC port", "admin port"} {
		expect(t, cfg, name, OK, "a gateway is running", "")
	}
	cfg.TLSClientCA = "ca.pem"
	expect(t, cfg, "REST port", Warn, "is taken", "--tls-client-ca")
	cfg.TLSClientCA = ""
	cfg.HTTPAddr, cfg.GRPCAddr, cfg.AdminAddr = s.AdminAddr(), s.AdminAddr(), s.HTTPAddr()
	expect(t, cfg, "REST port", Fail, "another program", "--http-addr")
	expect(t, cfg, "gRPC port", OK, "shared", "")
	expect(t, cfg, "admin port", Fail, "another program", "--admin-addr")
	cfg.AdminOptional = true
	expect(t, cfg, "admin port", Warn, "another program", "--admin-addr")
	cfg.GRPCAddr, cfg.AdminAddr = "192.0.2.1:1", ""
	expect(t, cfg, "gRPC port", Fail, "192.0.2.1:1", "--grpc-addr")
	expect(t, cfg, "admin port", Skip, "none", "")
}

// proxy runs a reverse proxy in front of a gateway, which changes its answers.
func proxy(t *testing.T, gateway string, change func(*http.Response) error) string {
	t.Helper()
	u, err := url.Parse("http://" + gateway)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	behind := httputil.NewSingleHostReverseProxy(u)
	behind.Transport, behind.FlushInterval, behind.ModifyResponse = transport, -1, change
	behind.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo)
	front := httptest.NewServer(behind)
	t.Cleanup(func() { front.Close(); transport.CloseIdleConnections() })
	return front.URL
}

// cutting is a body that fails after its first event.
type cutting struct {
	io.ReadCloser
	cut bool
}

func (c *cutting) Read(b []byte) (int, error) {
	if c.cut {
		return 0, io.ErrUnexpectedEOF
	}
	n, err := c.ReadCloser.Read(b)
	c.cut = bytes.Contains(b[:n], []byte("data:"))
	return n, err
}

// greeting is another body in place of the gateway's, without an event.
type greeting struct {
	io.Reader
	io.Closer
}

// buffering is a body that is passed on as a whole.
type buffering struct {
	io.ReadCloser
	all io.Reader
}

func (b *buffering) Read(p []byte) (int, error) {
	if b.all == nil {
		text, err := io.ReadAll(b.ReadCloser)
		if err != nil {
			return 0, err
		}
		b.all = bytes.NewReader(text)
	}
	return b.all.Read(p)
}

func TestProxyIsWrong(t *testing.T) {
	t.Parallel()
	_, cfg := startDeployment(t, deployment.Config{})
	s := startGateway(t, cfg)
	waitReady(t, s)
	streams := func(wrap func(io.ReadCloser) io.ReadCloser) func(*http.Response) error {
		return func(r *http.Response) error {
			if strings.HasPrefix(r.Header.Get("Content-Type"), "text/event-stream") {
				r.Body = wrap(r.Body)
			}
			return nil
		}
	}
	for name, c := range map[string]struct {
		change    func(*http.Response) error
		quiet     time.Duration
		status    Status
		seen, fix string
	}{
		"good":     {func(*http.Response) error { return nil }, 100 * time.Millisecond, OK, "events at once", ""},
		"buffers":  {streams(func(b io.ReadCloser) io.ReadCloser { return &buffering{ReadCloser: b} }), 100 * time.Millisecond, Fail, "within 1s", "buffering"},
		"cuts":     {streams(func(b io.ReadCloser) io.ReadCloser { return &cutting{ReadCloser: b} }), patience, Fail, "cut after", "timeout"},
		"cuts all": {streams(func(b io.ReadCloser) io.ReadCloser { return greeting{strings.NewReader(": hi\n\n"), b} }), patience, Fail, "cut before", "timeout"},
		"denies":   {func(r *http.Response) error { r.StatusCode = http.StatusForbidden; return nil }, patience, Fail, "HTTP 403", "--through"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := cfg
			if name == "buffers" {
				cfg.Limit = time.Second // which it takes
			}
			cfg.Through, cfg.Quiet = proxy(t, s.HTTPAddr(), c.change), c.quiet
			expect(t, cfg, "proxy: streams", c.status, c.seen, c.fix)
		})
	}
}

func TestProxyLeadsElsewhere(t *testing.T) {
	t.Parallel()
	d, cfg := startDeployment(t, deployment.Config{})
	cfg.Through = d.URL()
	expect(t, cfg, "proxy: gateway", Fail, "not from a gateway", "--through")
	expect(t, cfg, "proxy: ready", Fail, "not from a gateway", "--through")
	expect(t, cfg, "proxy: streams", Fail, "HTTP 404", "--through")
	cfg.Through = "http://127.0.0.1:1"
	for _, name := range []string{"proxy: gateway", "proxy: ready", "proxy: streams"} {
		expect(t, cfg, name, Fail, "refused", "--through")
	}
	d.Clerk().Fail(devclerk.Keys, devclerk.Always, devclerk.Status(http.StatusForbidden))
	unready := startGateway(t, cfg)
	cfg.Through = "http://" + unready.HTTPAddr()
	expect(t, cfg, "proxy: gateway", OK, "", "")
	expect(t, cfg, "proxy: ready", Fail, "not ready", "log")
}

// A deployment that never answers fails its check when the time is over.
func TestSilence(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { silent.Close() })
	_, cfg := startDeployment(t, deployment.Config{})
	cfg.ConvexURL = "http://" + silent.Addr().String()
	ctx, cancel := context.WithCancel(t.Context())
	go func() { // the time is over once the first connection is made
		if conn, err := silent.Accept(); err == nil {
			cancel()
			_ = conn.Close()
		}
	}()
	r := &runner{Config: cfg, client: &http.Client{}}
	if f := r.handshake(ctx); f.Status != Fail || !strings.Contains(f.Seen, "no answer") {
		t.Errorf("%+v", f)
	}
}
