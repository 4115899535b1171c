package server

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

const testKey = "0123456789abcdefghijklmnop"

func TestRefreshAuth(t *testing.T) {
	t.Parallel()
	g := start(t)
	longer := g.token(deployment.TokenRequest{User: "ada", TTL: 2 * time.Minute})
	var key string
	var extended, left *subscription
	var state *authStates
	whileAlive(t, 4*time.Second, func(lifetime time.Duration) error {
		key = testKey + lifetime.String()
		token := g.token(deployment.TokenRequest{User: "ada", TTL: lifetime})
		keyed := counterQuery("k")
		keyed.RefreshKey = key
		extended = g.subscribe(g.as(token), keyed)
		left = g.subscribe(g.as(token), counterQuery("k"))
		state = g.authState(g.as(token), &gatewayv1.AuthStateRequest{RefreshKey: key})
		if err := haveValue("0", extended, left); err != nil {
			return err
		}
		if _, err := state.until(isAuthenticated); err != nil {
			return err
		}
		resp, err := g.auth.RefreshAuth(g.as(longer), &gatewayv1.RefreshAuthRequest{RefreshKey: key})
		if err == nil && (resp.GetAdoptedStreams() != 2 || time.Until(resp.GetExpiresAt().AsTime()) < 30*time.Second) {
			err = fmt.Errorf("response %v", resp)
		}
		return err
	})
	again := g.rest("POST", "/v1/auth/refresh", `{"refreshKey":"`+key+`"}`, "Authorization", "Bearer "+longer)
	if again.status != 200 || !strings.Contains(again.body, `"adoptedStreams":2`) {
		t.Errorf("repeated: HTTP %d %s", again.status, again.body)
	}
	failure{code: codes.Unauthenticated, reason: "TOKEN_EXPIRED"}.checkStatus(t, left.end(), left.Trailer())
	g.add("k")
	wantValue(t, extended.next(), "1") // with nothing between, though the first token has expired

	if _, err := g.auth.SignOut(g.as(longer), &gatewayv1.SignOutRequest{}); err != nil {
		t.Fatal(err)
	}
	for { // there may have been one with token_needed_by; a refresh in time is no event
		event := state.next()
		if event.GetState() == gatewayv1.AuthStateResponse_STATE_UNAUTHENTICATED {
			break
		}
		if event.GetRefreshing() || event.GetTokenNeededBy() == nil {
			t.Errorf("event %v", event)
		}
	}
}

func TestRefreshAuthIsRefused(t *testing.T) {
	t.Parallel()
	g := start(t)
	claims := func(claims map[string]any) string {
		return g.token(deployment.TokenRequest{User: "ada", TTL: time.Minute, Claims: claims})
	}
	req := counterQuery("k")
	req.RefreshKey = testKey
	stream := g.subscribe(g.as(claims(nil)), req)
	wantValue(t, result(stream), "0")
	now := time.Now().Unix()
	tests := map[string]struct {
		token, key string
		want       failure
	}{
		"another user":    {g.token(deployment.TokenRequest{User: "bob", TTL: 2 * time.Minute}), testKey, failure{code: codes.PermissionDenied, reason: "USER_MISMATCH", http: 403}},
		"another session": {claims(map[string]any{"sid": "sess_other", "exp": now + 300}), testKey, failure{code: codes.PermissionDenied, reason: "USER_MISMATCH", http: 403}},
		"older token":     {claims(map[string]any{"exp": now + 30}), testKey, failure{code: codes.Unauthenticated, reason: "TOKEN_SUPERSEDED", http: 401}},
		"weak key":        {claims(nil), "short", failure{code: codes.InvalidArgument, reason: "INVALID_VALUE", http: 400}},
		"no key":          {claims(nil), "", failure{code: codes.InvalidArgument, reason: "INVALID_VALUE", http: 400}},
		"bad token":       {"a.b.c", testKey, failure{code: codes.Unauthenticated, reason: "MALFORMED", http: 401}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var trailer metadata.MD
			_, err := g.auth.RefreshAuth(g.as(test.token), &gatewayv1.RefreshAuthRequest{RefreshKey: test.key}, grpc.Trailer(&trailer))
			test.want.checkStatus(t, err, trailer)
			body := fmt.Sprintf(`{"refreshKey":%q}`, test.key)
			test.want.checkAnswer(t, g.rest("POST", "/v1/auth/refresh", body, "Authorization", "Bearer "+test.token))
		})
	}
	nobody, err := g.auth.RefreshAuth(g.as(claims(nil)), &gatewayv1.RefreshAuthRequest{RefreshKey: testKey + "other"})
	if err != nil || nobody.GetAdoptedStreams() != 0 {
		t.Errorf("a key of no stream: %v, %v", nobody, err)
	}
	g.add("k")
	wantValue(t, stream.next(), "1") // unharmed
}

