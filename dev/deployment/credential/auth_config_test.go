package credential_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/credential"
	"convexgateway/dev/deployment/devtest"
)

func TestProvider_readsAuthConfig(t *testing.T) {
	var config struct {
		Providers []credential.Provider `json:"providers"`
	}
	err := json.Unmarshal([]byte(`{"providers":[{"domain":"https://auth.example.test","applicationID":"convex"},
		{"type":"customJwt","issuer":"https://jwt.example.test","jwks":"https://jwt.example.test/.well-known/jwks.json","algorithm":"ES256","applicationID":"my-app"}]}`), &config)
	if err != nil {
		t.Fatal(err)
	}
	d := devtest.Start(t, deployment.Config{Providers: config.Providers})
	token := devtest.MustToken(t, d, deployment.TokenRequest{User: "ada"})
	const list = "[OIDC(domain=https://auth.example.test, app_id=convex), CustomJWT(issuer=https://jwt.example.test, app_id=my-app)]"
	if got := devtest.WhoAmI(t, d, token); got.Status != 401 || !strings.Contains(got.Body, list) {
		t.Errorf("%d %s", got.Status, got.Body)
	}
}

func TestProvider_refused(t *testing.T) {
	for name, p := range map[string]credential.Provider{
		"no domain":    {ApplicationID: "convex"},
		"no audience":  {Domain: "https://auth.example.test"},
		"unknown type": {Type: "saml", Domain: "https://auth.example.test", ApplicationID: "convex"},
		"no keys":      {Type: credential.CustomJWT, Issuer: customIssuer, Algorithm: "ES256"},
		"algorithm":    {Type: credential.CustomJWT, Issuer: customIssuer, JWKS: "data:,", Algorithm: "HS256"},
	} {
		if d, err := deployment.Start(context.Background(), deployment.Config{Addr: "127.0.0.1:0", Providers: []credential.Provider{p}}); err == nil {
			d.Close()
			t.Errorf("%s: started", name)
		}
	}
}
