package deployment_test

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

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/devtest"
)

func TestToken_claims(t *testing.T) {
	now := time.Unix(1_790_000_000, 0)
	d := devtest.Start(t, deployment.Config{Now: func() time.Time { return now }})
	token := devtest.MustToken(t, d, deployment.TokenRequest{User: "ada", TTL: 90 * time.Second, Claims: map[string]any{"sid": nil, "name": "Ada", "o": map[string]any{"id": "org_1"}}})
	claims := devtest.MustClaims(t, token)
	if jti, _ := claims["jti"].(string); len(jti) < 16 {
		t.Errorf("jti is %v", claims["jti"])
	}
	delete(claims, "jti")
	text, _ := json.Marshal(claims)
	devtest.SameJSON(t, string(text), `{"iss":"`+d.IssuerURL()+`","sub":"user_ada","aud":"convex","iat":1790000000,"nbf":1789999990,"exp":1790000090,
		"v":2,"sts":"active","fva":[0,-1],"name":"Ada","o":{"id":"org_1"}}`)
}

func TestToken_refuses(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	for _, test := range []struct {
		request deployment.TokenRequest
		field   string
	}{
		{deployment.TokenRequest{}, "user"}, {deployment.TokenRequest{User: "a b"}, "user"}, {deployment.TokenRequest{User: "é"}, "user"},
		{deployment.TokenRequest{User: "a", TTL: -time.Second}, "ttl"}, {deployment.TokenRequest{User: "a", TTL: time.Millisecond}, "ttl"},
		{deployment.TokenRequest{User: "a", Claims: map[string]any{"x": make(chan int)}}, "claims"},
	} {
		_, err := d.Token(test.request)
		var problem *deployment.TokenError
		if !errors.As(err, &problem) || problem.Field != test.field {
			t.Errorf("%+v: %v, want an error of %s", test.request, err, test.field)
		}
	}
}

func TestServeToken(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
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
		got := devtest.Do(t, "POST", d.URL()+"/dev/token", body)
		if want == "" {
			var answer struct {
				Token string `json:"token"`
			}
			if err := json.Unmarshal([]byte(got.Body), &answer); err != nil || got.Status != http.StatusOK || strings.Count(answer.Token, ".") != 2 {
				t.Errorf("%s: %d %s", body, got.Status, got.Body)
			}
		} else if got.Status != http.StatusBadRequest || !strings.Contains(got.Body, want) {
			t.Errorf("%s: %d %s", body, got.Status, got.Body)
		}
	}
}

