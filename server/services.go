package server

import (
	"fmt"

	"convexgateway/auth/service"
)

// newDirectory reads the services, if there are any.
func (s *Server) newDirectory() error {
	if s.cfg.Services == "" && s.cfg.ServicesText == nil {
		return nil
	}
	issuer, err := service.NewIssuer(s.cfg.ServiceIssuer, s.cfg.ServiceIssuerKeys)
	if err != nil {
		return &ConfigError{Field: "ServiceIssuer, ServiceIssuerKeys", Err: err}
	}
	if taken := s.userIssuer(issuer.URL()); taken != "" {
		return &ConfigError{Field: "ServiceIssuer", Err: fmt.Errorf("%q is an issuer of users, who would pass for services", taken)}
	}
	s.directory, err = service.Open(service.Options{
		File: s.cfg.Services, Text: s.cfg.ServicesText, Issuer: issuer, Users: s.userVerifier(), Clock: s.cfg.Clock, Logger: s.logger,
	})
	if err != nil {
		return &ConfigError{Field: "Services", Err: err}
	}
	s.closers.addFunc("services", s.directory.Close)
	s.limits.ServiceShares(issuer.URL(), s.directory.Share)
	return nil
}

// userIssuer returns the issuer of users that a deployment takes for the same as another one; empty if there is none.
func (s *Server) userIssuer(url string) string {
	for _, issuer := range s.up.Issuers {
		if service.SameIssuer(issuer, url) {
			return issuer
		}
	}
	for _, issuer := range s.up.OtherIssuers {
		if service.SameIssuer(issuer.URL, url) {
			return issuer.URL
		}
	}
	return ""
}

// checkGrants ends the streams of services that are not in the file any more.
func (s *Server) checkGrants() {
	if ended := s.sessions.CheckGrants(); ended > 0 {
		s.logger.Info("streams of services have ended, because the services file has changed", "streams", ended)
	}
}
