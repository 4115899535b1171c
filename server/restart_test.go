package server

import (
	"path/filepath"
	"testing"
	"time"

	"convexgateway/auth/journal"
	"convexgateway/dev/clerk"
	"convexgateway/dev/deployment"
)

// Tokens that were refused before a restart are refused after it, by sign-out or webhook; those of others are accepted.
func TestRevocationsSurviveRestart(t *testing.T) {
	t.Parallel()
	d := startDeployment(t, deployment.Config{})
	path := filepath.Join(t.TempDir(), "revocations")
	run := func() (g *gateway, stop func()) {
		var kept *journal.Journal
		g = startUpstream(t, Upstream{ConvexURL: d.URL(), Issuers: []string{d.IssuerURL()}, WebhookSecrets: []string{d.WebhookSecret()}}, func(c *Config) {
			var err error
			if kept, err = journal.Open(path, nil, c.Logger); err != nil {
				t.Fatal(err)
			}
			c.Exchange = kept
		})
		g.dev = d
		return g, func() { _ = g.stop(); kept.Close() }
	}
	me := func(g *gateway, token string) answer {
		return g.rest("POST", "/v1/query", `{"path":"users:me"}`, "Authorization", "Bearer "+token)
	}

	first, stop := run()
	tokens := map[string]string{}
	for _, user := range []string{"ada", "bob", "cyd", "dan"} {
		tokens[user] = first.token(deployment.TokenRequest{User: user, TTL: 10 * time.Minute})
	}
	if got := first.rest("POST", "/v1/auth/sign-out", "{}", "Authorization", "Bearer "+tokens["ada"]); got.status != 200 {
		t.Errorf("HTTP %d %s", got.status, got.body)
	}
	events := clerk.New(clerk.Config{WebhookSecret: d.WebhookSecret()})
	for kind, id := range map[string]string{"session.revoked": "sess_bob", "user.deleted": "user_cyd"} {
		header, body := events.Webhook(kind, map[string]any{"id": id})
		var lines []string
		for name, values := range header {
			lines = append(lines, name, values[0])
		}
		if got := first.rest("POST", "/webhooks/clerk", string(body), lines...); got.status != 204 {
			t.Errorf("%s: HTTP %d %s", kind, got.status, got.body)
		}
	}
	stop()

	second, stop := run()
	defer stop()
	for user, reason := range map[string]string{"ada": "SIGNED_OUT", "bob": "SESSION_REVOKED", "cyd": "USER_DELETED"} {
		unauthenticated(reason).checkAnswer(t, me(second, tokens[user]))
	}
	if got := me(second, tokens["dan"]); got.status != 200 {
		t.Errorf("HTTP %d %s", got.status, got.body)
	}
}
