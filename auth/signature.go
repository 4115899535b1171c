package auth

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

// These replace errors of the SDK, whose texts can hold claim values.
var (
	errBadSignature = errors.New("bad signature")
	errSDKRefused   = errors.New("refused by clerk-sdk-go")
)

// checkSignature has the SDK verify one of Clerk's tokens with a key of its issuer, and go-jose those of others. The result
// is nil, errBadSignature, or, if the signature is good, one of go-jose's time errors or errSDKRefused.
func (v *ClerkVerifier) checkSignature(ctx context.Context, t *token, iss string, issuer acceptedIssuer, key *clerksdk.JSONWebKey) error {
	switch {
	case key.Algorithm != t.alg:
		return errBadSignature
	case !issuer.clerk && signedBy(t.raw, key):
		return nil
	case !issuer.clerk:
		return errBadSignature
	}
	_, err := jwt.Verify(ctx, &jwt.VerifyParams{
		Token:    t.raw,
		JWK:      key,
		Clock:    clock(v.now),
		Leeway:   clockLeeway,
		ProxyURL: &iss, // makes the SDK compare the issuer exactly
	})
	for _, timing := range []error{josejwt.ErrExpired, josejwt.ErrNotValidYet, josejwt.ErrIssuedInTheFuture} {
		if errors.Is(err, timing) {
			return timing
		}
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, jose.ErrCryptoFailure), !signedBy(t.raw, key):
		return errBadSignature
	}
	return fmt.Errorf("%w%s", errSDKRefused, unreadableClaim(t.raw))
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

func classify(refusal error) *Error {
	switch {
	case errors.Is(refusal, josejwt.ErrExpired):
		return NewError(ReasonTokenExpired, refusal)
	case errors.Is(refusal, josejwt.ErrNotValidYet), errors.Is(refusal, josejwt.ErrIssuedInTheFuture):
		return NewError(ReasonTokenNotYetValid, refusal)
	}
	return NewError(ReasonMalformed, refusal)
}

type clock func() time.Time

func (c clock) Now() time.Time { return c() }
