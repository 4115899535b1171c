package server

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/credentials"

	"convexgateway/convex"
)

// replaceKeyPair writes another certificate into the files of the first, as a renewal does.
func replaceKeyPair(t *testing.T, c Config, by func(*Config)) {
	t.Helper()
	var other Config
	by(&other)
	for from, to := range map[string]string{other.TLSCert: c.TLSCert, other.TLSKey: c.TLSKey} {
		text, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, text, 0o600); err != nil {
			t.Fatal(err)
		}
		later := time.Now().Add(time.Minute)
		if err := os.Chtimes(to, later, later); err != nil {
			t.Fatal(err)
		}
	}
}

// A renewed certificate is used without a restart; a broken one is not.
func TestCertificateIsReadAgain(t *testing.T) {
	t.Parallel()
	first, _ := certificate(t)
	second, trust := certificate(t)
	var cfg Config
	first(&cfg)
	logs := &logBuffer{}
	pair, err := newKeyPair(cfg.TLSCert, cfg.TLSKey, newTestLogger(logs))
	if err != nil {
		t.Fatal(err)
	}
	before, _ := pair.get(nil)
	replaceKeyPair(t, cfg, second)
	if again, _ := pair.get(nil); again != before {
		t.Error("the files are read each time")
	}
	pair.checked = time.Time{}
	after, err := pair.get(nil)
	if err != nil || after == before {
		t.Fatalf("still the old certificate: %v", err)
	}
	leaf, err := x509.ParseCertificate(after.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := leaf.Verify(x509.VerifyOptions{Roots: trust.RootCAs, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}); err != nil {
		t.Error(err)
	}

	if err := os.WriteFile(cfg.TLSKey, []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	pair.checked = time.Time{}
	if kept, err := pair.get(nil); err != nil || kept != after || !strings.Contains(logs.String(), "cannot be read again") {
		t.Errorf("a broken key: %v, logs %s", err, logs)
	}
}

// With a client CA only clients with a certificate are served, on both ports.
func TestClientCertificates(t *testing.T) {
	t.Parallel()
	withTLS, trust := certificate(t)
	clients, _ := certificate(t)
	var client Config
	clients(&client)
	g := start(t, withTLS, func(c *Config) { c.TLSClientCA = client.TLSCert })
	if _, err := (&http.Client{Transport: &http.Transport{TLSClientConfig: trust.Clone(), DisableKeepAlives: true}}).Get("https://" + g.HTTPAddr() + "/healthz"); err == nil {
		t.Error("REST serves a client without a certificate")
	}
	g.dial(credentials.NewTLS(trust.Clone()))
	if _, err := g.call(g.context(), convex.Query, "users:me", `{}`); err == nil {
		t.Error("gRPC serves a client without a certificate")
	}
	pair, err := tls.LoadX509KeyPair(client.TLSCert, client.TLSKey)
	if err != nil {
		t.Fatal(err)
	}
	trust.Certificates = []tls.Certificate{pair}
	g.client.Transport = &http.Transport{TLSClientConfig: trust.Clone()}
	if got := g.rest("GET", "/healthz", ""); got.status != http.StatusOK {
		t.Errorf("HTTP %d", got.status)
	}
	g.dial(credentials.NewTLS(trust.Clone()))
	g.mustCall(g.context(), convex.Query, "users:me", `{}`)
}
