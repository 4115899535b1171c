package server

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"

	"convexgateway/auth"
	"convexgateway/auth/clerk"
	"convexgateway/auth/lease"
	devclerk "convexgateway/dev/clerk"
	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// clerkTest is a gateway, a deployment and a Clerk instance apart from both, so that one of them can fail for one other only.
type clerkTest struct {
	*gateway
	clerk *devclerk.Instance
}

// startClerk runs the three. Sessions are renewed only with Config.SessionRenewal.
func startClerk(t *testing.T, change ...func(*Config)) *clerkTest {
	t.Helper()
	clerk := newClerkInstance(t)
	return &clerkTest{startWithClerk(t, clerk, change...), clerk}
}

func newClerkInstance(t *testing.T) *devclerk.Instance {
	t.Helper()
	clerk := devclerk.New(devclerk.Config{})
	front := httptest.NewServer(clerk)
	t.Cleanup(front.Close)
	clerk.SetURL(front.URL)
	return clerk
}

// startWithClerk runs a gateway and a deployment of their own in front of an instance.
func startWithClerk(t *testing.T, clerk *devclerk.Instance, change ...func(*Config)) *gateway {
	t.Helper()
	d := startDeployment(t, deployment.Config{Providers: []deployment.Provider{{Domain: clerk.URL(), ApplicationID: "convex"}}})
	g := startUpstream(t, Upstream{
		ConvexURL: d.URL(), Issuers: []string{clerk.URL()},
		ClerkSecretKey: clerk.SecretKey(), ClerkAPIURL: clerk.APIURL(), WebhookSecrets: []string{clerk.WebhookSecret()},
	}, change...)
	g.dev = d
	clerk.SetWebhookURL("http://" + g.HTTPAddr() + "/webhooks/clerk")
	return g
}

// signIn makes a session and its first token.
func (c *clerkTest) signIn(user string, ttl time.Duration, claims map[string]any) string {
	c.t.Helper()
	c.clerk.PutSession(devclerk.Session{ID: "sess_" + user, User: "user_" + user, TTL: ttl, Claims: claims})
	return c.newToken(user, ttl, claims)
}

func (c *clerkTest) newToken(user string, ttl time.Duration, claims map[string]any) string {
	c.t.Helper()
	token, err := c.clerk.Token(devclerk.TokenOptions{User: "user_" + user, TTL: ttl, Claims: claims})
	if err != nil {
		c.t.Fatal(err)
	}
	return c.keep(token)
}

// live opens a Subscribe and an AuthState stream with a refresh key, and waits for the first value and for AUTHENTICATED.
func (c *clerkTest) live(token, key string) (*subscription, *authStates) {
	c.t.Helper()
	sub, state, err := c.tryLive(token, key)
	if err != nil {
		c.t.Fatalf("a stream ended: %v", err)
	}
	return sub, state
}

// tryLive is live, for a token that may be at its end.
func (c *clerkTest) tryLive(token, key string) (sub *subscription, state *authStates, err error) {
	c.t.Helper()
	req := counterQuery("c")
	req.RefreshKey = key
	sub = c.subscribe(c.as(token), req)
	if _, err = sub.until(isResult); err == nil {
		state = c.authState(c.as(token), &gatewayv1.AuthStateRequest{RefreshKey: key})
		_, err = state.until(isAuthenticated)
	}
	return sub, state, err
}

func (c *clerkTest) refresh(token string) error {
	_, err := c.auth.RefreshAuth(c.as(token), &gatewayv1.RefreshAuthRequest{RefreshKey: testKey})
	return err
}

var (
	unauthenticated = func(reason string) failure { return failure{code: codes.Unauthenticated, reason: reason, http: 401} }
	authUnavailable = failure{code: codes.Unavailable, reason: "AUTH_BACKEND_UNAVAILABLE", http: 503, retry: true}
)

