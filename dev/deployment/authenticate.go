package deployment

// authenticate handles an Authenticate message at once; nothing else happens on the socket meanwhile. The next transition
// is the client's only confirmation.
func (s *session) authenticate(m authenticateMessage) error {
	s.e.count(func(c *socketCounts) { c.authenticates++ })
	identity, err := s.e.authenticate(s.socket.ctx, m.credential)
	if err != nil {
		refused := *asServerError(err)
		switch refused.class {
		case badRequest, unauthenticated, forbidden:
			refused.class = authUpdateFailed
		}
		return &refused
	}
	if m.baseVersion != s.received.Identity {
		return errInternal
	}
	s.identity = identity
	s.received.Identity++
	s.dirty = true
	return nil
}

// checkExpiry is done whenever the identity is about to be used, and only then: a socket may sit idle with an expired token.
func (s *session) checkExpiry() error {
	if s.identity.expired(s.e.now()) {
		return errUnauthenticated("TokenExpired", "Convex token identity expired")
	}
	return nil
}
