package server

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"

	"convexgateway/dev/deployment"
	"convexgateway/server/openapi"
)

func zip(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return b.String()
}

func TestMediaTypes(t *testing.T) {
	t.Parallel()
	g := start(t)
	const body = `{"path":"users:me"}`
	for _, taken := range []string{
		"", "application/json", "application/json; charset=UTF-8", "application/vnd.api+json", "text/plain;charset=utf-8",
		"application/x-www-form-urlencoded",
		"application/json;charset=utf8", `application/json; charset="utf-8"`, "application/json; charset='UTF-8'", "application/json; charset=us-ascii",
		"application/json; Charset=UTF_8", "application/json;", "application/json; charset", "application/json; charset=utf-8; charset=utf-8",
		"application/json ; odata=verbose;charset = UTF8 ", "APPLICATION/JSON", "application/problem+json; charset=ASCII",
	} {
		if got := g.rest("POST", "/v1/query", body, "Content-Type", taken); got.status != 200 {
			t.Errorf("%q: HTTP %d %s", taken, got.status, got.body)
		}
	}
	want := failure{code: codes.InvalidArgument, reason: "UNSUPPORTED_MEDIA_TYPE", http: 415}
	for _, refused := range []string{
		"multipart/form-data; boundary=x", "application/xml", "application/grpc-web+proto", "application/json; charset=latin1", "a/b/c",
		"application/json; charset=utf-16", "text/plain; charset=iso-8859-1", "application/json; charset=utf-8; charset=utf-16", "json", ";charset=utf-8",
	} {
		for _, route := range []string{"/v1/query", "/v1/subscribe", "/v1/tickets", "/v1/auth/sign-out"} {
			got := g.rest("POST", route, body, "Content-Type", refused)
			want.checkAnswer(t, got)
			if got.header.Get("Accept-Encoding") != "" {
				t.Errorf("%s: Accept-Encoding %q", refused, got.header.Get("Accept-Encoding"))
			}
		}
	}
	for _, coding := range []string{"gzip", "br", "gzip, gzip"} {
		got := g.rest("POST", "/v1/query", zip(body), "Content-Encoding", coding)
		want.checkAnswer(t, got)
		if got.header.Get("Accept-Encoding") != "identity" || !strings.Contains(got.body, coding) {
			t.Errorf("%s: %v %s", coding, got.header, got.body)
		}
	}
	if got := g.rest("POST", "/v1/query", body, "Content-Encoding", "identity"); got.status != 200 {
		t.Errorf("identity: HTTP %d", got.status)
	}
}

func TestPathsAndMethods(t *testing.T) {
	t.Parallel()
	g := start(t)
	for route, status := range map[string]int{
		"/v1/query?path=users:me": 200, "/v1/%71uery?path=users:me": 404, "/v1%2Fquery?path=users:me": 404, "/%76%31/query": 404, "/v1/quer%79?path=users:me": 404, "/v1/%73ubscribe?path=users:me": 404, "/%2e/v1/query": 404, "/v1/query/?path=users:me": 404,
		"//v1/query?path=users:me": 404, "/v1/query:x?path=users:me": 404, "/v1/Query?path=users:me": 404,
		"/v1/../v1/query?path=users:me": 404, "/v1/query%00?path=users:me": 404, "/v1": 404, "/openapi.json/": 404,
	} {
		got := g.rest("GET", route, "")
		if got.status != status {
			t.Errorf("%s: HTTP %d %s", route, got.status, got.body)
		}
		if status == 404 {
			failure{code: codes.NotFound, reason: "ROUTE_NOT_FOUND", http: 404}.checkAnswer(t, got)
		}
	}
	for route, allow := range map[string]string{
		"/v1/query": "GET, HEAD, POST", "/v1/mutate": "POST", "/v1/action": "POST", "/v1/subscribe": "GET, POST",
		"/v1/auth/state": "GET, POST", "/v1/auth/refresh": "POST", "/v1/auth/sign-out": "POST", "/v1/tickets": "POST",
		"/healthz": "GET, HEAD", "/readyz": "GET, HEAD", "/openapi.json": "GET, HEAD",
	} {
		for _, method := range []string{"DELETE", "OPTIONS", "PATCH", "BREW"} {
			got := g.rest(method, route, "")
			failure{code: codes.Unimplemented, reason: "METHOD_NOT_ALLOWED", http: 405}.checkAnswer(t, got)
			if got.header.Get("Allow") != allow {
				t.Errorf("%s: Allow %q", route, got.header.Get("Allow"))
			}
		}
	}
}

