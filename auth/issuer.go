package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"convexgateway/auth/jws"
	"convexgateway/auth/keys"
)

// Issuer is an issuer other than Clerk whose tokens are accepted, because the deployment's auth.config.ts lists it, too:
// by `domain` and `applicationID`, or as `type: "customJwt"`.
type Issuer struct {
	// URL is the iss claim, exactly.
	URL string
	// ApplicationID is the one audience that a token must have; with Keys, one of its audiences. It may be empty only with
	// Keys: then the audience is ignored.
	ApplicationID string
	// Keys is the URL of the key set, which may be a data: URL. Empty: it is found by OpenID Connect discovery.
	Keys string
	// Algorithm is what tokens are signed with, RS256 or ES256, where Keys is given. With discovery, they are signed with RS256 or EdDSA.
	Algorithm string
}

// ParseIssuer reads an issuer as it is written on a command line: its URL, then, after spaces, application=…, jwks=… and
// algorithm=….
func ParseIssuer(text string) (Issuer, error) {
	fields := strings.Fields(text)
	if len(fields) == 0 {
		return Issuer{}, errors.New("an empty issuer")
	}
	is := Issuer{URL: fields[0]}
	for _, field := range fields[1:] {
		name, value, _ := strings.Cut(field, "=")
		to, known := map[string]*string{"application": &is.ApplicationID, "jwks": &is.Keys, "algorithm": &is.Algorithm}[name]
		switch {
		case !known:
			return Issuer{}, fmt.Errorf("issuer %q: %q is none of application=…, jwks=…, algorithm=…", is.URL, field)
		case value == "" || *to != "":
			return Issuer{}, fmt.Errorf("issuer %q: %s must have one value", is.URL, name)
		}
		*to = value
	}
	return is, is.validate()
}

func (is Issuer) validate() error {
	if err := checkIssuerURL(is.URL); err != nil {
		return err
	}
	u, _ := url.Parse(is.URL)
	switch {
	case strings.HasSuffix(u.Hostname(), clerkDevDomain):
		return fmt.Errorf("issuer %q: a Clerk instance, whose tokens have rules of their own", is.URL)
	case is.Keys == "" && is.ApplicationID == "":
		return fmt.Errorf("issuer %q: application is missing", is.URL)
	case is.Keys == "" && is.Algorithm != "":
		return fmt.Errorf("issuer %q: algorithm is for an issuer with jwks", is.URL)
	case is.Keys == "":
		return nil
	case is.Algorithm != "" && is.Algorithm != "RS256" && is.Algorithm != "ES256":
		return fmt.Errorf("issuer %q: algorithm %q is not RS256 or ES256", is.URL, is.Algorithm)
	}
	if err := keys.CheckURL(is.Keys); err != nil {
		return fmt.Errorf("issuer %q: jwks: %w", is.URL, err)
	}
	return nil
}

// isApplicationOf reports whether two entries are of one issuer, and differ in the application only.
func (is Issuer) isApplicationOf(other Issuer) bool {
	return is.URL == other.URL && is.Keys == "" && other.Keys == "" && is.ApplicationID != other.ApplicationID
}

// algorithms returns those that its tokens may be signed with.
func (is Issuer) algorithms() []string {
	switch {
	case is.Keys == "":
		return []string{"RS256", "EdDSA"}
	case is.Algorithm == "":
		return []string{"RS256"}
	}
	return []string{is.Algorithm}
}

func (is Issuer) published() keys.Published { return keys.Published{Issuer: is.URL, URL: is.Keys} }

// Published fetches what an issuer publishes, as the gateway and the deployment do: the discovery document,
// unless Keys is set, and the keys. It returns the ids of the usable keys.
func (is Issuer) Published(ctx context.Context, client *http.Client) (keyIDs []string, err error) {
	return is.published().IDs(ctx, client)
}

// ClerkPublished is the same for a Clerk issuer. The gateway needs no discovery for its keys, but the deployment does.
func ClerkPublished(ctx context.Context, issuer string, client *http.Client) (keyIDs []string, err error) {
	if issuer, err = normalizeIssuer(issuer); err != nil {
		return nil, err
	}
	return keys.ClerkIDs(ctx, issuer, client)
}

