package deployment_test

import (
	"bytes"
	"strings"
	"testing"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/devtest"
)

func TestHTTP_plainRoutes(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	for path, want := range map[string]string{"/": deployment.Greeting, "/version": deployment.Version, "/instance_version": deployment.Version, "/instance_name": deployment.InstanceName} {
		if got := devtest.Do(t, "GET", d.URL()+path, ""); got.Status != 200 || got.Body != want || !strings.HasPrefix(got.Header.Get("Content-Type"), "text/plain") {
			t.Errorf("GET %s: %+v", path, got)
		}
	}
	for _, path := range []string{"/nope", "/api/nope", "/clerk"} {
		if got := devtest.Do(t, "GET", d.URL()+path, ""); got.Status != 404 || got.Body != "" {
			t.Errorf("GET %s: %d %q, want a bare 404", path, got.Status, got.Body)
		}
	}
	if got := devtest.Do(t, "GET", d.URL()+"/api/query", ""); got.Status != 400 || !strings.Contains(got.Body, "BadQueryArgs") {
		t.Errorf("GET /api/query: %d %q", got.Status, got.Body)
	}
}

func TestHTTP_cors(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	got := devtest.Do(t, "OPTIONS", d.URL()+"/api/query", "", "Origin", "https://app.example", "Access-Control-Request-Method", "POST",
		"Access-Control-Request-Headers", "authorization,x-y")
	for name, want := range map[string]string{
		"Access-Control-Allow-Origin": "https://app.example", "Access-Control-Allow-Credentials": "true",
		"Access-Control-Allow-Headers": "authorization,x-y", "Access-Control-Max-Age": "86400",
	} {
		if got.Status != 200 || got.Header.Get(name) != want {
			t.Errorf("preflight: %d, %s is %q", got.Status, name, got.Header.Get(name))
		}
	}
	if got := devtest.Do(t, "POST", d.URL()+"/dev/token", `{"user":"ada"}`, "Origin", "null"); got.Header.Get("Access-Control-Allow-Origin") != "null" {
		t.Errorf("POST /dev/token: %+v", got)
	}
}

func TestHTTP_echo(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	sent := string(bytes.Repeat([]byte{0, 255, '<'}, 1000))
	if got := devtest.Do(t, "POST", d.URL()+"/echo", sent); got.Status != 200 || got.Body != sent {
		t.Errorf("%d, %d bytes of %d", got.Status, len(got.Body), len(sent))
	}
}
