package server

import (
	"testing"

	"google.golang.org/grpc/codes"

	"convexgateway/dev/clerk"
	"convexgateway/dev/deployment"
)

// A webhook of another Clerk instance is refused, although its signature is right. Without an instance id, any instance's is
// accepted.
func TestWebhookOfAnotherInstance(t *testing.T) {
	t.Parallel()
	d := startDeployment(t, deployment.Config{})
	another := clerk.New(clerk.Config{WebhookSecret: d.WebhookSecret()})
	for name, test := range map[string]struct {
		ids     []string
		refused bool
	}{
		"its own":         {[]string{d.ClerkInstanceID()}, true},
		"two others":      {[]string{"ins_1", "ins_2"}, true},
		"both":            {[]string{d.ClerkInstanceID(), another.ID()}, false},
		"none configured": {nil, false},
	} {
		g := startUpstream(t, Upstream{
			ConvexURL: d.URL(), Issuers: []string{d.IssuerURL()}, WebhookSecrets: []string{d.WebhookSecret()}, ClerkInstanceIDs: test.ids,
		})
		header, body := another.Webhook("user.updated", map[string]any{"object": "user", "id": "user_ada", "deprovisioned": true})
		var lines []string
		for name, values := range header {
			lines = append(lines, name, values[0])
		}
		got := g.rest("POST", "/webhooks/clerk", string(body), lines...)
		if test.refused {
			failure{code: codes.Unauthenticated, reason: "WEBHOOK_REFUSED", http: 401}.checkAnswer(t, got)
		} else if got.status != 204 {
			t.Errorf("%s: HTTP %d %s", name, got.status, got.body)
		}
		g.dev = d
		token := g.token(deployment.TokenRequest{User: "ada"})
		me := g.rest("POST", "/v1/query", `{"path":"users:me"}`, "Authorization", "Bearer "+token)
		if banned := me.status == 403; banned == test.refused {
			t.Errorf("%s: HTTP %d %s", name, me.status, me.body)
		}
	}
}