// HEAD has the headers of GET; on the routes of streams, which do not end, it is refused.
func TestHEAD(t *testing.T) {
	t.Parallel()
	g := start(t)
	for _, route := range []string{"/v1/query?path=messages:list", "/healthz", "/readyz", "/openapi.json"} {
		get, head := g.rest("GET", route, ""), g.rest("HEAD", route, "")
		for _, h := range []http.Header{get.header, head.header} {
			for _, name := range []string{"Date", "X-Request-Id", "Content-Length"} {
				h.Del(name)
			}
		}
		if head.status != 200 || head.body != "" || !maps.EqualFunc(get.header, head.header, slices.Equal) {
			t.Errorf("%s: HTTP %d %q\nGET  %v\nHEAD %v", route, head.status, head.body, get.header, head.header)
		}
	}
	for _, route := range []string{"/v1/subscribe?path=users:me", "/v1/auth/state"} {
		if got := g.rest("HEAD", route, ""); got.status != 405 {
			t.Errorf("%s: HTTP %d", route, got.status)
		}
	}
}

// asSent makes a request whose answer stays compressed.
func (g *gateway) asSent(route string, header ...string) answer {
	g.t.Helper()
	if !slices.Contains(header, "Accept-Encoding") {
		header = append(header, "Accept-Encoding", "gzip")
	}
	return g.rest("GET", route, "", header...)
}

func unzip(t *testing.T, text string) string {
	t.Helper()
	r, err := gzip.NewReader(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(plain)
}

func TestGzip(t *testing.T) {
	t.Parallel()
	g := start(t)
	long := strings.Repeat("x", 5000)
	route := "/v1/query?path=values:echo&args=" + url.QueryEscape(`{"value":"`+long+`"}`)
	plain, zipped := g.asSent(route, "Accept-Encoding", "identity"), g.asSent(route)
	if plain.header.Get("Content-Encoding") != "" || zipped.header.Get("Content-Encoding") != "gzip" || len(zipped.body) > 1000 {
		t.Fatalf("%v\n%v", plain.header, zipped.header)
	}
	sameJSON(t, unzip(t, zipped.body), `{"value":"`+long+`"}`)
	sameJSON(t, plain.body, unzip(t, zipped.body))
	tag := plain.header.Get("ETag")
	if tag != zipped.header.Get("ETag") || !strings.HasPrefix(tag, "W/") {
		t.Errorf("ETag %q, compressed %q", tag, zipped.header.Get("ETag"))
	}
	for _, a := range []answer{plain, zipped, g.asSent("/v1/query?path=users:me")} {
		if !slices.Contains(a.header.Values("Vary"), "Accept-Encoding") {
			t.Errorf("Vary %q", a.header.Values("Vary"))
		}
	}
	if got := g.asSent(route, "If-None-Match", tag); got.status != 304 || got.body != "" || got.header.Get("Content-Encoding") != "" {
		t.Errorf("HTTP %d %v %q", got.status, got.header, got.body)
	}
	if got := g.asSent("/v1/query?path=users:me"); got.header.Get("Content-Encoding") != "" {
		t.Errorf("a short answer: %v", got.header)
	}
	if got := g.asSent(route, "Accept-Encoding", "gzip;q=0"); got.header.Get("Content-Encoding") != "" {
		t.Errorf("q=0: %v", got.header)
	}
	failed := g.asSent("/v1/query?path=test:bulky&args=" + url.QueryEscape(`{"data":5000,"logs":0}`))
	if failed.status != 404 || failed.header.Get("Content-Encoding") != "gzip" || !json.Valid([]byte(unzip(t, failed.body))) {
		t.Errorf("an error: HTTP %d %v", failed.status, failed.header)
	}
}

// A compressor would delay events.
func TestStreamsAreNotCompressed(t *testing.T) {
	t.Parallel()
	g := start(t)
	for _, accept := range []string{"text/event-stream", "*/*"} {
		for _, route := range []string{"/v1/subscribe?path=users:me", "/v1/auth/state"} {
			ctx, cancel := context.WithCancel(g.context())
			resp := g.request(ctx, "GET", route, "", "Accept", accept, "Accept-Encoding", "gzip, br, zstd")
			if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Encoding") != "" || resp.Uncompressed {
				t.Errorf("%s %s: HTTP %d %v", accept, route, resp.StatusCode, resp.Header)
			}
			cancel()
			resp.Body.Close()
		}
	}
}

