package server

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/durationpb"

	"convexgateway/convex"
	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/internal/freeport"
)

func TestSubscribeStartsAtOnce(t *testing.T) {
	t.Parallel()
	g := start(t)
	first := g.subscribe(g.context(), counterQuery("a"))
	wantValue(t, result(first), "0")
	second := g.subscribe(g.context(), counterQuery("a"))
	wantValue(t, second.next(), "0") // from the cache
	blocked := g.subscribe(g.context(), &gatewayv1.SubscribeRequest{Path: "test:block"})
	if event := blocked.next(); event.GetConnection().GetState() == gatewayv1.Connection_STATE_UNSPECIFIED {
		t.Errorf("event %v, want connection", event)
	}
}

// However a write reaches the deployment, it makes one event.
func TestOneValueForEachChange(t *testing.T) {
	t.Parallel()
	g := start(t)
	stream := g.subscribe(g.context(), counterQuery("n"))
	wantValue(t, result(stream), "0")
	for i, write := range []func(){
		func() { g.add("n") },
		func() { g.rest("POST", "/v1/mutate", `{"path":"counter:add","args":{"name":"n"}}`) },
		func() { g.straight("mutation", "counter:add", `{"name":"n"}`) },
	} {
		write()
		event := stream.next()
		wantValue(t, event, fmt.Sprint(i+1))
		if event.GetResumeToken() == "" || event.GetReadTime() == nil || event.GetIdentityTag() != "" {
			t.Errorf("event %v", event)
		}
	}
}

func TestOthersWritesAreSilent(t *testing.T) {
	t.Parallel()
	g := start(t)
	stream := g.subscribe(g.context(), &gatewayv1.SubscribeRequest{
		Path: "messages:list", ArgsJson: []byte(`{"channel":"mine"}`), ValueFormat: gatewayv1.ValueFormat_VALUE_FORMAT_JSON,
	})
	wantValue(t, result(stream), "[]")
	for range 3 {
		g.straight("mutation", "messages:send", `{"channel":"other","body":"noise"}`)
	}
	g.straight("mutation", "messages:send", `{"channel":"mine","body":"sentinel"}`)
	if got := string(stream.next().GetValueJson()); !strings.Contains(got, "sentinel") {
		t.Errorf("event %s", got)
	}
	if runs := g.dev.Stats().QueryRuns["messages:list"]; runs != 2 {
		t.Errorf("the query ran %d times", runs)
	}
}

// A function's error is an event, and the stream goes on with the next value.
func TestStreamGoesOnAfterAFunctionError(t *testing.T) {
	t.Parallel()
	g := start(t)
	for _, format := range []gatewayv1.ValueFormat{gatewayv1.ValueFormat_VALUE_FORMAT_STRUCT, gatewayv1.ValueFormat_VALUE_FORMAT_JSON} {
		t.Run(format.String(), func(t *testing.T) {
			name := format.String()
			stream := g.subscribe(g.context(), &gatewayv1.SubscribeRequest{
				Path: "test:even", ArgsJson: fmt.Appendf(nil, `{"name":%q}`, name), ValueFormat: format,
			})
			result(stream)
			g.add(name)
			event := stream.next()
			fe := event.GetFunctionError()
			if fe.GetReason() != "CONVEX_ERROR" || fe.GetCode() != int32(codes.OutOfRange) || event.GetResumeToken() == "" {
				t.Fatalf("event %v", event)
			}
			if inJSON := format == gatewayv1.ValueFormat_VALUE_FORMAT_JSON; (fe.GetData() == nil) != inJSON || (fe.DataJson != nil) != inJSON {
				t.Errorf("data in the wrong value format: %v", fe)
			}
			g.add(name)
			if event := stream.next(); event.GetFunctionError() != nil || event.GetConnection() != nil {
				t.Errorf("event %v, want the value 2", event)
			}
		})
	}
	missing := g.subscribe(g.context(), &gatewayv1.SubscribeRequest{Path: "no:such"})
	if got := result(missing).GetFunctionError().GetReason(); got != "FUNCTION_NOT_FOUND" {
		t.Errorf("missing function: %s", got)
	}
}

