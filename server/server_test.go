package server

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/grpc/status"

	"convexgateway/auth"
	"convexgateway/convex"
	"convexgateway/dev/deployment"
	"convexgateway/internal/freeport"
)

// A gateway that stops ends its streams with DRAINING, finishes running calls, and has stopped before the limit.
func TestDrain(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Config){"two ports": func(*Config) {}, "one port": shareAPort(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := start(t, change, func(c *Config) { c.DrainTimeout = patience })
			health := grpc_health_v1.NewHealthClient(g.conn)
			watched, err := health.Watch(g.context(), &grpc_health_v1.HealthCheckRequest{Service: "convexgateway.v1.AuthService"})
			if err != nil {
				t.Fatal(err)
			}
			if resp, err := watched.Recv(); err != nil || resp.GetStatus() != grpc_health_v1.HealthCheckResponse_SERVING {
				t.Fatalf("health %v, %v", resp, err)
			}
			stream := g.subscribe(g.context(), counterQuery("d"))
			s := g.sse("GET", counterRoute+counterArgs("d"), "")
			wantValue(t, result(stream), "0")
			s.result()
			slow := make(chan error, 1)
			go func() {
				_, err := g.call(g.context(), convex.Action, "actions:sleep", `{"ms":300}`)
				slow <- err
			}()
			eventually(t, "the action runs", func() bool {
				return g.dev.Stats().HTTPCalls[deployment.Call{Kind: deployment.KindAction, Path: "actions:sleep"}] == 1
			})

			stopped := make(chan error, 1)
			began := time.Now()
			go func() { stopped <- g.stop() }()
			want := failure{code: codes.Unavailable, reason: "DRAINING", retry: true}
			want.checkStatus(t, stream.end(), stream.Trailer())
			e := s.next()
			if e.name != "status" {
				t.Errorf("event %+v", e)
			}
			want.checkBody(t, e.data)
			for err == nil {
				_, err = watched.Recv()
			}
			if status.Code(err) != codes.Unavailable {
				t.Errorf("health watch: %v", err)
			}
			if err := <-slow; err != nil {
				t.Errorf("a running call: %v", err)
			}
			if err := <-stopped; err != nil {
				t.Errorf("Serve: %v", err)
			}
			if took := time.Since(began); took >= g.cfg.DrainTimeout {
				t.Errorf("stopping took %v", took)
			}
			if g.Ready() || strings.Contains(g.logs.String(), "did not end in time") {
				t.Errorf("ready %v, logs %s", g.Ready(), g.logs)
			}
			if _, err := net.Dial("tcp", g.HTTPAddr()); err == nil {
				t.Error("the port is still open")
			}
		})
	}
}

// Calls that are still running at the drain's limit are cancelled.
func TestDrainHasALimit(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.DrainTimeout = 100 * time.Millisecond })
	errs := make(chan error, 2)
	call := deployment.Call{Kind: deployment.KindAction, Path: "actions:sleep"}
	go func() {
		_, err := g.call(g.context(), convex.Action, "actions:sleep", `{"ms":600000}`)
		errs <- err
	}()
	go func() {
		req, _ := http.NewRequestWithContext(g.context(), http.MethodPost, "http://"+g.HTTPAddr()+"/v1/action",
			strings.NewReader(`{"path":"actions:sleep","args":{"ms":600000}}`))
		resp, err := g.client.Do(req)
		if err == nil {
			_ = resp.Body.Close()
			err = fmt.Errorf("HTTP %d", resp.StatusCode)
		}
		errs <- err
	}()
	eventually(t, "both actions run", func() bool { return g.dev.Stats().HTTPCalls[call] == 2 })
	if err := g.stop(); err != nil {
		t.Errorf("Serve: %v", err)
	}
	for range 2 {
		if err := <-errs; err == nil {
			t.Error("a call of ten minutes succeeded")
		}
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.RequireAuth = true }) // health needs no credential
	for _, service := range []string{"", "convexgateway.v1.FunctionService", "convexgateway.v1.AuthService"} {
		resp, err := grpc_health_v1.NewHealthClient(g.conn).Check(g.context(), &grpc_health_v1.HealthCheckRequest{Service: service})
		if err != nil || resp.GetStatus() != grpc_health_v1.HealthCheckResponse_SERVING {
			t.Errorf("%q: %v, %v", service, resp, err)
		}
	}
}

