package auth

import (
	"context"
	"crypto/tls"
	"crypto/x509"

	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/peer"
)

// CertificateVerifier is a Verifier for which the certificates of clients are credentials, too.
type CertificateVerifier interface {
	Verifier
	// VerifyCertificate returns the service that a certificate names, whose chain TLS has verified; nil if it names none. Errors are of
	// type *Error.
	VerifyCertificate(cert *x509.Certificate) (*Identity, error)
}

type certificateKey struct{}

// WithCertificate returns a context with the certificate of a call that does not come over gRPC, if TLS has verified one.
func WithCertificate(ctx context.Context, state *tls.ConnectionState) context.Context {
	if cert := verifiedCertificate(state); cert != nil {
		return context.WithValue(ctx, certificateKey{}, cert)
	}
	return ctx
}

// identifyCertificate returns the service that a call's certificate names; nil without one.
func identifyCertificate(ctx context.Context, v Verifier) (*Identity, *Error) {
	verifier, ok := v.(CertificateVerifier)
	if !ok {
		return nil, nil
	}
	cert := certificateOf(ctx)
	if cert == nil {
		return nil, nil
	}
	id, err := verifier.VerifyCertificate(cert)
	return id, asError(err)
}

// certificateOf returns the verified certificate of a call's connection; nil if there is none.
func certificateOf(ctx context.Context) *x509.Certificate {
	if cert, ok := ctx.Value(certificateKey{}).(*x509.Certificate); ok {
		return cert
	}
	p, ok := peer.FromContext(ctx)
	if !ok {
		return nil
	}
	info, ok := p.AuthInfo.(credentials.TLSInfo)
	if !ok {
		return nil
	}
	return verifiedCertificate(&info.State)
}

// verifiedCertificate returns the client's own certificate, if its chain was verified: one that was merely presented names nobody.
func verifiedCertificate(state *tls.ConnectionState) *x509.Certificate {
	if state == nil || len(state.VerifiedChains) == 0 || len(state.VerifiedChains[0]) == 0 {
		return nil
	}
	return state.VerifiedChains[0][0]
}
