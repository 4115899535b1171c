package deployment

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
)

func TestProvider_readsAuthConfig(t *testing.T) {
	var config struct {
		Providers []Provider `json:"providers"`
	}
	err := json.Unmarshal([]byte(`{"providers":[{"domain":"https://auth.example.test","applicationID":"convex"},
		{"type":"customJwt","issuer":"https://jwt.example.test","jwks":"https://jwt.example.test/.well-known/jwks.json","algorithm":"ES256","applicationID":"my-app"}]}`), &config)
	if err != nil || checkProviders(config.Providers) != nil {
		t.Fatal(err, checkProviders(config.Providers))
	}
	d := startTest(t, Config{Providers: config.Providers})
	token := mustToken(t, d, TokenRequest{User: "ada"})
	const list = "[OIDC(domain=https://auth.example.test, app_id=convex), CustomJWT(issuer=https://jwt.example.test, app_id=my-app)]"
	if got := whoami(t, d, token); got.status != 401 || !strings.Contains(got.body, list) {
		t.Errorf("%d %s", got.status, got.body)
	}
}

func TestProvider_matches(t *testing.T) {
	oidc := Provider{Domain: "auth.example.test", ApplicationID: "convex"}
	custom := Provider{Type: CustomJWT, Issuer: "https://auth.example.test/", ApplicationID: "convex"}
	open := Provider{Type: CustomJWT, Issuer: "https://auth.example.test"}
	for _, test := range []struct {
		provider  Provider
		issuer    string
		audiences []string
		want      bool
	}{
		{oidc, "https://auth.example.test/", []string{"x", "convex"}, true},
		{oidc, "https://auth.example.test", nil, false},
		{oidc, "http://auth.example.test", []string{"convex"}, false},
		{custom, "auth.example.test", []string{"convex"}, true},
		{custom, "auth.example.test", []string{"x"}, false},
		{open, "https://auth.example.test", nil, true},
		{open, "https://other.test", nil, false},
	} {
		if got := test.provider.matches(test.issuer, test.audiences); got != test.want {
			t.Errorf("%v, %s, %v: %v", test.provider, test.issuer, test.audiences, got)
		}
	}
	if got := open.String(); got != "CustomJWT(issuer=https://auth.example.test, app_id=none)" {
		t.Error(got)
	}
}

func TestProvider_refused(t *testing.T) {
	for name, p := range map[string]Provider{
		"no domain":    {ApplicationID: "convex"},
		"no audience":  {Domain: "https://auth.example.test"},
		"unknown type": {Type: "saml", Domain: "https://auth.example.test", ApplicationID: "convex"},
		"no keys":      {Type: CustomJWT, Issuer: customIssuer, Algorithm: "ES256"},
		"algorithm":    {Type: CustomJWT, Issuer: customIssuer, JWKS: "data:,", Algorithm: "HS256"},
	} {
		if d, err := Start(context.Background(), Config{Addr: "127.0.0.1:0", Providers: []Provider{p}}); err == nil {
			d.Close()
			t.Errorf("%s: started", name)
		}
	}
}