// Numbers in claims stay numbers, so that expired tokens can be made.
func TestServeToken_numbers(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	got := devtest.Do(t, "POST", d.URL()+"/dev/token", `{"user":"ada","claims":{"exp":1700000000,"big":9007199254740993,"x":1.5}}`)
	var answer struct {
		Token string `json:"token"`
	}
	if err := json.Unmarshal([]byte(got.Body), &answer); err != nil {
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
	d := devtest.Start(t, deployment.Config{})
	var document struct {
		Issuer  string `json:"issuer"`
		JWKSURI string `json:"jwks_uri"`
	}
	if err := json.Unmarshal([]byte(devtest.Do(t, "GET", d.IssuerURL()+"/.well-known/openid-configuration", "").Body), &document); err != nil || document.Issuer != d.IssuerURL() {
		t.Fatalf("%+v, %v", document, err)
	}
	var set struct {
		Keys []map[string]string `json:"keys"`
	}
	if err := json.Unmarshal([]byte(devtest.Do(t, "GET", document.JWKSURI, "").Body), &set); err != nil || len(set.Keys) != 1 {
		t.Fatalf("%+v, %v", set, err)
	}
	key := set.Keys[0]
	if key["kty"] != "RSA" || key["alg"] != "RS256" || key["use"] != "sig" || !strings.HasPrefix(key["kid"], "ins_") || key["d"] != "" || len(key["n"]) != 342 {
		t.Errorf("key %v", key)
	}
}

// clerkAPI calls the issuer's Backend API.
func clerkAPI(t *testing.T, d *deployment.Deployment, method, path string) devtest.Answer {
	t.Helper()
	return devtest.Do(t, method, d.ClerkAPIURL()+path, `{}`, "Authorization", "Bearer "+d.SecretKey())
}

func TestToken_signsIn(t *testing.T) {
	now := time.Unix(1_790_000_000, 0)
	d := devtest.Start(t, deployment.Config{Now: func() time.Time { return now }})
	first := devtest.MustToken(t, d, deployment.TokenRequest{User: "ada", TTL: 90 * time.Second, Claims: map[string]any{"email": "ada@x.test", "azp": "https://app.test", "fva": nil}})
	got := clerkAPI(t, d, "POST", "/sessions/sess_ada/tokens")
	var minted struct{ JWT string }
	if err := json.Unmarshal([]byte(got.Body), &minted); err != nil || got.Status != http.StatusOK {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	if got := devtest.WhoAmI(t, d, minted.JWT); got.Status != http.StatusOK {
		t.Errorf("the deployment refuses it: %d %s", got.Status, got.Body)
	}
	want, claims := devtest.MustClaims(t, first), devtest.MustClaims(t, minted.JWT)
	if claims["jti"] == want["jti"] {
		t.Error("the same jti")
	}
	for _, single := range []string{"jti", "azp"} {
		delete(want, single)
		delete(claims, single)
	}
	wantText, _ := json.Marshal(want)
	gotText, _ := json.Marshal(claims)
	devtest.SameJSON(t, string(gotText), string(wantText))
}

func TestToken_afterARevocationSignsInAgain(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	devtest.MustToken(t, d, deployment.TokenRequest{User: "ada"})
	if got := clerkAPI(t, d, "POST", "/sessions/sess_ada/revoke"); got.Status != http.StatusOK || !strings.Contains(got.Body, `"status":"revoked"`) {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	if got := clerkAPI(t, d, "POST", "/sessions/sess_ada/tokens"); got.Status != http.StatusNotFound {
		t.Errorf("a token of a revoked session: %d %s", got.Status, got.Body)
	}
	devtest.MustToken(t, d, deployment.TokenRequest{User: "ada"})
	if got := clerkAPI(t, d, "POST", "/sessions/sess_ada/tokens"); got.Status != http.StatusOK {
		t.Errorf("signed in again: %d %s", got.Status, got.Body)
	}
}

func TestToken_sessionFollowsTheClaims(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	devtest.MustToken(t, d, deployment.TokenRequest{User: "ada", Claims: map[string]any{"sid": "sess_own", "sub": "user_bob"}})
	devtest.MustToken(t, d, deployment.TokenRequest{User: "eve", Claims: map[string]any{"sid": nil}})
	devtest.MustToken(t, d, deployment.TokenRequest{User: "kim", Claims: map[string]any{"sub": nil}})
	if got := clerkAPI(t, d, "GET", "/sessions/sess_own"); got.Status != http.StatusOK || !strings.Contains(got.Body, `"user_id":"user_bob"`) {
		t.Errorf("%d %s", got.Status, got.Body)
	}
	for _, none := range []string{"sess_ada", "sess_eve", "sess_kim"} {
		if got := clerkAPI(t, d, "GET", "/sessions/"+none); got.Status != http.StatusNotFound {
			t.Errorf("%s: %d %s", none, got.Status, got.Body)
		}
	}
}

// Sessions and keys are the store's.
func TestIssuer_outlastsTheDeployment(t *testing.T) {
	store := devtest.NewStore()
	d := devtest.Start(t, deployment.Config{Store: store})
	secret := d.SecretKey()
	devtest.MustToken(t, d, deployment.TokenRequest{User: "ada"})
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	d = devtest.Start(t, deployment.Config{Store: store})
	if got := clerkAPI(t, d, "GET", "/sessions/sess_ada"); got.Status != http.StatusOK || d.SecretKey() != secret {
		t.Errorf("%d %s", got.Status, got.Body)
	}
	if got := devtest.WhoAmI(t, d, devtest.MustToken(t, d, deployment.TokenRequest{User: "ada"})); got.Status != http.StatusOK {
		t.Errorf("%d %s", got.Status, got.Body)
	}
}

func TestIssuer_sendsRevocations(t *testing.T) {
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
	d := devtest.Start(t, deployment.Config{})
	d.SetWebhookURL(hook.URL)
	devtest.MustToken(t, d, deployment.TokenRequest{User: "ada"})
	clerkAPI(t, d, "POST", "/sessions/sess_ada/revoke")
	got := <-deliveries
	if !strings.HasPrefix(got.signature, "v1,") || !strings.Contains(got.body, `"type":"session.revoked"`) || !strings.Contains(got.body, `"id":"sess_ada"`) {
		t.Errorf("%+v", got)
	}
	if !strings.HasPrefix(d.WebhookSecret(), "whsec_") || !strings.HasPrefix(d.SecretKey(), "sk_test_") {
		t.Error("secrets of another form")
	}
}

// Clerk is another company's service, which has no pause of the deployment.
func TestIssuer_isServedDuringAPause(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	d.Pause()
	defer d.Resume()
	devtest.MustToken(t, d, deployment.TokenRequest{User: "ada"})
	if got := clerkAPI(t, d, "POST", "/sessions/sess_ada/tokens"); got.Status != http.StatusOK {
		t.Errorf("%d %s", got.Status, got.Body)
	}
}
