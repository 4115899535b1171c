package server

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"go.opentelemetry.io/otel/trace/noop"

	"convexgateway/auth/lease"
	"convexgateway/auth/nats"
	"convexgateway/dev/deployment"
	"convexgateway/internal/freeport"
	"convexgateway/internal/leaktest"
	"convexgateway/internal/natstest"
)

// All are closed, the newest first, even if one fails, and only once.
func TestClosers(t *testing.T) {
	t.Parallel()
	var c closers
	var closed []string
	for name, err := range map[string]error{"a": errors.New("boom")} {
		c.add(name, func() error { closed = append(closed, name); return err })
	}
	c.addFunc("b", func() { closed = append(closed, "b") })
	c.add("c", func() error { closed = append(closed, "c"); return net.ErrClosed })
	if err := c.close(); err == nil || err.Error() != "a: boom" {
		t.Errorf("error %v", err)
	}
	if err := c.close(); err != nil || !slices.Equal(closed, []string{"c", "b", "a"}) {
		t.Errorf("closed %v, then %v", closed, err)
	}
}

// countedExchange counts the subscriptions that are not yet cancelled.
type countedExchange struct {
	lease.Exchange
	open atomic.Int64
}

func (x *countedExchange) Subscribe(listener func(lease.Notice)) (cancel func()) {
	stop := x.Exchange.Subscribe(listener)
	x.open.Add(1)
	return func() { stop(); x.open.Add(-1) }
}

// newCountedExchange joins the replicas of a NATS server of the test.
func newCountedExchange(t *testing.T) *countedExchange {
	t.Helper()
	broker := natstest.Start(t)
	exchange, err := nats.New(nats.Config{URL: broker.ClientURL(), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		exchange.Close()
		eventually(t, "the exchange leaves no subscription at the NATS server", func() bool { return broker.NumSubscriptions() == 0 })
	})
	eventually(t, "the exchange has subscribed", func() bool { return broker.NumSubscriptions() > 0 })
	return &countedExchange{Exchange: exchange}
}

// fullConfig makes a gateway with every part that there is.
func fullConfig(t *testing.T, exchange lease.Exchange) (Config, Upstream) {
	t.Helper()
	withTLS, _ := selfSigned(t)
	cfg := testConfig()
	withTLS(&cfg)
	cfg.GRPCAddr, cfg.HTTPAddr, cfg.AdminAddr = freeport.Addr(), freeport.Addr(), freeport.Addr()
	cfg.TLSClientCA = cfg.TLSCert
	cfg.Exchange, cfg.Logger, cfg.Traces = exchange, slog.New(slog.DiscardHandler), noop.NewTracerProvider()
	cfg.ClusterKeys, cfg.SessionRenewal, cfg.Console = Keys{keyOf(bytes.Repeat([]byte{7}, 32))}, true, true
	return cfg, Upstream{
		ConvexURL: "http://127.0.0.1:1", Issuers: []string{"http://127.0.0.1:1"}, ClerkSecretKey: "sk_test_x",
		ClerkAPIURL: "http://127.0.0.1:1", WebhookSecrets: []string{"whsec_c2VjcmV0c2VjcmV0c2VjcmV0"},
	}
}

// leaks are what must not be left open by a gateway that could not be made, or has ended.
type leaks struct {
	*leaktest.State
	t        *testing.T
	exchange *countedExchange
}

// noteLeaks prepares gateways with every part that there is. Its tests are not parallel.
func noteLeaks(t *testing.T) (*leaks, Config, Upstream) {
	t.Helper()
	exchange := newCountedExchange(t)
	cfg, up := fullConfig(t, exchange)
	return &leaks{leaktest.Note(t, cfg.GRPCAddr, cfg.HTTPAddr, cfg.AdminAddr), t, exchange}, cfg, up
}

func (l *leaks) check(when string) {
	l.t.Helper()
	l.Check(when)
	if n := l.exchange.open.Load(); n != 0 {
		l.t.Errorf("%s: %d subscriptions to the exchange are left", when, n)
	}
}

