package server

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"convexgateway/dev/deployment"
)

// startWithConsole runs a gateway whose console makes tokens for the users that the page names.
func startWithConsole(t *testing.T) *gateway {
	t.Helper()
	d := startDeployment(t, deployment.Config{})
	return startBefore(t, d, func(c *Config) {
		c.Console = true
		c.ConsoleTokens = func(_ context.Context, user string) (string, error) {
			return d.Token(deployment.TokenRequest{User: user})
		}
	})
}

func TestConsolePage(t *testing.T) {
	t.Parallel()
	g := startWithConsole(t)
	page := g.rest("GET", "/", "")
	if page.status != 200 || page.header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Fatalf("HTTP %d %v", page.status, page.header)
	}
	links := regexp.MustCompile(`(?:src|href)="(/[^"]*)"`).FindAllStringSubmatch(page.body, -1)
	if len(links) < 4 {
		t.Fatalf("only %d files are named in the page", len(links))
	}
	for _, route := range append(links, []string{"", "/"}) {
		got := g.rest("GET", route[1], "")
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-cache",
			"Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got.status != 200 || got.header.Get(name) != want {
				t.Errorf("%s: HTTP %d, %s %q, want %q", route[1], got.status, name, got.header.Get(name), want)
			}
		}
		policy := got.header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'self'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"} {
			if !strings.Contains(policy, want) || strings.Contains(policy, "unsafe") {
				t.Errorf("%s: policy %q", route[1], policy)
			}
		}
		tag := got.header.Get("ETag")
		if again := g.rest("GET", route[1], "", "If-None-Match", tag); tag == "" || again.status != 304 || again.body != "" {
			t.Errorf("%s: If-None-Match %s: HTTP %d", route[1], tag, again.status)
		}
		if head := g.rest("HEAD", route[1], ""); head.status != 200 || head.body != "" || head.header.Get("ETag") != tag {
			t.Errorf("HEAD %s: HTTP %d", route[1], head.status)
		}
	}
	if inline := regexp.MustCompile(`(?i)<style|\sstyle=|\son[a-z]+=|<script>|https?://`).FindString(page.body); inline != "" {
		t.Errorf("the page holds %q", inline)
	}
	sameJSON(t, g.rest("GET", "/console/settings.json", "").body,
		`{"grpcHost":"127.0.0.1","grpcPort":"`+strings.TrimPrefix(g.GRPCAddr(), "127.0.0.1:")+`","users":true}`)
}

// Routes that are not the console's stay as they are without it.
func TestConsoleRoutes(t *testing.T) {
	t.Parallel()
	with, without := startWithConsole(t), start(t)
	for _, c := range []struct {
		g             *gateway
		method, route string
		status        int
		reason        string
	}{
		{with, "POST", "/", 405, "METHOD_NOT_ALLOWED"},
		{with, "GET", "/nope", 404, "ROUTE_NOT_FOUND"},
		{with, "GET", "/console/", 404, "ROUTE_NOT_FOUND"},
		{with, "GET", "/console/nope.js", 404, "ROUTE_NOT_FOUND"},
		{with, "GET", "/console/..%2fconsole.go", 404, "ROUTE_NOT_FOUND"},
		{without, "GET", "/", 404, "ROUTE_NOT_FOUND"},
		{without, "GET", "/console/app.js", 404, "ROUTE_NOT_FOUND"},
		{without, "POST", "/console/token", 404, "ROUTE_NOT_FOUND"},
	} {
		got := c.g.rest(c.method, c.route, "")
		if got.status != c.status || !strings.Contains(got.body, c.reason) {
			t.Errorf("%s %s: HTTP %d %s", c.method, c.route, got.status, got.body)
		}
	}
}

func TestConsoleTokens(t *testing.T) {
	t.Parallel()
	g := startWithConsole(t)
	const asJSON = "application/json"
	issued := g.rest("POST", "/console/token", `{"user":"ada"}`, "Content-Type", asJSON, "Sec-Fetch-Site", "same-origin")
	token, ok := strings.CutPrefix(strings.TrimSuffix(strings.TrimSpace(issued.body), `"}`), `{"token":"`)
	if !ok || issued.status != 200 || issued.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("HTTP %d %s %v", issued.status, issued.body, issued.header)
	}
	me := g.rest("POST", "/v1/query", `{"path":"users:me"}`, "Authorization", "Bearer "+token)
	if !strings.Contains(me.body, `"subject":"user_ada"`) {
		t.Errorf("the token says %s", me.body)
	}
	for name, c := range map[string]struct {
		body, reason string
		status       int
		header       []string
	}{
		"another site's page":            {`{"user":"ada"}`, "CROSS_SITE", 403, []string{"Content-Type", asJSON, "Sec-Fetch-Site", "cross-site"}},
		"another port's page":            {`{"user":"ada"}`, "CROSS_SITE", 403, []string{"Content-Type", asJSON, "Sec-Fetch-Site", "same-site"}},
		"an old browser's, another site": {`{"user":"ada"}`, "CROSS_SITE", 403, []string{"Content-Type", asJSON, "Origin", "http://evil.example"}},
		"a form":                         {`{"user":"ada"}`, "INVALID_REQUEST", 400, []string{"Content-Type", "text/plain"}},
		"no type":                        {`{"user":"ada"}`, "INVALID_REQUEST", 400, []string{"Content-Type", ""}},
		"a bad name":                     {`{"user":"a da"}`, "user must match", 400, []string{"Content-Type", asJSON}},
		"an unknown field":               {`{"user":"ada","ttl":"1h"}`, "ttl", 400, []string{"Content-Type", asJSON}},
		"no JSON":                        {`{`, "INVALID_REQUEST", 400, []string{"Content-Type", asJSON}},
	} {
		got := g.rest("POST", "/console/token", c.body, c.header...)
		if got.status != c.status || !strings.Contains(got.body, c.reason) || strings.Contains(got.body, `"token"`) {
			t.Errorf("%s: HTTP %d %s", name, got.status, got.body)
		}
	}
	if strings.Contains(g.logs.String(), token) {
		t.Error("a token is in the log")
	}
}

// A token that cannot be made is an error in the form of all errors.
func TestConsoleTokenErrors(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) {
		c.Console = true
		c.ConsoleTokens = func(context.Context, string) (string, error) { return "", errors.New("nobody of that name") }
	})
	got := g.rest("POST", "/console/token", `{"user":"ada"}`, "Content-Type", "application/json")
	if got.status != http.StatusBadRequest || !strings.Contains(got.body, "nobody of that name") {
		t.Errorf("HTTP %d %s", got.status, got.body)
	}
}
