package auth

import (
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"time"

	clerksdk "github.com/clerk/clerk-sdk-go/v2"
	josejwt "github.com/go-jose/go-jose/v3/jwt"
	"google.golang.org/grpc/metadata"

	"convexgateway/auth/jws"
	"convexgateway/auth/keys"
)

// Verify implements [Verifier]. A token that was verified before costs a hash and a look-up;
// time, origin and deny list are checked each time, and so is that its key is still published.
func (v *ClerkVerifier) Verify(ctx context.Context, raw string) (*Identity, error) {
	now := v.now()
	if len(raw) > jws.MaxBytes { // before anything is hashed
		_, err := jws.Parse(raw)
		return nil, parseError(err)
	}
	hash := sha256.Sum256([]byte(raw))
	id := v.cached(hash, now)
	if id == nil {
		var err *Error
		if id, err = v.verifyOnce(ctx, raw, hash, now); err != nil {
			return nil, err
		}
	}
	if err := v.authorize(ctx, id, now); err != nil {
		return nil, err
	}
	return id, nil
}

// Known reports whether a token has been verified before, so that its next check is quick.
func (v *ClerkVerifier) Known(token string) bool {
	return len(token) <= jws.MaxBytes && v.cached(sha256.Sum256([]byte(token)), v.now()) != nil
}

// cached returns an identity that was verified before with a key that is still published, or nil.
func (v *ClerkVerifier) cached(hash [sha256.Size]byte, now time.Time) *Identity {
	id, ok := v.verified.Get(hash, now)
	if !ok {
		return nil
	}
	signer := id.cred.signer
	if v.issuers[id.Issuer].keys.Peek(signer.KeyID, now) != signer {
		return nil
	}
	return id
}

// verification is the outcome of one run of verify.
type verification struct {
	id       *Identity
	err      *Error
	panicked any
}

// verifyOnce verifies a token and caches its identity. Calls that arrive with one token at the same time share one
// verification, which does not end with any of them; each waits no longer than its own context. It runs on a goroutine of
// its own: a stream, which may then wait for hours, would keep the stack that a signature takes. Its panic is passed to the
// callers.
func (v *ClerkVerifier) verifyOnce(ctx context.Context, raw string, hash [sha256.Size]byte, now time.Time) (*Identity, *Error) {
	flight := v.flights.DoChan(string(hash[:]), func() (any, error) {
		var done verification
		func() {
			defer func() { done.panicked = recover() }()
			done.id, done.err = v.verifyAndCache(context.WithoutCancel(ctx), raw, hash, now)
		}()
		return done, nil
	})
	select {
	case result := <-flight:
		done := result.Val.(verification)
		if done.panicked != nil {
			panic(done.panicked)
		}
		return done.id, done.err
	case <-ctx.Done():
		return nil, NewError(ReasonAuthBackendUnavailable, ctx.Err())
	}
}

func (v *ClerkVerifier) verifyAndCache(ctx context.Context, raw string, hash [sha256.Size]byte, now time.Time) (*Identity, *Error) {
	if id := v.cached(hash, now); id != nil { // another call was faster
		return id, nil
	}
	id, err := v.verify(ctx, raw, now)
	if err != nil {
		return nil, err
	}
	v.verified.Put(hash, id, id.ExpiresAt.Add(-ExpiryMargin), now)
	return id, nil
}

// verify checks everything that is the same for all calls with the token. The signature comes before all claims but iss,
// which chooses the keys: nobody can probe the configuration with tokens of their own making.
func (v *ClerkVerifier) verify(ctx context.Context, raw string, now time.Time) (*Identity, *Error) {
	t, parseErr := jws.Parse(raw)
	if parseErr != nil {
		return nil, parseError(parseErr)
	}
	iss, _ := t.Claims["iss"].(string)
	issuer, ok := v.issuers[iss]
	switch {
	case !ok:
		return nil, NewError(ReasonIssuer, nil)
	case !slices.Contains(issuer.algorithms, t.Alg):
		return nil, malformed("header", errors.New("alg is not one of this issuer's"))
	}
	key, err := issuer.key(ctx, t, now)
	if err != nil {
		return nil, err
	}
	refusal := v.checkSignature(ctx, t, iss, issuer, key)
	if errors.Is(refusal, jws.ErrBadSignature) {
		if key = issuer.keys.Rotated(ctx, key, now); key != nil {
			refusal = v.checkSignature(ctx, t, iss, issuer, key)
		}
	}
	if errors.Is(refusal, jws.ErrBadSignature) {
		return nil, NewError(ReasonBadSignature, nil)
	}
	id, err := issuer.identify(t)
	if err != nil {
		return nil, err
	}
	id.cred.signer = key
	if refusal != nil { // all our own checks of the claims passed, but not the SDK's
		return nil, classify(refusal)
	}
	issuer.warned.warn(ctx, v.logger, iss, issuer.provider, t.Claims)
	return id, nil
}

