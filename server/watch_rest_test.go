package server

import (
	"bufio"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// The events have names and no ids; values are as the deployment has sent them.
func TestWatchAsEvents(t *testing.T) {
	t.Parallel()
	g := start(t)
	s := g.sse("POST", "/v1/watch", `{"queries":[
		{"target":1,"path":"values:echo","args":{"value":{"b":1.0,"a":[2.5,{"$integer":"AQAAAAAAAAA="}]}},"group":4},
		{"target":2,"path":"errors:convex","args":{"data":{"code":"OUT_OF_RANGE","n":null}},"group":4},
		{"target":3,"path":"a b","group":4}
	]}`)
	if e := s.next(); e.name != "auth" || e.data != `{"auth":{"state":"STATE_UNAUTHENTICATED","reason":"NO_CREDENTIALS"}}` {
		t.Errorf("%+v", e)
	}
	text := ""
	for !strings.Contains(text, `"complete":true`) {
		e := s.next()
		if _, err := watchResponse(t, e); err != nil {
			t.Fatal(err)
		}
		text += e.data
	}
	for _, part := range []string{
		`"target":1,"value":{"a":[2.5,{"$integer":"AQAAAAAAAAA="}],"b":1},"resumeToken":"`,
		`"target":2,"functionError":{`, `"data":{"code":"OUT_OF_RANGE","n":null}`,
		`"target":3,"removed":{"code":3,"reason":"INVALID_PATH","message":"path:`, `"readTime":"`, `"group":4`,
	} {
		if !strings.Contains(text, part) {
			t.Errorf("%s is not in %s", part, text)
		}
	}
}

// Without Accept a response is a line of JSON, and something is sent every 15 s.
func TestWatchAsLines(t *testing.T) {
	t.Parallel()
	g := start(t)
	resp := g.request(g.context(), "POST", "/v1/watch", `{"options":{"valueFormat":"VALUE_FORMAT_JSON","heartbeat":"5s"},"queries":[{"target":1,"path":"counter:get","args":{"name":"a"}}]}`)
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "application/x-ndjson" {
		t.Fatalf("HTTP %d %v", resp.StatusCode, resp.Header)
	}
	lines := bufio.NewScanner(resp.Body)
	s := newScreen(t, func() (*gatewayv1.WatchResponse, error) {
		if !lines.Scan() {
			return nil, fmt.Errorf("the stream ended: %w", lines.Err())
		}
		text, ok := strings.CutPrefix(lines.Text(), `{"result":`)
		if !ok {
			return nil, fmt.Errorf("line %s", lines.Text())
		}
		return fromJSON(t, strings.TrimSuffix(text, "}"), &gatewayv1.WatchResponse{}), nil
	}).of([]*gatewayv1.WatchQuery{watchedCounter(1, "a")})
	s.await(map[uint32]string{1: "0"})
	g.add("a")
	s.await(map[uint32]string{1: "1"})
	if r := s.next(); r.GetConnection().GetState() != gatewayv1.Connection_STATE_CONNECTED {
		t.Errorf("%v instead of a heartbeat", r)
	}
}

// Arguments are read as elsewhere: what is wrong with those of one query ends its target alone.
func TestWatchedArguments(t *testing.T) {
	t.Parallel()
	g := start(t)
	for args, want := range map[string]string{
		`"args":{"value":1}`:                               `1`,
		`"args":{"value":9007199254740993}`:                `9007199254740992`,
		`"args":{"value":"\u2028"}`:                        "\"\u2028\"",
		`"args":{"value":"\ud800"}`:                        "removed INVALID_VALUE",
		`"args":{"value":1e999}`:                           "removed INVALID_VALUE",
		`"args":{"$value":1}`:                              "removed INVALID_VALUE",
		`"args":[1]`:                                       "removed INVALID_VALUE",
		`"args":7`:                                         "removed INVALID_VALUE",
		`"args":null`:                                      "error ARGUMENT_VALIDATION",
		`"argsJson":"eyJ2YWx1ZSI6MX0="`:                    `1`,
		`"args":{"value":1},"argsJson":"eyJ2YWx1ZSI6MX0="`: "removed INVALID_VALUE",
		`"args": { "value" : {"x":1,"x":2} } `:             "removed INVALID_VALUE",
		`"args":{"value":` + strings.Repeat("[", 70) + "1" + strings.Repeat("]", 70) + `}`: "removed INVALID_VALUE",
	} {
		s := g.sse("POST", "/v1/watch", `{"queries":[{"target":7,"path":"values:echo",`+args+`},{"path":"counter:get","target":9,"args":{"name":"a"}}]}`)
		screen := newScreen(t, func() (*gatewayv1.WatchResponse, error) { return watchResponse(t, s.next()) })
		screen.group[7], screen.group[9] = 0, 0
		screen.until(func() bool { return screen.shown[7] != nil && screen.shown[9] != nil })
		if got := screen.outcome(7); got != want || screen.outcome(9) != "0" {
			t.Errorf("%.60s: %s, want %s", args, got, want)
		}
		s.cancel()
	}
}

// A request that cannot be read, or breaks the rules, has a status.
func TestWatchRequests(t *testing.T) {
	t.Parallel()
	g := start(t)
	for name, test := range map[string]struct {
		method, route, body string
		status              int
		reason, names       string
	}{
		"unknown field":    {"POST", "/v1/watch", `{"color":1}`, 400, "INVALID_REQUEST", "color"},
		"unknown in query": {"POST", "/v1/watch", `{"queries":[{"target":1,"color":1}]}`, 400, "INVALID_REQUEST", "color"},
		"args twice":       {"POST", "/v1/watch", `{"queries":[{"target":1,"path":"a:b","args":{},"args":{}}]}`, 400, "INVALID_REQUEST", "args"},
		"queries twice":    {"POST", "/v1/watch", `{"queries":[],"queries":[]}`, 400, "INVALID_REQUEST", "queries"},
		"no list":          {"POST", "/v1/watch", `{"queries":{}}`, 400, "INVALID_REQUEST", ""},
		"no JSON":          {"POST", "/v1/watch", `{"queries":[{"target":1}`, 400, "INVALID_REQUEST", ""},
		"no query":         {"POST", "/v1/watch", `{"queries":[1]}`, 400, "INVALID_REQUEST", ""},
		"a parameter":      {"POST", "/v1/watch?path=a:b", `{}`, 400, "INVALID_REQUEST", "path"},
		"target 0":         {"POST", "/v1/watch", `{"queries":[{"path":"a:b"}]}`, 400, "INVALID_VALUE", "target"},
		"the same target":  {"POST", "/v1/watch", `{"queries":[{"target":1,"path":"a:b"},{"target":1,"path":"a:b"}]}`, 400, "INVALID_VALUE", "target"},
		"target -1":        {"POST", "/v1/watch", `{"queries":[{"target":-1,"path":"a:b"}]}`, 400, "INVALID_REQUEST", ""},
		"bad heartbeat":    {"POST", "/v1/watch", `{"options":{"heartbeat":"1s"}}`, 400, "INVALID_VALUE", "heartbeat"},
		"weak key":         {"POST", "/v1/watch", `{"options":{"refreshKey":"weak"}}`, 400, "INVALID_VALUE", "refresh_key"},
		"by GET":           {"GET", "/v1/watch", "", 405, "METHOD_NOT_ALLOWED", ""},
	} {
		t.Run(name, func(t *testing.T) {
			for _, accept := range []string{"text/event-stream", "*/*"} {
				got := g.rest(test.method, test.route, test.body, "Accept", accept)
				if got.status != test.status || !strings.Contains(got.body, test.reason) || !strings.Contains(got.body, test.names) {
					t.Errorf("HTTP %d %s", got.status, got.body)
				}
			}
		})
	}
	failure{code: codes.Unauthenticated, reason: "MALFORMED", http: 401}.checkAnswer(t, g.rest("POST", "/v1/watch", `{}`, "Authorization", "Bearer a.b.c"))
}

// A set may be empty: it has the state of authentication.
func TestEmptySet(t *testing.T) {
	t.Parallel()
	g := start(t)
	token := g.ada("org_1", time.Minute)
	for _, body := range []string{"", `{}`, `{"queries":null,"options":null}`, `{"queries":[]}`} {
		s := g.sse("POST", "/v1/watch", body, "Authorization", "Bearer "+token)
		for _, state := range []string{"STATE_LOADING", "STATE_AUTHENTICATED"} {
			if e := s.next(); e.name != "auth" || !strings.Contains(e.data, state) {
				t.Errorf("%q: %+v", body, e)
			}
		}
		s.cancel()
	}
}
