package server

import (
	"encoding/base64"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"

	"convexgateway/convex"
	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

func TestCallerIdentity(t *testing.T) {
	t.Parallel()
	g := start(t)
	token := g.token(deployment.TokenRequest{User: "ada"})
	if got := g.mustCall(g.as(token), convex.Query, "users:me", `{}`); !strings.Contains(got, `"user_ada"`) {
		t.Errorf("gRPC: %s", got)
	}
	if got := g.rest("POST", "/v1/query", `{"path":"users:me"}`, "Authorization", "bearer "+token); !strings.Contains(got.body, `"user_ada"`) {
		t.Errorf("REST: %s", got.body)
	}
	if got := g.mustCall(g.context(), convex.Query, "users:me", `{}`); got != "null" {
		t.Errorf("anonymous: %s", got)
	}
}

func TestAuthState(t *testing.T) {
	t.Parallel()
	g := start(t)
	stream := g.authState(g.as(g.token(deployment.TokenRequest{User: "ada", TTL: time.Minute, Claims: map[string]any{
		"o": map[string]any{"id": "org_1", "rol": "admin", "slg": "acme"}, "act": map[string]any{"sub": "user_root"},
	}})), &gatewayv1.AuthStateRequest{})
	for _, want := range []gatewayv1.AuthStateResponse_State{gatewayv1.AuthStateResponse_STATE_LOADING, gatewayv1.AuthStateResponse_STATE_AUTHENTICATED} {
		event := stream.next()
		id := event.GetIdentity()
		if event.GetState() != want || event.GetIdentityTag() == "" || event.GetRefreshing() || event.GetReason() != "" {
			t.Errorf("event %v, want %v", event, want)
		}
		if left := time.Until(event.GetExpiresAt().AsTime()); left <= 0 || left > 10*time.Minute {
			t.Errorf("expires in %v", left)
		}
		if id.GetIssuer() != g.dev.IssuerURL() || id.GetSubject() != "user_ada" || id.GetSessionId() != "sess_ada" ||
			id.GetOrgId() != "org_1" || id.GetOrgRole() != "org:admin" || id.GetOrgSlug() != "acme" || id.GetActorSubject() != "user_root" {
			t.Errorf("identity %v", id)
		}
	}
}

// Without a credential the stream is no error, and stays open until the gateway stops.
func TestAuthStateWithoutCredential(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.RequireAuth = true })
	stream := g.authState(g.context(), &gatewayv1.AuthStateRequest{})
	event := stream.next()
	if event.GetState() != gatewayv1.AuthStateResponse_STATE_UNAUTHENTICATED || event.GetReason() != "NO_CREDENTIALS" || event.GetIdentity() != nil {
		t.Errorf("event %v", event)
	}
	go func() { _ = g.stop() }()
	failure{code: codes.Unavailable, reason: "DRAINING", retry: true}.checkStatus(t, stream.end(), stream.Trailer())
}

// badTokens are tokens that must be refused, by reason.
func badTokens(t *testing.T, g *gateway) map[string]string {
	t.Helper()
	good := g.token(deployment.TokenRequest{User: "ada"})
	parts := strings.Split(good, ".")
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	encode := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	now := time.Now().Unix()
	with := func(claims map[string]any) string {
		return g.token(deployment.TokenRequest{User: "ada", Claims: claims})
	}
	return map[string]string{
		"BAD_SIGNATURE tampered": parts[0] + "." + encode(strings.Replace(string(payload), "user_ada", "user_bob", 1)) + "." + parts[2],
		"MALFORMED alg none":     encode(`{"alg":"none","typ":"JWT"}`) + "." + parts[1] + "." + parts[2],
		"MALFORMED no token":     "nonsense",
		"TOKEN_EXPIRED":          with(map[string]any{"iat": now - 100, "nbf": now - 100, "exp": now - 10}),
		"TOKEN_EXPIRED now":      with(map[string]any{"iat": now - 100, "nbf": now - 100, "exp": now}),
		"TOKEN_NOT_YET_VALID":    with(map[string]any{"nbf": now + 30}),
		"TOKEN_LIFETIME":         with(map[string]any{"exp": now + 100_000_000}),
		"ISSUER":                 with(map[string]any{"iss": "https://clerk.evil.example"}),
		"ISSUER slash":           with(map[string]any{"iss": g.dev.IssuerURL() + "/"}),
		"AUDIENCE":               with(map[string]any{"aud": "other"}),
		"AUDIENCE missing":       with(map[string]any{"aud": nil}),
		"SUBJECT":                with(map[string]any{"sub": "org_1"}),
		"TOKEN_CLASS no session": with(map[string]any{"sid": nil}),
		"SESSION_PENDING":        with(map[string]any{"sts": "pending"}),
		"TOKEN_TOO_LARGE":        with(map[string]any{"filler": strings.Repeat("x", 9000)}),
	}
}

func TestBadTokens(t *testing.T) {
	t.Parallel()
	g := start(t)
	for name, token := range badTokens(t, g) {
		t.Run(name, func(t *testing.T) {
			reason, _, _ := strings.Cut(name, " ")
			want := failure{code: codes.Unauthenticated, reason: reason, http: 401}
			if reason == "SESSION_PENDING" {
				want.code, want.http = codes.PermissionDenied, 403
			}
			var trailer metadata.MD
			_, err := g.functions.Query(g.as(token), &gatewayv1.QueryRequest{Path: "users:me"}, grpc.Trailer(&trailer))
			want.checkStatus(t, err, trailer)
			bearer := []string{"Authorization", "Bearer " + token}
			want.checkAnswer(t, g.rest("POST", "/v1/query", `{"path":"users:me"}`, bearer...))
			want.checkAnswer(t, g.rest("GET", "/v1/subscribe?path=users:me", "", append(bearer, "Accept", "text/event-stream")...))

			subscription := g.subscribe(g.as(token), &gatewayv1.SubscribeRequest{Path: "users:me"})
			want.checkStatus(t, subscription.end(), subscription.Trailer())
			state := g.authState(g.as(token), &gatewayv1.AuthStateRequest{})
			if event := state.next(); event.GetState() != gatewayv1.AuthStateResponse_STATE_UNAUTHENTICATED || event.GetReason() != reason || event.GetIdentity() != nil {
				t.Errorf("event %v", event)
			}
			want.checkStatus(t, state.end(), state.Trailer())
		})
	}
	if stats := g.dev.Stats(); len(stats.HTTPCalls) > 0 || stats.SocketsOpened > 0 {
		t.Errorf("the deployment was called: %+v", stats)
	}
}

