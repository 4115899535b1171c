package credential

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v3"

	"convexgateway/dev/deployment/call"
)

// VerifierConfig is what a verifier accepts, and with which keys. All fields are required.
type VerifierConfig struct {
	AdminKey  AdminKey
	Providers []Provider
	Client    *http.Client // fetches the keys of providers
	OwnIssuer string       // the issuer whose key is OwnKey, which is not fetched
	OwnKey    func() (kid string, key *rsa.PublicKey)
	Now       func() time.Time
	Redacts   func() bool // whether error texts leave the list of providers out
}

// Verifier turns credentials into identities the way Convex does (get-convex/convex-backend crates/authentication/src/lib.rs).
// Any number of goroutines may use it.
type Verifier struct {
	cfg       VerifierConfig
	discovery *discovery
}

// NewVerifier fails for an incomplete provider.
func NewVerifier(cfg VerifierConfig) (*Verifier, error) {
	if err := checkProviders(cfg.Providers); err != nil {
		return nil, err
	}
	d := &discovery{client: cfg.Client, now: cfg.Now, own: cfg.OwnIssuer, ownKey: cfg.OwnKey, cache: map[string]cachedAnswer{}}
	return &Verifier{cfg, d}, nil
}

// Verify returns the identity of a credential. Without one the caller is anonymous, a nil *Identity; an empty token is an
// invalid one. Errors are [*call.Error].
func (v *Verifier) Verify(ctx context.Context, c Credential) (*call.Identity, error) {
	switch c.Kind {
	case UserToken:
		return v.verifyToken(ctx, c.Secret)
	case AdminSecret:
		return v.cfg.AdminKey.identity(c)
	default:
		return nil, nil
	}
}

// DropKeys drops the cached keys of providers.
func (v *Verifier) DropKeys() { v.discovery.clear() }

// maxTokenClaims is a bound on the claims of a token, in bytes.
const maxTokenClaims = 64 << 10

const (
	msgNotJWT = "Could not parse JWT payload. Check that the token is a valid JWT format with three base64-encoded parts " +
		"separated by dots."
	msgNoIssuer = "Missing issuer claim ('iss') in JWT payload. The JWT must include an 'iss' claim that matches one of your " +
		"configured auth providers."
	msgNotOIDC    = "Could not parse as OIDC ID token. Token might not be an OIDC-compliant JWT."
	msgUnverified = "Could not verify OIDC token claim. Check that the token signature is valid and the token hasn't expired."
)

// verifyToken returns the identity of a token. Errors have the codes InvalidAuthHeader, NoAuthProvider, Unauthenticated, or
// AuthProviderDiscoveryFailed.
func (v *Verifier) verifyToken(ctx context.Context, token string) (*call.Identity, error) {
	claims, err := unverifiedClaims(token)
	if err != nil {
		return nil, call.NewUnauthenticated("InvalidAuthHeader", msgNotJWT)
	}
	issuer, ok := claims["iss"].(string)
	if !ok {
		return nil, call.NewUnauthenticated("InvalidAuthHeader", msgNoIssuer)
	}
	audiences := audiencesOf(claims["aud"])
	i := slices.IndexFunc(v.cfg.Providers, func(p Provider) bool { return p.matches(issuer, audiences) })
	switch {
	case i < 0:
		return nil, call.NewUnauthenticated("NoAuthProvider", v.noProviderMessage())
	case v.cfg.Providers[i].Type == CustomJWT:
		return v.verifyCustom(ctx, v.cfg.Providers[i], token, claims)
	default:
		return v.verifyOpenID(ctx, v.cfg.Providers[i], token, claims)
	}
}

// verifyOpenID returns the identity of an OpenID Connect token, whose issuer and audience match already.
func (v *Verifier) verifyOpenID(ctx context.Context, p Provider, token string, claims map[string]any) (*call.Identity, error) {
	keys, err := v.discovery.keys(ctx, claims["iss"].(string))
	if err != nil {
		return nil, err
	}
	identity, err := newIdentity(claims)
	if err != nil {
		return nil, call.NewUnauthenticated("InvalidAuthHeader", msgNotOIDC)
	}
	verified, audiences := signedBy(token, keys), audiencesOf(claims["aud"])
	if !verified || len(audiences) != 1 || audiences[0] != p.ApplicationID || identity.Expired(v.cfg.Now().Truncate(time.Second)) {
		return nil, call.NewUnauthenticated("Unauthenticated", msgUnverified)
	}
	return identity, nil
}

// unverifiedClaims reads the payload before the signature is verified, to choose the keys.
func unverifiedClaims(token string) (map[string]any, error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 || len(parts[1]) > maxTokenClaims {
		return nil, fmt.Errorf("%d parts", len(parts))
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(payload))
	decoder.UseNumber()
	var claims map[string]any
	if err := decoder.Decode(&claims); err != nil {
		return nil, err
	}
	return claims, checkClaimTypes(claims)
}

// checkClaimTypes checks the claims that are read before the provider is known.
func checkClaimTypes(claims map[string]any) error {
	if sub, ok := claims["sub"]; ok {
		if _, isText := sub.(string); !isText {
			return errors.New("sub is no text")
		}
	}
	for _, name := range []string{"exp", "iat", "nbf"} {
		if value, ok := claims[name]; ok {
			if _, isTime := seconds(value); !isTime {
				return fmt.Errorf("%s is no time", name)
			}
		}
	}
	return nil
}

func audiencesOf(aud any) []string {
	switch aud := aud.(type) {
	case string:
		return []string{aud}
	case []any:
		audiences := make([]string, 0, len(aud))
		for _, audience := range aud {
			text, _ := audience.(string)
			audiences = append(audiences, text)
		}
		return audiences
	default:
		return nil
	}
}

func (v *Verifier) noProviderMessage() string {
	const short = "No auth provider found matching the given token"
	if v.cfg.Redacts() {
		return short
	}
	if len(v.cfg.Providers) == 0 {
		return short + " (no providers configured). Check convex/auth.config.ts."
	}
	shown := make([]string, len(v.cfg.Providers))
	for i, p := range v.cfg.Providers {
		shown[i] = p.String()
	}
	slices.SortStableFunc(shown, func(a, b string) int { return cmp.Compare(b[:1], a[:1]) }) // OIDC first
	return short + ". Check that your JWT's issuer and audience match one of your configured providers: [" +
		strings.Join(shown, ", ") + "]"
}

// signedBy reports whether one of the keys signed the token, with RS256 or EdDSA. A token with a kid must be signed by that key.
func signedBy(token string, keys []jose.JSONWebKey) bool {
	signed, err := jose.ParseSigned(token)
	if err != nil || len(signed.Signatures) != 1 {
		return false
	}
	header := signed.Signatures[0].Protected
	if header.Algorithm != string(jose.RS256) && header.Algorithm != string(jose.EdDSA) {
		return false
	}
	return slices.ContainsFunc(keys, func(key jose.JSONWebKey) bool {
		if header.KeyID != "" && key.KeyID != header.KeyID {
			return false
		}
		_, err := signed.Verify(key)
		return err == nil
	})
}