func TestBadSubscription(t *testing.T) {
	t.Parallel()
	g := start(t)
	for name, test := range map[string]struct {
		req    *gatewayv1.SubscribeRequest
		reason string
	}{
		"path":            {&gatewayv1.SubscribeRequest{Path: "a b"}, "INVALID_PATH"},
		"arguments":       {&gatewayv1.SubscribeRequest{Path: "a:b", ArgsJson: []byte(`[]`)}, "INVALID_VALUE"},
		"short heartbeat": {&gatewayv1.SubscribeRequest{Path: "a:b", Heartbeat: &durationpb.Duration{Seconds: 4, Nanos: 999_999_999}}, "INVALID_VALUE"},
		"long heartbeat":  {&gatewayv1.SubscribeRequest{Path: "a:b", Heartbeat: &durationpb.Duration{Seconds: 300, Nanos: 1}}, "INVALID_VALUE"},
		"odd heartbeat":   {&gatewayv1.SubscribeRequest{Path: "a:b", Heartbeat: &durationpb.Duration{Seconds: 1 << 60}}, "INVALID_VALUE"},
		"weak key":        {&gatewayv1.SubscribeRequest{Path: "a:b", RefreshKey: strings.Repeat("k", 21)}, "INVALID_VALUE"},
		"long key":        {&gatewayv1.SubscribeRequest{Path: "a:b", RefreshKey: strings.Repeat("k", 257)}, "INVALID_VALUE"},
		"garbled token":   {&gatewayv1.SubscribeRequest{Path: "a:b", ResumeToken: "not base64!"}, "INVALID_VALUE"},
		"short token":     {&gatewayv1.SubscribeRequest{Path: "a:b", ResumeToken: "AQAA"}, "INVALID_VALUE"},
		"long token":      {&gatewayv1.SubscribeRequest{Path: "a:b", ResumeToken: strings.Repeat("A", 257)}, "INVALID_VALUE"},
	} {
		t.Run(name, func(t *testing.T) {
			stream := g.subscribe(g.context(), test.req)
			failure{code: codes.InvalidArgument, reason: test.reason}.checkStatus(t, stream.end(), stream.Trailer())
		})
	}
	for _, d := range []*durationpb.Duration{nil, {}, {Seconds: 5}, {Seconds: 300}} {
		result(g.subscribe(g.context(), &gatewayv1.SubscribeRequest{Path: "users:me", Heartbeat: d}))
	}
	if opened := g.dev.Stats().SocketsOpened; opened != 1 {
		t.Errorf("%d sockets", opened)
	}
}

func TestResume(t *testing.T) {
	t.Parallel()
	g := start(t)
	first := result(g.subscribe(g.context(), counterQuery("r")))
	wantValue(t, first, "0")
	resume := func(ctx context.Context, token string) *subscription {
		req := counterQuery("r")
		req.ResumeToken = token
		return g.subscribe(ctx, req)
	}
	same := resume(g.context(), first.GetResumeToken())
	event := result(same)
	if event.GetUnchanged() == nil || event.GetResumeToken() == "" || event.GetReadTime() == nil {
		t.Errorf("event %v, want unchanged", event)
	}
	g.add("r")
	wantValue(t, result(same), "1") // only the first is compared
	changed := result(resume(g.context(), first.GetResumeToken()))
	wantValue(t, changed, "1")

	ada := g.as(g.token(deployment.TokenRequest{User: "ada"}))
	wantValue(t, result(resume(ada, changed.GetResumeToken())), "1") // another identity's
	otherQuery := counterQuery("other")
	otherQuery.ResumeToken = first.GetResumeToken()
	wantValue(t, result(g.subscribe(g.context(), otherQuery)), "0")
	fromTheFuture := forgedResumeToken()
	wantValue(t, result(resume(g.context(), fromTheFuture)), "1") // held back, but not for long
	wantValue(t, result(resume(g.context(), "_w")), "1")          // an unknown version is ignored
}

