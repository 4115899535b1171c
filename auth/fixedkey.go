package auth

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/clerk/clerk-sdk-go/v2"
)

// fixedKey is an issuer's one key, given by configuration: nothing is fetched, and a rotation needs another configuration.
// It has no id, so that of a token is not looked at.
type fixedKey struct{ public *clerk.JSONWebKey }

// parseFixedKey reads a PEM public key: RSA of at least 2048 bits. Line breaks may be written as \n, as environment
// variables often have them.
func parseFixedKey(text string) (fixedKey, error) {
	block, rest := pem.Decode([]byte(strings.ReplaceAll(text, `\n`, "\n")))
	if block == nil || len(strings.TrimSpace(string(rest))) > 0 {
		return fixedKey{}, errors.New("not one PEM block (-----BEGIN PUBLIC KEY-----)")
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	public, isRSA := parsed.(*rsa.PublicKey)
	if err != nil || !isRSA {
		return fixedKey{}, errors.New("not an RSA public key")
	}
	if bits := public.N.BitLen(); bits < minRSABits || bits > maxRSABits {
		return fixedKey{}, fmt.Errorf("a key of %d bits; it must have %d to %d", bits, minRSABits, maxRSABits)
	}
	return fixedKey{&clerk.JSONWebKey{Key: public, Algorithm: "RS256", Use: "sig"}}, nil
}

func (k fixedKey) key(context.Context, string, time.Time) (*clerk.JSONWebKey, *Error) {
	return k.public, nil
}
func (k fixedKey) peek(string, time.Time) *clerk.JSONWebKey { return k.public }
func (k fixedKey) rotated(context.Context, *clerk.JSONWebKey, time.Time) *clerk.JSONWebKey {
	return nil
}
func (k fixedKey) ready() bool                    { return true }
func (k fixedKey) prefetch(context.Context) error { return nil }
func (k fixedKey) close()                         {}
