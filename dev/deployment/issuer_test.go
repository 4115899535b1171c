package deployment

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestToken_claims(t *testing.T) {
	now := time.Unix(1_790_000_000, 0)
	d := startTest(t, Config{Now: func() time.Time { return now }})
	token := mustToken(t, d, TokenRequest{User: "ada", TTL: 90 * time.Second, Claims: map[string]any{"sid": nil, "name": "Ada", "o": map[string]any{"id": "org_1"}}})
	claims := mustClaims(t, token)
	if jti, _ := claims["jti"].(string); len(jti) < 16 {
		t.Errorf("jti is %v", claims["jti"])
	}
	delete(claims, "jti")
	text, _ := json.Marshal(claims)
	sameJSON(t, string(text), `{"iss":"`+d.IssuerURL()+`","sub":"user_ada","aud":"convex","iat":1790000000,"nbf":1789999990,"exp":1790000090,
		"v":2,"sts":"active","fva":[0,-1],"name":"Ada","o":{"id":"org_1"}}`)
}

func TestToken_refuses(t *testing.T) {
	d := startTest(t, Config{})
	for _, test := range []struct {
		request TokenRequest
		field   string
	}{
		{TokenRequest{}, "user"}, {TokenRequest{User: "a b"}, "user"}, {TokenRequest{User: "é"}, "user"},
		{TokenRequest{User: "a", TTL: -time.Second}, "ttl"}, {TokenRequest{User: "a", TTL: time.Millisecond}, "ttl"},
		{TokenRequest{User: "a", Claims: map[string]any{"x": make(chan int)}}, "claims"},
	} {
		_, err := d.Token(test.request)
		var problem *TokenError
		if !errors.As(err, &problem) || problem.Field != test.field {
			t.Errorf("%+v: %v, want an error of %s", test.request, err, test.field)
		}
	}
}

func TestServeToken(t *testing.T) {
	d := startTest(t, Config{})
	for body, want := range map[string]string{
		`{"user":"ada","ttl":"60s","claims":{"big":9007199254740993,"name":null}}`: "",
		`{"user":"ada"}`:               "",
		`{"user":"a/b"}`:               "user must",
		`{}`:                           "user must",
		`{"user":"ada","ttl":"soon"}`:  "ttl must",
		`{"user":"ada","ttl":"0s"}`:    "ttl must",
		`{"user":"ada","ttl":60}`:      "ttl must",
		`{"user":"ada","ttl":"-5s"}`:   "ttl must",
		`{"user":"ada","claims":"no"}`: "claims must",
		`{"usr":"ada"}`:                "usr",
		`nonsense`:                     "body",
	} {
		got := do(t, "POST", d.URL()+"/dev/token", body)
		if want == "" {
			var answer struct {
				Token string `json:"token"`
			}
			if err := json.Unmarshal([]byte(got.body), &answer); err != nil || got.status != http.StatusOK || strings.Count(answer.Token, ".") != 2 {
				t.Errorf("%s: %d %s", body, got.status, got.body)
			}
		} else if got.status != http.StatusBadRequest || !strings.Contains(got.body, want) {
			t.Errorf("%s: %d %s", body, got.status, got.body)
		}
	}
}

