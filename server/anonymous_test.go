package server

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"

	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// anonymousCounter subscribes to a counter without the caller's identity.
func anonymousCounter(name string) *gatewayv1.SubscribeRequest {
	req := counterQuery(name)
	req.Anonymous = true
	return req
}

// aUser is a context with the token of a user.
func (g *gateway) aUser(user string) context.Context {
	g.t.Helper()
	return g.as(g.token(deployment.TokenRequest{User: user}))
}

// A thousand users of one anonymous query are one query upstream, without a token, and one run for each write. So they are where all callers
// must have a token.
func TestAnonymousQueriesAreShared(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.RequireAuth, c.MaxUpstreamSockets = true, 1 })
	streams := make([]*subscription, 1000)
	for i := range streams {
		streams[i] = g.subscribe(g.aUser(fmt.Sprint("user", i)), anonymousCounter("a"))
	}
	if err := haveValue("0", streams...); err != nil {
		t.Fatal(err)
	}
	g.straight("mutation", "counter:add", `{"name":"a"}`)
	for _, s := range streams {
		if event := s.next(); event.GetIdentityTag() != "" || string(event.GetValueJson()) == "" {
			t.Fatalf("event %v", event)
		}
	}
	if n := g.Server.live.Stats().Queries; n != 1 {
		t.Errorf("%d live queries", n)
	}
	if stats := g.dev.Stats(); stats.SocketsOpened != 1 || stats.Authenticates != 0 || stats.QueryRuns["counter:get"] != 2 {
		t.Errorf("%d sockets, %d Authenticate messages, %d runs", stats.SocketsOpened, stats.Authenticates, stats.QueryRuns["counter:get"])
	}
}

// An anonymous query sees nobody, beside queries of its caller, which do.
func TestAnonymousQueriesSeeNobody(t *testing.T) {
	t.Parallel()
	g := start(t)
	ada := g.aUser("ada")
	for range 2 { // also where the other has been asked already
		for _, anonymous := range []bool{true, false} {
			resp, err := g.functions.Query(ada, &gatewayv1.QueryRequest{Path: "users:me", Anonymous: anonymous})
			if err != nil {
				t.Fatal(err)
			}
			event := result(g.subscribe(ada, &gatewayv1.SubscribeRequest{Path: "users:me", Anonymous: anonymous}))
			for _, value := range []string{resp.GetValue().String(), event.GetValue().String()} {
				if sees := strings.Contains(value, "user_ada"); sees == anonymous {
					t.Errorf("anonymous %v: %s", anonymous, value)
				}
			}
			if (event.GetIdentityTag() == "") != anonymous {
				t.Errorf("anonymous %v: tag %q", anonymous, event.GetIdentityTag())
			}
		}
	}
	if stats := g.dev.Stats(); stats.SocketsOpened != 2 || stats.Authenticates != 1 {
		t.Errorf("%d sockets, %d Authenticate messages", stats.SocketsOpened, stats.Authenticates)
	}
}

// The credential of an anonymous query's caller counts as that of any call.
func TestAnonymousQueriesNeedTheirCallersCredential(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.RequireAuth = true })
	for reason, ctx := range map[string]context.Context{"NO_CREDENTIALS": g.context(), "MALFORMED": g.as("a.b.c")} {
		want := unauthenticated(reason)
		stream := g.subscribe(ctx, anonymousCounter("a"))
		want.checkStatus(t, stream.end(), stream.Trailer())
		var trailer metadata.MD
		_, err := g.functions.Query(ctx, &gatewayv1.QueryRequest{Path: "users:me", Anonymous: true}, grpc.Trailer(&trailer))
		want.checkStatus(t, err, trailer)
	}
	if stats := g.dev.Stats(); len(stats.HTTPCalls)+stats.SocketsOpened != 0 {
		t.Errorf("the deployment was asked: %+v", stats)
	}
}

// Streams of anonymous queries end with their callers' sign-in, and only those.
func TestAnonymousQueriesEndWithTheSignIn(t *testing.T) {
	t.Parallel()
	g := start(t)
	token := g.token(deployment.TokenRequest{User: "ada"})
	ada, bob, nobody := g.subscribe(g.as(token), anonymousCounter("a")), g.subscribe(g.aUser("bob"), anonymousCounter("a")), g.subscribe(g.context(), anonymousCounter("a"))
	if err := haveValue("0", ada, bob, nobody); err != nil {
		t.Fatal(err)
	}
	if _, err := g.auth.SignOut(g.as(token), &gatewayv1.SignOutRequest{}); err != nil {
		t.Fatal(err)
	}
	unauthenticated("SIGNED_OUT").checkStatus(t, ada.end(), ada.Trailer())
	var expires *subscription
	whileAlive(t, 4*time.Second, func(lifetime time.Duration) error {
		expires = g.subscribe(g.as(g.token(deployment.TokenRequest{User: "carl", TTL: lifetime})), anonymousCounter("a"))
		return haveValue("0", expires)
	})
	unauthenticated("TOKEN_EXPIRED").checkStatus(t, expires.end(), expires.Trailer())
	g.add("a")
	wantValue(t, bob.next(), "1")
	wantValue(t, nobody.next(), "1")
}