// A resume token is valid on every replica, and a forged time in one affects its sender only.
func TestResumeOnAnotherReplica(t *testing.T) {
	t.Parallel()
	g := start(t)
	g.add("r")
	first := result(g.subscribe(g.context(), counterQuery("r")))
	replica := startBefore(t, g.dev)
	forger := counterQuery("r")
	forger.ResumeToken = forgedResumeToken()
	wantValue(t, result(replica.subscribe(replica.context(), forger)), "1")
	g.dev.CutSockets() // a forged time must not reach the first message of the new socket
	req := counterQuery("r")
	req.ResumeToken = first.GetResumeToken()
	stream := replica.subscribe(replica.context(), req)
	if event := result(stream); event.GetUnchanged() == nil {
		t.Errorf("event %v, want unchanged", event)
	}
	g.add("r")
	wantValue(t, result(stream), "2")
}

// Equal subscriptions share one query on one socket.
func TestSubscribersShare(t *testing.T) {
	t.Parallel()
	g := start(t)
	var streams []*subscription
	for i := range 50 {
		req := counterQuery("shared")
		if i%2 == 1 {
			req.ValueFormat = gatewayv1.ValueFormat_VALUE_FORMAT_STRUCT
			req.ArgsJson = []byte(` { "name" : "sh\u0061red" } `) // equal in canonical form
		}
		streams = append(streams, g.subscribe(g.context(), req))
	}
	for _, stream := range streams {
		result(stream)
	}
	g.add("shared")
	for i, stream := range streams {
		event := stream.next()
		if got := event.GetValue().GetNumberValue(); i%2 == 1 && got != 1 {
			t.Errorf("stream %d: %v", i, event)
		} else if i%2 == 0 {
			wantValue(t, event, "1")
		}
	}
	stats := g.dev.Stats()
	if stats.SocketsOpened != 1 || stats.QueryRuns["counter:get"] != 2 {
		t.Errorf("%d sockets, %d runs for 50 subscribers and one change", stats.SocketsOpened, stats.QueryRuns["counter:get"])
	}
}

func TestIdentitiesAreApart(t *testing.T) {
	t.Parallel()
	g := start(t)
	me := &gatewayv1.SubscribeRequest{Path: "users:me"}
	tags := map[string]bool{}
	for _, user := range []string{"ada", "bob", ""} {
		ctx, want := g.context(), ""
		if user != "" {
			ctx, want = g.as(g.token(deployment.TokenRequest{User: user})), "user_"+user
		}
		event := result(g.subscribe(ctx, me))
		if got := event.GetValue().GetStructValue().GetFields()["subject"].GetStringValue(); got != want {
			t.Errorf("%s got the data of %s", user, got)
		}
		if tag := event.GetIdentityTag(); tags[tag] || (tag == "") != (user == "") {
			t.Errorf("%s: tag %q", user, tag)
		}
		tags[event.GetIdentityTag()] = true
	}
	if opened := g.dev.Stats().SocketsOpened; opened != 3 {
		t.Errorf("%d sockets for three identities", opened)
	}
}

// Two tokens of one sign-in are one identity, although some claims differ.
func TestTokensOfOneSessionShare(t *testing.T) {
	t.Parallel()
	g := start(t)
	for range 2 {
		result(g.subscribe(g.as(g.token(deployment.TokenRequest{User: "ada"})), &gatewayv1.SubscribeRequest{Path: "users:me"}))
	}
	if stats := g.dev.Stats(); stats.SocketsOpened != 1 || stats.QueryRuns["users:me"] != 1 {
		t.Errorf("%+v", stats)
	}
}

