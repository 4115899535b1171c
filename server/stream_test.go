package server

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// sseEvent is one server-sent event.
type sseEvent struct{ name, id, data string }

// sseStream parses server-sent events, and takes nothing but what the contract says.
type sseStream struct {
	t      *testing.T
	r      *bufio.Reader
	cancel context.CancelFunc
}

// sse opens a stream of server-sent events.
func (g *gateway) sse(method, route, body string, header ...string) *sseStream {
	g.t.Helper()
	ctx, cancel := context.WithCancel(g.context())
	resp := g.request(ctx, method, route, body, append([]string{"Accept", "text/event-stream"}, header...)...)
	g.t.Cleanup(func() { cancel(); _ = resp.Body.Close() })
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" || resp.Header.Get("Cache-Control") != "no-store" {
		text, _ := io.ReadAll(resp.Body)
		g.t.Fatalf("HTTP %d %v %s", resp.StatusCode, resp.Header, text)
	}
	s := &sseStream{g.t, bufio.NewReader(resp.Body), cancel}
	if got := s.block(); len(got) != 1 || got[0] != "retry: 2000" {
		g.t.Fatalf("the stream starts with %q", got)
	}
	return s
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
	if e := open.result(); e.name != "value" { // from here on the gateway knows
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
	for lines.Scan() { // a connection event may stand before the end
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

// A query that takes its time keeps neither headers nor the first event back.
func TestSlowQueryStartsAtOnce(t *testing.T) {
	t.Parallel()
	g := start(t)
	if e := g.sse("GET", "/v1/subscribe?path=test:block", "").next(); e.name != "connection" || e.id != "" {
		t.Errorf("event %+v", e)
	}
	eventually(t, "the query runs", func() bool { return g.dev.Stats().QueryRuns["test:block"] == 1 })
}

// silent is an RPC that says nothing.
func silent(_ any, s grpc.ServerStream) error {
	<-s.Context().Done()
	return s.Context().Err()
}

// Status and headers leave even if there is no event at all.
func TestHeadersLeaveEarly(t *testing.T) {
	t.Parallel()
	g := start(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.Server.rest.newStream(w, r, silent).run()
	}))
	defer server.Close()
	ctx, cancel := context.WithCancel(g.context())
	defer cancel()
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/v1/subscribe", nil)
	req.Header.Set("Accept", "text/event-stream")
	resp, err := g.client.Do(req) // returns once the headers are there
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if got := (&sseStream{t: t, r: bufio.NewReader(resp.Body)}).block(); len(got) != 1 || got[0] != "retry: 2000" {
		t.Errorf("the stream starts with %q", got)
	}
}

// served runs an RPC as a stream, under the bubble's clock, and returns what is sent until the client goes after d.
func served(accept string, d time.Duration, rpc grpc.StreamHandler) *httptest.ResponseRecorder {
	ctx, cancel := context.WithCancel(context.Background())
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/v1/subscribe", nil)
	r.Header.Set("Accept", accept)
	go (&REST{}).newStream(w, r, rpc).run()
	time.Sleep(d) //nolint:forbidigo // the bubble's clock
	cancel()
	synctest.Wait()
	return w
}

// Something is sent in every 15 s, so that proxies keep the connection.
func TestQuietStream(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]string{"text/event-stream": "retry: 2000\n\n:\n\n:\n\n", "*/*": ""} { // NDJSON asks the RPC for heartbeats
		synctest.Test(t, func(t *testing.T) {
			w := served(accept, earlyHeaders+2*quietInterval+time.Second, silent)
			if got := w.Body.String(); got != want || !w.Flushed {
				t.Errorf("%s: %q, want %q", accept, got, want)
			}
		})
	}
}

// An event is as good as a comment.
func TestQuietBeginsWithTheLastEvent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := served("text/event-stream", 30*time.Second, func(_ any, s grpc.ServerStream) error {
			time.Sleep(10 * time.Second) //nolint:forbidigo // the bubble's clock
			if err := s.SendMsg(&gatewayv1.AuthStateResponse{}); err != nil {
				return err
			}
			return silent(nil, s)
		})
		const want = "retry: 2000\n\nevent: auth\ndata: {}\n\n:\n\n" // after 1, 10 and 25 s
		if got := w.Body.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	})
}

// What comes when the handler has returned, from another goroutine or the clock, is not written: the response is another's.
func TestNothingIsWrittenAfterTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var late error
		w := served("text/event-stream", time.Hour, func(_ any, s grpc.ServerStream) error {
			go func() {
				time.Sleep(time.Minute) //nolint:forbidigo // the bubble's clock
				late = s.SendMsg(&gatewayv1.AuthStateResponse{})
			}()
			return s.SendMsg(&gatewayv1.AuthStateResponse{})
		})
		if got := w.Body.String(); got != "retry: 2000\n\nevent: auth\ndata: {}\n\n" || late == nil {
			t.Errorf("%q, and for the late event %v", got, late)
		}
	})
}

// stoppedReader is a connection whose reader has stopped: what is written waits for the deadline of writes.
type stoppedReader struct {
	httptest.ResponseRecorder
	deadline time.Time
	passed   bool // a deadline, while nothing was being written
}

func (w *stoppedReader) SetWriteDeadline(deadline time.Time) error {
	w.passed = w.passed || !w.deadline.IsZero() && w.deadline.Before(time.Now())
	w.deadline = deadline
	return nil
}

func (w *stoppedReader) Write([]byte) (int, error) {
	time.Sleep(time.Until(w.deadline)) //nolint:forbidigo // the bubble's clock
	return 0, os.ErrDeadlineExceeded
}

// A reader that has stopped is given up, and not before a minute has passed.
func TestStoppedReaderIsGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/v1/subscribe", nil)
		began := time.Now()
		var sent error
		(&REST{}).newStream(&stoppedReader{}, r, func(_ any, s grpc.ServerStream) error {
			sent = s.SendMsg(&gatewayv1.AuthStateResponse{})
			return sent
		}).run()
		if took := time.Since(began); !errors.Is(sent, context.Canceled) || took < writeDeadline || took > 2*writeDeadline {
			t.Errorf("%v after %v", sent, took)
		}
	})
}

// quietReader is one to whom nothing is sent.
type quietReader struct{ stoppedReader }

func (w *quietReader) Write(text []byte) (int, error) { return w.ResponseRecorder.Write(text) }

// Over HTTP/2 a deadline of writes that passes ends the stream, so none does however long a stream is quiet.
func TestQuietStreamHasNoDeadline(t *testing.T) {
	t.Parallel()
	for _, accept := range []string{"text/event-stream", "*/*"} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/v1/subscribe", nil)
			r.Header.Set("Accept", accept)
			w := &quietReader{stoppedReader{ResponseRecorder: *httptest.NewRecorder()}}
			(&REST{}).newStream(w, r, silent).run()
			if w.passed || !w.deadline.IsZero() {
				t.Errorf("%s: a deadline has passed: %v; left is %v", accept, w.passed, w.deadline)
			}
		})
	}
}

// A stream with a deadline ends at it, and says why.
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

// A client that goes away takes its subscription with it.
func TestClientGoesAway(t *testing.T) {
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
