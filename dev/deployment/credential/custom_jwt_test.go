package credential_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v3"
	"github.com/go-jose/go-jose/v3/jwt"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/credential"
	"convexgateway/dev/deployment/devtest"
)

const customIssuer = "https://jwt.example.test"

// customSigner is a key of a custom issuer, and its key set as JSON.
func customSigner(t *testing.T) (key *ecdsa.PrivateKey, set string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	public, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "k1"}}})
	if err != nil {
		t.Fatal(err)
	}
	return key, string(public)
}

func signCustom(t *testing.T, key any, algorithm jose.SignatureAlgorithm, kid string, claims map[string]any) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: jose.JSONWebKey{Key: key, KeyID: kid}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	token, err := jwt.Signed(signer).Claims(claims).CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func customProvider(jwks string) credential.Provider {
	return credential.Provider{Type: credential.CustomJWT, Issuer: customIssuer, JWKS: jwks, Algorithm: "ES256", ApplicationID: "my-app"}
}

func dataURL(set string) string {
	return "data:application/json;base64," + base64.StdEncoding.EncodeToString([]byte(set))
}

func TestCustomJWT_claims(t *testing.T) {
	now := time.Unix(1_790_000_000, 0)
	key, set := customSigner(t)
	d := devtest.Start(t, deployment.Config{Now: func() time.Time { return now }, Providers: []credential.Provider{customProvider(dataURL(set))}})
	token := signCustom(t, key, jose.ES256, "k1", map[string]any{
		"iss": customIssuer + "/", "sub": "u1", "aud": []string{"other", "my-app"}, "exp": now.Unix() + 60, "iat": now.Unix(), "nbf": now.Unix(),
		"jti": "j", "fva": []int{1, 2}, "given_name": "Ada", "email_verified": true, "properties": map[string]any{"id": "1", "deep": map[string]any{"n": 2}, "empty": map[string]any{}},
		"list": []any{1, map[string]any{"a": 1}},
	})
	devtest.SameJSON(t, devtest.WhoAmI(t, d, token).Body, `{"status":"success","value":{"tokenIdentifier":"https://jwt.example.test/|u1","issuer":"https://jwt.example.test/",
		"subject":"u1","given_name":"Ada","email_verified":true,"properties.id":"1","properties.deep.n":2,"list":[1,{"a":1}]}}`)
}

func TestCustomJWT_badTokens(t *testing.T) {
	now := time.Unix(1_790_000_000, 0)
	key, set := customSigner(t)
	other, _ := customSigner(t)
	d := devtest.Start(t, deployment.Config{Now: func() time.Time { return now }, Providers: []credential.Provider{customProvider("data:," + url.PathEscape(set))}})
	for name, test := range map[string]struct {
		claims map[string]any
		key    any
		alg    jose.SignatureAlgorithm
		kid    string
		code   string // "": accepted
	}{
		"good":              {nil, key, jose.ES256, "k1", ""},
		"no scheme":         {map[string]any{"iss": "jwt.example.test"}, key, jose.ES256, "k1", ""},
		"4 s late":          {map[string]any{"exp": now.Unix() - 4}, key, jose.ES256, "k1", ""},
		"6 s late":          {map[string]any{"exp": now.Unix() - 6}, key, jose.ES256, "k1", "InvalidAuthHeader"},
		"4 s early":         {map[string]any{"nbf": now.Unix() + 4}, key, jose.ES256, "k1", ""},
		"6 s early":         {map[string]any{"nbf": now.Unix() + 6}, key, jose.ES256, "k1", "InvalidAuthHeader"},
		"no exp":            {map[string]any{"exp": nil}, key, jose.ES256, "k1", "InvalidAuthHeader"},
		"no sub":            {map[string]any{"sub": nil}, key, jose.ES256, "k1", "InvalidAuthHeader"},
		"no aud":            {map[string]any{"aud": nil}, key, jose.ES256, "k1", "NoAuthProvider"},
		"other aud":         {map[string]any{"aud": "other"}, key, jose.ES256, "k1", "NoAuthProvider"},
		"other issuer":      {map[string]any{"iss": "https://other.test"}, key, jose.ES256, "k1", "NoAuthProvider"},
		"no kid":            {nil, key, jose.ES256, "", "InvalidAuthHeader"},
		"unknown kid":       {nil, key, jose.ES256, "k2", "InvalidAuthHeader"},
		"a other's key":     {nil, other, jose.ES256, "k1", "InvalidAuthHeader"},
		"another algorithm": {nil, devtest.Key(), jose.RS256, "k1", "InvalidAuthHeader"},
	} {
		t.Run(name, func(t *testing.T) {
			claims := map[string]any{"iss": customIssuer, "sub": "u1", "aud": "my-app", "exp": now.Unix() + 60}
			maps.Copy(claims, test.claims)
			got := devtest.WhoAmI(t, d, signCustom(t, test.key, test.alg, test.kid, claims))
			if test.code == "" && got.Status != 200 || test.code != "" && (got.Status != 401 || !strings.Contains(got.Body, `"code":"`+test.code+`"`)) {
				t.Errorf("%d %s", got.Status, got.Body)
			}
		})
	}
}

func TestCustomJWT_keySets(t *testing.T) {
	key, set := customSigner(t)
	token := signCustom(t, key, jose.ES256, "k1", map[string]any{"iss": customIssuer, "sub": "u1", "exp": time.Now().Unix() + 60})
	served := func(status int, contentType, body string) string {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		}))
		t.Cleanup(server.Close)
		return server.URL
	}
	for name, test := range map[string]struct {
		jwks   string
		status int
	}{
		"json":          {served(200, "application/json", set), 200},
		"jwk-set":       {served(200, "application/jwk-set+json; charset=UTF-8", set), 200},
		"text":          {served(200, "text/plain", set), 401},
		"latin":         {served(200, "application/json; charset=latin1", set), 401},
		"created":       {served(201, "application/json", set), 401},
		"gone":          {served(503, "application/json", set), 401},
		"no key set":    {served(200, "application/json", `{}`), 401},
		"no server":     {"http://127.0.0.1:1", 401},
		"no URL":        {"::", 401},
		"data":          {dataURL(set), 200},
		"data, no text": {"data:application/json;base64", 401},
		"data, no code": {"data:;base64,?", 401},
		"data, no set":  {"data:,x", 401},
	} {
		provider := customProvider(test.jwks)
		provider.ApplicationID = "" // then tokens need no audience
		d := devtest.Start(t, deployment.Config{Providers: []credential.Provider{provider}})
		if got := devtest.WhoAmI(t, d, token); got.Status != test.status || test.status == 401 && !strings.Contains(got.Body, "InvalidAuthHeader") {
			t.Errorf("%s: %d %s", name, got.Status, got.Body)
		}
	}
}

// All failures with the keys are AuthErrors.
func TestCustomJWT_failureOverSync(t *testing.T) {
	key, _ := customSigner(t)
	d := devtest.Start(t, deployment.Config{Providers: []credential.Provider{customProvider("http://127.0.0.1:1")}})
	c := devtest.Dial(t, d)
	c.Authenticate(0, signCustom(t, key, jose.ES256, "k1", map[string]any{"iss": customIssuer, "sub": "u1", "aud": "my-app", "exp": time.Now().Unix() + 60}))
	if m := c.Expect("AuthError"); !m.AuthUpdateAttempted {
		t.Errorf("%+v", m)
	}
}
