package live

import (
	"iter"
	"time"

	"convexgateway/convex"
	"convexgateway/convex/live/protocol"
)

// credentials are whose the tokens of a session are, and which was refused. It reads no clock.
type credentials struct {
	identity convex.Identity
	refused  string // the last token that the deployment did not accept; it is never sent again
	refusal  error  // for its owners; nil if it had merely expired
}

// needed reports whether the deployment must be sent a token: an identity is never connected anonymously.
func (c *credentials) needed() bool { return c.identity != convex.Identity{} }

// refusalOf returns the error for callers with a token that the deployment has refused; nil if it has not.
func (c *credentials) refusalOf(token string) error {
	if token == "" || token != c.refused {
		return nil
	}
	return c.refusal
}

// usable reports whether the deployment may still accept a token.
func (c *credentials) usable(candidate convex.Credential, now time.Time) bool {
	return candidate.Token != c.refused && candidate.Expires.After(now)
}

// best returns the token that lives longest of those that are usable.
func (c *credentials) best(candidates iter.Seq[convex.Credential], now time.Time) (best convex.Credential, found bool) {
	for candidate := range candidates {
		if c.usable(candidate, now) && candidate.Expires.After(best.Expires) {
			best, found = candidate, true
		}
	}
	return best, found
}

// refuse notes that the deployment did not accept a token of a socket, and returns which, with the error for its owners. Callers with
// another token are not concerned.
func (c *credentials) refuse(of tokens, m *protocol.AuthError, now time.Time) (token string, refusal error) {
	refused := of.sent
	if !m.UpdateAttempted && of.accepted.Token != "" {
		refused = of.accepted // the token in force has expired; one that was sent since has no answer yet
	}
	c.refused, c.refusal = refused.Token, nil
	if m.UpdateAttempted && refused.Expires.Sub(now) > clockSkew {
		c.refusal = &convex.DeploymentError{Class: convex.Unauthorized, Code: "AuthError", Message: m.Message}
	}
	return c.refused, c.refusal
}

// clockSkew is how near its end a token may have expired by the deployment's clock.
const clockSkew = 5 * time.Second

// renewFrom is from when on the deployment should be sent a newer token. Not earlier: it runs every query of the session
// again for each token.
func renewFrom(c convex.Credential) time.Time {
	if c.Issued.IsZero() {
		return c.Expires.Add(-minRenewLead)
	}
	lifetime := c.Expires.Sub(c.Issued)
	return c.Expires.Add(-min(max(minRenewLead, lifetime/6), lifetime/2))
}

// minRenewLead is how long before its expiry a token is replaced at the latest, unless it lives for less than twice that.
const minRenewLead = 10 * time.Second
