package server

import (
	"crypto/tls"
	"net/http"
	"testing"

	"google.golang.org/grpc/credentials"

	"convexgateway/convex"
)

// With a client CA only clients with a certificate are served, on both ports.
func TestClientCertificates(t *testing.T) {
	t.Parallel()
	withTLS, trust := selfSigned(t)
	clients, _ := selfSigned(t)
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
