package cli

import (
	"cmp"
	"encoding/json"

	"convexgateway/auth"
	"convexgateway/auth/service"
	"convexgateway/dev/deployment"
	"convexgateway/server"
)

// devService is the service that dev has, and devServiceIssuer the issuer of its tokens.
const (
	devService       = "billing"
	devServiceIssuer = "https://convexgateway.localhost"
)

// devServices are the services of dev: those of --services or, without it, one with a new API key.
type devServices struct {
	issuer *service.Issuer
	key    string // empty with --services
	hash   string
}

// newDevServices completes the settings of services, but for the entry of dev's own, and returns them.
func newDevServices(cfg *server.Config) (s devServices, err error) {
	if cfg.Services == "" {
		s.key, s.hash = service.NewKey()
		cfg.ServiceIssuer, cfg.ServiceIssuerKeys = devServiceIssuer, []service.PrivateKey{service.NewIssuerKey()}
	}
	s.issuer, err = service.NewIssuer(cfg.ServiceIssuer, cfg.ServiceIssuerKeys)
	return s, err
}

// provider is what auth.config.ts would have for them.
func (s devServices) provider() deployment.Provider {
	return deployment.Provider{
		Type: deployment.CustomJWT, Issuer: s.issuer.URL(), JWKS: s.issuer.KeySet(), Algorithm: "ES256", ApplicationID: service.Audience,
	}
}

// text is the services file without --services. Workload tokens are those of POST /dev/token.
func (s devServices) text(issuer string) ([]byte, error) {
	if s.key == "" {
		return nil, nil
	}
	return json.Marshal(map[string]any{"services": []service.Entry{{
		Name: devService, Keys: []string{s.hash},
		Tokens: []service.Workload{{
			Issuer: issuer, Audience: deployment.WorkloadAudience, Subject: deployment.WorkloadSubject(devService),
		}},
		Rules: service.Rules{OnBehalfOf: &service.OnBehalfOf{Subjects: []string{"user_*"}, Functions: []string{"*"}}},
	}}})
}

// providerOf is what auth.config.ts would have for an issuer other than Clerk.
func providerOf(issuer auth.Issuer) deployment.Provider {
	if issuer.Keys == "" {
		return deployment.Provider{Domain: issuer.URL, ApplicationID: issuer.ApplicationID}
	}
	return deployment.Provider{
		Type: deployment.CustomJWT, Issuer: issuer.URL, JWKS: issuer.Keys, Algorithm: cmp.Or(issuer.Algorithm, "RS256"),
		ApplicationID: issuer.ApplicationID,
	}
}
