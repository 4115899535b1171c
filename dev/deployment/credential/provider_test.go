package credential

import "testing"

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