// A newer token extends a stream, also one with other claims: the results are the same, and not sent again.
func TestAnonymousQueriesOutliveTheirToken(t *testing.T) {
	t.Parallel()
	g := start(t)
	var stream *subscription
	whileAlive(t, 4*time.Second, func(lifetime time.Duration) error {
		req := anonymousCounter("a")
		req.RefreshKey = testKey + lifetime.String()
		stream = g.subscribe(g.as(g.ada("org_1", lifetime)), req)
		if err := haveValue("0", stream); err != nil {
			return err
		}
		for i, org := range []string{"org_1", "org_2"} {
			newer := g.as(g.ada(org, time.Duration(i+1)*time.Minute))
			if resp, err := g.auth.RefreshAuth(newer, &gatewayv1.RefreshAuthRequest{RefreshKey: req.RefreshKey}); err != nil || resp.GetAdoptedStreams() != 1 {
				return fmt.Errorf("%v, %w", resp, err)
			}
		}
		return nil
	})
	expired := g.subscribe(g.as(g.ada("org_1", 3*time.Second)), anonymousCounter("a")) // when it ends, the first token of stream has expired or soon does
	_, _ = expired.until(func(*gatewayv1.SubscribeResponse) bool { return false })
	g.add("a")
	wantValue(t, stream.next(), "1")
	if stats := g.dev.Stats(); stats.SocketsOpened != 1 || stats.Authenticates != 0 {
		t.Errorf("%d sockets, %d Authenticate messages", stats.SocketsOpened, stats.Authenticates)
	}
}

// Limits count the streams of anonymous queries as their callers'.
func TestAnonymousQueriesCountAsTheirCallers(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.MaxStreamsPerCaller = 2 })
	ada := g.aUser("ada")
	if err := haveValue("0", g.subscribe(ada, anonymousCounter("a")), g.subscribe(ada, counterQuery("a"))); err != nil {
		t.Fatal(err)
	}
	third := g.subscribe(ada, anonymousCounter("a"))
	failure{code: codes.ResourceExhausted, reason: "TOO_MANY_STREAMS", http: 429, retry: true}.checkStatus(t, third.end(), third.Trailer())
	bob := g.aUser("bob")
	if err := haveValue("0", g.subscribe(bob, anonymousCounter("a")), g.subscribe(bob, anonymousCounter("a"))); err != nil {
		t.Error(err)
	}
}

// A resume token of an anonymous query is none of its caller's own, and the other way round; it is any anonymous caller's.
func TestAnonymousResumeTokens(t *testing.T) {
	t.Parallel()
	g := start(t)
	ada, bob := g.aUser("ada"), g.aUser("bob")
	of := func(ctx context.Context, req *gatewayv1.SubscribeRequest, token string) *gatewayv1.SubscribeResponse {
		req.ResumeToken = token
		return result(g.subscribe(ctx, req))
	}
	own := of(ada, counterQuery("r"), "").GetResumeToken()
	anonymous := of(ada, anonymousCounter("r"), "").GetResumeToken()
	wantValue(t, of(ada, counterQuery("r"), anonymous), "0")
	wantValue(t, of(ada, anonymousCounter("r"), own), "0")
	for name, event := range map[string]*gatewayv1.SubscribeResponse{
		"its caller": of(ada, anonymousCounter("r"), anonymous), "another user": of(bob, anonymousCounter("r"), anonymous),
		"nobody": of(g.context(), counterQuery("r"), anonymous), "nobody who asks for it": of(g.context(), anonymousCounter("r"), anonymous),
	} {
		if event.GetUnchanged() == nil {
			t.Errorf("%s: %v", name, event)
		}
	}
}

// The operator's public functions are anonymous without being asked for it, and other queries and functions are not.
func TestPublicFunctions(t *testing.T) {
	t.Parallel()
	public := func(c *Config) { c.PublicFunctions = []string{"users:*", "messages:send"} }
	g := start(t, public)
	ada := g.aUser("ada")
	resp, err := g.functions.Query(ada, &gatewayv1.QueryRequest{Path: "users.js:me"})
	if err != nil || strings.Contains(resp.String(), "ada") {
		t.Errorf("%v, %v", resp, err)
	}
	if event := result(g.subscribe(ada, &gatewayv1.SubscribeRequest{Path: "users:me"})); event.GetIdentityTag() != "" || strings.Contains(event.String(), "ada") {
		t.Errorf("%v", event)
	}
	if event := result(g.subscribe(ada, counterQuery("a"))); event.GetIdentityTag() == "" {
		t.Errorf("%v", event)
	}
	if _, err := g.functions.Mutate(ada, &gatewayv1.MutateRequest{Path: "messages:send", ArgsJson: []byte(`{"body":"hello"}`)}); err != nil {
		t.Fatal(err)
	}
	if list := g.straight("query", "messages:list", `{}`); !strings.Contains(list, `"author":"ada"`) {
		t.Errorf("the mutation ran without its caller: %s", list)
	}
	if err := (Config{PublicFunctions: []string{"catalog"}}).Validate(); err == nil || !strings.Contains(err.Error(), "PublicFunctions") {
		t.Errorf("%v", err)
	}
}
