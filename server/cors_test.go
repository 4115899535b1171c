package server

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"convexgateway/dev/deployment"
)

const (
	page    = "https://app.example.com"
	foreign = "https://evil.example.com"
)

func fromPage(c *Config) { c.AllowedOrigins = []string{page, "http://localhost:5173"} }

// checkCORS fails the test unless exactly an allowed origin may read the answer.
func checkCORS(t *testing.T, h http.Header, origin string, allowed bool) {
	t.Helper()
	want := ""
	if allowed {
		want = origin
	}
	if got := strings.Join(h.Values("Access-Control-Allow-Origin"), " "); got != want {
		t.Errorf("Access-Control-Allow-Origin %q, want %q", got, want)
	}
	if !slices.ContainsFunc(h.Values("Vary"), func(v string) bool { return strings.Contains(v, "Origin") }) {
		t.Errorf("Vary %q", h.Values("Vary"))
	}
	if h.Get("Access-Control-Allow-Credentials") != "" {
		t.Error("cookies are allowed")
	}
	exposed := "Etag, Retry-After, Www-Authenticate, X-Request-Id, Grpc-Status, Grpc-Message, Grpc-Status-Details-Bin, Error-Reason, Retry-After-Ms, " +
		"Trailer-Error-Reason, Trailer-Retry-After-Ms"
	if got := h.Get("Access-Control-Expose-Headers"); (got == exposed) != allowed {
		t.Errorf("Access-Control-Expose-Headers %q", got)
	}
}

func TestPreflight(t *testing.T) {
	t.Parallel()
	g := start(t, fromPage, func(c *Config) { c.RequireAuth = true })
	ask := func(origin, method, headers string) http.Header {
		t.Helper()
		asked := []string{"Origin", origin, "Access-Control-Request-Method", method}
		if headers != "" {
			asked = append(asked, "Access-Control-Request-Headers", headers)
		}
		got := g.rest("OPTIONS", "/v1/query", "", asked...)
		if got.status != 204 || got.body != "" {
			t.Errorf("HTTP %d %q", got.status, got.body)
		}
		return got.header
	}
	headers := "accept,authorization,baggage,cache-control,connect-protocol-version,connect-timeout-ms,content-type,grpc-timeout,idempotency-key," +
		"if-none-match,last-event-id,sentry-trace,traceparent,tracestate,x-grpc-web,x-request-id,x-user-agent"
	h := ask(page, "POST", headers)
	if h.Get("Access-Control-Allow-Origin") != page || h.Get("Access-Control-Allow-Methods") != "POST" ||
		h.Get("Access-Control-Allow-Headers") != headers || h.Get("Access-Control-Max-Age") != "600" ||
		!strings.HasPrefix(h.Get("Vary"), "Origin") || h.Get("Access-Control-Allow-Credentials") != "" {
		t.Errorf("allowed: %v", h)
	}
	if h := ask("http://localhost:5173", "GET", ""); h.Get("Access-Control-Allow-Origin") != "http://localhost:5173" {
		t.Errorf("the second origin: %v", h)
	}
	for name, h := range map[string]http.Header{
		"foreign":      ask(foreign, "POST", headers),
		"other port":   ask(page+":8443", "POST", ""),
		"other scheme": ask("http://app.example.com", "POST", ""),
		"suffix":       ask(page+".evil.com", "POST", ""),
		"subdomain":    ask("https://x.app.example.com", "POST", ""),
		"other case":   ask("https://APP.example.com", "POST", ""),
		"null":         ask("null", "POST", ""),
		"method":       ask(page, "DELETE", ""),
		"header":       ask(page, "POST", "authorization,x-other"),
	} {
		for key := range h {
			if strings.HasPrefix(key, "Access-Control-") {
				t.Errorf("%s: %s %q", name, key, h.Get(key))
			}
		}
	}
}

