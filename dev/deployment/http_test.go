package deployment_test

import (
	"bytes"
	"net/http"
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
}

// Pages must not read what makes tokens, whatever their name resolves to.
func TestOwnRoutesAreNotForPages(t *testing.T) {
	d := devtest.Start(t, deployment.Config{Controls: true})
	for _, route := range []string{"POST /dev/token", "GET /dev/control/admin_key", "GET /clerk/.well-known/jwks.json", "OPTIONS /dev/token", "POST /clerk/v1/x"} {
		method, path, _ := strings.Cut(route, " ")
		for _, origin := range []string{"null", "https://app.example", "http://localhost:5173"} {
			got := devtest.Do(t, method, d.URL()+path, `{"user":"ada"}`, "Origin", origin, "Access-Control-Request-Method", "POST")
			if got.Header.Get("Access-Control-Allow-Origin") != "" || method == "POST" && got.Status != 403 {
				t.Errorf("%s from %s: %+v", route, origin, got)
			}
		}
	}
	for host, allowed := range map[string]bool{
		"localhost:3210": true, "127.0.0.1": true, "[::1]:3210": true, "app.localhost": true,
		"evil.example:3210": false, "localhost.evil.example": false, "127.0.0.1.nip.example": false,
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.URL()+"/dev/token", strings.NewReader(`{"user":"ada"}`))
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		resp, err := devtest.Client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if (resp.StatusCode == http.StatusOK) != allowed {
			t.Errorf("%s: HTTP %d", host, resp.StatusCode)
		}
	}
}

func TestHTTP_echo(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	sent := string(bytes.Repeat([]byte{0, 255, '<'}, 1000))
	if got := devtest.Do(t, "POST", d.URL()+"/echo", sent); got.Status != 200 || got.Body != sent {
		t.Errorf("%d, %d bytes of %d", got.Status, len(got.Body), len(sent))
	}
}
