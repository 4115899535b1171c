package keys

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"slices"

	clerksdk "github.com/clerk/clerk-sdk-go/v2"
)

const (
	minRSABits = 2048
	maxRSABits = 8192 // verification time grows with the square
)

// signingKeys are an issuer's keys by key id.
type signingKeys map[string]*clerksdk.JSONWebKey

// parseKeys reads the usable keys of a set and skips all others: an issuer may add
// kinds of keys at any time. Of two keys with one id the first counts.
func parseKeys(body []byte) (signingKeys, error) {
	var document struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(body, &document); err != nil {
		return nil, errors.New("key set: not the expected JSON")
	}
	keys := signingKeys{}
	for _, raw := range document.Keys {
		if k := parseKey(raw); k != nil && keys[k.KeyID] == nil {
			keys[k.KeyID] = k
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("key set: no usable key")
	}
	return keys, nil
}

// parseKey returns nil for anything but a signature key of a kind that some issuer may use: RSA of at least 2048 bits for
// RS256, P-256 for ES256, Ed25519 for EdDSA.
func parseKey(raw []byte) *clerksdk.JSONWebKey {
	var k jsonWebKey
	if json.Unmarshal(raw, &k) != nil || k.Kid == "" || k.Use != "" && k.Use != "sig" {
		return nil
	}
	var public crypto.PublicKey
	algorithm := ""
	switch {
	case k.Kty == "RSA":
		public, algorithm = k.rsa(), "RS256"
	case k.Kty == "EC" && k.Crv == "P-256":
		public, algorithm = k.ec(), "ES256"
	case k.Kty == "OKP" && k.Crv == "Ed25519":
		public, algorithm = k.ed25519(), "EdDSA"
	}
	if public == nil || k.Alg != "" && k.Alg != algorithm {
		return nil
	}
	return &clerksdk.JSONWebKey{Key: public, KeyID: k.Kid, Algorithm: algorithm, Use: "sig"}
}

// jsonWebKey has the members of a key that are used.
type jsonWebKey struct {
	Kty string `json:"kty"`
	Kid string `json:"kid"`
	Alg string `json:"alg"`
	Use string `json:"use"`
	Crv string `json:"crv"`
	N   string `json:"n"`
	E   string `json:"e"`
	X   string `json:"x"`
	Y   string `json:"y"`
}

// rsa returns nil for a key that is too weak, or too expensive to verify with.
func (k jsonWebKey) rsa() crypto.PublicKey {
	n, errN := base64.RawURLEncoding.DecodeString(k.N)
	e, errE := base64.RawURLEncoding.DecodeString(k.E)
	if errN != nil || errE != nil {
		return nil
	}
	modulus, exponent := new(big.Int).SetBytes(n), new(big.Int).SetBytes(e)
	bits := modulus.BitLen()
	if bits < minRSABits || bits > maxRSABits || !exponent.IsInt64() {
		return nil
	}
	exp := exponent.Int64()
	if exp < 3 || exp > math.MaxInt32 || exp%2 == 0 || modulus.Bit(0) == 0 {
		return nil
	}
	return &rsa.PublicKey{N: modulus, E: int(exp)}
}

// ec returns nil unless the key is a point on the curve P-256.
func (k jsonWebKey) ec() crypto.PublicKey {
	x, errX := base64.RawURLEncoding.DecodeString(k.X)
	y, errY := base64.RawURLEncoding.DecodeString(k.Y)
	if errX != nil || errY != nil || len(x) != 32 || len(y) != 32 {
		return nil
	}
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), slices.Concat([]byte{4}, x, y))
	if err != nil {
		return nil
	}
	return public
}

// ed25519 returns nil for a key of another length.
func (k jsonWebKey) ed25519() crypto.PublicKey {
	x, err := base64.RawURLEncoding.DecodeString(k.X)
	if err != nil || len(x) != ed25519.PublicKeySize {
		return nil
	}
	return ed25519.PublicKey(x)
}

// keep replaces keys by the equal ones of old, so that an unchanged key keeps its pointer.
func (k signingKeys) keep(old signingKeys) signingKeys {
	type comparable interface{ Equal(crypto.PublicKey) bool }
	for id, key := range k {
		public := key.Key.(comparable)
		if before := old[id]; before != nil && public.Equal(before.Key) {
			k[id] = before
		}
	}
	return k
}
