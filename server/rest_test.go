package server

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"

	"convexgateway/convex"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
)

func TestQueryByGET(t *testing.T) {
	t.Parallel()
	g := start(t)
	args := url.QueryEscape(`{"value":{"b":1,"a":[2]}}`)
	got := g.rest("GET", "/v1/query?path=values:echo&args="+args, "")
	sameJSON(t, got.body, `{"value":{"b":1,"a":[2]}}`)
	if got.status != 200 || got.header.Get("Cache-Control") != "private, no-cache" || strings.Join(got.header.Values("Vary"), ", ") != "Origin, Accept-Encoding, Authorization" {
		t.Errorf("HTTP %d %v", got.status, got.header)
	}
	text := g.rest("GET", "/v1/query?path=users:me&value_format=VALUE_FORMAT_JSON", "")
	sameJSON(t, text.body, `{"valueJson":"bnVsbA=="}`)
}

func TestETag(t *testing.T) {
	t.Parallel()
	g := start(t)
	g.add("e")
	route := "/v1/query?path=counter:get&args=" + url.QueryEscape(`{"name":"e"}`)
	tag := g.rest("GET", route, "").header.Get("ETag")
	if !strings.HasPrefix(tag, `W/"`) || len(tag) < 10 {
		t.Fatalf("ETag %q", tag)
	}
	for _, condition := range []string{tag, strings.TrimPrefix(tag, "W/"), `"other", ` + tag, "*"} {
		if got := g.rest("GET", route, "", "If-None-Match", condition); got.status != 304 || got.body != "" || got.header.Get("ETag") != tag {
			t.Errorf("If-None-Match %s: HTTP %d %q", condition, got.status, got.body)
		}
	}
	if got := g.rest("GET", route, "", "If-None-Match", `"other"`); got.status != 200 {
		t.Errorf("another tag: HTTP %d", got.status)
	}
	g.add("e")
	if got := g.rest("GET", route, "", "If-None-Match", tag); got.status != 200 || got.header.Get("ETag") == tag {
		t.Errorf("after a change: HTTP %d", got.status)
	}
	if got := g.rest("POST", "/v1/query", `{"path":"users:me"}`); got.header.Get("ETag") != "" || got.header.Get("Cache-Control") != "no-store" {
		t.Errorf("POST: %v", got.header)
	}
}

