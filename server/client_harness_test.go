package server

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"convexgateway/convex"
	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// The clients of the tests: calls and streams over gRPC, requests over HTTP, and what they wait for and compare.

// context ends with the test, at the latest after testLife.
func (g *gateway) context() context.Context {
	ctx, cancel := context.WithTimeout(g.t.Context(), testLife)
	g.t.Cleanup(cancel)
	return ctx
}

// as is a context whose calls carry a token.
func (g *gateway) as(token string) context.Context {
	return withToken(g.context(), token)
}

func withToken(ctx context.Context, token string) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+token)
}

// token makes a token of the deployment's issuer, for ten minutes unless the request says how long.
func (g *gateway) token(request deployment.TokenRequest) string {
	g.t.Helper()
	request.TTL = cmp.Or(request.TTL, 10*time.Minute)
	token, err := g.dev.Token(request)
	if err != nil {
		g.t.Fatal(err)
	}
	return g.keep(token)
}

// response is a response of Query, Mutate or Action.
type response interface {
	proto.Message
	GetValueJson() []byte
	GetLogLines() []string
}

// call runs a function over gRPC, in the JSON lane.
func (g *gateway) call(ctx context.Context, kind convex.Kind, path, args string, opts ...grpc.CallOption) (response, error) {
	const format = gatewayv1.ValueFormat_VALUE_FORMAT_JSON
	switch kind {
	case convex.Query:
		return g.functions.Query(ctx, &gatewayv1.QueryRequest{Path: path, ArgsJson: []byte(args), ValueFormat: format}, opts...)
	case convex.Mutation:
		return g.functions.Mutate(ctx, &gatewayv1.MutateRequest{Path: path, ArgsJson: []byte(args), ValueFormat: format}, opts...)
	default:
		return g.functions.Action(ctx, &gatewayv1.ActionRequest{Path: path, ArgsJson: []byte(args), ValueFormat: format}, opts...)
	}
}

// mustCall runs a function over gRPC and returns its value's JSON text.
func (g *gateway) mustCall(ctx context.Context, kind convex.Kind, path, args string) string {
	g.t.Helper()
	resp, err := g.call(ctx, kind, path, args)
	if err != nil {
		g.t.Fatalf("%s: %v", path, err)
	}
	return canonicalText(g.t, resp.GetValueJson())
}

// canonicalText is the form in which values are compared: deployments write a whole float as 1.0.
func canonicalText(t *testing.T, text []byte) string {
	t.Helper()
	c, err := convex.Canonical(text)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return string(c)
}

// add changes a counter.
func (g *gateway) add(name string) {
	g.t.Helper()
	g.mustCall(g.context(), convex.Mutation, "counter:add", fmt.Sprintf(`{"name":%q}`, name))
}

// restRoute is the route of a kind of function.
func restRoute(kind convex.Kind) string {
	return [...]string{"/v1/query", "/v1/mutate", "/v1/action"}[kind]
}

// answer is an HTTP response with its whole body.
type answer struct {
	status int
	header http.Header
	body   string
	took   time.Duration
}

// lateStatus returns the google.rpc.Status that ended a stream if its headers were sent before, which happens after a second,
// as on a busy machine.
func (a answer) lateStatus() (body string, late bool) {
	if a.status != http.StatusOK || a.took < time.Second {
		return "", false
	}
	lines := strings.Split(strings.TrimSpace(a.body), "\n")
	last := lines[len(lines)-1]
	if data, sse := strings.CutPrefix(last, "data: "); sse {
		return data, true
	}
	status, ndjson := strings.CutPrefix(last, `{"error":`)
	return strings.TrimSuffix(status, "}"), ndjson
}

// request makes an HTTP request to the gateway.
func (g *gateway) request(ctx context.Context, method, route, body string, header ...string) *http.Response {
	g.t.Helper()
	scheme := "http://"
	if g.cfg.TLSCert != "" {
		scheme = "https://"
	}
	return g.do(ctx, method, scheme+g.HTTPAddr()+route, body, header...)
}

