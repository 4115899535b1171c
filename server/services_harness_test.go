package server

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"convexgateway/auth"
	"convexgateway/auth/service"
	"convexgateway/dev/deployment"
)

// servicesIssuer is the issuer of services in tests.
const servicesIssuer = "https://gateway.test"

// serviceFixture is a gateway whose services file a test can change, in front of a deployment that trusts its issuer and users' issuer.
type serviceFixture struct {
	*gateway
	file      string
	issuerKey service.PrivateKey
	trusted   []deployment.Provider // by the deployment, besides users' issuer
	others    []auth.Issuer         // of users, besides Clerk
}

// startServices runs a gateway with the services of a file.
func startServices(t *testing.T, entries []service.Entry, change ...func(*Config)) *serviceFixture {
	t.Helper()
	f := newServiceFixture(t, entries)
	f.run(t, change...)
	return f
}

func newServiceFixture(t *testing.T, entries []service.Entry) *serviceFixture {
	t.Helper()
	f := &serviceFixture{file: filepath.Join(t.TempDir(), "services.json"), issuerKey: service.NewIssuerKey()}
	f.write(t, entries)
	issuer, err := service.NewIssuer(servicesIssuer, []service.PrivateKey{f.issuerKey})
	if err != nil {
		t.Fatal(err)
	}
	f.trusted = []deployment.Provider{{
		Type: deployment.CustomJWT, Issuer: servicesIssuer, JWKS: issuer.KeySet(), Algorithm: "ES256", ApplicationID: service.Audience,
	}}
	return f
}

// run starts the deployment and the gateway.
func (f *serviceFixture) run(t *testing.T, change ...func(*Config)) {
	t.Helper()
	d := startDeployment(t, deployment.Config{Trusted: f.trusted})
	f.gateway = f.before(t, d, change...)
}

// before starts a gateway, one of several replicas, in front of the deployment.
func (f *serviceFixture) before(t *testing.T, d *deployment.Deployment, change ...func(*Config)) *gateway {
	t.Helper()
	up := Upstream{ConvexURL: d.URL(), Issuers: []string{d.IssuerURL()}, OtherIssuers: f.others}
	g := startUpstream(t, up, append([]func(*Config){f.configure}, change...)...)
	g.dev = d
	if g.cfg.TLSCert == "" {
		g.waitReady()
	}
	return g
}

func (f *serviceFixture) configure(c *Config) {
	c.Services, c.ServiceIssuer, c.ServiceIssuerKeys = f.file, servicesIssuer, []service.PrivateKey{f.issuerKey}
}

// write replaces the services file, as editors and orchestrators do.
func (f *serviceFixture) write(t *testing.T, entries []service.Entry) {
	t.Helper()
	text, err := json.Marshal(map[string]any{"services": append([]service.Entry{}, entries...)})
	if err != nil {
		t.Fatal(err)
	}
	next := f.file + ".next"
	if err := os.WriteFile(next, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(next, f.file); err != nil {
		t.Fatal(err)
	}
}

// newKey makes an API key that no log may have.
func newKey() (key, entry string) { return service.NewKey() }

// actingFor is a context whose calls are on behalf of these subjects.
func actingFor(ctx context.Context, subjects ...string) context.Context {
	for _, s := range subjects {
		ctx = metadata.AppendToOutgoingContext(ctx, auth.OnBehalfOf, s)
	}
	return ctx
}

// seenAs is the identity that users:me returns, by some of its fields.
type seenAs struct {
	Subject string `json:"subject"`
	Issuer  string `json:"issuer"`
	Actor   string `json:"act.sub"`
	Role    string `json:"role"`
}

func parseSeen(t *testing.T, text string) (s seenAs) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return s
}

func serviceIdentity(name string) seenAs {
	return seenAs{Subject: "service:" + name, Issuer: servicesIssuer}
}

func (s seenAs) String() string {
	return fmt.Sprintf("%s by %q with role %q of %s", s.Subject, s.Actor, s.Role, s.Issuer)
}

// text is the services file.
func (f *serviceFixture) text(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(f.file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func codeOf(err error) codes.Code { return status.Code(err) }

// startServicesBeside is startServices with another issuer of users, which the deployment knows.
func startServicesBeside(t *testing.T, known deployment.Provider, other auth.Issuer, entries []service.Entry) *serviceFixture {
	t.Helper()
	f := newServiceFixture(t, entries)
	f.trusted, f.others = append(f.trusted, known), append(f.others, other)
	f.run(t)
	return f
}