// Ten refreshes in a second cost one Authenticate at most; the next one is due when the token's time comes.
func TestRefreshesAreCoalesced(t *testing.T) {
	t.Parallel()
	c := startClerk(t)
	sub, state := c.live(c.signIn("ada", time.Minute, nil), testKey)
	before := c.dev.Stats().Authenticates
	for i := range 10 {
		if err := c.refresh(c.newToken("ada", time.Minute+time.Duration(i+1)*time.Second, nil)); err != nil {
			t.Fatal(err)
		}
	}
	c.add("c")
	wantValue(t, sub.next(), "1") // nothing came between
	if after := c.dev.Stats().Authenticates; after > before+1 {
		t.Errorf("%d Authenticate messages for ten refreshes", after-before)
	}
	if _, err := c.auth.SignOut(c.as(c.newToken("ada", time.Minute, nil)), &gatewayv1.SignOutRequest{}); err != nil {
		t.Fatal(err)
	}
	if event := state.next(); event.GetState() != gatewayv1.AuthStateResponse_STATE_UNAUTHENTICATED || event.GetReason() != "SIGNED_OUT" { // the only event of a sign-out
		t.Errorf("event %v", event)
	}
	unauthenticated("SIGNED_OUT").checkStatus(t, state.end(), state.Trailer())
	unauthenticated("SIGNED_OUT").checkStatus(t, sub.end(), sub.Trailer())
}

// A token with other claims than organization, role and actor changed is used upstream without an event: what was sent stays
// true, and only what differs is sent.
func TestOtherClaimsMoveSilently(t *testing.T) {
	t.Parallel()
	c := startClerk(t)
	sub, state := c.live(c.signIn("ada", time.Minute, map[string]any{"plan": "free"}), testKey)
	me := c.subscribe(c.as(c.newToken("ada", time.Minute, map[string]any{"plan": "free"})), &gatewayv1.SubscribeRequest{Path: "users:me", RefreshKey: testKey})
	free := result(me)
	if err := c.refresh(c.newToken("ada", 2*time.Minute, map[string]any{"plan": "pro"})); err != nil {
		t.Fatal(err)
	}
	event := state.next()
	if event.GetState() != gatewayv1.AuthStateResponse_STATE_AUTHENTICATED || event.GetRefreshing() || event.GetIdentityTag() == free.GetIdentityTag() {
		t.Errorf("event %v, want the new tag and no LOADING", event)
	}
	pro := me.next()
	if pro.GetConnection() != nil || pro.GetIdentityTag() != event.GetIdentityTag() || !strings.Contains(pro.String(), "pro") {
		t.Errorf("event %v", pro)
	}
	c.add("c")
	moved := sub.next()
	wantValue(t, moved, "1") // the same 0 was not sent again
	if moved.GetIdentityTag() != event.GetIdentityTag() {
		t.Errorf("tag %q, want %q", moved.GetIdentityTag(), event.GetIdentityTag())
	}
}

// A role that changes is another identity: the streams get an event for it, and every query runs again under it.
func TestRoleChanges(t *testing.T) {
	t.Parallel()
	c := startClerk(t)
	org := func(role string) map[string]any {
		return map[string]any{"o": map[string]any{"id": "org_1", "rol": role}}
	}
	sub, state := c.live(c.signIn("ada", time.Minute, org("member")), testKey)
	if err := c.refresh(c.newToken("ada", 2*time.Minute, org("admin"))); err != nil {
		t.Fatal(err)
	}
	if event := state.next(); event.GetState() != gatewayv1.AuthStateResponse_STATE_LOADING || event.GetIdentity().GetOrgRole() != "org:admin" {
		t.Errorf("event %v", event)
	}
	tag := state.next().GetIdentityTag()
	if event := sub.next(); event.GetConnection() == nil || event.GetIdentityTag() != tag {
		t.Errorf("event %v, want a connection event with tag %q", event, tag)
	}
	wantValue(t, result(sub), "0")
}

