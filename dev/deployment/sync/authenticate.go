package sync

import "convexgateway/dev/deployment/call"

// authenticate handles an Authenticate message; no other message is handled meanwhile. The next transition is the client's only
// confirmation.
func (s *session) authenticate(m authenticateMessage) error {
	s.socket.count(func(c *Counts) { c.Authenticates++ })
	identity, err := s.cfg.Authenticate(s.socket.ctx, m.credential)
	if err != nil {
		refused := *call.AsError(err)
		switch refused.Class {
		case call.BadRequest, call.Unauthenticated, call.Forbidden:
			refused.Class = call.AuthUpdateFailed
		}
		return &refused
	}
	if m.baseVersion != s.received.Identity {
		return call.ErrInternal
	}
	s.identity = identity
	s.received.Identity++
	s.dirty = true
	return nil
}

// checkExpiry fails if the identity has expired. It is called before each use of the identity, and only then: an idle socket
// stays open with an expired token.
func (s *session) checkExpiry() error {
	if s.identity.Expired(s.cfg.Now()) {
		return call.NewUnauthenticated("TokenExpired", "Convex token identity expired")
	}
	return nil
}
