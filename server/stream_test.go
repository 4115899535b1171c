package server

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"

	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// sseEvent is one server-sent event.
type sseEvent struct{ name, id, data string }

// sseStream parses server-sent events, and accepts only the form that the contract has.
type sseStream struct {
	t      *testing.T
	r      *bufio.Reader
	cancel context.CancelFunc
}

// sse opens a stream of server-sent events.
func (g *gateway) sse(method, route, body string, header ...string) *sseStream {
	g.t.Helper()
	s, err := g.openSSE(g.context(), method, route, body, header...)
	if err != nil {
		g.t.Fatal(err)
	}
	return s
}

// openSSE fails if the answer is no stream of server-sent events.
func (g *gateway) openSSE(ctx context.Context, method, route, body string, header ...string) (*sseStream, error) {
	g.t.Helper()
	ctx, cancel := context.WithCancel(ctx)
	resp := g.request(ctx, method, route, body, append([]string{"Accept", "text/event-stream"}, header...)...)
	g.t.Cleanup(func() { cancel(); _ = resp.Body.Close() })
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" || resp.Header.Get("Cache-Control") != "no-store" {
		text, _ := io.ReadAll(resp.Body)
		return nil, fmt.Errorf("HTTP %d %v %s", resp.StatusCode, resp.Header, text)
	}
	s := &sseStream{g.t, bufio.NewReader(resp.Body), cancel}
	if got := s.block(); len(got) != 1 || got[0] != "retry: 2000" {
		g.t.Fatalf("the stream starts with %q", got)
	}
	return s, nil
}

// block reads the lines up to an empty one; nil is the end of the stream.
func (s *sseStream) block() (lines []string) {
	s.t.Helper()
	for {
		line, err := s.r.ReadString('\n')
		switch {
		case err == io.EOF && line == "" && lines == nil:
			return nil
		case err != nil:
			s.t.Fatalf("%v after %q", err, append(lines, line))
		case line == "\n":
			return lines
		}
		lines = append(lines, strings.TrimSuffix(line, "\n"))
	}
}

// next waits for an event.
func (s *sseStream) next() (e sseEvent) {
	s.t.Helper()
	lines := s.block()
	for len(lines) == 1 && lines[0] == ":" { // quiet
		lines = s.block()
	}
	fields := []struct {
		prefix string
		to     *string
	}{{"event: ", &e.name}, {"id: ", &e.id}, {"data: ", &e.data}}
	for _, line := range lines {
		for len(fields) > 0 && !strings.HasPrefix(line, fields[0].prefix) {
			fields = fields[1:]
		}
		if len(fields) == 0 {
			s.t.Fatalf("event %q", lines)
		}
		*fields[0].to = strings.TrimPrefix(line, fields[0].prefix)
		fields = fields[1:]
	}
	if e.name == "" || e.name == "error" || !json.Valid([]byte(e.data)) {
		s.t.Fatalf("event %q", lines)
	}
	return e
}

// result waits for an event other than connection.
func (s *sseStream) result() sseEvent {
	s.t.Helper()
	for {
		if e := s.next(); e.name != "connection" {
			return e
		}
	}
}

const counterRoute = "/v1/subscribe?path=counter:get&args="

func counterArgs(name string) string { return url.QueryEscape(`{"name":"` + name + `"}`) }

func TestSSE(t *testing.T) {
	t.Parallel()
	g := start(t)
	byGET := g.sse("GET", counterRoute+counterArgs("s"), "")
	byPOST := g.sse("POST", "/v1/subscribe", `{"path":"counter:get","args":{"name":"s"}}`)
	for _, want := range []string{"0", "1", "2"} {
		for _, s := range []*sseStream{byGET, byPOST} {
			e := s.result()
			event := fromJSON(t, e.data, &gatewayv1.SubscribeResponse{})
			if e.name != "value" || e.id == "" || e.id != event.GetResumeToken() {
				t.Errorf("event %+v", e)
			}
			sameJSON(t, string(mustJSON(t, event.GetValue().AsInterface())), want)
		}
		g.add("s")
	}
}

