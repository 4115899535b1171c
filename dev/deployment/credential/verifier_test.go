package credential_test

import (
	"strings"
	"testing"
	"time"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/credential"
	"convexgateway/dev/deployment/devtest"
)

func TestVerify_claims(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	token := devtest.MustToken(t, d, deployment.TokenRequest{User: "ada", Claims: map[string]any{
		"given_name": "Ada", "email": "ada@x.test", "email_verified": true, "birthdate": "1815-12-10", "zoneinfo": "Europe/London",
		"locale": "en", "phone_number": "+1", "phone_number_verified": false, "profile": "p", "picture": "q", "website": "w",
		"address": map[string]any{"formatted": "Here 1", "country": "UK"}, "updated_at": 1_700_000_000, "preferred_username": "al",
		"azp": "https://app.test", "nonce": "n", "o": map[string]any{"id": "org_1", "n": []int{1, 2}}, "count": 3, "name#de": "Ada!", "nickname": nil,
	}})
	issuer := d.IssuerURL()
	devtest.SameJSON(t, devtest.WhoAmI(t, d, token).Body, `{"status":"success","value":{
		"tokenIdentifier":"`+issuer+`|user_ada","issuer":"`+issuer+`","subject":"user_ada","name":"ada","givenName":"Ada",
		"email":"ada@x.test","emailVerified":true,"birthday":"1815-12-10","timezone":"Europe/London","language":"en","phoneNumber":"+1",
		"phoneNumberVerified":false,"profileUrl":"p","pictureUrl":"q","websiteUrl":"w","address":"Here 1","preferredUsername":"al",
		"updatedAt":"2023-11-14T22:13:20+00:00","o":{"id":"org_1","n":[1,2]},"count":3,"sid":"sess_ada","sts":"active","v":2}}`)
}

func TestVerify_badTokens(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	past := time.Now().Add(-time.Minute).Unix()
	for name, test := range map[string]struct {
		claims map[string]any
		change func(string) string
		code   string
	}{
		"expired":       {map[string]any{"exp": past}, nil, "Unauthenticated"},
		"two audiences": {map[string]any{"aud": []string{"convex", "x"}}, nil, "Unauthenticated"},
		"no audience":   {map[string]any{"aud": nil}, nil, "NoAuthProvider"},
		"other aud":     {map[string]any{"aud": "other"}, nil, "NoAuthProvider"},
		"other issuer":  {map[string]any{"iss": "https://other.test"}, nil, "NoAuthProvider"},
		"no issuer":     {map[string]any{"iss": nil}, nil, "InvalidAuthHeader"},
		"no sub":        {map[string]any{"sub": nil}, nil, "InvalidAuthHeader"},
		"no exp":        {map[string]any{"exp": nil}, nil, "InvalidAuthHeader"},
		"no iat":        {map[string]any{"iat": nil}, nil, "InvalidAuthHeader"},
		"name a number": {map[string]any{"name": 5}, nil, "InvalidAuthHeader"},
		"signature":     {nil, func(token string) string { return token[:len(token)-10] + "AAAAAAAAAA" }, "Unauthenticated"},
		"alg none":      {nil, func(token string) string { return "eyJhbGciOiJub25lIn0" + token[strings.Index(token, "."):] }, "Unauthenticated"},
		"truncated":     {nil, func(token string) string { return token[:strings.LastIndex(token, ".")] }, "InvalidAuthHeader"},
	} {
		t.Run(name, func(t *testing.T) {
			token := devtest.MustToken(t, d, deployment.TokenRequest{User: "ada", Claims: test.claims})
			if test.change != nil {
				token = test.change(token)
			}
			if got := devtest.WhoAmI(t, d, token); got.Status != 401 || !strings.Contains(got.Body, `"code":"`+test.code+`"`) {
				t.Fatalf("%d %s", got.Status, got.Body)
			}
		})
	}
	if got := devtest.WhoAmI(t, d, devtest.MustToken(t, d, deployment.TokenRequest{User: "ada", Claims: map[string]any{"aud": []string{"convex"}}})); got.Status != 200 {
		t.Errorf("an audience in a list: %d %s", got.Status, got.Body)
	}
}