// Headers that libraries add must not stop a page's calls, each alone and in any company; others are allowed by configuration.
func TestAllowedHeaders(t *testing.T) {
	t.Parallel()
	usual, more := start(t, fromPage), start(t, fromPage, func(c *Config) { c.AllowedHeaders = []string{"X-App-Version", "x-tenant"} })
	for headers, allowed := range map[string][2]bool{
		"baggage,sentry-trace": {true, true}, "traceparent,tracestate": {true, true}, "grpc-timeout": {true, true},
		"idempotency-key": {true, true}, "x-request-id": {true, true}, "authorization,baggage,content-type,sentry-trace": {true, true},
		"x-app-version": {false, true}, "authorization,x-tenant": {false, true}, "cookie": {false, false}, "x-other": {false, false},
	} {
		for i, g := range []*gateway{usual, more} {
			got := g.rest("OPTIONS", "/v1/query", "", "Origin", page, "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", headers)
			if (got.header.Get("Access-Control-Allow-Headers") == headers) != allowed[i] || (got.header.Get("Access-Control-Allow-Origin") == page) != allowed[i] {
				t.Errorf("%s: %v, want %v", headers, got.header, allowed[i])
			}
		}
	}
	for name, good := range map[string]bool{"X-A": true, "x_b.c": true, "*": false, "": false, "X A": false, "a,b": false, "Cookie": false, "é": false} {
		c := testConfig()
		c.AllowedHeaders = []string{name}
		if err := c.Validate(); (err == nil) != good {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestLoopbackOriginsOfBrowsers(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.LoopbackOrigins = true })
	for origin, allowed := range map[string]bool{
		"http://localhost:3000": true, "http://127.0.0.1:5173": true, "http://app.localhost:3000": true, "https://a.b.localhost": true, "http://[::1]:1": true,
		"http://app.localhost.example.com": false, "http://notlocalhost:3000": false, "http://app.localhost:3000.example.com": false, page: false,
	} {
		checkCORS(t, g.rest("GET", "/v1/query?path=users:me", "", "Origin", origin).header, origin, allowed)
	}
}

// Every answer can be read by an allowed page, whatever its status, and by no other page.
func TestCORSOfAnswers(t *testing.T) {
	t.Parallel()
	g := start(t, fromPage, func(c *Config) { c.MaxRequestBytes, c.MaxStreamsPerCaller = 4096, 1 })
	sse := g.sse("GET", "/v1/subscribe?path=users:me", "", "Origin", page)
	sse.result()
	for name, test := range map[string]struct {
		method, route, body string
		status              int
		header              []string
	}{
		"query":        {"POST", "/v1/query", `{"path":"users:me"}`, 200, nil},
		"with an ETag": {"GET", "/v1/query?path=users:me", "", 200, nil},
		"not modified": {"GET", "/v1/query?path=users:me", "", 304, []string{"If-None-Match", "*"}},
		"bad request":  {"POST", "/v1/query", `{`, 400, nil},
		"bad token":    {"POST", "/v1/query", `{"path":"users:me"}`, 401, []string{"Authorization", "Bearer a.b.c"}},
		"bad header":   {"POST", "/v1/query", `{"path":"users:me"}`, 401, []string{"Authorization", "Bearer \xe9"}},
		"no route":     {"GET", "/v2/query", "", 404, nil},
		"too large":    {"POST", "/v1/query", strings.Repeat("x", 5000), 413, nil},
		"second":       {"GET", "/v1/subscribe?path=users:me", "", 429, []string{"Accept", "text/event-stream"}},
		"failed":       {"POST", "/v1/query", `{"path":"errors:crash"}`, 500, nil},
	} {
		for origin, allowed := range map[string]bool{page: true, foreign: false, "": false} {
			header := test.header
			if origin != "" {
				header = append(slices.Clone(test.header), "Origin", origin)
			}
			got := g.rest(test.method, test.route, test.body, header...)
			status := test.status
			if test.method == "POST" && origin == foreign && !slices.Contains(header, "Authorization") {
				status = 403
			}
			if got.status != status {
				t.Errorf("%s from %q: HTTP %d %s", name, origin, got.status, got.body)
			}
			checkCORS(t, got.header, origin, allowed)
		}
	}
}

func TestCORSOfStreams(t *testing.T) {
	t.Parallel()
	g := start(t, fromPage)
	for origin, allowed := range map[string]bool{page: true, foreign: false} {
		for _, accept := range []string{"text/event-stream", "*/*"} {
			resp := g.request(g.context(), "GET", "/v1/subscribe?path=users:me", "", "Origin", origin, "Accept", accept)
			resp.Body.Close()
			if resp.StatusCode != http.StatusOK {
				t.Errorf("HTTP %d", resp.StatusCode)
			}
			checkCORS(t, resp.Header, origin, allowed)
		}
	}
}

// A page may call if its origin is allowed and its token was issued to that origin.
func TestAuthorizedPartyOfPage(t *testing.T) {
	t.Parallel()
	g := start(t, fromPage, func(c *Config) { c.AuthorizedParties = []string{page, "https://other.example.com"} })
	tests := map[string]struct {
		azp    any
		origin string
		status int
	}{
		"its own":          {page, page, 200},
		"another's":        {"https://other.example.com", page, 403},
		"not listed":       {foreign, foreign, 403},
		"native":           {nil, "", 200},
		"native, not ours": {foreign, "", 403},
	}
	for name, test := range tests {
		token := g.token(deployment.TokenRequest{User: "ada", Claims: map[string]any{"azp": test.azp}})
		header := []string{"Authorization", "Bearer " + token}
		if test.origin != "" {
			header = append(header, "Origin", test.origin)
		}
		got := g.rest("POST", "/v1/query", `{"path":"users:me"}`, header...)
		if got.status != test.status || strings.Contains(got.body, `"AZP"`) != (test.status == 403) {
			t.Errorf("%s: HTTP %d %s", name, got.status, got.body)
		}
		if test.origin != "" {
			checkCORS(t, got.header, test.origin, test.origin == page)
		}
	}
}

func TestAllowedOriginsAreChecked(t *testing.T) {
	t.Parallel()
	for origin, good := range map[string]bool{
		page: true, "http://localhost:5173": true, "capacitor://localhost": true, "http://[::1]:8080": true,
		"*": false, "https://*.example.com": false, "https://*": false, "null": false, "": false, "app.example.com": false,
		page + "/": false, page + "/x": false, page + ":443": false, "http://a:80": false, "https://APP.example.com": false,
		"https://ü.example": false, "https://user@app.example.com": false, "https://a:b": false, "https://a:": false, " " + page: false,
	} {
		c := testConfig()
		c.AllowedOrigins = []string{page, origin}
		err := c.Validate()
		if (err == nil) != good {
			t.Errorf("%q: %v", origin, err)
		}
		if err != nil && (!strings.Contains(err.Error(), "AllowedOrigins: ") || !strings.Contains(err.Error(), origin)) {
			t.Errorf("%q is not named: %v", origin, err)
		}
	}
}
