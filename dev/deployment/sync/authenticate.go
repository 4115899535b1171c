package sync

import "convexgateway/dev/deployment/call"

// authenticate handles an Authenticate message at once; nothing else happens on the socket meanwhile. The next transition
// is the client's only confirmation.
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

// checkExpiry is done whenever the identity is about to be used, and only then: a socket may sit idle with an expired token.
func (s *session) checkExpiry() error {
	if s.identity.Expired(s.cfg.Now()) {
		return call.NewUnauthenticated("TokenExpired", "Convex token identity expired")
	}
	return nil
}