func TestBadRequests(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.MaxRequestBytes = 4096 })
	large := `{"path":"values:echo","args":{"value":"` + strings.Repeat("x", 5000) + `"}}`
	sse := []string{"Accept", "text/event-stream"}
	tests := map[string]struct {
		method, route, body string
		header              []string
		status              int
		reason, names       string
	}{
		"unknown field":           {"POST", "/v1/query", `{"path":"users:me","color":1}`, nil, 400, "INVALID_REQUEST", "color"},
		"unknown field of stream": {"POST", "/v1/subscribe", `{"path":"users:me","color":1}`, sse, 400, "INVALID_REQUEST", "color"},
		"unknown parameter":       {"GET", "/v1/query?path=users:me&color=1", "", nil, 400, "INVALID_REQUEST", "color"},
		"unknown on a stream":     {"GET", "/v1/subscribe?path=users:me&color=1", "", sse, 400, "INVALID_REQUEST", "color"},
		"parameter twice":         {"GET", "/v1/query?path=users:me&path=a:b", "", nil, 400, "INVALID_REQUEST", "path"},
		"field twice":             {"POST", "/v1/query", `{"path":"users:me","path":"a:b"}`, nil, 400, "INVALID_REQUEST", "path"},
		"text after the body":     {"POST", "/v1/query", `{"path":"users:me"} {}`, nil, 400, "INVALID_REQUEST", ""},
		"parameter beside a body": {"POST", "/v1/query?path=users:me", `{"path":"users:me"}`, nil, 400, "INVALID_REQUEST", "path"},
		"and a bad one":           {"POST", "/v1/mutate?a=%zz", `{"path":"users:me"}`, nil, 400, "INVALID_REQUEST", ""},
		"field and parameter":     {"POST", "/v1/subscribe?color=1", `{"path":"users:me"}`, sse, 400, "INVALID_REQUEST", "color"},
		"bad args parameter":      {"GET", "/v1/query?path=users:me&args=%7B", "", nil, 400, "INVALID_REQUEST", "args"},
		"bad query string":        {"GET", "/v1/subscribe?path=%zz", "", sse, 400, "INVALID_REQUEST", ""},
		"not JSON":                {"POST", "/v1/query", `path=users:me`, nil, 400, "INVALID_REQUEST", ""},
		"not UTF-8":               {"POST", "/v1/query", "\xffpath\xc3", nil, 400, "INVALID_REQUEST", ""},
		"name is not UTF-8":       {"GET", "/v1/query?%ff=1", "", nil, 400, "INVALID_REQUEST", ""},
		"empty body":              {"POST", "/v1/query", ``, nil, 400, "INVALID_PATH", "path"},
		"large body":              {"POST", "/v1/query", large, nil, 413, "REQUEST_TOO_LARGE", ""},
		"large body of a stream":  {"POST", "/v1/subscribe", large, sse, 413, "REQUEST_TOO_LARGE", ""},
		"no route":                {"GET", "/v2/query", "", nil, 404, "ROUTE_NOT_FOUND", ""},
		"no such method":          {"PUT", "/v1/query", "{}", nil, 405, "METHOD_NOT_ALLOWED", ""},
		"GET of a mutation":       {"GET", "/v1/mutate?path=messages:send", "", nil, 405, "METHOD_NOT_ALLOWED", ""},
		"bad timeout":             {"POST", "/v1/query", `{"path":"users:me"}`, []string{"Grpc-Timeout", "soon"}, 400, "INVALID_REQUEST", ""},
		"bad timeout of a stream": {"GET", "/v1/subscribe?path=users:me", "", []string{"Grpc-Timeout", "soon"}, 400, "INVALID_REQUEST", ""},
		"bad path of a stream":    {"GET", "/v1/subscribe?path=a+b", "", sse, 400, "INVALID_PATH", ""},
		"bad heartbeat":           {"GET", "/v1/subscribe?path=users:me&heartbeat=1s", "", sse, 400, "INVALID_VALUE", "heartbeat"},
		"bad resume token":        {"GET", "/v1/subscribe?path=users:me&resumeToken=%21", "", sse, 400, "INVALID_VALUE", "resume_token"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := g.rest(test.method, test.route, test.body, test.header...)
			want := failure{code: codes.InvalidArgument, reason: test.reason, http: test.status}
			switch test.status {
			case 404:
				want.code = codes.NotFound
			case 405:
				want.code = codes.Unimplemented
			}
			want.checkAnswer(t, got)
			if !strings.Contains(got.body, test.names) {
				t.Errorf("does not name %s: %s", test.names, got.body)
			}
		})
	}
	runs := g.dev.Stats().QueryRuns
	if runs["users:me"]+runs["values:echo"] != 0 {
		t.Errorf("bad requests reached the deployment: %v", runs)
	}
}

func TestRequestID(t *testing.T) {
	t.Parallel()
	ids := make(chan string, 10)
	g := startFake(t, func(w http.ResponseWriter, r *http.Request) {
		ids <- r.Header.Get("Convex-Request-Id")
		fmt.Fprint(w, `{"status":"success","value":null}`)
	})
	for sent, kept := range map[string]bool{"my-id": true, "": false, "with space": false, strings.Repeat("x", 129): false} {
		rest := g.rest("POST", "/v1/query", `{"path":"a:b"}`, "X-Request-Id", sent).header.Get("X-Request-Id")
		if atDeployment := <-ids; atDeployment != rest || rest == "" || (rest == sent) != kept {
			t.Errorf("%q: %q in the answer, %q at the deployment", sent, rest, atDeployment)
		}
		var header metadata.MD
		ctx := metadata.AppendToOutgoingContext(g.context(), call.RequestIDHeader, sent)
		if _, err := g.call(ctx, convex.Query, "a:b", `{}`, grpc.Header(&header)); err != nil {
			t.Fatal(err)
		}
		overGRPC := header.Get(call.RequestIDHeader)
		if atDeployment := <-ids; len(overGRPC) != 1 || atDeployment != overGRPC[0] || (overGRPC[0] == sent) != kept {
			t.Errorf("%q: %q in the header, %q at the deployment", sent, overGRPC, atDeployment)
		}
	}
}

