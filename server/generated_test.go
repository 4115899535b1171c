package server

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// generatedFace is what grpc-gateway generates of the HTTP rules, in front of the gateway's gRPC port.
func generatedFace(g *gateway) string {
	g.t.Helper()
	mux := runtime.NewServeMux(runtime.WithMarshalerOption(runtime.MIMEWildcard, &runtime.JSONPb{}),
		runtime.WithIncomingHeaderMatcher(func(name string) (string, bool) { return name, name == "X-Request-Id" }))
	if err := gatewayv1.RegisterFunctionServiceHandler(g.t.Context(), mux, g.conn); err != nil {
		g.t.Fatal(err)
	}
	if err := gatewayv1.RegisterAuthServiceHandler(g.t.Context(), mux, g.conn); err != nil {
		g.t.Fatal(err)
	}
	server := httptest.NewServer(mux)
	g.t.Cleanup(server.Close)
	return server.URL
}

// TestRESTAsGenerated holds REST, which calls in process and passes JSON on as text, to the obvious way from the same rules:
// generated handlers that dial and know nothing but messages.
func TestRESTAsGenerated(t *testing.T) {
	t.Parallel()
	g := start(t)
	generated := generatedFace(g)
	for _, call := range []struct{ method, route, body string }{
		{"POST", "/v1/query", `{"path":"values:echo","args":{"value":{"b":[1,1.5,-0.25,1e21,true,null,"é\"\\\n😀"],"a":{}}}}`},
		{"POST", "/v1/query", `{"path":"values:echo","args":{"value":{"n":{"$integer":"AQAAAAAAAAA="},"f":{"$float":"AAAAAAAA+H8="}}}}`},
		{"POST", "/v1/query", `{"path":"values:echo","args":{"value":[]},"valueFormat":"VALUE_FORMAT_JSON"}`},
		{"POST", "/v1/query", `{"path":"values:echo","argsJson":"eyJ2YWx1ZSI6MX0=","value_format":2}`},
		{"POST", "/v1/query", `{"path":"test:logs"}`},
		{"GET", "/v1/query?path=messages:list", ``},
		{"POST", "/v1/query", `{"path":"messages:send","args":{"body":"x"}}`},
		{"POST", "/v1/query", `{"path":"no:such"}`},
		{"POST", "/v1/query", `{"path":"not a path"}`},
		{"POST", "/v1/query", `{"path":"values:echo","args":{"value":{"$bad":1}}}`},
		{"POST", "/v1/query", `{"path":"values:echo","args":{},"argsJson":"e30="}`},
		{"POST", "/v1/query", `{"path":"errors:crash"}`},
		{"POST", "/v1/query", `{"path":"errors:convex","args":{"data":{"code":"NOT_FOUND","why":[1,"2"]}}}`},
		{"POST", "/v1/mutate", `{"path":"errors:convexMutation","args":{"data":null}}`},
		{"POST", "/v1/mutate", `{"path":"messages:send","args":{"body":""}}`},
		{"POST", "/v1/action", `{"path":"actions:sleep","args":{"ms":1}}`},
		{"POST", "/v1/auth/refresh", `{"refreshKey":"short"}`},
		{"POST", "/v1/auth/sign-out", `{}`},
		{"POST", "/v1/subscribe", `{"path":"values:echo","args":{"value":{"a":[1.5,"x"]}}}`},
		{"POST", "/v1/subscribe", `{"path":"errors:convex","args":{"data":{"code":"x"}}}`},
		{"GET", "/v1/auth/state", ``},
	} {
		status, body := firstLine(t, call.method, "http://"+g.HTTPAddr()+call.route, call.body)
		wantStatus, want := firstLine(t, call.method, generated+call.route, call.body)
		if status != wantStatus || !reflect.DeepEqual(body, want) {
			t.Errorf("%s %s %s: %d %v\ngenerated: %d %v", call.method, call.route, call.body, status, body, wantStatus, want)
		}
	}
}

// firstLine is the answer to a call, or the first event of a stream, without what differs from run to run.
func firstLine(t *testing.T, method, url, body string) (status int, content any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Request-Id", "the-same")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer http.DefaultClient.CloseIdleConnections()
	defer resp.Body.Close()
	lines := bufio.NewReader(resp.Body)
	for {
		line, err := lines.ReadString('\n')
		if err != nil && err != io.EOF {
			t.Fatal(err)
		}
		if strings.HasPrefix(line, `{"result":{"connection"`) { // whether it is told depends on who came first
			continue
		}
		if err := json.Unmarshal([]byte(line), &content); err != nil {
			t.Fatalf("%s %s: %q: %v", method, url, line, err)
		}
		return resp.StatusCode, withoutTimes(content)
	}
}

// withoutTimes drops the fields that tell when something was read or written.
func withoutTimes(content any) any {
	switch content := content.(type) {
	case map[string]any:
		for _, name := range []string{"readTime", "resumeToken", "commitTime", "_creationTime"} {
			delete(content, name)
		}
		for name, field := range content {
			content[name] = withoutTimes(field)
		}
	case []any:
		for i, element := range content {
			content[i] = withoutTimes(element)
		}
	}
	return content
}
