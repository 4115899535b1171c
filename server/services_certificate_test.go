package server

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"google.golang.org/grpc/credentials"

	"convexgateway/auth/service"
	"convexgateway/dev/deployment"
)

// authority signs the certificates of clients.
type authority struct {
	t    *testing.T
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
	file string
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{t: t}
	a.key = newECKey(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, a.key.Public(), a.key)
	if err == nil {
		a.cert, err = x509.ParseCertificate(der)
	}
	if err != nil {
		t.Fatal(err)
	}
	a.file = filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(a.file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return a
}

func newECKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// certificate makes one of a client with these names; spiffe may be empty.
func (a *authority) certificate(spiffe string, hosts ...string) tls.Certificate {
	a.t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "billing.acme.test"}, DNSNames: hosts,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	if spiffe != "" {
		u, err := url.Parse(spiffe)
		if err != nil {
			a.t.Fatal(err)
		}
		template.URIs = []*url.URL{u}
	}
	key := newECKey(a.t)
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, key.Public(), a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// presenting returns the gateway with clients that have a certificate; over HTTP/1.1 or HTTP/2.
func (g *gateway) presenting(t *testing.T, trust *tls.Config, http2 bool, certs ...tls.Certificate) *gateway {
	t.Helper()
	other := *g
	other.t = t
	own := trust.Clone()
	own.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { // also where the server did not ask for its authority
		if len(certs) == 0 {
			return new(tls.Certificate), nil
		}
		return &certs[0], nil
	}
	other.dial(credentials.NewTLS(own))
	transport := &http.Transport{TLSClientConfig: own.Clone(), Protocols: new(http.Protocols)}
	transport.Protocols.SetHTTP1(!http2)
	transport.Protocols.SetHTTP2(http2)
	other.client = &http.Client{Transport: transport}
	t.Cleanup(transport.CloseIdleConnections)
	return &other
}

var certifiedServices = []service.Entry{
	{Name: "billing", Certificates: []string{"spiffe://acme.test/billing"}, Rules: service.Rules{
		OnBehalfOf: &service.OnBehalfOf{Subjects: []string{"user_*"}, Functions: []string{"*"}},
	}},
	{Name: "jobs", Certificates: []string{"dns:jobs.acme.test"}},
}

// A client certificate is a service's credential on both ports and on a shared one, over HTTP/1.1 and HTTP/2. A Bearer credential comes
// before it; a certificate that names no service is nobody's.
func TestCertificatesOfServices(t *testing.T) {
	t.Parallel()
	withTLS, trust := selfSigned(t)
	ca := newAuthority(t)
	mutual := func(c *Config) { c.TLSClientCA, c.TLSClientAuth = ca.file, OptionalClientAuth }
	for name, changes := range map[string][]func(*Config){
		"two ports": {withTLS, mutual, withSample}, "one port": {withTLS, mutual, withSample, shareAPort(t)},
	} {
		f := startServices(t, certifiedServices, changes...)
		for protocol, http2 := range map[string]bool{"HTTP/1.1": false, "HTTP/2": true} {
			t.Run(name+", "+protocol, func(t *testing.T) {
				f.presenting(t, trust, http2, ca.certificate("spiffe://acme.test/billing")).onWays(t, func(t *testing.T, call way) {
					wantSeen(t, f.gateway, call, "service:billing")
					wantSeen(t, f.gateway, call, "user_ada", as("", "user_ada")...)
					wantSeen(t, f.gateway, call, "user_eve", as(f.token(deployment.TokenRequest{User: "eve"}))...)
					wantRefused(t, f.gateway, call, "UNKNOWN_SERVICE", as("cgk_x")...)
				})
				f.presenting(t, trust, http2, ca.certificate("", "JOBS.acme.test")).onWays(t, func(t *testing.T, call way) {
					wantSeen(t, f.gateway, call, "service:jobs")
					wantRefused(t, f.gateway, call, "ON_BEHALF_OF_NOT_ALLOWED", as("", "user_ada")...)
				})
				for _, nobody := range []*gateway{
					f.presenting(t, trust, http2), f.presenting(t, trust, http2, ca.certificate("spiffe://acme.test/other", "billing.acme.test")),
				} {
					nobody.onWays(t, func(t *testing.T, call way) {
						wantSeen(t, f.gateway, call, "")
						wantRefused(t, f.gateway, call, "ON_BEHALF_OF_NOT_ALLOWED", as("", "user_ada")...)
					})
				}
				f.presenting(t, trust, http2, ca.certificate("spiffe://acme.test/billing", "jobs.acme.test")).onWays(t, func(t *testing.T, call way) {
					wantRefused(t, f.gateway, call, "AMBIGUOUS_CREDENTIALS")
				})
			})
		}
	}
}

// wantSeen fails the test unless functions see that subject; empty for nobody.
func wantSeen(t *testing.T, g *gateway, call way, subject string, header ...string) {
	t.Helper()
	value, reason := call(g.context(), t, "users:me", header...)
	if got := subjectIn(value); reason != "" || got != subject {
		t.Errorf("seen as %q (%s %s), want %q", got, reason, value, subject)
	}
}

func wantRefused(t *testing.T, g *gateway, call way, want string, header ...string) {
	t.Helper()
	if value, reason := call(g.context(), t, "users:me", header...); reason != want {
		t.Errorf("%q %s, want %s", reason, value, want)
	}
}

// A certificate of no authority is no credential: where certificates are optional its handshake fails, and where the gateway asks for none
// it names nobody, and neither does a header that proxies write of certificates.
func TestUnverifiedCertificates(t *testing.T) {
	t.Parallel()
	withTLS, trust := selfSigned(t)
	ca, evil := newAuthority(t), newAuthority(t)
	forged := evil.certificate("spiffe://acme.test/billing")
	optional := startServices(t, certifiedServices, withTLS, func(c *Config) { c.TLSClientCA, c.TLSClientAuth = ca.file, OptionalClientAuth })
	refused := optional.presenting(t, trust, false, forged)
	if resp, err := refused.client.Get("https://" + optional.HTTPAddr() + "/healthz"); err == nil {
		_ = resp.Body.Close()
		t.Error("REST serves a client with a certificate of another authority")
	}
	if _, reason := unaryWay(refused.functions)(optional.context(), t, "users:me"); reason == "" {
		if value, _ := unaryWay(refused.functions)(optional.context(), t, "users:me"); value != "" {
			t.Errorf("gRPC serves it: %s", value)
		}
	}
	none := startServices(t, certifiedServices, withTLS, withSample)
	for _, http2 := range []bool{false, true} {
		for _, cert := range []tls.Certificate{forged, ca.certificate("spiffe://acme.test/billing")} {
			client := none.presenting(t, trust, http2, cert)
			client.onWays(t, func(t *testing.T, call way) {
				wantSeen(t, none.gateway, call, "")
				wantSeen(t, none.gateway, call, "", "X-Forwarded-Client-Cert", "URI=spiffe://acme.test/billing", "X-Ssl-Client-Verify", "SUCCESS")
				wantRefused(t, none.gateway, call, "ON_BEHALF_OF_NOT_ALLOWED", as("", "user_ada")...)
			})
		}
	}
}