func mustJSON(t *testing.T, value any) []byte {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestSSEFunctionError(t *testing.T) {
	t.Parallel()
	g := start(t)
	s := g.sse("GET", "/v1/subscribe?path=test:even&args="+counterArgs("e"), "")
	s.result()
	g.add("e")
	e := s.next()
	fe := fromJSON(t, e.data, &gatewayv1.SubscribeResponse{}).GetFunctionError()
	if e.name != "function_error" || e.id == "" || fe.GetReason() != "CONVEX_ERROR" || fe.GetData() == nil {
		t.Errorf("event %+v", e)
	}
	g.add("e")
	if e := s.next(); e.name != "value" {
		t.Errorf("event %+v", e)
	}
}

func TestLastEventID(t *testing.T) {
	t.Parallel()
	g := start(t)
	route := counterRoute + counterArgs("l")
	old := g.sse("GET", route, "").result().id
	for name, s := range map[string]*sseStream{
		"header":    g.sse("GET", route, "", "Last-Event-ID", old),
		"parameter": g.sse("GET", route+"&last_event_id="+old, ""),
		"field":     g.sse("GET", route+"&resume_token="+old, ""),
		"POST":      g.sse("POST", "/v1/subscribe", `{"path":"counter:get","args":{"name":"l"}}`, "Last-Event-ID", old),
	} {
		if e := s.result(); e.name != "unchanged" || e.id == "" {
			t.Errorf("%s: event %+v", name, e)
		}
	}
	open := g.sse("GET", route, "")
	open.result()
	g.add("l")
	if e := open.result(); e.name != "value" { // from here on the gateway has the newer value
		t.Errorf("event %+v", e)
	}
	newer := g.sse("GET", route, "", "Last-Event-ID", old).result()
	if newer.name != "value" {
		t.Errorf("event %+v", newer)
	}
	both := g.sse("GET", route+"&last_event_id="+old, "", "Last-Event-ID", newer.id) // a browser that reconnects
	if e := both.result(); e.name != "unchanged" {
		t.Errorf("the header does not win: %+v", e)
	}
}

func TestNDJSON(t *testing.T) {
	t.Parallel()
	g := start(t)
	resp := g.request(g.context(), "GET", counterRoute+counterArgs("n"), "")
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "application/x-ndjson" {
		t.Fatalf("HTTP %d %v", resp.StatusCode, resp.Header)
	}
	lines := bufio.NewScanner(resp.Body)
	next := func() *gatewayv1.SubscribeResponse {
		for lines.Scan() {
			var line struct {
				Result json.RawMessage `json:"result"`
			}
			if err := json.Unmarshal(lines.Bytes(), &line); err != nil || line.Result == nil {
				t.Fatalf("line %s", lines.Text())
			}
			event := fromJSON(t, string(line.Result), &gatewayv1.SubscribeResponse{})
			if event.GetConnection() == nil {
				return event
			}
		}
		t.Fatalf("the stream ended: %v", lines.Err())
		return nil
	}
	for want := range 3 {
		if event := next(); event.GetValue().GetNumberValue() != float64(want) {
			t.Fatalf("event %v, want %v", event, want)
		}
		g.add("n")
	}
	next()
	go func() { _ = g.stop() }()
	for lines.Scan() { // a connection event may come before the end
		var line struct {
			Error json.RawMessage `json:"error"`
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err == nil && line.Error != nil {
			failure{code: codes.Unavailable, reason: "DRAINING", retry: true}.checkBody(t, string(line.Error))
			return
		}
	}
	t.Error("no error line at the end")
}

// A slow query delays neither the headers nor the first event.
func TestSlowQueryStartsAtOnce(t *testing.T) {
	t.Parallel()
	g := start(t)
	if e := g.sse("GET", "/v1/subscribe?path=test:block", "").next(); e.name != "connection" || e.id != "" {
		t.Errorf("event %+v", e)
	}
	eventually(t, "the query runs", func() bool { return g.dev.Stats().QueryRuns["test:block"] == 1 })
}

// A stream with a deadline ends at it with DEADLINE_EXCEEDED.
func TestStreamDeadline(t *testing.T) {
	t.Parallel()
	g := start(t)
	want := failure{code: codes.DeadlineExceeded, reason: "DEADLINE_EXCEEDED"}
	for range 20 {
		resp := g.request(g.context(), "GET", "/v1/subscribe?path=users:me", "", "Accept", "text/event-stream", "Grpc-Timeout", "100m")
		text, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if resp.StatusCode != http.StatusOK { // it passed before the first event
			want.checkBody(t, string(text))
			continue
		}
		_, last, _ := strings.Cut(string(text), "event: status\ndata: ")
		want.checkBody(t, strings.TrimSuffix(last, "\n\n"))
	}
}

// When a client closes its stream, its subscription ends.
func TestClientCloses(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.Linger = -1 })
	sse := g.sse("POST", "/v1/subscribe", `{"path":"users:me"}`)
	overGRPC := g.subscribe(g.context(), counterQuery("g"))
	sse.next()
	overGRPC.next()
	sse.cancel()
	overGRPC.cancel()
	eventually(t, "the socket is closed", func() bool { return g.dev.Stats().Sockets == 0 })
}

func TestSSEAuthState(t *testing.T) {
	t.Parallel()
	g := start(t)
	s := g.sse("GET", "/v1/auth/state", "", "Authorization", "Bearer "+g.token(deployment.TokenRequest{User: "ada"}))
	for _, want := range []string{"STATE_LOADING", "STATE_AUTHENTICATED"} {
		if e := s.next(); e.name != "auth" || e.id != "" || !strings.Contains(e.data, want) {
			t.Errorf("event %+v, want %s", e, want)
		}
	}
	bad := g.sse("GET", "/v1/auth/state", "", "Authorization", "Bearer a.b.c")
	if e := bad.next(); e.name != "auth" || !strings.Contains(e.data, "STATE_UNAUTHENTICATED") || !strings.Contains(e.data, "MALFORMED") {
		t.Errorf("event %+v", e)
	}
	e := bad.next()
	if e.name != "status" || e.id != "" {
		t.Errorf("event %+v", e)
	}
	failure{code: codes.Unauthenticated, reason: "MALFORMED"}.checkBody(t, e.data)
	if got := bad.block(); got != nil {
		t.Errorf("%q after the status", got)
	}
}
