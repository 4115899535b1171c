package server

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"google.golang.org/grpc/metadata"

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
}

// startServices runs a gateway with the services of a file.
func startServices(t *testing.T, entries []service.Entry, change ...func(*Config)) *serviceFixture {
	t.Helper()
	f := &serviceFixture{file: filepath.Join(t.TempDir(), "services.json"), issuerKey: service.NewIssuerKey()}
	f.write(t, entries)
	issuer, err := service.NewIssuer(servicesIssuer, []service.PrivateKey{f.issuerKey})
	if err != nil {
		t.Fatal(err)
	}
	d := startDeployment(t, deployment.Config{Trusted: []deployment.Provider{{
		Type: deployment.CustomJWT, Issuer: servicesIssuer, JWKS: issuer.KeySet(), Algorithm: "ES256", ApplicationID: service.Audience,
	}}})
	f.gateway = startBefore(t, d, append([]func(*Config){f.configure}, change...)...)
	return f
}

func (f *serviceFixture) configure(c *Config) {
	c.Services, c.ServiceIssuer, c.ServiceIssuerKeys = f.file, servicesIssuer, []service.PrivateKey{f.issuerKey}
}

// write replaces the services file, as editors and orchestrators do.
func (f *serviceFixture) write(t *testing.T, entries []service.Entry) {
	t.Helper()
	text, err := json.Marshal(map[string]any{"services": entries})
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