// A gateway is ready only when it has the keys and the deployment has answered.
func TestReadiness(t *testing.T) {
	t.Parallel()
	address := freeport.Addr()
	g := startUpstream(t, Upstream{ConvexURL: "http://" + address, Issuers: []string{"http://" + address + "/clerk"}})
	eventually(t, "a failed check", func() bool { return strings.Contains(g.logs.String(), "not ready") })
	if got := g.rest("GET", "/readyz", ""); got.status != 503 {
		t.Errorf("readyz: %d", got.status)
	}
	if got := g.rest("GET", "/healthz", ""); got.status != 200 {
		t.Errorf("healthz: %d", got.status)
	}
	resp, err := grpc_health_v1.NewHealthClient(g.conn).Check(g.context(), &grpc_health_v1.HealthCheckRequest{})
	if err != nil || resp.GetStatus() != grpc_health_v1.HealthCheckResponse_NOT_SERVING {
		t.Errorf("health: %v, %v", resp, err)
	}
	startDeployment(t, deployment.Config{Addr: address})
	if err := g.WaitReady(g.context()); err != nil {
		t.Fatal(err)
	}
	if got := g.rest("GET", "/readyz", ""); got.status != 200 {
		t.Errorf("readyz: %d", got.status)
	}
}

// An issuer beside Clerk's that is down, for whatever reason, does not keep a gateway from being ready.
func TestReadinessWithoutSideIssuer(t *testing.T) {
	t.Parallel()
	dev := startDeployment(t, deployment.Config{})
	down := "http://" + freeport.Addr()
	g := startUpstream(t, Upstream{
		ConvexURL: dev.URL(), Issuers: []string{dev.IssuerURL(), down + "/clerk"},
		OtherIssuers: []auth.Issuer{{URL: down + "/oidc", ApplicationID: "app"}, {URL: down + "/jwt", Keys: down + "/jwks"}},
	})
	if err := g.WaitReady(g.context()); err != nil {
		t.Fatal(err)
	}
	if got := g.rest("GET", "/readyz", ""); got.status != 200 {
		t.Errorf("readyz: %d", got.status)
	}
	resp, err := grpc_health_v1.NewHealthClient(g.conn).Check(g.context(), &grpc_health_v1.HealthCheckRequest{})
	if err != nil || resp.GetStatus() != grpc_health_v1.HealthCheckResponse_SERVING {
		t.Errorf("health: %v, %v", resp, err)
	}
}

func TestReflection(t *testing.T) {
	t.Parallel()
	g := start(t)
	stream, err := grpc_reflection_v1.NewServerReflectionClient(g.conn).ServerReflectionInfo(g.context())
	if err != nil {
		t.Fatal(err)
	}
	if err := stream.Send(&grpc_reflection_v1.ServerReflectionRequest{
		MessageRequest: &grpc_reflection_v1.ServerReflectionRequest_ListServices{},
	}); err != nil {
		t.Fatal(err)
	}
	resp, err := stream.Recv()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, service := range resp.GetListServicesResponse().GetService() {
		names = append(names, service.GetName())
	}
	for _, want := range []string{"convexgateway.v1.FunctionService", "convexgateway.v1.AuthService", "grpc.health.v1.Health"} {
		if !slices.Contains(names, want) {
			t.Errorf("%s is missing from %q", want, names)
		}
	}
	_ = stream.CloseSend()
}

// shareAPort makes gRPC and REST share a port.
func shareAPort(t *testing.T) func(*Config) {
	t.Helper()
	address := freeport.Addr()
	return func(c *Config) { c.GRPCAddr, c.HTTPAddr = address, address }
}

// selfSigned makes a self-signed certificate for 127.0.0.1, and a client configuration that accepts it.
func selfSigned(t *testing.T) (change func(*Config), trust *tls.Config) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "gateway"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	certFile, keyFile := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	for file, text := range map[string][]byte{certFile: certPEM, keyFile: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})} {
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(certPEM)
	return func(c *Config) { c.TLSCert, c.TLSKey = certFile, keyFile }, &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
}

