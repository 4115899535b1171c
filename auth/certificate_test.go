package auth

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"testing"

	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
)

// certified names every certificate, and refuses every token.
type certified struct{}

func (certified) Verify(context.Context, string) (*Identity, error) {
	return nil, NewError(ReasonMalformed, errors.New("no tokens here"))
}

func (certified) VerifyCertificate(cert *x509.Certificate) (*Identity, error) {
	return &Identity{Subject: cert.DNSNames[0]}, nil
}

// A certificate counts if TLS has verified its chain, and no token is sent: one that was merely presented is nothing, over gRPC and over HTTP.
func TestOnlyVerifiedCertificatesCount(t *testing.T) {
	t.Parallel()
	cert := &x509.Certificate{DNSNames: []string{"billing.test"}}
	presented := tls.ConnectionState{HandshakeComplete: true, PeerCertificates: []*x509.Certificate{cert}}
	verified := presented
	verified.VerifiedChains = [][]*x509.Certificate{{cert, {DNSNames: []string{"authority.test"}}}}
	overGRPC := func(state tls.ConnectionState) context.Context {
		return peer.NewContext(t.Context(), &peer.Peer{AuthInfo: credentials.TLSInfo{State: state}})
	}
	for name, test := range map[string]struct {
		ctx  context.Context
		want string
	}{
		"gRPC, verified":    {overGRPC(verified), "billing.test"},
		"gRPC, presented":   {overGRPC(presented), ""},
		"HTTP, verified":    {WithCertificate(t.Context(), &verified), "billing.test"},
		"HTTP, presented":   {WithCertificate(t.Context(), &presented), ""},
		"HTTP, without TLS": {WithCertificate(t.Context(), nil), ""},
		"no connection":     {t.Context(), ""},
	} {
		id, err := Identify(test.ctx, certified{})
		if got := subjectOf(id); err != nil || got != test.want {
			t.Errorf("%s: %q, %v, want %q", name, got, err, test.want)
		}
	}
	withToken := metadata.NewIncomingContext(overGRPC(verified), metadata.Pairs("authorization", "Bearer x"))
	if id, err := Identify(withToken, certified{}); err == nil {
		t.Errorf("beside a bad token the certificate is %v", id)
	}
}

func subjectOf(id *Identity) string {
	if id == nil {
		return ""
	}
	return id.Subject
}
