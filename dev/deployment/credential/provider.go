package credential

import (
	"fmt"
	"slices"
	"strings"
)

// Provider is an issuer of tokens that the deployment accepts: an entry of convex/auth.config.ts, and like one as JSON. There
// are two types: OpenID Connect, with Domain and ApplicationID, and CustomJWT, with the rest
// (get-convex/convex-backend crates/common/src/auth.rs).
type Provider struct {
	Type          ProviderType `json:"type,omitempty"`
	Domain        string       `json:"domain,omitempty"`        // issuer URL; without a scheme it is https
	ApplicationID string       `json:"applicationID,omitempty"` // the audience tokens must have; CustomJWT: "" for any

	Issuer    string `json:"issuer,omitempty"`    // CustomJWT: issuer URL; without a scheme it is https
	JWKS      string `json:"jwks,omitempty"`      // CustomJWT: URL of the keys, which may be a data: URL
	Algorithm string `json:"algorithm,omitempty"` // CustomJWT: RS256 or ES256
}

// ProviderType is how a provider's tokens are verified and their claims read.
type ProviderType string

const (
	OpenIDConnect ProviderType = ""
	CustomJWT     ProviderType = "customJwt"
)

func checkProviders(providers []Provider) error {
	for i, p := range providers {
		if problem := p.problem(); problem != "" {
			return fmt.Errorf("provider %d: %s", i, problem)
		}
	}
	return nil
}

func (p Provider) problem() string {
	switch {
	case p.Type == OpenIDConnect && (p.Domain == "" || p.ApplicationID == ""):
		return "domain and applicationID are required"
	case p.Type == OpenIDConnect:
		return ""
	case p.Type != CustomJWT:
		return fmt.Sprintf("type %q is unknown", p.Type)
	case p.Issuer == "" || p.JWKS == "":
		return "issuer and jwks are required"
	case p.Algorithm != "RS256" && p.Algorithm != "ES256":
		return "algorithm must be RS256 or ES256"
	default:
		return ""
	}
}

// issuer is the URL in the provider's tokens, but for trailing slashes.
func (p Provider) issuer() string {
	if p.Type == CustomJWT {
		return p.Issuer
	}
	return p.Domain
}

// matches reports whether tokens of that issuer and audience are the provider's.
func (p Provider) matches(issuer string, audiences []string) bool {
	return p.acceptsAudience(audiences) && comparableIssuer(p.issuer()) == comparableIssuer(issuer)
}

func (p Provider) acceptsAudience(audiences []string) bool {
	return p.Type == CustomJWT && p.ApplicationID == "" || slices.Contains(audiences, p.ApplicationID)
}

func comparableIssuer(issuer string) string {
	if !strings.HasPrefix(issuer, "https://") && !strings.HasPrefix(issuer, "http://") {
		issuer = "https://" + issuer
	}
	return strings.TrimRight(issuer, "/")
}

func (p Provider) String() string {
	if p.Type == OpenIDConnect {
		return fmt.Sprintf("OIDC(domain=%s, app_id=%s)", p.Domain, p.ApplicationID)
	}
	id := p.ApplicationID
	if id == "" {
		id = "none"
	}
	return fmt.Sprintf("CustomJWT(issuer=%s, app_id=%s)", p.Issuer, id)
}