// Each configuration of ports serves gRPC, REST and SSE, the latter two over HTTP/1.1 and HTTP/2.
func TestPorts(t *testing.T) {
	t.Parallel()
	withTLS, trust := selfSigned(t)
	for name, changes := range map[string][]func(*Config){
		"two ports": {}, "one port": {shareAPort(t)}, "two ports, TLS": {withTLS}, "one port, TLS": {shareAPort(t), withTLS},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := start(t, changes...)
			if g.cfg.TLSCert != "" {
				g.dial(credentials.NewTLS(trust.Clone()))
				g.client.Transport = &http.Transport{TLSClientConfig: trust.Clone(), Protocols: new(http.Protocols)}
				g.client.Transport.(*http.Transport).Protocols.SetHTTP1(true)
			}
			shared := g.GRPCAddr() == g.HTTPAddr()
			if shared != strings.HasPrefix(name, "one") {
				t.Errorf("gRPC at %s, REST at %s", g.GRPCAddr(), g.HTTPAddr())
			}
			g.add("p")
			stream := g.subscribe(g.context(), counterQuery("p"))
			wantValue(t, result(stream), "1")
			g.fails(t, convex.Query, "errors:crash", `{}`, failure{codes.Unknown, "FUNCTION_FAILED", 500, false, true})
			sameJSON(t, g.rest("POST", "/v1/query", `{"path":"counter:get","args":{"name":"p"}}`).body, `{"value":1}`)
			if g.cfg.TLSCert != "" || shared { // where HTTP/2 is served
				http2 := &http.Transport{TLSClientConfig: trust.Clone(), Protocols: new(http.Protocols)}
				http2.Protocols.SetHTTP2(true)
				http2.Protocols.SetUnencryptedHTTP2(true)
				g.client.Transport = http2
				t.Cleanup(http2.CloseIdleConnections)
				resp := g.request(g.context(), "GET", "/healthz", "")
				if resp.Body.Close(); resp.ProtoMajor != 2 {
					t.Errorf("REST over %s", resp.Proto)
				}
			}
			s := g.sse("GET", counterRoute+counterArgs("p"), "")
			if e := s.result(); e.name != "value" {
				t.Errorf("event %+v", e)
			}
			g.add("p")
			if e := s.next(); e.name != "value" {
				t.Errorf("event %+v", e)
			}
			wantValue(t, stream.next(), "2")
		})
	}
}

// One connection carries more streams than HTTP/2 libraries permit by default.
func TestManyStreamsOnOneConnection(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Config){"two ports": func(*Config) {}, "one port": shareAPort(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := start(t, change)
			var streams []*subscription
			for range 400 {
				stream := g.subscribe(g.context(), counterQuery("many"))
				stream.next()
				streams = append(streams, stream)
			}
			for _, stream := range streams {
				stream.cancel()
			}
		})
	}
}

func TestBounds(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.MaxRequestBytes = 64 << 10 })
	if pingPolicy.MinTime > 20*time.Second || !pingPolicy.PermitWithoutStream {
		t.Errorf("a client that pings every 20 s is disconnected: %+v", pingPolicy)
	}
	if h := g.http; h.ReadHeaderTimeout <= 0 || h.IdleTimeout <= 0 || h.MaxHeaderBytes != maxReadHeader ||
		h.HTTP2.MaxConcurrentStreams < 2000 || h.WriteTimeout != 0 {
		t.Errorf("HTTP server without bounds: %+v", h)
	}
	_, err := g.call(g.context(), convex.Query, "values:echo", `{"value":"`+strings.Repeat("x", 70<<10)+`"}`)
	if status.Code(err) != codes.InvalidArgument {
		t.Errorf("a large message: %v", err)
	}
}

// Serve ends if a listener fails.
func TestServeFails(t *testing.T) {
	t.Parallel()
	cfg := testConfig()
	cfg.Logger = slog.New(slog.DiscardHandler)
	s, err := New(cfg, Upstream{ConvexURL: "http://127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	_ = s.httpListener.Close()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := s.Serve(ctx); err == nil || ctx.Err() != nil {
		t.Errorf("Serve: %v", err)
	}
}