// do makes an HTTP request; header alternates names and values.
func (g *gateway) do(ctx context.Context, method, url, body string, header ...string) *http.Response {
	g.t.Helper()
	r, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		g.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	resp, err := g.client.Do(r)
	if err != nil {
		g.t.Fatal(err)
	}
	return resp
}

// rest makes an HTTP request and reads the answer.
func (g *gateway) rest(method, route, body string, header ...string) answer {
	g.t.Helper()
	began := time.Now()
	return g.read(g.request(g.context(), method, route, body, header...), began)
}

// fromAdmin gets a page of the admin port.
func (g *gateway) fromAdmin(route string) answer {
	g.t.Helper()
	began := time.Now()
	return g.read(g.do(g.context(), http.MethodGet, "http://"+g.AdminAddr()+route, ""), began)
}

func (g *gateway) read(resp *http.Response, began time.Time) answer {
	g.t.Helper()
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		g.t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(text), time.Since(began)}
}

// straight calls a function over the deployment's own HTTP API, without the gateway, and returns the answer's body.
func (g *gateway) straight(kind, path, args string) string {
	g.t.Helper()
	body := fmt.Sprintf(`{"path":%q,"args":%s,"format":"convex_encoded_json"}`, path, args)
	began := time.Now()
	got := g.read(g.do(g.context(), http.MethodPost, g.dev.URL()+"/api/"+kind, body, "Content-Type", "application/json"), began)
	if got.status != http.StatusOK {
		g.t.Fatalf("deployment: %d %s", got.status, got.body)
	}
	return got.body
}

// eventStream is the receiving end of a stream.
type eventStream[Event any] struct {
	t *testing.T
	grpc.ServerStreamingClient[Event]
	cancel context.CancelFunc
}

// subscription is a Subscribe stream.
type subscription = eventStream[gatewayv1.SubscribeResponse]

// authStates is an AuthState stream.
type authStates = eventStream[gatewayv1.AuthStateResponse]

// subscribe opens a Subscribe stream.
func (g *gateway) subscribe(ctx context.Context, req *gatewayv1.SubscribeRequest) *subscription {
	g.t.Helper()
	ctx, cancel := context.WithCancel(ctx)
	stream, err := g.functions.Subscribe(ctx, req)
	if err != nil {
		g.t.Fatal(err)
	}
	return &subscription{g.t, stream, cancel}
}

// admits reports whether a Subscribe stream can be opened now.
func (g *gateway) admits(ctx context.Context, req *gatewayv1.SubscribeRequest) bool {
	g.t.Helper()
	stream := g.subscribe(ctx, req)
	defer stream.cancel()
	_, err := stream.Recv()
	return err == nil
}

// authState opens an AuthState stream.
func (g *gateway) authState(ctx context.Context, req *gatewayv1.AuthStateRequest) *authStates {
	g.t.Helper()
	ctx, cancel := context.WithCancel(ctx)
	stream, err := g.auth.AuthState(ctx, req)
	if err != nil {
		g.t.Fatal(err)
	}
	return &authStates{g.t, stream, cancel}
}

// next waits for an event.
func (s *eventStream[Event]) next() *Event {
	s.t.Helper()
	event, err := s.Recv()
	if err != nil {
		s.t.Fatalf("the stream ended: %v", err)
	}
	return event
}

// end waits for the stream's end and returns its error. Any event before it fails the test.
func (s *eventStream[Event]) end() error {
	s.t.Helper()
	event, err := s.Recv()
	if err == nil {
		s.t.Fatalf("event %v instead of the end", event)
	}
	return err
}

// until reads events up to one that is wanted, or the stream's end.
func (s *eventStream[Event]) until(wanted func(*Event) bool) (*Event, error) {
	for {
		if event, err := s.Recv(); err != nil || wanted(event) {
			return event, err
		}
	}
}

// nextThat waits for an event that is wanted.
func (s *eventStream[Event]) nextThat(wanted func(*Event) bool) *Event {
	s.t.Helper()
	event, err := s.until(wanted)
	if err != nil {
		s.t.Fatalf("the stream ended: %v", err)
	}
	return event
}

