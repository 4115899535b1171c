package auth

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Provider is an issuer other than Clerk whose tokens are accepted: an entry of a deployment's convex/auth.config.ts, and like
// one as JSON. There are two types: OpenID Connect, with Domain and ApplicationID, and CustomJWT, with the rest
// (get-convex/convex-backend crates/common/src/auth.rs).
//
// Its tokens are not told apart by kind, as Clerk's are, and their azp and sid say nothing here: the callers have no session.
type Provider struct {
	Type          ProviderType `json:"type,omitempty"`
	Domain        string       `json:"domain,omitempty"`        // issuer URL; without a scheme it is https
	ApplicationID string       `json:"applicationID,omitempty"` // the audience tokens must have; CustomJWT: "" for any

	Issuer    string `json:"issuer,omitempty"`    // CustomJWT: issuer URL; without a scheme it is https
	JWKS      string `json:"jwks,omitempty"`      // CustomJWT: URL of the keys, which may be a data: URL
	Algorithm string `json:"algorithm,omitempty"` // CustomJWT: RS256 or ES256
}

// ProviderType says how a provider's tokens are verified.
type ProviderType string

// The types.
const (
	OpenIDConnect ProviderType = ""
	CustomJWT     ProviderType = "customJwt"
)

const (
	dataScheme      = "data:"
	maxSubjectBytes = 256
	clerkDevDomain  = ".clerk.accounts.dev"
)

// ParseProviders reads a JSON list of providers, as it stands in auth.config.ts.
func ParseProviders(text string) ([]Provider, error) {
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.DisallowUnknownFields()
	var providers []Provider
	if err := d.Decode(&providers); err != nil {
		return nil, fmt.Errorf("not a JSON list of providers: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("not a JSON list of providers: there is more behind it")
	}
	return providers, nil
}

// normalized returns the provider with its issuer in full and without slashes at its end, or what is wrong with it.
func (p Provider) normalized() (Provider, error) {
	switch {
	case p.Type == OpenIDConnect && p.ApplicationID == "":
		return p, errors.New("domain and applicationID are required")
	case p.Type == OpenIDConnect:
		issuer, err := p.checkIssuer(p.Domain)
		p.Domain = issuer
		return p, err
	case p.Type != CustomJWT:
		return p, fmt.Errorf("type %q is unknown", p.Type)
	case p.Issuer == "" || p.JWKS == "":
		return p, errors.New("issuer and jwks are required")
	case p.Algorithm != algRS256 && p.Algorithm != algES256:
		return p, errors.New("algorithm must be RS256 or ES256")
	}
	var err error
	if strings.HasPrefix(p.JWKS, dataScheme) {
		_, err = parseKeyData(p.JWKS, p.Algorithm)
	} else {
		err = checkKeyURL(p.JWKS)
	}
	if err != nil {
		return p, fmt.Errorf("jwks: %w", err)
	}
	p.Issuer, err = p.checkIssuer(p.Issuer)
	return p, err
}

func (Provider) checkIssuer(raw string) (string, error) {
	if !strings.Contains(raw, "://") {
		raw = "https://" + raw
	}
	issuer, err := normalizeIssuer(raw)
	if err != nil {
		return "", err
	}
	if u, _ := url.Parse(issuer); strings.HasSuffix(u.Hostname(), clerkDevDomain) {
		return "", fmt.Errorf("issuer %q: a Clerk instance, whose tokens have rules of their own", issuer)
	}
	return issuer, nil
}

// issuer is what iss begins with; a slash may follow.
func (p Provider) issuer() string {
	if p.Type == CustomJWT {
		return p.Issuer
	}
	return p.Domain
}

// spellings are the values of iss that mean the provider: Convex does not mind slashes at its end, with which Auth0's, for
// one, is written, and puts https:// before a custom one.
func (p Provider) spellings() []string {
	all := []string{p.issuer(), p.issuer() + "/"}
	if bare, ok := strings.CutPrefix(p.issuer(), "https://"); ok && p.Type == CustomJWT {
		all = append(all, bare, bare+"/")
	}
	return all
}

// algorithms are those that Convex takes.
func (p Provider) algorithms() []string {
	if p.Type == CustomJWT {
		return []string{p.Algorithm}
	}
	return []string{algRS256, algEdDSA}
}

// fetch returns how the provider's keys are fetched.
func (p Provider) fetch(client *http.Client) func(context.Context) (signingKeys, error) {
	if p.Type == CustomJWT {
		return func(ctx context.Context) (signingKeys, error) {
			return fetchKeys(ctx, client, p.JWKS, p.algorithms()...)
		}
	}
	return func(ctx context.Context) (signingKeys, error) {
		return discoverKeys(ctx, client, p.Domain, p.algorithms()...)
	}
}

// providerRules is what a provider's tokens must be, apart from the time.
type providerRules struct {
	audiences   []string // one of them; none: any, or no audience at all
	among       bool     // the token may have other audiences, too
	maxLifetime time.Duration
}

// identify reads the claims of a token whose signature is good.
func (r *providerRules) identify(t *token) (*Identity, *Error) {
	if err := t.claims.requireSpelling("iss", "sub", "aud", "exp", "iat", "nbf"); err != nil {
		return nil, malformed("claims", err)
	}
	typ, err := t.header.text("typ")
	if err != nil || typ != "" && !strings.EqualFold(typ, "JWT") && !isAccessToken(typ) {
		return nil, malformed("header", errors.New("typ is not JWT")) // a logout token, say, whose claims look much the same
	}
	id := newIdentity(t)
	id.cred.active = true
	if err := r.checkAudience(t.claims); err != nil {
		return nil, err
	}
	sub, _ := t.claims["sub"].(string)
	if sub == "" || len(sub) > maxSubjectBytes || strings.ContainsFunc(sub, unicode.IsControl) {
		return nil, NewError(ReasonSubject, nil)
	}
	id.Issuer, id.Subject = t.issuer(), sub
	if err := readTimes(id, t.claims, r.maxLifetime); err != nil {
		return nil, err
	}
	return id, id.cred.hash(t.claims)
}

func (r *providerRules) checkAudience(c object) *Error {
	if len(r.audiences) == 0 {
		return nil
	}
	list, ok := c["aud"].([]any)
	if !ok {
		list = []any{c["aud"]}
	}
	ours := func(aud any) bool { text, ok := aud.(string); return ok && slices.Contains(r.audiences, text) }
	if !slices.ContainsFunc(list, ours) || len(list) > 1 && !r.among {
		return NewError(ReasonAudience, nil)
	}
	return nil
}
