package server

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"github.com/go-jose/go-jose/v3"

	"convexgateway/auth"
	"convexgateway/auth/service"
	"convexgateway/convex"
	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// startBilling runs a gateway with one service, and its key.
func startBilling(t *testing.T, rules service.Rules, change ...func(*Config)) (*serviceFixture, string) {
	t.Helper()
	key, hash := newKey()
	g := startServices(t, []service.Entry{{Name: "billing", Keys: []string{hash}, Rules: rules}}, change...)
	return g, g.keep(key)
}

// An API key that is not quite right, is somewhere else, or is given twice is no credential, and no call passes as an anonymous one.
func TestBadKeys(t *testing.T) {
	t.Parallel()
	g, key := startBilling(t, service.Rules{}, withSample)
	other, _ := newKey()
	hash := strings.TrimPrefix(mustHash(t, g), "sha256:")
	for name, test := range map[string]struct {
		header []string
		want   string
	}{
		"another key":       {as(other), "UNKNOWN_SERVICE"},
		"one less":          {as(key[:len(key)-1]), "UNKNOWN_SERVICE"},
		"one more":          {as(key + "0"), "UNKNOWN_SERVICE"},
		"the prefix":        {as("cgk_"), "UNKNOWN_SERVICE"},
		"the hash":          {as("cgk_" + hash), "UNKNOWN_SERVICE"},
		"without prefix":    {as(key[4:]), "MALFORMED"},
		"prefix in capital": {as("CGK_" + key[4:]), "MALFORMED"},
		"twice":             {append(as(key), as(key)...), "AMBIGUOUS_CREDENTIALS"},
		"beside a token":    {append(as(key), as("x.y.z")...), "AMBIGUOUS_CREDENTIALS"},
		"as Basic":          {[]string{"Authorization", "Basic " + key}, "MALFORMED"},
		"as Convex's":       {[]string{"Authorization", "Convex " + key}, "MALFORMED"},
		"bare":              {[]string{"Authorization", key}, "MALFORMED"},
		"in its dots":       {as(key + ".e30.x"), "UNKNOWN_SERVICE"},
	} {
		g.onWays(t, func(t *testing.T, call way) {
			if value, reason := call(g.context(), t, "users:me", test.header...); reason != test.want {
				t.Errorf("%s: %q %s, want %s", name, reason, value, test.want)
			}
		})
	}
}

// mustHash returns the only key hash of the services file.
func mustHash(t *testing.T, g *serviceFixture) string {
	t.Helper()
	text := g.text(t)
	_, text, found := strings.Cut(text, "sha256:")
	if !found {
		t.Fatal("no hash in the file")
	}
	return "sha256:" + text[:64]
}

// A key in a URL is not accepted, under whatever name, and the call does not pass as an anonymous one.
func TestKeyInURL(t *testing.T) {
	t.Parallel()
	g, key := startBilling(t, service.Rules{})
	for _, parameter := range []string{"token=" + key, "access_token=" + key, "x=" + key, "ticket=" + key, key + "=", "authorization=Bearer%20" + key} {
		for _, route := range []string{"/v1/query?path=users:me&", "/v1/subscribe?path=users:me&", "/v1/auth/state?"} {
			got := g.rest("GET", route+parameter, "")
			if refused := reasonInJSON.FindStringSubmatch(got.body); refused == nil || refused[1] != "MALFORMED" || strings.Contains(got.body, key) {
				t.Errorf("GET %s with %.10s…: HTTP %d %s", route, parameter, got.status, got.body)
			}
		}
	}
}

// Guesses of keys are refused unseen once there are too many from an address; a key that is in use goes on.
func TestGuessedKeys(t *testing.T) {
	t.Parallel()
	g, key := startBilling(t, service.Rules{})
	unused, _ := newKey()
	g.mustCall(g.as(key), convex.Query, "users:me", "{}")
	refused := func(credential string) string {
		_, err := g.call(g.as(credential), convex.Query, "users:me", "{}")
		return reasonOf(err)
	}
	guess := fmt.Sprintf("cgk_%043d", 1)
	if got := refused(guess); got != "UNKNOWN_SERVICE" {
		t.Errorf("the first guess: %s", got)
	}
	for later := time.Now().Add(time.Hour); g.limits.Refused.Allow("127.0.0.1", later) == nil; { // what guesses use up; nothing comes back until then
	}
	for what, credential := range map[string]string{"a guess": guess, "a key that was never used": unused} {
		if got := refused(credential); got != "CALLER_RATE_LIMITED" {
			t.Errorf("%s: %s", what, got)
		}
	}
	g.mustCall(g.as(key), convex.Query, "users:me", "{}")
}