func TestVerify_trailingSlash(t *testing.T) {
	for _, test := range []struct{ configured, own string }{{"", ""}, {"/", ""}, {"", "/"}, {"/", "/"}} {
		store, hits := devtest.NewStore(), 0
		url := devtest.StartIssuer(t, store.Clerk(), test.own, 200, "", &hits)
		d := devtest.Start(t, deployment.Config{Store: store, Providers: []credential.Provider{{Domain: url + test.configured, ApplicationID: "convex"}}})
		got := devtest.WhoAmI(t, d, devtest.MustToken(t, d, deployment.TokenRequest{User: "ada", Claims: map[string]any{"iss": url + test.own}}))
		if !strings.Contains(got.Body, `"tokenIdentifier":"`+url+test.own+`|user_ada"`) {
			t.Errorf("%+v: %d %s", test, got.Status, got.Body)
		}
	}
}

func TestVerify_issuerUnlikeItsDiscovery(t *testing.T) {
	d := devtest.Start(t, deployment.Config{})
	got := devtest.WhoAmI(t, d, devtest.MustToken(t, d, deployment.TokenRequest{User: "ada", Claims: map[string]any{"iss": d.IssuerURL() + "/"}}))
	if got.Status != 400 || !strings.Contains(got.Body, "AuthProviderDiscoveryFailed") {
		t.Errorf("%d %s", got.Status, got.Body)
	}
}

func TestDiscovery_failures(t *testing.T) {
	for status, want := range map[int]int{500: 503, 503: 503, 429: 429, 404: 404, 403: 403, 401: 401, 418: 400} {
		store, hits := devtest.NewStore(), 0
		url := devtest.StartIssuer(t, store.Clerk(), "", status, "", &hits)
		d := devtest.Start(t, deployment.Config{Store: store, Providers: []credential.Provider{{Domain: url, ApplicationID: "convex"}}})
		got := devtest.WhoAmI(t, d, devtest.MustToken(t, d, deployment.TokenRequest{User: "ada", Claims: map[string]any{"iss": url}}))
		if got.Status != want || !strings.Contains(got.Body, "AuthProviderDiscoveryFailed") {
			t.Errorf("the issuer answers %d: %d %s", status, got.Status, got.Body)
		}
	}
	d := devtest.Start(t, deployment.Config{Providers: []credential.Provider{{Domain: "http://127.0.0.1:1", ApplicationID: "convex"}}})
	got := devtest.WhoAmI(t, d, devtest.MustToken(t, d, deployment.TokenRequest{User: "ada", Claims: map[string]any{"iss": "http://127.0.0.1:1"}}))
	if got.Status != 400 || !strings.Contains(got.Body, "AuthProviderDiscoveryFailed") {
		t.Errorf("no answer: %d %s", got.Status, got.Body)
	}
}

func TestDiscovery_followsCacheControl(t *testing.T) {
	for cacheControl, want := range map[string]int{"": 2, "no-store, max-age=60": 2, "public, max-age=60": 1} {
		store, hits := devtest.NewStore(), 0
		url := devtest.StartIssuer(t, store.Clerk(), "", 200, cacheControl, &hits)
		d := devtest.Start(t, deployment.Config{Store: store, Providers: []credential.Provider{{Domain: url, ApplicationID: "convex"}}})
		token := devtest.MustToken(t, d, deployment.TokenRequest{User: "ada", Claims: map[string]any{"iss": url}})
		devtest.WhoAmI(t, d, token)
		if got := devtest.WhoAmI(t, d, token); got.Status != 200 || hits != want {
			t.Errorf("%q: %d, %d fetches, want %d", cacheControl, got.Status, hits, want)
		}
	}
}
