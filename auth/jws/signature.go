package jws

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	clerksdk "github.com/clerk/clerk-sdk-go/v2"
	"github.com/clerk/clerk-sdk-go/v2/jwt"
	"github.com/go-jose/go-jose/v3"
	josejwt "github.com/go-jose/go-jose/v3/jwt"
)

// ErrBadSignature is that a token was not signed with a key, or not with the key's algorithm.
var ErrBadSignature = errors.New("bad signature")

// errSDKRefused replaces errors of the SDK, whose texts can hold claim values.
var errSDKRefused = errors.New("refused by clerk-sdk-go")

// CheckSignature returns nil or ErrBadSignature.
func (t *Token) CheckSignature(key *clerksdk.JSONWebKey) error {
	if key.Algorithm != t.Alg || !signedBy(t.Raw, key) {
		return ErrBadSignature
	}
	return nil
}

// CheckWithSDK has Clerk's SDK verify one of Clerk's tokens: its signature, its issuer, and its times by a clock, which may be
// behind by a leeway. The result is nil, ErrBadSignature, or, if the signature is good, one of go-jose's errors of a
// time (jwt.ErrExpired, jwt.ErrNotValidYet, jwt.ErrIssuedInTheFuture) or that the SDK refuses the claims.
func (t *Token) CheckWithSDK(ctx context.Context, key *clerksdk.JSONWebKey, issuer string, now func() time.Time, leeway time.Duration) error {
	if key.Algorithm != t.Alg {
		return ErrBadSignature
	}
	_, err := jwt.Verify(ctx, &jwt.VerifyParams{
		Token:    t.Raw,
		JWK:      key,
		Clock:    clock(now),
		Leeway:   leeway,
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
	case errors.Is(err, jose.ErrCryptoFailure), !signedBy(t.Raw, key):
		return ErrBadSignature
	}
	return fmt.Errorf("%w%s", errSDKRefused, unreadableClaim(t.Raw))
}

// unreadableClaim names the claim whose type the SDK does not accept, if that is why it refuses a token.
func unreadableClaim(raw string) string {
	parts := strings.Split(raw, ".") // of a JWS
	payload, _ := decodePart(parts[1])
	for _, claims := range []any{&clerksdk.SessionClaims{}, &version2Claims{}} {
		if wrong, ok := errors.AsType[*json.UnmarshalTypeError](json.Unmarshal(payload, claims)); ok {
			return ": " + wrong.Field + " is of another type"
		}
	}
	return ""
}

// version2Claims are claims that the SDK reads besides those of its SessionClaims.
type version2Claims struct {
	Features     string            `json:"fea"`
	Organization map[string]string `json:"o"`
}

// signedBy reports whether the signature is valid, because the SDK may fail for another reason before it checks that.
func signedBy(raw string, key *clerksdk.JSONWebKey) bool {
	jws, err := jose.ParseSigned(raw)
	if err == nil {
		_, err = jws.Verify(key.Key)
	}
	return err == nil
}

type clock func() time.Time

func (c clock) Now() time.Time { return c() }