// elsewhere gives the deployment, and not the gateway, other keys of the issuer.
func (c *clerkTest) elsewhere(t *testing.T) {
	other := devclerk.New(devclerk.Config{})
	keys := httptest.NewServer(other)
	t.Cleanup(keys.Close)
	c.clerk.Fail(devclerk.Discovery, devclerk.Always, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"issuer":%q,"jwks_uri":"%s/.well-known/jwks.json","response_types_supported":["code"],`+
			`"subject_types_supported":["public"],"authorization_endpoint":"x","id_token_signing_alg_values_supported":["RS256"]}`, c.clerk.URL(), keys.URL)
	})
}

// The deployment refuses a newer token, although it took the one before: the streams wait for another, and end at the
// second refusal.
func TestDeploymentRefusesTwice(t *testing.T) {
	t.Parallel()
	c := startClerk(t)
	sub, state := c.live(c.signIn("ada", time.Minute, nil), testKey)
	c.elsewhere(t)
	if err := c.refresh(c.newToken("ada", 2*time.Minute, nil)); err != nil {
		t.Fatal(err)
	}
	c.dev.CutSockets() // so that the deployment is sent the newer token now
	if event := untilState(state, gatewayv1.AuthStateResponse_STATE_AUTHENTICATED, true); event.GetReason() != "CONVEX_REJECTED" && event.GetReason() != "TOKEN_EXPIRED" {
		t.Errorf("event %v", event)
	}
	if err := c.refresh(c.newToken("ada", 3*time.Minute, nil)); err != nil {
		t.Fatal(err)
	}
	want := unauthenticated("CONVEX_REJECTED")
	if event := untilState(state, gatewayv1.AuthStateResponse_STATE_UNAUTHENTICATED, false); event.GetReason() != "CONVEX_REJECTED" {
		t.Errorf("event %v", event)
	}
	want.checkStatus(t, state.end(), state.Trailer())
	var err error
	for event := (*gatewayv1.SubscribeResponse)(nil); err == nil; event, err = sub.Recv() {
		if event.GetValueJson() != nil {
			t.Errorf("a value of a refused token: %v", event)
		}
	}
	want.checkStatus(t, err, sub.Trailer())
}

// After one refusal the streams go on with a good token.
func TestDeploymentRefusesOnce(t *testing.T) {
	t.Parallel()
	c := startClerk(t)
	sub, state := c.live(c.signIn("ada", time.Minute, nil), testKey)
	c.elsewhere(t)
	if err := c.refresh(c.newToken("ada", 2*time.Minute, nil)); err != nil {
		t.Fatal(err)
	}
	c.dev.CutSockets()
	untilState(state, gatewayv1.AuthStateResponse_STATE_AUTHENTICATED, true)
	c.clerk.Fail(devclerk.Discovery, 0, nil)
	if err := c.refresh(c.newToken("ada", 3*time.Minute, nil)); err != nil {
		t.Fatal(err)
	}
	untilState(state, gatewayv1.AuthStateResponse_STATE_AUTHENTICATED, false)
	c.add("c")
	wantValue(t, result(sub), "1")
}

// While the deployment cannot reach the issuer no user is signed out, and afterwards the streams go on by themselves.
func TestDeploymentCannotCheck(t *testing.T) {
	t.Parallel()
	c := startClerk(t)
	token := c.signIn("ada", time.Minute, nil)
	sub, state := c.live(token, testKey)
	c.clerk.Fail(devclerk.Discovery, devclerk.Always, devclerk.Status(http.StatusServiceUnavailable))
	authUnavailable.checkAnswer(t, c.rest("POST", "/v1/query", `{"path":"users:me"}`, "Authorization", "Bearer "+token))
	c.dev.CutSockets()
	if event := untilState(state, gatewayv1.AuthStateResponse_STATE_AUTHENTICATED, true); event.GetReason() != "AUTH_BACKEND_UNAVAILABLE" {
		t.Errorf("event %v", event)
	}
	late := c.authState(c.as(token), &gatewayv1.AuthStateRequest{})
	if event := late.next(); event.GetState() != gatewayv1.AuthStateResponse_STATE_LOADING {
		t.Errorf("a new stream: %v", event)
	}
	c.clerk.Fail(devclerk.Discovery, 0, nil)
	untilState(state, gatewayv1.AuthStateResponse_STATE_AUTHENTICATED, false)
	if event := late.next(); event.GetState() != gatewayv1.AuthStateResponse_STATE_AUTHENTICATED {
		t.Errorf("a new stream: %v", event)
	}
	c.add("c")
	wantValue(t, result(sub), "1")
}

// Without keys no token can be checked: calls may be tried again, AuthState waits by itself.
func TestKeysOutOfReach(t *testing.T) {
	t.Parallel()
	clerk := newClerkInstance(t)
	clerk.Fail(devclerk.Keys, devclerk.Always, devclerk.Status(http.StatusServiceUnavailable))
	c := &clerkTest{startWithClerk(t, clerk), clerk}
	token := c.signIn("ada", time.Minute, nil)
	authUnavailable.checkAnswer(t, c.rest("POST", "/v1/query", `{"path":"users:me"}`, "Authorization", "Bearer "+token))
	var trailer metadata.MD
	_, err := c.functions.Query(c.as(token), &gatewayv1.QueryRequest{Path: "users:me"}, grpc.Trailer(&trailer))
	authUnavailable.checkStatus(t, err, trailer)
	state := c.authState(c.as(token), &gatewayv1.AuthStateRequest{})
	if event := state.next(); event.GetState() != gatewayv1.AuthStateResponse_STATE_LOADING || event.GetIdentity() != nil {
		t.Errorf("event %v", event)
	}
	clerk.Fail(devclerk.Keys, 0, nil)
	untilState(state, gatewayv1.AuthStateResponse_STATE_AUTHENTICATED, false)
}

// A refresh that cannot be checked is no fault of the user's: if no other comes, the stream ends with UNAVAILABLE.
func TestRefreshCannotBeChecked(t *testing.T) {
	t.Parallel()
	var state *authStates
	whileAlive(t, 4*time.Second, func(lifetime time.Duration) (err error) {
		c := startClerk(t, func(cfg *Config) { cfg.RefreshGrace = time.Second })
		c.waitReady() // with keys, before a token needs them
		if _, state, err = c.tryLive(c.signIn("ada", lifetime, nil), testKey); err != nil {
			return err
		}
		c.clerk.Fail(devclerk.Keys, devclerk.Always, devclerk.Status(http.StatusServiceUnavailable))
		c.clerk.RotateKey() // to one that the gateway has not fetched
		var trailer metadata.MD
		_, err = c.auth.RefreshAuth(c.as(c.newToken("ada", time.Minute, nil)), &gatewayv1.RefreshAuthRequest{RefreshKey: testKey}, grpc.Trailer(&trailer))
		authUnavailable.checkStatus(t, err, trailer)
		return nil
	})
	var err error
	for err == nil { // there are events with the reason, and there is none of UNAUTHENTICATED
		var event *gatewayv1.AuthStateResponse
		if event, err = state.Recv(); err == nil && event.GetState() != gatewayv1.AuthStateResponse_STATE_AUTHENTICATED {
			t.Errorf("event %v", event)
		}
	}
	authUnavailable.checkStatus(t, err, state.Trailer())
}

// A stranger's token that cannot be checked does not change why a user's streams end.
func TestRefreshOfStrangerCannotBeChecked(t *testing.T) {
	t.Parallel()
	var sub *subscription
	whileAlive(t, 4*time.Second, func(lifetime time.Duration) (err error) {
		c := startClerk(t, func(cfg *Config) { cfg.RefreshGrace = time.Second })
		c.waitReady()
		if sub, _, err = c.tryLive(c.signIn("ada", lifetime, nil), testKey); err != nil {
			return err
		}
		c.clerk.Fail(devclerk.Keys, devclerk.Always, devclerk.Status(http.StatusServiceUnavailable))
		c.clerk.RotateKey()
		var trailer metadata.MD
		_, err = c.auth.RefreshAuth(c.as(c.signIn("bob", time.Minute, nil)), &gatewayv1.RefreshAuthRequest{RefreshKey: testKey}, grpc.Trailer(&trailer))
		authUnavailable.checkStatus(t, err, trailer)
		return nil
	})
	failure{code: codes.Unauthenticated, reason: "TOKEN_EXPIRED"}.checkStatus(t, sub.end(), sub.Trailer())
}

// A socket that is cut while the token is good is no event of AuthState, and rows resume.
func TestSocketReturns(t *testing.T) {
	t.Parallel()
	c := startClerk(t)
	sub, state := c.live(c.signIn("ada", time.Minute, nil), testKey)
	c.dev.CutSockets()
	c.add("c")
	wantValue(t, result(sub), "1")
	if _, err := c.auth.SignOut(c.as(c.newToken("ada", time.Minute, nil)), &gatewayv1.SignOutRequest{}); err != nil {
		t.Fatal(err)
	}
	if event := state.next(); event.GetState() != gatewayv1.AuthStateResponse_STATE_UNAUTHENTICATED {
		t.Errorf("event %v", event)
	}
}

// A client that was suspended past its token's end returns with a new one: a new stream resumes.
func TestStreamResumesWithANewToken(t *testing.T) {
	t.Parallel()
	c := startClerk(t)
	req := counterQuery("c")
	var sub *subscription
	var last *gatewayv1.SubscribeResponse
	whileAlive(t, 4*time.Second, func(lifetime time.Duration) (err error) {
		sub = c.subscribe(c.as(c.signIn("ada", lifetime, nil)), req)
		last, err = sub.until(isResult)
		return err
	})
	unauthenticated("TOKEN_EXPIRED").checkStatus(t, sub.end(), sub.Trailer())
	token := c.newToken("ada", time.Minute, nil)
	req.ResumeToken = last.GetResumeToken()
	again := c.subscribe(c.as(token), req)
	if event := result(again); event.GetUnchanged() == nil {
		t.Errorf("event %v, want unchanged", event)
	}
	state := c.authState(c.as(token), &gatewayv1.AuthStateRequest{})
	if first, second := state.next(), state.next(); first.GetState() != gatewayv1.AuthStateResponse_STATE_LOADING || second.GetState() != gatewayv1.AuthStateResponse_STATE_AUTHENTICATED {
		t.Errorf("events %v, %v", first, second)
	}
}

// Clerk's events end the streams of what they name, over gRPC and over REST, and its tokens are refused from then on, on
// every replica.
func TestWebhooksEndStreams(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		happens func(*devclerk.Instance) error
		reason  string
	}{
		"session.revoked": {func(c *devclerk.Instance) error { return c.Revoke("sess_ada") }, "SESSION_REVOKED"},
		"session.ended":   {func(c *devclerk.Instance) error { return c.SetStatus("sess_ada", devclerk.StatusEnded) }, "SESSION_ENDED"},
		"session.removed": {func(c *devclerk.Instance) error { return c.SetStatus("sess_ada", devclerk.StatusRemoved) }, "SESSION_ENDED"},
		"user.deleted":    {func(c *devclerk.Instance) error { return c.DeleteUser("user_ada") }, "USER_DELETED"},
		"user.updated":    {func(c *devclerk.Instance) error { return c.BanUser("user_ada") }, "USER_BANNED"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var hub lease.Hub
			c := startClerk(t, func(cfg *Config) { cfg.Exchange = hub.Join() })
			replica := startWithClerk(t, c.clerk, func(cfg *Config) { cfg.Exchange = hub.Join() })
			c.clerk.SetWebhookURL("http://" + c.HTTPAddr() + "/webhooks/clerk")

			token, bob := c.signIn("ada", time.Minute, nil), c.signIn("bob", time.Minute, nil)
			sub, state := c.live(token, testKey)
			other, _ := c.live(bob, testKey+"bob")
			far := replica.subscribe(replica.as(token), counterQuery("c"))
			wantValue(t, result(far), "0")
			sse := c.sse("GET", "/v1/subscribe?path=users:me", "", "Authorization", "Bearer "+token)
			sse.result()

			if err := test.happens(c.clerk); err != nil {
				t.Fatal(err)
			}
			want := unauthenticated(test.reason)
			if test.reason == "USER_BANNED" {
				want.code, want.http = codes.PermissionDenied, 403
			}
			want.checkStatus(t, sub.end(), sub.Trailer())
			if event := state.next(); event.GetState() != gatewayv1.AuthStateResponse_STATE_UNAUTHENTICATED || event.GetReason() != test.reason {
				t.Errorf("event %v", event)
			}
			want.checkStatus(t, state.end(), state.Trailer())
			want.checkStatus(t, far.end(), far.Trailer())
			if last := sse.result(); last.name != "status" || !strings.Contains(last.data, test.reason) {
				t.Errorf("SSE ended with %+v", last)
			}
			for _, g := range []*gateway{c.gateway, replica} {
				want.checkAnswer(t, g.rest("POST", "/v1/query", `{"path":"users:me"}`, "Authorization", "Bearer "+token))
			}
			c.add("c")
			wantValue(t, other.next(), "1") // other users' streams go on
		})
	}
}

// A request that is no valid event of this instance changes nothing.
func TestBadWebhooks(t *testing.T) {
	t.Parallel()
	c := startClerk(t)
	sub, _ := c.live(c.signIn("ada", time.Minute, nil), testKey)
	send := func(header http.Header, body string) answer {
		var list []string
		for name := range header {
			list = append(list, name, header.Get(name))
		}
		return c.rest("POST", "/webhooks/clerk", body, list...)
	}
	refused := unauthenticated("WEBHOOK_REFUSED")
	_, event := c.clerk.Webhook("session.revoked", map[string]any{"id": "sess_ada"})
	old := c.clerk.SignWebhook("msg_old", time.Now().Add(-6*time.Minute), event)
	refused.checkAnswer(t, send(old, string(event)))
	good := c.clerk.SignWebhook("msg_1", time.Now(), event)
	refused.checkAnswer(t, send(good, string(event)+" "))
	refused.checkAnswer(t, c.rest("POST", "/webhooks/clerk", string(event)))
	refused.checkAnswer(t, c.rest("POST", "/webhooks/clerk", string(event), "Authorization", "Bearer "+c.newToken("ada", time.Minute, nil)))
	otherInstance := devclerk.New(devclerk.Config{})
	refused.checkAnswer(t, send(otherInstance.SignWebhook("msg_2", time.Now(), event), string(event)))
	malformed := failure{code: codes.InvalidArgument, reason: "INVALID_REQUEST", http: 400}
	malformed.checkAnswer(t, send(c.clerk.SignWebhook("msg_3", time.Now(), []byte("{")), "{"))
	large := strings.Repeat(" ", clerk.MaxWebhookBytes+1)
	tooLarge := failure{code: codes.InvalidArgument, reason: "REQUEST_TOO_LARGE", http: 413}
	tooLarge.checkAnswer(t, send(c.clerk.SignWebhook("msg_4", time.Now(), []byte(large)), large))
	unknown := `{"object":"event","type":"email.created","data":{}}`
	if got := send(c.clerk.SignWebhook("msg_5", time.Now(), []byte(unknown)), unknown); got.status != http.StatusNoContent || got.body != "" {
		t.Errorf("an event of another kind: HTTP %d %s", got.status, got.body)
	}
	c.add("c")
	wantValue(t, sub.next(), "1")

	twice := c.clerk.SignWebhook("msg_6", time.Now(), event)
	twice.Set("Svix-Signature", "v1,AAAA "+twice.Get("Svix-Signature"))
	if got := send(twice, string(event)); got.status != http.StatusNoContent {
		t.Errorf("two signatures: HTTP %d %s", got.status, got.body)
	}
	unauthenticated("SESSION_REVOKED").checkStatus(t, sub.end(), sub.Trailer())
	second := time.Now().Unix()
	eventually(t, "new tokens are accepted after the revocation", func() bool { return time.Now().Unix() > second+int64(auth.ClockLeeway/time.Second) })
	again, _ := c.live(c.signIn("ada", time.Minute, nil), testKey)
	if got := send(twice, string(event)); got.status != http.StatusNoContent { // a replay has no effect
		t.Errorf("replay: HTTP %d %s", got.status, got.body)
	}
	c.add("c")
	wantValue(t, again.next(), "2")
}

// A gateway without a webhook secret has no such route.
func TestNoWebhooks(t *testing.T) {
	t.Parallel()
	g := start(t)
	failure{code: codes.NotFound, reason: "ROUTE_NOT_FOUND", http: 404}.checkAnswer(t, g.rest("POST", "/webhooks/clerk", `{}`))
}

// A renewed session outlives its first token by far without its client's help, with one mint and one Authenticate for each
// token, and ends within one lifetime of its revocation, even without a webhook.
func TestRenewedSession(t *testing.T) {
	t.Parallel()
	var c *clerkTest
	var token string
	var sse *sseStream
	var sub *subscription
	whileAlive(t, 8*time.Second, func(lifetime time.Duration) (err error) {
		c = startClerk(t, func(cfg *Config) { cfg.SessionRenewal = true })
		c.clerk.SetWebhookURL("")
		token = c.signIn("ada", lifetime, nil)
		if sse, err = c.openSSE(c.context(), "GET", counterRoute+counterArgs("c"), "", "Authorization", "Bearer "+token); err != nil {
			return err
		}
		sse.result()
		sub = c.subscribe(c.as(token), counterQuery("c"))
		return haveValue("0", sub)
	})
	eventually(t, "four tokens were minted", func() bool { return c.clerk.Requests(devclerk.Tokens) >= 4 })
	c.add("c")
	wantValue(t, sub.next(), "1") // nothing came between
	if value := sse.result(); value.name != "value" || !strings.Contains(value.data, `"value":1`) {
		t.Errorf("SSE: %+v", value)
	}
	if stats, minted := c.dev.Stats(), c.clerk.Requests(devclerk.Tokens); stats.Authenticates > minted+1 {
		t.Errorf("%d Authenticate messages for %d tokens", stats.Authenticates, minted+1)
	}
	if err := c.clerk.Revoke("sess_ada"); err != nil {
		t.Fatal(err)
	}
	unauthenticated("SESSION_REVOKED").checkStatus(t, sub.end(), sub.Trailer())
	if last := sse.result(); last.name != "status" || !strings.Contains(last.data, "SESSION_REVOKED") {
		t.Errorf("SSE ended with %+v", last)
	}
	if strings.Contains(c.logs.String(), token) || strings.Contains(c.logs.String(), c.clerk.SecretKey()) {
		t.Error("a secret is in the logs")
	}
}

// A refused secret key is an error of the configuration, and signs no user out.
func TestRenewalWithABadKey(t *testing.T) {
	t.Parallel()
	c := startClerk(t, func(cfg *Config) { cfg.SessionRenewal = true; cfg.RefreshGrace = time.Second })
	c.clerk.Fail(devclerk.Tokens, devclerk.Always, devclerk.KeyInvalid())
	var state *authStates
	whileAlive(t, 8*time.Second, func(lifetime time.Duration) (err error) {
		_, state, err = c.tryLive(c.signIn("ada", lifetime, nil), testKey+lifetime.String())
		return err
	})
	var err error
	for event := (*gatewayv1.AuthStateResponse)(nil); err == nil; event, err = state.Recv() {
		if event != nil && event.GetState() != gatewayv1.AuthStateResponse_STATE_AUTHENTICATED {
			t.Errorf("event %v", event)
		}
	}
	authUnavailable.checkStatus(t, err, state.Trailer())
	if !strings.Contains(c.logs.String(), "secret key is refused") {
		t.Error("nothing in the logs")
	}
}

// The settings of renewal and webhooks are checked at the start.
func TestClerkSettings(t *testing.T) {
	for want, up := range map[string]Upstream{
		"SessionRenewal: needs":  {ConvexURL: "http://127.0.0.1:1", Issuers: []string{"https://clerk.example.com"}},
		"SessionRenewal: the se": {ConvexURL: "http://127.0.0.1:1", Issuers: []string{"https://clerk.example.com"}, ClerkSecretKey: "pk_test_x"},
		"WebhookSecrets: webho":  {ConvexURL: "http://127.0.0.1:1", Issuers: []string{"https://clerk.example.com"}, ClerkSecretKey: "sk_test_x", WebhookSecrets: []string{"x"}},
	} {
		cfg := testConfig()
		cfg.SessionRenewal = true
		if _, err := New(cfg, up); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("error %v, want %s…", err, want)
		}
	}
}
