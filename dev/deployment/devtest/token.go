package devtest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v3"

	devclerk "convexgateway/dev/clerk"
	"convexgateway/dev/deployment"
)

// MustToken signs a user in and returns the token.
func MustToken(t *testing.T, d *deployment.Deployment, request deployment.TokenRequest) string {
	t.Helper()
	token, err := d.Token(request)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// MustClaims reads a token's claims. Numbers are json.Number.
func MustClaims(t *testing.T, token string) (claims map[string]any) {
	t.Helper()
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(payload))
	decoder.UseNumber()
	if err := decoder.Decode(&claims); err != nil {
		t.Fatal(err)
	}
	return claims
}

// WhoAmI calls users:me with a token.
func WhoAmI(t *testing.T, d *deployment.Deployment, token string) Answer {
	t.Helper()
	return Post(t, d, "query", `{"path":"users:me","args":{}}`, "Authorization", "bEaReR "+token)
}

// ActingUser is the attributes of a user to act as.
const ActingUser = `{"issuer":"https://auth.example.test","subject":"user_123","email":"ada@example.test","emailVerified":true,"name":null,"org":{"role":"admin","n":3}}`

// ActingAs is an Authorization header of an admin who acts as a user.
func ActingAs(d *deployment.Deployment, user string) string {
	return "Convex " + d.AdminKey() + ":" + base64.StdEncoding.EncodeToString([]byte(user))
}

// StartIssuer serves OpenID discovery, with that status, for an issuer whose own name is its URL and suffix, with the key of clerk.
// hits is the number of requests. It returns the URL.
func StartIssuer(t *testing.T, clerk *devclerk.Instance, suffix string, status int, cacheControl string, hits *int) string {
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		*hits++
		w.Header().Set("Cache-Control", cacheControl)
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]string{"issuer": server.URL + suffix, "jwks_uri": server.URL + "/keys"})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		kid, key := clerk.PublicKey()
		public, _ := jose.JSONWebKey{Key: key, KeyID: kid, Algorithm: string(jose.RS256), Use: "sig"}.MarshalJSON()
		_, _ = w.Write([]byte(`{"keys":[{"kty":"new"},` + string(public) + `]}`))
	})
	return server.URL
}