func TestDeploymentRestarts(t *testing.T) {
	t.Parallel()
	cfg := deployment.Config{Addr: freeport.Addr(), Store: deployment.NewStore()}
	g := startBefore(t, startDeployment(t, cfg))
	stream := g.subscribe(g.context(), counterQuery("x"))
	wantValue(t, result(stream), "0")
	g.add("x")
	wantValue(t, stream.next(), "1")

	_ = g.dev.Close()
	if state := stream.next().GetConnection().GetState(); state != gatewayv1.Connection_STATE_RECONNECTING {
		t.Fatalf("state %v, want RECONNECTING", state)
	}
	late := g.subscribe(g.context(), counterQuery("x"))
	if state := late.next().GetConnection().GetState(); state != gatewayv1.Connection_STATE_RECONNECTING {
		t.Errorf("a late subscriber sees %v first", state)
	}
	wantValue(t, late.next(), "1") // the last value

	g.dev = startDeployment(t, cfg)
	for _, s := range []*subscription{stream, late} {
		if state := s.next().GetConnection().GetState(); state != gatewayv1.Connection_STATE_CONNECTED {
			t.Fatalf("state %v, want CONNECTED", state)
		}
	}
	g.mustCall(g.context(), convex.Mutation, "counter:add", `{"name":"x"}`)
	wantValue(t, stream.next(), "2") // and not 1 again
	wantValue(t, late.next(), "2")
}

// No write is lost when connections are cut.
func TestSocketsAreCut(t *testing.T) {
	t.Parallel()
	g := start(t)
	stream := g.subscribe(g.context(), counterQuery("c"))
	wantValue(t, result(stream), "0")
	for i := range 3 {
		g.dev.CutSockets()
		g.straight("mutation", "counter:add", `{"name":"c"}`)
		wantValue(t, result(stream), fmt.Sprint(i+1))
	}
}

// When the deployment has been unreachable for some time, new streams fail at once, and open ones wait for it.
func TestNewStreamsFailFast(t *testing.T) {
	t.Parallel()
	cfg := deployment.Config{Addr: freeport.Addr(), Store: deployment.NewStore()}
	g := startBefore(t, startDeployment(t, cfg), func(c *Config) { c.FailFastAfter = 50 * time.Millisecond })
	old := g.subscribe(g.context(), counterQuery("x"))
	wantValue(t, result(old), "0")
	_ = g.dev.Close()
	want := failure{code: codes.Unavailable, reason: "DEPLOYMENT_UNAVAILABLE", http: 503, retry: true}
	eventually(t, "a new stream is refused", func() bool {
		stream := g.subscribe(g.context(), counterQuery("x"))
		defer stream.cancel()
		_, err := stream.Recv()
		if err != nil {
			want.checkStatus(t, err, stream.Trailer())
		}
		return err != nil
	})
	g.dev = startDeployment(t, cfg)
	g.straight("mutation", "counter:add", `{"name":"x"}`)
	wantValue(t, result(old), "1")
}

// The deployment is sent the token of the first stream of a session. When that token expires, the other streams go on.
func TestFirstTokenExpires(t *testing.T) {
	t.Parallel()
	g := start(t)
	var user string
	var first, second *subscription
	whileAlive(t, 4*time.Second, func(lifetime time.Duration) error {
		user = fmt.Sprint("ada", lifetime.Milliseconds()) // one whose session has no other token
		first = g.subscribe(g.as(g.token(deployment.TokenRequest{User: user, TTL: lifetime})), counterQuery("x"))
		if err := haveValue("0", first); err != nil {
			return err
		}
		second = g.subscribe(g.as(g.token(deployment.TokenRequest{User: user, TTL: time.Minute})), counterQuery("x"))
		return haveValue("0", second)
	})
	want := failure{code: codes.Unauthenticated, reason: "TOKEN_EXPIRED"}
	want.checkStatus(t, first.end(), first.Trailer())
	for i := range 2 { // the deployment checks tokens when it runs queries
		g.straight("mutation", "counter:add", `{"name":"x"}`)
		wantValue(t, result(second), fmt.Sprint(i+1))
	}
	late := g.subscribe(g.as(g.token(deployment.TokenRequest{User: user})), counterQuery("x"))
	wantValue(t, result(late), "2")
}

// forgedResumeToken has a read time far ahead: version, hash, and time in ns since 1970.
func forgedResumeToken() string {
	token := append([]byte{1, 1}, make([]byte, 15)...)
	return base64.RawURLEncoding.EncodeToString(binary.BigEndian.AppendUint64(token, 1<<62))
}
