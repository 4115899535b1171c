package server

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v3"

	"convexgateway/auth"
	"convexgateway/convex"
	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// Backends that hold streams under an identity of their own: with tokens of an issuer that is not Clerk, or of one of Clerk's machines.

// identityProvider is a service that gives backends tokens, written with another library than what checks them.
type identityProvider struct {
	*httptest.Server
	t         *testing.T
	algorithm jose.SignatureAlgorithm
	private   crypto.Signer
}

func newIdentityProvider(t *testing.T, algorithm jose.SignatureAlgorithm) *identityProvider {
	t.Helper()
	p := &identityProvider{t: t, algorithm: algorithm}
	var err error
	switch algorithm {
	case jose.EdDSA:
		_, p.private, err = ed25519.GenerateKey(rand.Reader)
	case jose.ES256:
		p.private, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	default:
		p.private = caseKey()
	}
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"issuer":%q,"jwks_uri":"%s/keys"}`, p.URL, p.URL)
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		key := jose.JSONWebKey{Key: p.private.Public(), KeyID: "key-1", Algorithm: string(algorithm), Use: "sig"}
		_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{key}})
	})
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

// token makes a token of the backend of that name.
func (p *identityProvider) token(backend string, ttl time.Duration, change map[string]any) string {
	p.t.Helper()
	key := jose.SigningKey{Algorithm: p.algorithm, Key: jose.JSONWebKey{Key: p.private, KeyID: "key-1"}}
	signer, err := jose.NewSigner(key, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		p.t.Fatal(err)
	}
	now := time.Now().Unix()
	claims := map[string]any{
		"iss": p.URL, "sub": backend, "aud": "gateway", "iat": now, "exp": now + int64(ttl/time.Second), "azp": "some-client", "sid": "not of Clerk",
	}
	maps.Copy(claims, change)
	signed, err := signer.Sign(mustJSON(p.t, claims))
	if err != nil {
		p.t.Fatal(err)
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		p.t.Fatal(err)
	}
	return text
}

// startForBackends runs a gateway and a deployment that accept this provider's tokens only.
func startForBackends(t *testing.T, known deployment.Provider, issuer auth.Issuer) *gateway {
	t.Helper()
	d := startDeployment(t, deployment.Config{Providers: []deployment.Provider{known}})
	g := startUpstream(t, Upstream{ConvexURL: d.URL(), OtherIssuers: []auth.Issuer{issuer}}, func(c *Config) {
		c.RequireAuth, c.AuthorizedParties = true, []string{"https://app.example"}
	})
	g.dev = d
	return g
}

func me(t *testing.T, event *gatewayv1.SubscribeResponse) (subject, issuer string) {
	t.Helper()
	fields := event.GetValue().GetStructValue().GetFields()
	return fields["subject"].GetStringValue(), fields["issuer"].GetStringValue()
}

// A backend follows a query under its own identity for longer than the lifetime of its first token, and mutates under it.
func TestBackendOfAnotherIssuer(t *testing.T) {
	t.Parallel()
	oidc := func(p *identityProvider) (deployment.Provider, auth.Issuer) {
		return deployment.Provider{Domain: p.URL, ApplicationID: "gateway"}, auth.Issuer{URL: p.URL, ApplicationID: "gateway"}
	}
	custom := func(p *identityProvider) (deployment.Provider, auth.Issuer) {
		return deployment.Provider{Type: deployment.CustomJWT, Issuer: p.URL, JWKS: p.URL + "/keys", Algorithm: string(p.algorithm), ApplicationID: "gateway"},
			auth.Issuer{URL: p.URL, Keys: p.URL + "/keys", Algorithm: string(p.algorithm), ApplicationID: "gateway"}
	}
	for name, test := range map[string]struct {
		algorithm jose.SignatureAlgorithm
		known     func(*identityProvider) (deployment.Provider, auth.Issuer)
	}{
		"OpenID Connect, RS256": {jose.RS256, oidc},
		"OpenID Connect, EdDSA": {jose.EdDSA, oidc},
		"custom JWT, RS256":     {jose.RS256, custom},
		"custom JWT, ES256":     {jose.ES256, custom},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newIdentityProvider(t, test.algorithm)
			provider, issuer := test.known(p)
			g := startForBackends(t, provider, issuer)
			var token, longer string
			var count *subscription
			whileAlive(t, 4*time.Second, func(lifetime time.Duration) error {
				token = p.token("billing@backends", lifetime, nil)
				key := testKey + lifetime.String()
				stream := g.subscribe(g.as(token), &gatewayv1.SubscribeRequest{Path: "users:me", RefreshKey: key})
				first, err := stream.until(isResult)
				if err != nil {
					return err
				}
				if subject, iss := me(t, first); subject != "billing@backends" || iss != p.URL {
					t.Errorf("the deployment sees %q of %q", subject, iss)
				}
				event, err := g.authState(g.as(token), &gatewayv1.AuthStateRequest{RefreshKey: key}).until(isAuthenticated)
				if err != nil {
					return err
				}
				if id := event.GetIdentity(); id.GetSubject() != "billing@backends" || id.GetIssuer() != p.URL || id.GetSessionId() != "" {
					t.Errorf("AuthState: %v", id)
				}
				counter := counterQuery("c")
				counter.RefreshKey = key
				count = g.subscribe(g.as(token), counter)
				if err := haveValue("0", count); err != nil {
					return err
				}
				longer = p.token("billing@backends", time.Hour, map[string]any{"jti": key})
				got, err := g.auth.RefreshAuth(g.as(longer), &gatewayv1.RefreshAuthRequest{RefreshKey: key})
				if err == nil && got.GetAdoptedStreams() != 3 {
					err = fmt.Errorf("response %v", got)
				}
				return err
			})
			eventually(t, "the first token has expired", func() bool {
				_, err := g.call(g.as(token), convex.Query, "users:me", `{}`)
				return err != nil
			})
			g.mustCall(g.as(longer), convex.Mutation, "counter:add", `{"name":"c"}`)
			wantValue(t, result(count), "1")

			other := g.subscribe(g.as(p.token("mailer@backends", time.Minute, nil)), &gatewayv1.SubscribeRequest{Path: "users:me"})
			if subject, _ := me(t, result(other)); subject != "mailer@backends" {
				t.Errorf("another backend is %q", subject)
			}
			rest := g.sse("GET", "/v1/subscribe?path=users:me", "", "Authorization", "Bearer "+longer)
			if e := rest.result(); !strings.Contains(e.data, `"subject":"billing@backends"`) {
				t.Errorf("over REST: %+v", e)
			}
			unauthenticated("AUDIENCE").checkAnswer(t, g.rest("POST", "/v1/query", `{"path":"users:me"}`,
				"Authorization", "Bearer "+p.token("billing@backends", time.Minute, map[string]any{"aud": "other"})))
			if logs := g.logs.String(); strings.Contains(logs, token) || strings.Contains(logs, longer) || strings.Contains(logs, "billing@") {
				t.Error("a token or claim is in the logs")
			}
		})
	}
}

// With keys in the configuration itself nothing is fetched.
func TestBackendOfAnIssuerWithoutServer(t *testing.T) {
	t.Parallel()
	p := newIdentityProvider(t, jose.ES256)
	key := jose.JSONWebKey{Key: p.private.Public(), KeyID: "key-1", Algorithm: "ES256", Use: "sig"}
	set := "data:application/json," + strings.NewReplacer("%", "%25", "#", "%23").Replace(string(mustJSON(t, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{key}})))
	g := startForBackends(t, deployment.Provider{Type: deployment.CustomJWT, Issuer: p.URL, JWKS: set, Algorithm: "ES256"},
		auth.Issuer{URL: p.URL, Keys: set, Algorithm: "ES256"})
	p.Close()
	stream := g.subscribe(g.as(p.token("billing@backends", time.Minute, nil)), &gatewayv1.SubscribeRequest{Path: "users:me"})
	if subject, _ := me(t, result(stream)); subject != "billing@backends" {
		t.Errorf("the deployment sees %q", subject)
	}
}

// One of Clerk's machines has a token from Clerk's Backend API for the deployment's audience.
func TestBackendWithMachineToken(t *testing.T) {
	t.Parallel()
	c := startClerk(t, func(cfg *Config) { cfg.AllowMachineTokens = true })
	machine := c.clerk.CreateMachine()
	mint := func(format, claims string) string {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.clerk.APIURL()+"/m2m_tokens",
			strings.NewReader(fmt.Sprintf(`{"token_format":%q,"claims":%s,"seconds_until_expiration":600}`, format, claims)))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+machine.SecretKey)
		resp, err := c.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		var created struct {
			Token string `json:"token"`
		}
		if err := json.NewDecoder(resp.Body).Decode(&created); err != nil || created.Token == "" {
			t.Fatalf("HTTP %d: %v", resp.StatusCode, err)
		}
		return created.Token
	}
	token := mint("jwt", `{"aud":"convex"}`)
	stream := c.subscribe(c.as(token), &gatewayv1.SubscribeRequest{Path: "users:me"})
	if subject, issuer := me(t, result(stream)); subject != machine.ID || issuer != c.clerk.URL() {
		t.Errorf("the deployment sees %q of %q", subject, issuer)
	}
	for reason, refused := range map[string]string{
		"AUDIENCE": mint("jwt", `{}`), "TOKEN_CLASS": mint("opaque", `{"aud":"convex"}`),
	} {
		unauthenticated(reason).checkAnswer(t, c.rest("POST", "/v1/query", `{"path":"users:me"}`, "Authorization", "Bearer "+refused))
	}
}

// With Clerk's public key in the configuration users sign in without any request to Clerk.
func TestPublicKeyInTheConfiguration(t *testing.T) {
	t.Parallel()
	is := newCaseIssuer(t, "", caseKey())
	is.publish(failing)
	d := startDeployment(t, deployment.Config{Providers: []deployment.Provider{{Domain: is.URL(), ApplicationID: "convex"}}})
	g := startUpstream(t, Upstream{ConvexURL: d.URL(), Issuers: []string{is.URL()}, ClerkPublicKey: publicPEM(t, &is.key.PublicKey)})
	if got := g.mustCall(g.as(is.token(nil)), convex.Query, "users:me", `{}`); !strings.Contains(got, "user_adaOfTheCases") {
		t.Errorf("caller is %s", got)
	}
	unauthenticated("BAD_SIGNATURE").checkAnswer(t, g.rest("POST", "/v1/query", `{"path":"users:me"}`, "Authorization", "Bearer "+wronglySigned(is, otherCaseKey())))
	if n := is.fetches.Load(); n != 0 {
		t.Errorf("%d requests for keys", n)
	}
}
