package service

import (
	"context"
	"crypto/x509"
	"errors"
	"slices"
	"time"

	"convexgateway/auth"
)

// Verify implements [auth.Verifier]: it takes API keys and workload tokens, and passes other tokens on. A token that the gateway has minted is
// of no issuer that is accepted.
func (d *Directory) Verify(ctx context.Context, credential string) (*auth.Identity, error) {
	if isKey(credential) {
		return d.verifyKey(credential)
	}
	if kind, is := d.workloadKindOf(credential); is {
		return d.verifyWorkload(ctx, credential, kind)
	}
	if d.users == nil {
		return nil, auth.NewError(auth.ReasonIssuer, nil)
	}
	return d.users.Verify(ctx, credential)
}

// Known reports whether a credential has been accepted a short time ago. Where too many are refused, others are not even checked: a key that
// is in use goes on, and a guess is not answered.
func (d *Directory) Known(credential string) bool {
	if isKey(credential) {
		_, used := d.current.Load().minted.Get((&grant{source: hashKey(credential)}).mintedKey(), d.now())
		return used
	}
	if verifier := d.workloads.Load(); verifier != nil && verifier.Known(credential) {
		return true
	}
	users, ok := d.users.(interface{ Known(string) bool })
	return ok && users.Known(credential)
}

func (d *Directory) verifyKey(key string) (*auth.Identity, error) {
	return d.identify(&grant{source: hashKey(key)})
}

// VerifyCertificate implements [auth.CertificateVerifier].
func (d *Directory) VerifyCertificate(cert *x509.Certificate) (*auth.Identity, error) {
	names := namesOf(cert)
	switch len(names.services(d.current.Load())) {
	case 0:
		return nil, nil
	case 1:
	default:
		return nil, auth.NewError(auth.ReasonAmbiguousCredentials, errors.New("the certificate names several services"))
	}
	return d.identify(&grant{source: names, until: cert.NotAfter})
}

// workloadKindOf returns which kind of workload token a credential claims to be.
func (d *Directory) workloadKindOf(credential string) (kind workloadKind, is bool) {
	t := d.current.Load()
	if len(t.workloads) == 0 {
		return kind, false
	}
	issuer, audiences := auth.Claimed(credential)
	i := slices.IndexFunc(audiences, func(audience string) bool { return t.workloads[workloadKind{issuer, audience}] != nil })
	if i < 0 {
		return kind, false
	}
	return workloadKind{issuer, audiences[i]}, true
}

func (d *Directory) verifyWorkload(ctx context.Context, token string, kind workloadKind) (*auth.Identity, error) {
	verifier := d.workloads.Load()
	if verifier == nil { // the file has just changed
		return nil, auth.NewError(auth.ReasonUnknownService, nil)
	}
	workload, err := verifier.Verify(ctx, token)
	if err != nil {
		return nil, err
	}
	return d.identify(&grant{source: workloadToken{kind, workload.Subject}, until: workload.ExpiresAt, token: workload.Token})
}

// identify returns the identity of a grant with its source alone.
func (d *Directory) identify(g *grant) (*auth.Identity, error) {
	t := d.current.Load()
	s := g.source.find(t)
	g.until = g.until.Truncate(time.Second) // as exp is
	switch {
	case s == nil:
		return nil, auth.NewError(auth.ReasonUnknownService, nil)
	case !g.until.IsZero() && g.until.Sub(d.now()) <= auth.ExpiryMargin:
		return nil, auth.NewError(auth.ReasonTokenExpired, nil)
	}
	g.directory, g.name, g.fingerprint = d, s.name, s.fingerprint
	id, err := g.identity(t, s)
	if err != nil {
		return nil, err
	}
	return id, nil
}