func isResult(event *gatewayv1.SubscribeResponse) bool { return event.GetConnection() == nil }

// result waits for an event other than connection.
func result(s *subscription) *gatewayv1.SubscribeResponse {
	s.t.Helper()
	return s.nextThat(isResult)
}

// haveValue waits for the first result of each stream. Unless it is that value, as JSON text, the test has failed; an error is
// the end of a stream.
func haveValue(want string, streams ...*subscription) error {
	for _, s := range streams {
		first, err := s.until(isResult)
		if err != nil {
			return err
		}
		wantValue(s.t, first, want)
	}
	return nil
}

// hasState is a condition for events of AuthState.
func hasState(state gatewayv1.AuthStateResponse_State, refreshing bool) func(*gatewayv1.AuthStateResponse) bool {
	return func(event *gatewayv1.AuthStateResponse) bool {
		return event.GetState() == state && event.GetRefreshing() == refreshing
	}
}

var isAuthenticated = hasState(gatewayv1.AuthStateResponse_STATE_AUTHENTICATED, false)

// untilState waits for an event with that state.
func untilState(s *authStates, state gatewayv1.AuthStateResponse_State, refreshing bool) *gatewayv1.AuthStateResponse {
	s.t.Helper()
	return s.nextThat(hasState(state, refreshing))
}

// counterQuery subscribes to a counter.
func counterQuery(name string) *gatewayv1.SubscribeRequest {
	return &gatewayv1.SubscribeRequest{
		Path: "counter:get", ArgsJson: fmt.Appendf(nil, `{"name":%q}`, name), ValueFormat: gatewayv1.ValueFormat_VALUE_FORMAT_JSON,
	}
}

// wantValue fails the test unless the event is that value, as JSON text.
func wantValue(t *testing.T, event *gatewayv1.SubscribeResponse, want string) {
	t.Helper()
	if text := event.GetValueJson(); len(text) == 0 || canonicalText(t, text) != want {
		t.Fatalf("event %v, want value %s", event, want)
	}
}

// whileAlive is withinLifetime, whose error fails the test.
func whileAlive(t *testing.T, lifetime time.Duration, steps func(lifetime time.Duration) error) {
	t.Helper()
	if err := withinLifetime(lifetime, steps); err != nil {
		t.Fatal(err)
	}
}

// leftForStreams is how long a token must last when it opens a stream; see package auth.
const leftForStreams = 2 * time.Second

// withinLifetime runs steps that open streams with a token that soon expires. They make one of the lifetime that they get, in
// whole seconds. If they take longer than that, as they may on a busy machine, they run again with twice the lifetime, and what
// they did before must not count then. It returns the error of steps that were in time.
func withinLifetime(lifetime time.Duration, steps func(lifetime time.Duration) error) error {
	for end := time.Now().Add(4 * patience); time.Now().Before(end); lifetime *= 2 {
		began := time.Now()
		err := steps(lifetime)
		if time.Now().Before(began.Truncate(time.Second).Add(lifetime - leftForStreams)) { // exp is in whole seconds
			return err
		}
	}
	return fmt.Errorf("the steps took longer than %v", lifetime/2)
}

// eventually polls until a condition holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for ; !holds(); <-tick.C {
		select {
		case <-deadline.C:
			t.Fatalf("not in time: %s", what)
		default:
		}
	}
}

// sameJSON fails the test unless both texts are the same JSON value.
func sameJSON(t *testing.T, got, want string) {
	t.Helper()
	if g, w := compact(t, got), compact(t, want); g != w {
		t.Fatalf("got  %s\nwant %s", g, w)
	}
}

func compact(t *testing.T, text string) string {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatalf("not JSON: %v: %s", err, text)
	}
	again, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(again)
}

// fromJSON reads a message from proto JSON.
func fromJSON[M proto.Message](t *testing.T, text string, m M) M {
	t.Helper()
	if err := protojson.Unmarshal([]byte(text), m); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return m
}

// hangUp drops a fake deployment's connection without an answer.
func hangUp(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(errors.New("the fake deployment cannot hang up"))
	}
	_ = conn.Close()
}
