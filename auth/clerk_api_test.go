package auth

import (
	"net/http/httptest"
	"testing"

	"convexgateway/auth/clerkfake"
)

// startClerk serves a Clerk instance until the test ends.
func startClerk(tb testing.TB, cfg clerkfake.Config) *clerkfake.Instance {
	tb.Helper()
	cfg.Key = keyA()
	clerk := clerkfake.New(cfg)
	srv := httptest.NewServer(clerk)
	tb.Cleanup(srv.Close)
	clerk.SetURL(srv.URL)
	return clerk
}

func newClerkAPI(tb testing.TB, clerk *clerkfake.Instance, change func(*ClerkAPIConfig)) *ClerkAPI {
	tb.Helper()
	c := ClerkAPIConfig{URL: clerk.APIURL(), SecretKey: clerk.SecretKey()}
	if change != nil {
		change(&c)
	}
	api, err := NewClerkAPI(c)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(api.Close)
	return api
}

func TestClerkAPI_mint(t *testing.T) {
	clock := newTestClock()
	clerk := startClerk(t, clerkfake.Config{Clock: clock.Now})
	api := newClerkAPI(t, clerk, nil)
	sid := clerk.CreateSession("user_ada")
	token, err := api.Mint(t.Context(), sid)
	if err != nil {
		t.Fatal(err)
	}
	v, err := NewClerkVerifier(Config{Issuers: []string{clerk.URL()}, Clock: clock.Now, Logger: quiet()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.Close)
	if id := identityOf(t, v, token); id.Subject != "user_ada" || id.SessionID != sid || id.ExpiresAt != start.Add(clerkfake.DefaultTokenLifetime) {
		t.Errorf("minted for %v", id)
	}
	if err := clerk.Revoke(sid); err != nil {
		t.Fatal(err)
	}
	if _, err := api.Mint(t.Context(), sid); reasonOf(err) != ReasonSessionRevoked {
		t.Errorf("after the revocation: %v", err)
	}
}
