package server

import (
	"strings"
	"testing"

	"convexgateway/convex"
	"convexgateway/dev/deployment"
)

// Why reserved claims are refused: where they are allowed, functions see another caller than the one who signed in.
func TestReservedClaimsAllowed(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.AllowReservedClaims = true })
	ada := g.as(g.token(deployment.TokenRequest{User: "ada", Claims: map[string]any{"subject": "spoof"}}))
	if me := g.mustCall(ada, convex.Query, "users:me", `{}`); !strings.Contains(me, `"subject":"spoof"`) {
		t.Errorf("functions see %s", me)
	}
}
