package jwktest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/base64"
	"fmt"
	"math/big"
)

// Of is the public part of a key as a JWK (RFC 7517): of RSA, of the curve P-256, or Ed25519. It panics for other keys.
func Of(id string, key crypto.Signer) map[string]any {
	encode := base64.RawURLEncoding.EncodeToString
	switch public := key.Public().(type) {
	case *rsa.PublicKey:
		return map[string]any{
			"kty": "RSA", "kid": id, "alg": "RS256", "use": "sig",
			"n": encode(public.N.Bytes()), "e": encode(big.NewInt(int64(public.E)).Bytes()),
		}
	case *ecdsa.PublicKey:
		point, err := public.Bytes()
		if err != nil {
			panic(err)
		}
		return map[string]any{"kty": "EC", "kid": id, "alg": "ES256", "use": "sig", "crv": "P-256", "x": encode(point[1:33]), "y": encode(point[33:])}
	case ed25519.PublicKey:
		return map[string]any{"kty": "OKP", "kid": id, "alg": "EdDSA", "use": "sig", "crv": "Ed25519", "x": encode(public)}
	default:
		panic(fmt.Sprintf("a key of type %T", public))
	}
}