// A gateway that cannot be made leaves nothing open, whichever step fails.
func TestNewClosesWhatItMade(t *testing.T) {
	left, cfg, up := noteLeaks(t)
	injected := errors.New("injected")
	for n := 0; ; n++ {
		s := newServer(cfg.withDefaults(MachineCapacity()), up)
		steps := s.steps()
		if n > len(steps) {
			break
		}
		if err := s.assemble(append(steps[:n:n], func() error { return injected })); !errors.Is(err, injected) {
			t.Fatalf("after %d steps: %v", n, err)
		}
		left.check(fmt.Sprintf("after %d steps", n))
	}
}

// The same holds for every setting that New refuses after its first step.
func TestNewClosesAfterBadSettings(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	left, cfg, up := noteLeaks(t)
	for field, change := range map[string]func(*Config, *Upstream){
		"TLSCert and TLSKey":                    func(c *Config, _ *Upstream) { c.TLSKey = "/nonexistent" },
		"TLSClientCA":                           func(c *Config, _ *Upstream) { c.TLSClientCA = "/nonexistent" },
		"TrustedProxies":                        func(c *Config, _ *Upstream) { c.TrustedProxies = []string{"nowhere"} },
		"ConvexURL":                             func(_ *Config, up *Upstream) { up.ConvexURL = "ftp://x" },
		"Issuers, ClerkPublicKey, OtherIssuers": func(_ *Config, up *Upstream) { up.Issuers = []string{"http://evil.example"} },
		"SessionRenewal":                        func(_ *Config, up *Upstream) { up.ClerkSecretKey = "pk_test_x" },
		"ClerkInstanceIDs": func(_ *Config, up *Upstream) {
			up.WebhookSecrets, up.ClerkInstanceIDs = []string{"whsec_c2VjcmV0c2VjcmV0c2VjcmV0"}, []string{"sess_1"}
		},
		"WebhookSecrets": func(_ *Config, up *Upstream) { up.WebhookSecrets = []string{"x"} },
		"HTTPAddr":       func(c *Config, _ *Upstream) { c.HTTPAddr = taken.Addr().String() },
		"AdminAddr":      func(c *Config, _ *Upstream) { c.AdminAddr = taken.Addr().String() },
		"GRPCAddr":       func(c *Config, _ *Upstream) { c.GRPCAddr = taken.Addr().String() },
	} {
		cfg, up := cfg, up
		change(&cfg, &up)
		_, err := New(cfg, up)
		if e, is := errors.AsType[*ConfigError](err); !is || e.Field != field {
			t.Errorf("%s: error %v", field, err)
		}
		left.check(field)
	}
}

// A part that fails to close does not keep the others open.
func TestCloseGoesOn(t *testing.T) {
	left, cfg, up := noteLeaks(t)
	for n := 0; ; n++ {
		s, err := New(cfg, up)
		if err != nil {
			t.Fatal(err)
		}
		parts := s.closers.stack
		if n == len(parts) {
			s.close()
			break
		}
		closePart := parts[n].close
		parts[n].close = func() error { return errors.Join(closePart(), errors.New("injected")) }
		s.close()
		s.close()
		left.check("with an error of " + parts[n].name)
	}
}

// A gateway that has served calls and streams leaves nothing open when it has stopped.
func TestServeClosesWhatNewMade(t *testing.T) {
	d := startDeployment(t, deployment.Config{})
	left, cfg, up := noteLeaks(t)
	cfg.TLSCert, cfg.TLSKey, cfg.TLSClientCA = "", "", ""
	up.ConvexURL, up.Issuers, up.ClerkSecretKey, up.ClerkAPIURL = d.URL(), []string{d.IssuerURL()}, d.SecretKey(), d.ClerkAPIURL()
	s, err := New(cfg, up)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx) }()
	if err := s.WaitReady(ctx); err != nil {
		t.Fatal(err)
	}
	post := func(route string) (body io.ReadCloser) {
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		resp, err := client.Post("http://"+s.HTTPAddr()+route, "application/json", strings.NewReader(`{"path":"counter:get","args":{"name":"n"}}`))
		if err != nil {
			t.Fatal(err)
		}
		if first, err := bufio.NewReader(resp.Body).ReadString('}'); err != nil {
			t.Errorf("%s: %q, %v", route, first, err)
		}
		return resp.Body
	}
	post("/v1/query").Close()
	stream := post("/v1/subscribe")
	cancel()
	if err := <-served; err != nil {
		t.Error(err)
	}
	stream.Close()
	http.DefaultTransport.(*http.Transport).CloseIdleConnections() // the sync client's
	left.check("after Serve")
}