func TestOpenAPI(t *testing.T) {
	t.Parallel()
	g := start(t)
	got := g.asSent("/openapi.json")
	if text := unzip(t, got.body); got.status != 200 || text != string(openapi.Document) || got.header.Get("Content-Type") != "application/json" {
		t.Fatalf("HTTP %d %v", got.status, got.header)
	}
	if again := g.asSent("/openapi.json", "If-None-Match", got.header.Get("ETag")); again.status != 304 || again.body != "" {
		t.Errorf("HTTP %d %.100q", again.status, again.body)
	}
}

// The document has the routes that are served, with their methods, and no others.
func TestOpenAPIHasTheRoutes(t *testing.T) {
	t.Parallel()
	d := startDeployment(t, deployment.Config{})
	g := startUpstream(t, Upstream{
		ConvexURL: d.URL(), Issuers: []string{d.IssuerURL()}, WebhookSecrets: []string{d.WebhookSecret()},
	}, withSample)
	var document struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal(openapi.Document, &document); err != nil {
		t.Fatal(err)
	}
	served := g.Server.rest.Routes()
	if a, b := slices.Sorted(maps.Keys(served)), slices.Sorted(maps.Keys(document.Paths)); !slices.Equal(a, b) {
		t.Errorf("served %v\nin the document %v", a, b)
	}
	for route, operations := range document.Paths {
		var methods []string
		for method := range operations {
			method = strings.ToUpper(method)
			methods = append(methods, method)
			ctx, cancel := context.WithCancel(g.context())
			resp := g.request(ctx, method, route, "")
			if resp.StatusCode == http.StatusNotFound || resp.StatusCode == http.StatusMethodNotAllowed {
				t.Errorf("%s %s: HTTP %d", method, route, resp.StatusCode)
			}
			cancel()
			resp.Body.Close()
		}
		if !slices.Equal(slices.Sorted(slices.Values(methods)), slices.Sorted(slices.Values(served[route]))) {
			t.Errorf("%s: %v in the document, %v served", route, methods, served[route])
		}
	}
}

// A refusal by the REST handler has a line in the log as an RPC has, without any text of the request.
func TestRefusalsAreLogged(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.MaxRequestBytes = 1024 })
	for name, test := range map[string]struct {
		method, route, body string
		header              []string
		in, reason          string
	}{
		"route":      {"GET", "/secret?secret=secret", "", nil, "GET ?", "ROUTE_NOT_FOUND"},
		"method":     {"DELETE", "/v1/query", "", nil, "DELETE /v1/query", "METHOD_NOT_ALLOWED"},
		"body":       {"POST", "/v1/query", `{"secret":1}`, nil, "/convexgateway.v1.FunctionService/Query", "INVALID_REQUEST"},
		"large":      {"POST", "/v1/mutate", strings.Repeat("secret", 500), nil, "/convexgateway.v1.FunctionService/Mutate", "REQUEST_TOO_LARGE"},
		"stream":     {"GET", "/v1/subscribe?secret=1", "", nil, "/convexgateway.v1.FunctionService/Subscribe", "INVALID_REQUEST"},
		"parameter":  {"POST", "/v1/mutate?secret=1", "{}", nil, "POST /v1/mutate", "INVALID_REQUEST"},
		"ticket":     {"POST", "/v1/tickets", `{"secret":1}`, nil, "/v1/tickets", "NO_CREDENTIALS"},
		"credential": {"GET", "/v1/query", "", []string{"Grpc-Metadata-Authorization", "secret"}, "GET /v1/query", "AMBIGUOUS_CREDENTIALS"},
		"type":       {"POST", "/v1/action", "{}", []string{"Content-Type", "secret/secret"}, "POST /v1/action", "UNSUPPORTED_MEDIA_TYPE"},
	} {
		t.Run(name, func(t *testing.T) {
			id := "refused-" + name
			got := g.rest(test.method, test.route, test.body, append(test.header, "X-Request-Id", id)...)
			if got.status < 400 || got.header.Get("X-Request-Id") != id {
				t.Errorf("HTTP %d %v", got.status, got.header)
			}
			found := g.logs.find(t, map[string]any{"request_id": id})
			if len(found) != 1 || found[0]["msg"] != "call" || found[0]["method"] != test.in || found[0]["reason"] != test.reason ||
				found[0]["rest"] != true || found[0]["caller"] != "127.0.0.1" {
				t.Errorf("logged %v", found)
			}
		})
	}
	if strings.Contains(g.logs.String(), "secret") {
		t.Errorf("%s", g.logs)
	}
}
