package deployment

import (
	"bytes"
	"strings"
	"testing"
)

func TestHTTP_plainRoutes(t *testing.T) {
	d := startTest(t, Config{})
	for path, want := range map[string]string{"/": greeting, "/version": Version, "/instance_version": Version, "/instance_name": InstanceName} {
		if got := do(t, "GET", d.URL()+path, ""); got.status != 200 || got.body != want || !strings.HasPrefix(got.header.Get("Content-Type"), "text/plain") {
			t.Errorf("GET %s: %+v", path, got)
		}
	}
	for _, path := range []string{"/nope", "/api/nope", "/clerk"} {
		if got := do(t, "GET", d.URL()+path, ""); got.status != 404 || got.body != "" {
			t.Errorf("GET %s: %d %q, want a bare 404", path, got.status, got.body)
		}
	}
	if got := do(t, "GET", d.URL()+"/api/query", ""); got.status != 405 || got.body != "" {
		t.Errorf("GET /api/query: %d %q", got.status, got.body)
	}
}

func TestHTTP_cors(t *testing.T) {
	d := startTest(t, Config{})
	got := do(t, "OPTIONS", d.URL()+"/api/query", "", "Origin", "https://app.example", "Access-Control-Request-Method", "POST",
		"Access-Control-Request-Headers", "authorization,x-y")
	for name, want := range map[string]string{
		"Access-Control-Allow-Origin": "https://app.example", "Access-Control-Allow-Credentials": "true",
		"Access-Control-Allow-Headers": "authorization,x-y", "Access-Control-Max-Age": "86400",
	} {
		if got.status != 200 || got.header.Get(name) != want {
			t.Errorf("preflight: %d, %s is %q", got.status, name, got.header.Get(name))
		}
	}
	if got := do(t, "POST", d.URL()+"/dev/token", `{"user":"ada"}`, "Origin", "null"); got.header.Get("Access-Control-Allow-Origin") != "null" {
		t.Errorf("POST /dev/token: %+v", got)
	}
}

func TestHTTP_echo(t *testing.T) {
	d := startTest(t, Config{})
	sent := string(bytes.Repeat([]byte{0, 255, '<'}, 1000))
	if got := do(t, "POST", d.URL()+"/echo", sent); got.status != 200 || got.body != sent {
		t.Errorf("%d, %d bytes of %d", got.status, len(got.body), len(sent))
	}
}
