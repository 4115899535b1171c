package server

import (
	"cmp"
	"errors"
	"log/slog"

	"convexgateway/auth"
	"convexgateway/auth/clerk"
	"convexgateway/auth/lease"
	"convexgateway/convex"
	convexlive "convexgateway/convex/live"
	"convexgateway/server/call"
	"convexgateway/server/rest"
)

// Upstream has the addresses of the deployment behind a gateway and of the issuers of its tokens. Only ConvexURL is required.
type Upstream struct {
	ConvexURL string // http(s)://host of the deployment

	// Issuers are Clerk's Frontend API URLs. Without these and OtherIssuers all callers are anonymous: every token is refused.
	Issuers        []string
	OtherIssuers   []auth.Issuer // issuers other than Clerk that the deployment accepts
	ClerkPublicKey string        // PEM. "": the issuer's keys are fetched
	ClerkSecretKey string        // for Config.SessionRenewal; a secret. "": none
	ClerkAPIURL    string        // Clerk's Backend API. "": auth.DefaultClerkAPIURL
	// ClerkInstanceIDs, if there are any, are the only Clerk instances (ins_…) whose webhooks are accepted.
	ClerkInstanceIDs []string
	WebhookSecrets   []string // signing secrets of Clerk's webhooks. Empty: webhooks are refused
}

// newClients makes the clients of the deployment.
func (s *Server) newClients() (err error) {
	maxConns := MachineCapacity().maxUpstreamConns()
	options := convex.HTTPOptions{Transport: s.cfg.tracedTransport(maxConns), MaxConns: maxConns}
	if s.functions, err = convex.NewHTTPClient(s.up.ConvexURL, options); err != nil {
		return &ConfigError{Field: "ConvexURL", Err: err}
	}
	s.closers.addFunc("HTTP client", s.functions.Close)
	linger := s.cfg.Linger
	if linger == 0 {
		linger = -1 // none: there 0 is the default
	}
	s.live, err = convexlive.New(s.up.ConvexURL, convexlive.Options{
		TokenGrace: cmp.Or(s.cfg.RefreshGrace, -1),
		Linger:     linger, FailFast: s.cfg.FailFastAfter, Compress: s.cfg.UpstreamCompression,
		SocketsPerIdentity: s.cfg.SocketsPerIdentity, MutationSockets: s.cfg.MutationSockets, DedicatedSockets: s.cfg.KeyedMutations == DedicatedSockets, MaxSockets: s.cfg.MaxUpstreamSockets, Stopped: s.functions.Stopped, Logger: s.logger,
		Hold:    func(caller string) convexlive.Hold { return s.limits.Budget.Open(caller) },
		Reading: s.limits.Budget.Reading(),
	})
	if err != nil {
		return &ConfigError{Field: "ConvexURL", Err: err}
	}
	s.closers.add("sync client", s.live.Close)
	s.registry = newRegistry(s.live)
	registerLimits(s.registry, s.limits)
	registerBuild(s.registry, s.cfg.Build)
	registerMaxima(s.registry, s.cfg)
	registerExchange(s.registry, s.cfg.ExchangeConnected)
	return nil
}

// newVerifier makes the verifier of the issuers' tokens, if there are issuers. It fetches no keys yet.
func (s *Server) newVerifier() (err error) {
	up := s.up
	if len(up.Issuers)+len(up.OtherIssuers) == 0 {
		return nil
	}
	s.verifier, err = auth.NewClerkVerifier(auth.Config{
		Issuers: up.Issuers, PublicKey: up.ClerkPublicKey, OtherIssuers: up.OtherIssuers,
		AuthorizedParties: s.cfg.AuthorizedParties, AllowTemplateTokens: s.cfg.AllowTemplateTokens,
		AllowMachineTokens: s.cfg.AllowMachineTokens, RefuseImpersonation: s.cfg.RefuseImpersonation,
		AllowReservedClaims: s.cfg.AllowReservedClaims, DenyList: s.denied, Clock: s.cfg.Clock,
		Logger: slog.New(call.LogHandler{Handler: s.logger.Handler()}),
	})
	if err != nil {
		return &ConfigError{Field: "Issuers, ClerkPublicKey, OtherIssuers", Err: err}
	}
	s.closers.addFunc("verifier", s.verifier.Close)
	registerKeys(s.registry, s.verifier)
	return nil
}

// userVerifier returns the verifier; nil without issuers, which a nil *ClerkVerifier in the interface would not be.
func (s *Server) userVerifier() auth.Verifier {
	if s.verifier == nil {
		return nil
	}
	return s.verifier
}

// tokenVerifier returns the verifier of all credentials; nil if none is accepted.
func (s *Server) tokenVerifier() auth.Verifier {
	if s.directory == nil {
		return s.userVerifier()
	}
	return s.directory
}

// newSessions makes the registry of the credentials of open streams. With Config.SessionRenewal it renews them.
func (s *Server) newSessions() error {
	c := lease.Config{
		Grace: s.cfg.RefreshGrace, Verifier: s.tokenVerifier(), Exchange: s.cfg.Exchange, DenyList: s.denied, Revoked: s.audit.Revoked, Logger: s.logger,
	}
	if s.cfg.SessionRenewal {
		if err := s.newClerk(); err != nil {
			return err
		}
		c.Minter = s.clerk
	}
	s.sessions = lease.NewRegistry(c)
	s.closers.addFunc("sessions", s.sessions.Close)
	return nil
}

// newClerk makes the client of Clerk's Backend API.
func (s *Server) newClerk() (err error) {
	if s.up.ClerkSecretKey == "" || s.verifier == nil {
		return invalid("SessionRenewal", "needs an issuer and its", "ClerkSecretKey")
	}
	s.clerk, err = clerk.NewAPI(clerk.APIConfig{URL: s.up.ClerkAPIURL, SecretKey: s.up.ClerkSecretKey})
	if err != nil {
		return &ConfigError{Field: "SessionRenewal", Err: err}
	}
	s.closers.addFunc("Clerk's API", s.clerk.Close)
	return nil
}

// newWebhooks makes the handler of Clerk's webhooks, if there is a secret to verify them with.
func (s *Server) newWebhooks() error {
	if len(s.up.WebhookSecrets) == 0 {
		return nil
	}
	verifier, err := clerk.NewWebhookVerifier(clerk.WebhookConfig{Secrets: s.up.WebhookSecrets, InstanceIDs: s.up.ClerkInstanceIDs})
	switch {
	case errors.Is(err, clerk.ErrInstanceID):
		return &ConfigError{Field: "ClerkInstanceIDs", Err: err}
	case err != nil:
		return &ConfigError{Field: "WebhookSecrets", Err: err}
	}
	s.webhooks = &rest.Webhooks{Verifier: verifier, Issuers: s.up.Issuers, Leases: s.sessions, Logger: s.logger}
	return nil
}
