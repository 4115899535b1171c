package live

import (
	"strings"
	"time"

	"convexgateway/convex"
)

// refusal is a token that is never sent again. err is what its owners are told; nil if it had merely expired.
type refusal struct {
	token string
	err   error
}

// admit looks at the token that a subscriber has brought.
func (s *session) admit(sub *Subscription) {
	switch c := sub.credential; {
	case c.Token != "" && c.Token == s.refusal.token && s.refusal.err != nil:
		s.end(sub, s.refusal.err)
	case s.socket == nil || c.Expires.After(s.token.Expires):
		s.tokenChanged()
	}
}

// renew takes a subscriber's newer token.
func (s *session) renew(sub *Subscription, credential convex.Credential) {
	if _, here := s.subs[sub]; here && credential.Identity == s.identity {
		sub.credential = credential
		s.admit(sub)
	}
}

// bestToken picks the token that lives longest, of those that the deployment may still take.
func (s *session) bestToken() (best convex.Credential, found bool) {
	consider := func(c convex.Credential) {
		if s.usable(c) && c.Expires.After(best.Expires) {
			best, found = c, true
		}
	}
	for sub := range s.subs {
		consider(sub.credential)
	}
	for _, r := range s.requests.pending {
		if !r.abandoned {
			consider(r.credential)
		}
	}
	return best, found
}

func (s *session) usable(c convex.Credential) bool {
	return c.Token != s.refusal.token && c.Expires.After(time.Now())
}

// tokenChanged follows up on a new or newer token: it may be what a reconnect waits for, or what the deployment is due.
func (s *session) tokenChanged() {
	if s.socket == nil {
		s.connect()
		return
	}
	if s.identity == (convex.Identity{}) || !s.set.identityConfirmed() {
		return // while another token awaits its confirmation, none is sent: a refusal must be clear about whom it means
	}
	if wait := time.Until(renewFrom(s.token)); wait > 0 {
		s.timers.renew.Reset(wait)
		return
	}
	if best, found := s.bestToken(); found && best.Expires.After(s.token.Expires) {
		s.useToken(best)
		s.send(s.set.authenticate(best.Token))
	}
}

func (s *session) useToken(c convex.Credential) {
	s.token = c
	stop(s.timers.renew)
	s.timers.renew = s.after(time.Until(renewFrom(c)), s.tokenChanged)
}

// authFailed gives up a token that the deployment would not take. Those who showed another one are not concerned.
func (s *session) authFailed(m *authError) {
	s.opts.Logger.Warn("the deployment refused a token", "update", m.updateAttempted, "error", m.message)
	if m.updateAttempted && m.baseVersion != nil && *m.baseVersion+1 < s.set.sentIdentity {
		return // an older token than the last, and the last is still to be judged; the deployment closes the socket
	}
	s.doubtful = strings.Contains(m.message, discoveryFailed)
	s.dropSocket("AuthError")
	if s.doubtful {
		s.reconnect(unknownRetryBase) // it could not look: the token may be good
		return
	}
	refused := s.token
	if !m.updateAttempted && s.proven.Token != "" {
		refused = s.proven // the token in force has expired; one that was sent since is still to be judged
	}
	s.refusal = refusal{token: refused.Token}
	if m.updateAttempted && time.Until(refused.Expires) > clockSkew {
		s.refusal.err = &convex.DeploymentError{Class: convex.Unauthorized, Code: "AuthError", Message: m.message}
		s.endOwners(s.refusal)
	}
	s.reconnect(dialRetryBase)
}

// discoveryFailed says that the deployment could not reach the token's issuer.
const discoveryFailed = "AuthProviderDiscoveryFailed"

// clockSkew is how near its end a token may have expired by the deployment's clock.
const clockSkew = 5 * time.Second

func (s *session) endOwners(r refusal) {
	for sub := range s.subs {
		if sub.credential.Token == r.token {
			s.end(sub, r.err)
		}
	}
	s.requests.fail(r.err, func(request *request) bool { return request.credential.Token == r.token })
	s.lingerIfIdle()
}

// renewFrom is from when on the deployment should be shown a newer token. Not earlier: it runs every query of the session
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