// Nobody is a service by what a token says of its subject, and a token that the gateway has made is no credential.
func TestTokensThatClaimToBeServices(t *testing.T) {
	t.Parallel()
	g, key := startBilling(t, service.Rules{
		Functions: []string{"users:me"}, OnBehalfOf: &service.OnBehalfOf{Subjects: []string{"*"}, Functions: []string{"*"}},
	}, withSample)
	billing, err := g.directory.Verify(g.context(), key)
	if err != nil {
		t.Fatal(err)
	}
	minted := g.keep(billing.Token())
	acting, refusal := billing.Grant().ActingFor("user_ada")
	if refusal != nil {
		t.Fatal(refusal)
	}
	forged := g.token(deployment.TokenRequest{User: "ada", Claims: map[string]any{"iss": servicesIssuer, "sub": "service:billing", "sid": nil}})
	subject := g.token(deployment.TokenRequest{User: "ada", Claims: map[string]any{"sub": "service:billing"}})
	actor := g.token(deployment.TokenRequest{User: "ada", Claims: map[string]any{"act": map[string]any{"sub": "service:billing"}}})
	g.onWays(t, func(t *testing.T, call way) {
		for name, test := range map[string]struct{ token, want string }{
			"the minted token":           {minted, "ISSUER"},
			"one on behalf of a user":    {g.keep(acting.Token()), "ISSUER"},
			"the issuer, another key":    {forged, "ISSUER"},
			"the subject, Clerk's token": {subject, "SUBJECT"},
		} {
			if value, reason := call(g.context(), t, "users:me", as(test.token)...); reason != test.want {
				t.Errorf("%s: %q %s, want %s", name, reason, value, test.want)
			}
		}
		if value, reason := call(g.context(), t, "users:me", as(actor, "user_bob")...); reason != string(auth.ReasonOnBehalfOf) {
			t.Errorf("a token with an actor: %q %s", reason, value)
		}
	})
}

// A user of another issuer whose subject is that of a service is another identity, with none of the service's rules.
func TestUserWithASubjectOfAService(t *testing.T) {
	t.Parallel()
	p := newIdentityProvider(t, jose.ES256)
	known := deployment.Provider{Type: deployment.CustomJWT, Issuer: p.URL, JWKS: p.URL + "/keys", Algorithm: "ES256", ApplicationID: "gateway"}
	key, hash := newKey()
	g := startServicesBeside(t, known, auth.Issuer{URL: p.URL, Keys: p.URL + "/keys", Algorithm: "ES256", ApplicationID: "gateway"}, []service.Entry{
		{Name: "billing", Keys: []string{hash}, Rules: service.Rules{
			Functions: []string{"users:me"}, OnBehalfOf: &service.OnBehalfOf{Subjects: []string{"*"}, Functions: []string{"*"}},
		}},
	})
	user := g.keep(p.token("service:billing", time.Hour, nil))
	got := parseSeen(t, g.mustCall(g.as(user), convex.Query, "users:me", "{}"))
	if got.Subject != "service:billing" || got.Issuer != p.URL {
		t.Errorf("seen as %v", got)
	}
	g.mustCall(g.as(user), convex.Query, "messages:list", "{}")
	if _, err := g.call(actingFor(g.as(user), "user_ada"), convex.Query, "users:me", "{}"); reasonOf(err) != string(auth.ReasonOnBehalfOf) {
		t.Errorf("it acts for a user: %v", err)
	}
	if got := parseSeen(t, g.mustCall(g.as(key), convex.Query, "users:me", "{}")); got != serviceIdentity("billing") {
		t.Errorf("the service is seen as %v", got)
	}
	own, users := g.subscribe(g.as(key), counterQuery("a")), g.subscribe(g.as(user), counterQuery("a"))
	defer own.cancel()
	defer users.cancel()
	if _, err := own.until(isResult); reasonOf(err) != "FUNCTION_NOT_ALLOWED" {
		t.Errorf("the service follows a function that is not listed: %v", err)
	}
	wantValue(t, result(users), "0")
}

// What is for users' tokens is refused to a key: refreshing, signing out, tickets.
func TestCallsThatAreNotForServices(t *testing.T) {
	t.Parallel()
	g, key := startBilling(t, service.Rules{OnBehalfOf: &service.OnBehalfOf{Subjects: []string{"*"}, Functions: []string{"*"}}})
	for name, header := range map[string][]string{"itself": as(key), "for a user": as(key, "user_ada")} {
		ctx := outgoing(g.context(), header)
		if _, err := g.auth.RefreshAuth(ctx, &gatewayv1.RefreshAuthRequest{RefreshKey: testKey}); codeOf(err) != codes.InvalidArgument {
			t.Errorf("%s: RefreshAuth %v", name, err)
		}
		if _, err := g.auth.SignOut(ctx, &gatewayv1.SignOutRequest{}); codeOf(err) != codes.InvalidArgument {
			t.Errorf("%s: SignOut %v", name, err)
		}
		for _, route := range []string{"/v1/auth/sign-out", "/v1/tickets"} {
			body := map[string]string{"/v1/auth/sign-out": "{}", "/v1/tickets": counterTicket("a")}[route]
			if got := g.rest("POST", route, body, header...); got.status != http.StatusBadRequest {
				t.Errorf("%s: POST %s: HTTP %d %s", name, route, got.status, got.body)
			}
		}
		events := g.authState(ctx, &gatewayv1.AuthStateRequest{})
		state := events.nextThat(isAuthenticated)
		events.cancel()
		if id := state.GetIdentity(); id.GetIssuer() != servicesIssuer || (id.GetActorSubject() == "") != (name == "itself") {
			t.Errorf("%s: AuthState %v", name, state)
		}
	}
}