// Functions get the caller's address and user agent, and no header can replace the address.
func TestFunctionsSeeTheCaller(t *testing.T) {
	t.Parallel()
	seen := make(chan http.Header, 10)
	g := startFake(t, func(w http.ResponseWriter, r *http.Request) {
		seen <- r.Header.Clone()
		fmt.Fprint(w, `{"status":"success","value":null}`)
	})
	check := func(protocol, userAgent string) {
		t.Helper()
		h := <-seen
		if got := h.Values("X-Forwarded-For"); len(got) != 1 || got[0] != "127.0.0.1" {
			t.Errorf("%s: X-Forwarded-For %q", protocol, got)
		}
		if got := h.Get("User-Agent"); !strings.HasPrefix(got, userAgent) {
			t.Errorf("%s: User-Agent %q", protocol, got)
		}
		if got := h.Values("Authorization"); len(got) != 0 {
			t.Errorf("%s: Authorization %q of an anonymous caller", protocol, got)
		}
	}
	g.rest("POST", "/v1/query", `{"path":"a:b"}`, "User-Agent", "curl/8", "X-Forwarded-For", "6.6.6.6",
		"Grpc-Metadata-X-Forwarded-For", "6.6.6.6", "Forwarded", "for=6.6.6.6", "Grpc-Metadata-Grpcgateway-User-Agent", "evil")
	check("REST", "curl/8")
	ctx := metadata.AppendToOutgoingContext(g.context(), "x-forwarded-for", "6.6.6.6", "grpcgateway-user-agent", "evil")
	if _, err := g.call(ctx, convex.Query, "a:b", `{}`); err != nil {
		t.Fatal(err)
	}
	check("gRPC", "grpc-go/")
}

// A credential that gRPC metadata cannot carry must not make its bearer anonymous.
func TestCredentialIsNeverLost(t *testing.T) {
	t.Parallel()
	g := start(t)
	for name, header := range map[string][]string{
		"not ASCII":     {"Authorization", "Bearer tok\xc3\xa9n"},
		"tab":           {"Authorization", "Bearer\ttoken"},
		"empty":         {"Authorization", ""},
		"other scheme":  {"Authorization", "Convex key"},
		"two":           {"Authorization", "Bearer a", "Authorization", "Bearer b"},
		"one and a bad": {"Authorization", "Bearer a", "Authorization", "\xe9"},
		"as metadata":   {"Grpc-Metadata-Authorization", "Bearer a"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, route := range []string{"/v1/query", "/v1/subscribe"} {
				resp := g.request(g.context(), "POST", route, `{"path":"users:me"}`, header...)
				defer resp.Body.Close()
				if text, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusUnauthorized {
					t.Errorf("%s: HTTP %d %s", route, resp.StatusCode, text)
				}
			}
		})
	}
	if got := g.dev.Stats(); got.QueryRuns["users:me"] != 0 || got.SocketsOpened != 0 {
		t.Errorf("the deployment was called: %+v", got)
	}
}

func TestPlainRoutes(t *testing.T) {
	t.Parallel()
	g := start(t)
	for route, want := range map[string]string{"/healthz": "ok\n", "/readyz": "ready\n"} {
		if got := g.rest("GET", route, ""); got.status != 200 || got.body != want || got.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: HTTP %d %q", route, got.status, got.body)
		}
	}
}

// Without an issuer every token is refused with ISSUER, not with an internal error.
func TestNoIssuer(t *testing.T) {
	t.Parallel()
	g := startFake(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"status":"success","value":1}`) })
	want := failure{code: codes.Unauthenticated, reason: "ISSUER", http: 401}
	var trailer metadata.MD
	_, err := g.functions.Query(g.as("a.b.c"), &gatewayv1.QueryRequest{Path: "a:b"}, grpc.Trailer(&trailer))
	want.checkStatus(t, err, trailer)
	want.checkAnswer(t, g.rest("POST", "/v1/query", `{"path":"a:b"}`, "Authorization", "Bearer a.b.c"))
	if got := g.mustCall(g.context(), convex.Query, "a:b", `{}`); got != "1" {
		t.Errorf("anonymous: %s", got)
	}
}