func TestRequireAuth(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.RequireAuth = true })
	want := failure{code: codes.Unauthenticated, reason: "NO_CREDENTIALS", http: 401}
	for path, kind := range map[string]convex.Kind{"users:me": convex.Query, "messages:send": convex.Mutation, "actions:sleep": convex.Action} {
		g.fails(t, kind, path, `{}`, want)
	}
	stream := g.subscribe(g.context(), counterQuery("a"))
	want.checkStatus(t, stream.end(), stream.Trailer())
	if got := g.rest("POST", "/v1/query", `{"path":"users:me"}`).header.Get("WWW-Authenticate"); got != "Bearer" {
		t.Errorf("WWW-Authenticate %q", got)
	}
	if got := g.mustCall(g.as(g.token(deployment.TokenRequest{User: "ada"})), convex.Query, "users:me", `{}`); !strings.Contains(got, "user_ada") {
		t.Errorf("with a token: %s", got)
	}
	if stats := g.dev.Stats(); len(stats.HTTPCalls) != 1 || stats.SocketsOpened != 0 {
		t.Errorf("the deployment was called: %+v", stats)
	}
}

// RefreshAuth and SignOut need a credential, whatever the configuration.
func TestAuthCallsNeedACredential(t *testing.T) {
	t.Parallel()
	g := start(t)
	want := failure{code: codes.Unauthenticated, reason: "NO_CREDENTIALS", http: 401}
	want.checkAnswer(t, g.rest("POST", "/v1/auth/refresh", `{"refreshKey":"0123456789abcdef0123456789"}`))
	want.checkAnswer(t, g.rest("POST", "/v1/auth/sign-out", ``))
	var trailer metadata.MD
	_, err := g.auth.SignOut(g.context(), &gatewayv1.SignOutRequest{}, grpc.Trailer(&trailer))
	want.checkStatus(t, err, trailer)
}

// A deployment without the issuer refuses the token, and AuthState does not report AUTHENTICATED.
func TestDeploymentRejectsToken(t *testing.T) {
	t.Parallel()
	g := startBefore(t, startDeployment(t, deployment.Config{Providers: []deployment.Provider{{Domain: "https://other.example", ApplicationID: "convex"}}}))
	want := failure{code: codes.Unauthenticated, reason: "CONVEX_REJECTED", http: 401}
	token := g.token(deployment.TokenRequest{User: "ada"})
	want.checkAnswer(t, g.rest("POST", "/v1/query", `{"path":"users:me"}`, "Authorization", "Bearer "+token))
	state := g.authState(g.as(token), &gatewayv1.AuthStateRequest{})
	var states []gatewayv1.AuthStateResponse_State
	for range 2 {
		states = append(states, state.next().GetState())
	}
	if !slices.Equal(states, []gatewayv1.AuthStateResponse_State{gatewayv1.AuthStateResponse_STATE_LOADING, gatewayv1.AuthStateResponse_STATE_UNAUTHENTICATED}) {
		t.Errorf("states %v", states)
	}
	want.checkStatus(t, state.end(), state.Trailer())
}

// A stream without refresh key ends at its token's expiry, although the deployment would not end it.
func TestTokenExpires(t *testing.T) {
	t.Parallel()
	g := start(t)
	other := g.subscribe(g.context(), counterQuery("x"))
	wantValue(t, result(other), "0")
	var stream *subscription
	var state *authStates
	var reasons map[string]bool
	note := func(event *gatewayv1.AuthStateResponse) {
		reasons[event.GetState().String()+event.GetReason()] = true
		if event.GetRefreshing() || event.GetTokenNeededBy() != nil {
			t.Errorf("asks for a token that cannot come: %v", event)
		}
	}
	whileAlive(t, 4*time.Second, func(lifetime time.Duration) error {
		token := g.token(deployment.TokenRequest{User: "ada", TTL: lifetime})
		stream = g.subscribe(g.as(token), counterQuery("x"))
		state = g.authState(g.as(token), &gatewayv1.AuthStateRequest{})
		reasons = map[string]bool{}
		_, err := state.until(func(event *gatewayv1.AuthStateResponse) bool { note(event); return isAuthenticated(event) })
		return errors.Join(err, haveValue("0", stream))
	})
	want := failure{code: codes.Unauthenticated, reason: "TOKEN_EXPIRED"}
	want.checkStatus(t, stream.end(), stream.Trailer())
	for event, err := state.Recv(); err == nil; event, err = state.Recv() {
		note(event)
	}
	if got := slices.Sorted(maps.Keys(reasons)); !slices.Equal(got, []string{
		"STATE_AUTHENTICATED", "STATE_LOADING", "STATE_UNAUTHENTICATEDTOKEN_EXPIRED",
	}) {
		t.Errorf("states %q", got)
	}
	want.checkStatus(t, state.end(), state.Trailer())
	g.add("x")
	wantValue(t, other.next(), "1") // other callers' streams go on
}