// Numbers in claims that are put over stay numbers, so that expired tokens can be had.
func TestServeToken_numbers(t *testing.T) {
	d := startTest(t, Config{})
	got := do(t, "POST", d.URL()+"/dev/token", `{"user":"ada","claims":{"exp":1700000000,"big":9007199254740993,"x":1.5}}`)
	var answer struct {
		Token string `json:"token"`
	}
	if err := json.Unmarshal([]byte(got.body), &answer); err != nil {
		t.Fatal(err)
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(answer.Token, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"exp":1700000000,`, `"big":9007199254740993,`, `"x":1.5`} {
		if !strings.Contains(string(payload), want) {
			t.Errorf("no %s in %s", want, payload)
		}
	}
}

func TestIssuer_discovery(t *testing.T) {
	d := startTest(t, Config{})
	var document struct {
		Issuer  string `json:"issuer"`
		JWKSURI string `json:"jwks_uri"`
	}
	if err := json.Unmarshal([]byte(do(t, "GET", d.IssuerURL()+"/.well-known/openid-configuration", "").body), &document); err != nil || document.Issuer != d.IssuerURL() {
		t.Fatalf("%+v, %v", document, err)
	}
	var set struct {
		Keys []map[string]string `json:"keys"`
	}
	if err := json.Unmarshal([]byte(do(t, "GET", document.JWKSURI, "").body), &set); err != nil || len(set.Keys) != 1 {
		t.Fatalf("%+v, %v", set, err)
	}
	key := set.Keys[0]
	if key["kty"] != "RSA" || key["alg"] != "RS256" || key["use"] != "sig" || !strings.HasPrefix(key["kid"], "ins_") || key["d"] != "" || len(key["n"]) != 342 {
		t.Errorf("key %v", key)
	}
}

// clerkAPI calls the issuer's Backend API.
func clerkAPI(t *testing.T, d *Deployment, method, path string) answer {
	t.Helper()
	return do(t, method, d.ClerkAPIURL()+path, `{}`, "Authorization", "Bearer "+d.SecretKey())
}

func TestToken_signsIn(t *testing.T) {
	now := time.Unix(1_790_000_000, 0)
	d := startTest(t, Config{Now: func() time.Time { return now }})
	first := mustToken(t, d, TokenRequest{User: "ada", TTL: 90 * time.Second, Claims: map[string]any{"email": "ada@x.test", "azp": "https://app.test", "fva": nil}})
	got := clerkAPI(t, d, "POST", "/sessions/sess_ada/tokens")
	var minted struct{ JWT string }
	if err := json.Unmarshal([]byte(got.body), &minted); err != nil || got.status != http.StatusOK {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if got := whoami(t, d, minted.JWT); got.status != http.StatusOK {
		t.Errorf("the deployment refuses it: %d %s", got.status, got.body)
	}
	want, claims := mustClaims(t, first), mustClaims(t, minted.JWT)
	if claims["jti"] == want["jti"] {
		t.Error("the same jti")
	}
	for _, single := range []string{"jti", "azp"} {
		delete(want, single)
		delete(claims, single)
	}
	wantText, _ := json.Marshal(want)
	gotText, _ := json.Marshal(claims)
	sameJSON(t, string(gotText), string(wantText))
}

func TestToken_afterARevocationSignsInAnew(t *testing.T) {
	d := startTest(t, Config{})
	mustToken(t, d, TokenRequest{User: "ada"})
	if got := clerkAPI(t, d, "POST", "/sessions/sess_ada/revoke"); got.status != http.StatusOK || !strings.Contains(got.body, `"status":"revoked"`) {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if got := clerkAPI(t, d, "POST", "/sessions/sess_ada/tokens"); got.status != http.StatusNotFound {
		t.Errorf("a token of a revoked session: %d %s", got.status, got.body)
	}
	mustToken(t, d, TokenRequest{User: "ada"})
	if got := clerkAPI(t, d, "POST", "/sessions/sess_ada/tokens"); got.status != http.StatusOK {
		t.Errorf("signed in anew: %d %s", got.status, got.body)
	}
}

func TestToken_sessionFollowsTheClaims(t *testing.T) {
	d := startTest(t, Config{})
	mustToken(t, d, TokenRequest{User: "ada", Claims: map[string]any{"sid": "sess_own", "sub": "user_bob"}})
	mustToken(t, d, TokenRequest{User: "eve", Claims: map[string]any{"sid": nil}})
	mustToken(t, d, TokenRequest{User: "kim", Claims: map[string]any{"sub": nil}})
	if got := clerkAPI(t, d, "GET", "/sessions/sess_own"); got.status != http.StatusOK || !strings.Contains(got.body, `"user_id":"user_bob"`) {
		t.Errorf("%d %s", got.status, got.body)
	}
	for _, none := range []string{"sess_ada", "sess_eve", "sess_kim"} {
		if got := clerkAPI(t, d, "GET", "/sessions/"+none); got.status != http.StatusNotFound {
			t.Errorf("%s: %d %s", none, got.status, got.body)
		}
	}
}

// A session outlives the deployment, as its keys do: both are the store's.
func TestIssuer_goesOnWithTheStore(t *testing.T) {
	store := newTestStore()
	d := startTest(t, Config{Store: store})
	secret := d.SecretKey()
	mustToken(t, d, TokenRequest{User: "ada"})
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	d = startTest(t, Config{Store: store})
	if got := clerkAPI(t, d, "GET", "/sessions/sess_ada"); got.status != http.StatusOK || d.SecretKey() != secret {
		t.Errorf("%d %s", got.status, got.body)
	}
	if got := whoami(t, d, mustToken(t, d, TokenRequest{User: "ada"})); got.status != http.StatusOK {
		t.Errorf("%d %s", got.status, got.body)
	}
}

func TestIssuer_tellsOfRevocations(t *testing.T) {
	type delivery struct {
		signature, body string
	}
	deliveries := make(chan delivery, 1)
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		deliveries <- delivery{r.Header.Get("Svix-Signature"), string(body)}
		w.WriteHeader(http.StatusNoContent)
	}))
	defer hook.Close()
	d := startTest(t, Config{})
	d.SetWebhookURL(hook.URL)
	mustToken(t, d, TokenRequest{User: "ada"})
	clerkAPI(t, d, "POST", "/sessions/sess_ada/revoke")
	got := <-deliveries
	if !strings.HasPrefix(got.signature, "v1,") || !strings.Contains(got.body, `"type":"session.revoked"`) || !strings.Contains(got.body, `"id":"sess_ada"`) {
		t.Errorf("%+v", got)
	}
	if !strings.HasPrefix(d.WebhookSecret(), "whsec_") || !strings.HasPrefix(d.SecretKey(), "sk_test_") {
		t.Error("secrets of another form")
	}
}

// Clerk is another company: it goes on while the deployment does not.
func TestIssuer_doesNotPause(t *testing.T) {
	d := startTest(t, Config{})
	d.Pause()
	defer d.Resume()
	mustToken(t, d, TokenRequest{User: "ada"})
	if got := clerkAPI(t, d, "POST", "/sessions/sess_ada/tokens"); got.status != http.StatusOK {
		t.Errorf("%d %s", got.status, got.body)
	}
}