// Others who have a user's refresh key, on streams or in refreshes of their own, neither get the user's token nor hinder its
// refresh.
func TestRefreshKeyOfStranger(t *testing.T) {
	t.Parallel()
	g := start(t)
	token := func(user string, ttl time.Duration) string {
		return g.token(deployment.TokenRequest{User: user, TTL: ttl})
	}
	keyed := func() *gatewayv1.SubscribeRequest {
		return &gatewayv1.SubscribeRequest{Path: "users:me", RefreshKey: testKey}
	}
	strangers := []*subscription{g.subscribe(g.as(token("eve", time.Minute)), keyed())}
	ada := g.subscribe(g.as(token("ada", time.Minute)), keyed())
	strangers = append(strangers, g.subscribe(g.as(token("bob", time.Minute)), keyed()))
	mine := result(ada).GetIdentityTag()
	for _, stranger := range strangers {
		if result(stranger).GetIdentityTag() == mine {
			t.Error("a stranger has the user's identity")
		}
	}
	for round := range 2 {
		for user, want := range map[string]int32{"ada": 1, "eve": 1, "bob": 1} {
			refreshed, err := g.auth.RefreshAuth(g.as(token(user, time.Duration(round+2)*time.Minute)), &gatewayv1.RefreshAuthRequest{RefreshKey: testKey})
			if err != nil || refreshed.GetAdoptedStreams() != want {
				t.Errorf("%s: %v, %v", user, refreshed, err)
			}
		}
	}
	_, err := g.auth.RefreshAuth(g.as(token("mallory", time.Hour)), &gatewayv1.RefreshAuthRequest{RefreshKey: testKey})
	if status.Code(err) != codes.PermissionDenied {
		t.Errorf("a user without a stream of that key: %v", err)
	}
}

// A token with other claims is another identity: the stream begins again under it.
func TestRefreshChangesIdentity(t *testing.T) {
	t.Parallel()
	g := start(t)
	token := func(org string, ttl time.Duration) string {
		return g.token(deployment.TokenRequest{User: "ada", TTL: ttl, Claims: map[string]any{"o": map[string]any{"id": org}}})
	}
	stream := g.subscribe(g.as(token("org_1", time.Minute)), &gatewayv1.SubscribeRequest{Path: "users:me", RefreshKey: testKey})
	state := g.authState(g.as(token("org_1", time.Minute)), &gatewayv1.AuthStateRequest{RefreshKey: testKey})
	before := result(stream)
	state.nextThat(isAuthenticated)
	if _, err := g.auth.RefreshAuth(g.as(token("org_2", 2*time.Minute)), &gatewayv1.RefreshAuthRequest{RefreshKey: testKey}); err != nil {
		t.Fatal(err)
	}
	tag := stream.next()
	if tag.GetConnection() == nil || tag.GetIdentityTag() == before.GetIdentityTag() {
		t.Errorf("the change is not announced: %v", tag)
	}
	after := result(stream)
	if after.GetIdentityTag() != tag.GetIdentityTag() || after.GetValue().GetKind() == nil {
		t.Errorf("event %v", after)
	}
	for _, want := range []gatewayv1.AuthStateResponse_State{gatewayv1.AuthStateResponse_STATE_LOADING, gatewayv1.AuthStateResponse_STATE_AUTHENTICATED} {
		event := state.next()
		if event.GetState() != want || event.GetIdentity().GetOrgId() != "org_2" || event.GetIdentityTag() != tag.GetIdentityTag() {
			t.Errorf("event %v, want %v", event, want)
		}
	}
}

// The tag is that of the presented token, also where no stream was extended and so nothing compared.
func TestRefreshAuthReportsTheTokensIdentity(t *testing.T) {
	t.Parallel()
	g := start(t)
	refresh := func(user, org string) string {
		t.Helper()
		token := g.token(deployment.TokenRequest{User: user, TTL: time.Minute, Claims: map[string]any{"o": map[string]any{"id": org}}})
		resp, err := g.auth.RefreshAuth(g.as(token), &gatewayv1.RefreshAuthRequest{RefreshKey: testKey + user + org})
		if err != nil || resp.GetAdoptedStreams() != 0 {
			t.Fatal(resp, err)
		}
		state := g.authState(g.as(token), &gatewayv1.AuthStateRequest{})
		event, err := state.until(isAuthenticated)
		if err != nil {
			t.Fatal(err)
		}
		if tag := event.GetIdentityTag(); tag == "" || tag != resp.GetIdentityTag() {
			t.Errorf("%s in %s: the stream's tag is %q, the response's %q", user, org, tag, resp.GetIdentityTag())
		}
		return resp.GetIdentityTag()
	}
	ada := refresh("ada", "org_1")
	if again := refresh("ada", "org_1"); again != ada {
		t.Errorf("the same identity has the tags %q and %q", ada, again)
	}
	if other := refresh("ada", "org_2"); other == ada {
		t.Error("another organisation has the same tag")
	}
	if other := refresh("bob", "org_1"); other == ada {
		t.Error("another user has the same tag")
	}
}