// key returns the key that a token names.
func (i acceptedIssuer) key(ctx context.Context, t *jws.Token, now time.Time) (*clerksdk.JSONWebKey, *Error) {
	key, err := i.keys.Key(ctx, t.KeyID, now)
	switch {
	case err == nil:
		return key, nil
	case errors.Is(err, keys.ErrUnknown):
		return nil, NewError(ReasonUnknownKey, nil)
	}
	unchecked := NewError(ReasonAuthBackendUnavailable, err)
	unchecked.Claimed, _ = i.identify(t)
	return nil, unchecked
}

// checkSignature has the SDK verify one of Clerk's tokens with a key of its issuer, and go-jose those of others.
func (v *ClerkVerifier) checkSignature(ctx context.Context, t *jws.Token, iss string, issuer acceptedIssuer, key *clerksdk.JSONWebKey) error {
	if issuer.clerk {
		return t.CheckWithSDK(ctx, key, iss, v.now, clockLeeway)
	}
	return t.CheckSignature(key)
}

// parseError is the error of a text that is no token.
func parseError(err error) *Error {
	switch {
	case errors.Is(err, jws.ErrTooLarge):
		return NewError(ReasonTokenTooLarge, nil)
	case errors.Is(err, jws.ErrOpaque):
		e := NewError(ReasonTokenClass, err)
		e.Message = "opaque machine tokens, API keys and OAuth tokens cannot be checked here: send a JWT"
		return e
	}
	return NewError(ReasonMalformed, err)
}

// classify is the error of a token with a good signature that the SDK refuses.
func classify(refusal error) *Error {
	switch {
	case errors.Is(refusal, josejwt.ErrExpired):
		return NewError(ReasonTokenExpired, refusal)
	case errors.Is(refusal, josejwt.ErrNotValidYet), errors.Is(refusal, josejwt.ErrIssuedInTheFuture):
		return NewError(ReasonTokenNotYetValid, refusal)
	}
	return NewError(ReasonMalformed, refusal)
}

// authorize checks what depends on more than the token: the time, where the call comes from, and
// whether the session was ended meanwhile.
func (v *ClerkVerifier) authorize(ctx context.Context, id *Identity, now time.Time) *Error {
	ahead, left := now.Add(clockLeeway), id.ExpiresAt.Sub(now)
	switch {
	case left <= ExpiryMargin, left < streamMargin && isStream(ctx):
		return NewError(ReasonTokenExpired, nil)
	case id.IssuedAt.After(ahead), id.cred.notBefore.After(ahead):
		return NewError(ReasonTokenNotYetValid, nil)
	case !id.cred.active:
		return NewError(ReasonSessionPending, nil)
	case !id.cred.anyParty && !v.partyAllowed(ctx, id.cred.authorizedParty):
		return NewError(ReasonAuthorizedParty, nil)
	}
	if v.deny != nil {
		return v.deny.check(id, now)
	}
	return nil
}

// partyAllowed compares azp with the configured origins and with the call's own.
func (v *ClerkVerifier) partyAllowed(ctx context.Context, party string) bool {
	if len(v.parties) == 0 {
		return true
	}
	// grpcgateway-origin is what grpc-gateway makes of a browser's Origin header.
	for _, name := range []string{"grpcgateway-origin", "origin"} {
		for _, origin := range metadata.ValueFromIncomingContext(ctx, name) {
			if origin != party {
				return false
			}
		}
	}
	return party == "" || slices.Contains(v.parties, party)
}
