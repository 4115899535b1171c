package cli

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"convexgateway/dev/deployment"
)

// printed runs a command that ends by itself, and returns what it prints.
func printed(t *testing.T, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if code := exitCode(run(t.Context(), args, &stdout, &stderr), &stderr); code != 0 {
		t.Fatalf("%s: exit code %d: %s", args, code, stderr.String())
	}
	return stdout.String()
}

func found(t *testing.T, text, pattern string) string {
	t.Helper()
	match := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if match == nil {
		t.Fatalf("no %s in:\n%s", pattern, text)
	}
	return match[1]
}

// The steps of docs/services.md, from nothing to a service that calls, in front of a deployment whose auth.config.ts has what is printed.
func TestServicesFromNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	issuerKey, services := filepath.Join(dir, "service-issuer.pem"), filepath.Join(dir, "services.json")
	if err := os.WriteFile(issuerKey, []byte(printed(t, "services", "issuer-key")), 0o600); err != nil {
		t.Fatal(err)
	}
	const issuer = "https://gateway.example.com"
	issuerFlags := []string{"--service-issuer", issuer, "--service-issuer-key-file", issuerKey}
	config := printed(t, append([]string{"services", "auth-config"}, issuerFlags...)...)
	d, err := deployment.Start(t.Context(), deployment.Config{Addr: "127.0.0.1:0", Trusted: []deployment.Provider{{
		Type: deployment.CustomJWT, Issuer: found(t, config, `issuer: "(.*)"`), JWKS: found(t, config, `jwks: "(.*)"`),
		Algorithm: found(t, config, `algorithm: "(.*)"`), ApplicationID: found(t, config, `applicationID: "(.*)"`),
	}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	made := printed(t, "services", "new", "billing")
	key, entry := found(t, made, `(cgk_[\w-]+)`), found(t, made, `(\{"name".*\})`)
	if !json.Valid([]byte(entry)) || strings.Contains(entry, key) {
		t.Errorf("entry %s", entry)
	}
	if err := os.WriteFile(services, []byte(`{"services": [`+entry+`]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	flags := append(append([]string{"serve", "--convex-url", d.URL(), "--services", services}, issuerFlags...), anyPort...)
	serve := start(t, `msg=ready grpc=\S+`, nil, flags...)
	rest := "http://" + serve.find(`http=(\S+)`)
	code, me := post(t, rest+"/v1/query", key, `{"path":"users:me"}`)
	if code != http.StatusOK || !strings.Contains(me, `"subject":"service:billing"`) || !strings.Contains(me, issuer) {
		t.Errorf("users:me = %d %s", code, me)
	}
}

// Names that are none, and settings without the others that they need, are errors of usage.
func TestServicesUsage(t *testing.T) {
	t.Parallel()
	file := fileOf(t, `{"services": []}`)
	for want, args := range map[string][]string{
		"a name has":                     {"services", "new", "Billing"},
		"give --service-issuer":          {"services", "auth-config"},
		"needs --service-issuer":         {"serve", "--convex-url", "http://127.0.0.1:1", "--services", file},
		"needs --services":               {"serve", "--convex-url", "http://127.0.0.1:1", "--service-issuer", "https://g.test"},
		"--service-issuer-key-file":      {"services", "auth-config", "--service-issuer", "https://g.test", "--service-issuer-key-file", "/nowhere"},
		"not an ECDSA private key":       {"services", "auth-config", "--service-issuer", "https://g.test", "--service-issuer-key-file", file},
		"--tls-client-auth: needs --tls": {"serve", "--convex-url", "http://127.0.0.1:1", "--tls-client-auth", "optional"},
	} {
		var stdout, stderr bytes.Buffer
		if code := exitCode(run(t.Context(), args, &stdout, &stderr), &stderr); code != 2 || !strings.Contains(stderr.String(), want) {
			t.Errorf("%s: exit code %d, %s, want %q", args, code, stderr.String(), want)
		}
	}
}

// dev has a service with a key that it prints, which may act for its users; its workload token is the same service.
func TestServiceOfDev(t *testing.T) {
	t.Parallel()
	dev := start(t, `Stop with Ctrl-C`, nil, append([]string{"dev", "--deployment-addr", "127.0.0.1:0"}, anyPort...)...)
	rest, key := dev.find(`REST +(http://\S+)`), dev.find(`Bearer (cgk_[\w-]+)`)
	_, answer := post(t, dev.find(`deployment +(http://\S+)`)+"/dev/token", "", `{"service":"billing"}`)
	for _, credential := range []string{key, found(t, answer, `"token":"([^"]+)"`)} {
		code, me := post(t, rest+"/v1/query", credential, `{"path":"users:me"}`)
		if code != http.StatusOK || !strings.Contains(me, `"subject":"service:billing"`) {
			t.Errorf("users:me = %d %s", code, me)
		}
	}
}
