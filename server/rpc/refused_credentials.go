package rpc

import (
	"context"
	"crypto/x509"
	"errors"
	"time"

	"convexgateway/auth"
	"convexgateway/server/call"
	"convexgateway/server/call/limit"
)

// limitedVerifier bounds how many credentials of an address are refused: their check costs the gateway more than its caller. Tokens
// that were accepted before are not affected.
type limitedVerifier struct {
	auth.Verifier
	refused *limit.Rate // by address
}

// Verify implements [auth.Verifier]. The error of an address with too many refusals is unavailability, with a *[limit.RateError] as
// its cause.
func (v *limitedVerifier) Verify(ctx context.Context, token string) (*auth.Identity, error) {
	address, now := call.From(ctx).Caller(), time.Now()
	if err := v.refused.Check(address, now); err != nil && !v.known(token) {
		return nil, err
	}
	id, err := v.Verifier.Verify(ctx, token)
	if refusedCredential(err) {
		_ = v.refused.Allow(address, now) // counts it
	}
	return id, err
}

// VerifyCertificate implements [auth.CertificateVerifier]. TLS has verified the certificate already.
func (v *limitedVerifier) VerifyCertificate(cert *x509.Certificate) (*auth.Identity, error) {
	if certificates, ok := v.Verifier.(auth.CertificateVerifier); ok {
		return certificates.VerifyCertificate(cert)
	}
	return nil, nil
}

func (v *limitedVerifier) known(token string) bool {
	k, ok := v.Verifier.(interface{ Known(token string) bool })
	return ok && k.Known(token)
}

// refusedCredential reports whether a call failed because its credential was refused, or because it had none.
func refusedCredential(err error) bool {
	refused, ok := errors.AsType[*auth.Error](err)
	return ok && (refused.Class == auth.Unauthenticated || refused.Class == auth.PermissionDenied)
}

// uncheckedCredential reports whether a call failed because too many credentials of its address were refused before.
func uncheckedCredential(err error) bool {
	_, unavailable := errors.AsType[*auth.Error](err)
	_, limited := errors.AsType[*limit.RateError](err)
	return unavailable && limited
}