// acceptedIssuer is an issuer, and how its tokens are verified.
type acceptedIssuer struct {
	keys       keys.Source
	algorithms []string
	rules      rules
	provider   *provider // that the deployment has for it
	clerk      bool      // its tokens have Clerk's claims, and are verified by Clerk's SDK, too

	allowReserved bool // accept reserved claims
	warned        *claimWarnings
}

// rules read the identity of a token with a valid signature, without its key, or refuse it. Time, authorized party and revocation are checked
// on every use instead, by authorize.
type rules interface {
	identify(t *jws.Token) (*Identity, *Error)
}

// oidcRules are the rules for an issuer other than Clerk: those of Convex
// (get-convex/convex-backend crates/authentication/src/lib.rs) and a bound on the lifetime.
type oidcRules struct {
	applicationIDs []string // none: any audience
	otherAudiences bool     // a token may have other audiences, too
	maxLifetime    time.Duration
}

const (
	maxSubjectBytes = 256
	clerkDevDomain  = ".clerk.accounts.dev"
)

// accepted returns the issuer with its rules and keys.
func (is Issuer) accepted(c Config, client *http.Client) acceptedIssuer {
	rules := &oidcRules{otherAudiences: is.Keys != "", maxLifetime: c.maxServiceLifetime()}
	if is.ApplicationID != "" {
		rules.applicationIDs = []string{is.ApplicationID}
	}
	t := acceptedIssuer{
		algorithms: is.algorithms(), rules: rules, provider: openIDProvider, allowReserved: c.AllowReservedClaims, warned: &claimWarnings{},
		keys: is.published().Source(client, c.Clock, c.Logger),
	}
	if is.Keys != "" {
		t.provider = customProvider
	}
	return t
}

// addApplication accepts the tokens of another application of the same issuer.
func (t acceptedIssuer) addApplication(id string) {
	if rules, ok := t.rules.(*oidcRules); ok {
		rules.applicationIDs = append(rules.applicationIDs, id)
	}
}

func (r *oidcRules) checkAudience(c jws.Object) *Error {
	if len(r.applicationIDs) == 0 {
		return nil
	}
	audiences, ok := c["aud"].([]any)
	if !ok {
		audiences = []any{c["aud"]}
	}
	ours := func(aud any) bool { text, ok := aud.(string); return ok && slices.Contains(r.applicationIDs, text) }
	if !slices.ContainsFunc(audiences, ours) || len(audiences) > 1 && !r.otherAudiences {
		return NewError(ReasonAudience, nil)
	}
	return nil
}

func (r *oidcRules) identify(t *jws.Token) (*Identity, *Error) {
	if err := t.Claims.RequireSpelling("iss", "sub", "aud", "exp", "iat", "nbf"); err != nil {
		return nil, malformed("claims", err)
	}
	if typ, err := t.Header.Text("typ"); err != nil || !isAcceptedType(typ) {
		return nil, malformed("header", errors.New("typ is none of JWT, at+jwt, id+jwt and Bearer"))
	}
	id := newIdentity(t)
	if err := r.checkAudience(t.Claims); err != nil {
		return nil, err
	}
	sub, _ := t.Claims["sub"].(string)
	if sub == "" || len(sub) > maxSubjectBytes || strings.ContainsFunc(sub, unicode.IsControl) {
		return nil, NewError(ReasonSubject, nil)
	}
	id.Issuer, _ = t.Claims["iss"].(string)
	id.Subject = sub
	id.cred.active, id.cred.anyParty = true, true
	if err := readTimes(id, t.Claims, jws.Object.NumericDate, r.maxLifetime); err != nil {
		return nil, err
	}
	return id, nil
}

// isAcceptedType reports whether typ, which Convex ignores, is absent or that of an access or ID token, in any case and with or
// without application/ (RFC 7515, 4.1.9). Other tokens of an issuer, such as logout tokens, are no credentials.
func isAcceptedType(typ string) bool {
	switch strings.TrimPrefix(strings.ToLower(typ), "application/") {
	case "", "jwt", "at+jwt", "id+jwt", "bearer":
		return true
	}
	return false
}
