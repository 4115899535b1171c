package server

import (
	"testing"

	"convexgateway/auth/service"
	"convexgateway/convex"
)

// A service calls with its API key, over every protocol, and functions see it under its own name.
func TestServiceCallsWithItsKey(t *testing.T) {
	t.Parallel()
	key, hash := newKey()
	g := startServices(t, []service.Entry{{Name: "billing", Keys: []string{hash}}})
	g.keep(key)
	got := parseSeen(t, g.mustCall(g.as(key), convex.Query, "users:me", "{}"))
	if want := serviceIdentity("billing"); got != want {
		t.Errorf("functions see %v, want %v", got, want)
	}
}
