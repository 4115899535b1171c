package auth

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/clerk/clerk-sdk-go/v2"
	"github.com/clerk/clerk-sdk-go/v2/jwt"
	"github.com/go-jose/go-jose/v3"
	josejwt "github.com/go-jose/go-jose/v3/jwt"
)

// trusted is an issuer whose tokens are accepted: its keys, and the rules for its tokens.
type trusted struct {
	issuer     string
	clerk      bool
	algorithms []string
	keys       keySource
	rules      interface {
		identify(*token) (*Identity, *Error)
	}
}

// keySource is where the keys of one issuer come from.
type keySource interface {
	// peek returns a key that is at hand, or nil.
	peek(keyID string, now time.Time) *clerk.JSONWebKey
	// key returns the key of an id, wherever it has to be fetched from.
	key(ctx context.Context, keyID string, now time.Time) (*clerk.JSONWebKey, *Error)
	// rotated returns the key that replaced old under its id, or nil.
	rotated(ctx context.Context, old *clerk.JSONWebKey, now time.Time) *clerk.JSONWebKey
	prefetch(ctx context.Context) error
	ready() bool
	close()
}

func trustClerk(c Config, issuer string, client *http.Client) *trusted {
	t := &trusted{issuer: issuer, clerk: true, algorithms: []string{algRS256}, rules: claimRules{
		applicationID: c.ApplicationID, allowTemplates: c.AllowTemplateTokens, allowMachines: c.AllowMachineTokens,
		maxLifetime: c.MaxLifetime, machineLife: c.serviceLife(),
	}}
	if c.jwtKey != nil {
		t.keys = fixedKeys{only: c.jwtKey}
		return t
	}
	fetch := func(ctx context.Context) (signingKeys, error) {
		return fetchKeys(ctx, client, issuer+jwksPath, algRS256)
	}
	t.keys = newKeyCache(issuer, fetch, c.Clock, c.Logger)
	return t
}

func trustProvider(c Config, p Provider, client *http.Client) *trusted {
	rules := &providerRules{among: p.Type == CustomJWT, maxLifetime: c.serviceLife()}
	if p.ApplicationID != "" {
		rules.audiences = []string{p.ApplicationID}
	}
	t := &trusted{issuer: p.issuer(), algorithms: p.algorithms(), rules: rules}
	if strings.HasPrefix(p.JWKS, dataScheme) {
		keys, _ := parseKeyData(p.JWKS, p.algorithms()...) // is good: see Provider.normalized
		t.keys = fixedKeys{byID: keys}
		return t
	}
	t.keys = newKeyCache(p.issuer(), p.fetch(client), c.Clock, c.Logger)
	return t
}

// addAudience accepts the tokens of another application of the same provider.
func (is *trusted) addAudience(applicationID string) {
	if rules, ok := is.rules.(*providerRules); ok {
		rules.audiences = append(rules.audiences, applicationID)
	}
}

// Texts of the SDK's own errors can hold claim values, so these stand for them.
var (
	errBadSignature = errors.New("bad signature")
	errSDKRefused   = errors.New("refused by clerk-sdk-go")
)

// check verifies a token with a key of its issuer: nil, errBadSignature, or another error of the SDK, after which the
// signature is good.
func (is *trusted) check(ctx context.Context, t *token, key *clerk.JSONWebKey, now time.Time) error {
	switch {
	case key.Algorithm != t.algorithm:
		return errBadSignature
	case is.clerk:
		return checkBySDK(ctx, t.raw, is.issuer, key, now)
	case !signedBy(t.raw, key):
		return errBadSignature
	}
	return nil
}

// checkBySDK has Clerk's SDK verify a token. The result is nil,
// errBadSignature, or, if the signature is good, one of go-jose's time errors or errSDKRefused.
func checkBySDK(ctx context.Context, raw, issuer string, key *clerk.JSONWebKey, now time.Time) error {
	_, err := jwt.Verify(ctx, &jwt.VerifyParams{
		Token:    raw,
		JWK:      key,
		Clock:    clock(now),
		Leeway:   clockLeeway,
		ProxyURL: &issuer, // makes the SDK compare the issuer exactly
	})
	for _, timing := range []error{josejwt.ErrExpired, josejwt.ErrNotValidYet, josejwt.ErrIssuedInTheFuture} {
		if errors.Is(err, timing) {
			return timing
		}
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, jose.ErrCryptoFailure), !signedBy(raw, key):
		return errBadSignature
	}
	return errSDKRefused
}

// signedBy makes sure that an error which is not about the signature came after it.
func signedBy(raw string, key *clerk.JSONWebKey) bool {
	jws, err := jose.ParseSigned(raw)
	if err == nil {
		_, err = jws.Verify(key.Key)
	}
	return err == nil
}

func classify(refusal error) *Error {
	switch {
	case errors.Is(refusal, josejwt.ErrExpired):
		return NewError(ReasonTokenExpired, refusal)
	case errors.Is(refusal, josejwt.ErrNotValidYet), errors.Is(refusal, josejwt.ErrIssuedInTheFuture):
		return NewError(ReasonTokenNotYetValid, refusal)
	}
	return NewError(ReasonMalformed, refusal)
}

// clock is a clock that stands.
type clock time.Time

func (c clock) Now() time.Time { return time.Time(c) }
