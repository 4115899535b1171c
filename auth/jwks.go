package auth

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/clerk/clerk-sdk-go/v2"
)

const (
	jwksPath      = "/.well-known/jwks.json"
	discoveryPath = "/.well-known/openid-configuration"
	maxJWKSBytes  = 64 << 10
	maxRedirects  = 3
	minRSABits    = 2048
	maxRSABits    = 8192 // verification time grows with the square
)

// Signature algorithms.
const (
	algRS256 = "RS256"
	algES256 = "ES256"
	algEdDSA = "EdDSA" // with Ed25519
)

// signingKeys are an issuer's keys by key id.
type signingKeys map[string]*clerk.JSONWebKey

// fetchKeys reads a key set from a URL. No usable key is an error.
func fetchKeys(ctx context.Context, client *http.Client, url string, algorithms ...string) (signingKeys, error) {
	body, err := fetchJSON(ctx, client, url)
	if err != nil {
		return nil, err
	}
	return parseKeys(body, algorithms...)
}

// discoverKeys reads the key set that an issuer names by OpenID Connect Discovery, as Convex does
// (get-convex/convex-backend crates/authentication/src/lib.rs).
func discoverKeys(ctx context.Context, client *http.Client, issuer string, algorithms ...string) (signingKeys, error) {
	body, err := fetchJSON(ctx, client, issuer+discoveryPath)
	if err != nil {
		return nil, err
	}
	var document struct {
		Issuer  string `json:"issuer"`
		JWKSURI string `json:"jwks_uri"`
	}
	if err := json.Unmarshal(body, &document); err != nil {
		return nil, errors.New("discovery: not the expected JSON")
	}
	if strings.TrimRight(document.Issuer, "/") != issuer {
		return nil, errors.New("discovery: the document is another issuer's")
	}
	if err := checkKeyURL(document.JWKSURI); err != nil {
		return nil, fmt.Errorf("discovery: jwks_uri: %w", err)
	}
	return fetchKeys(ctx, client, document.JWKSURI, algorithms...)
}

// checkKeyURL wants a URL that keys can be trusted from.
func checkKeyURL(raw string) error {
	u, err := url.Parse(raw)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.Fragment != "":
		return errors.New("not a URL such as https://auth.example.com/jwks.json")
	case u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())):
		return errors.New("must begin with https:// (http is for loopback hosts)")
	}
	return nil
}

func fetchJSON(ctx context.Context, client *http.Client, url string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("HTTP status %d", res.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxJWKSBytes+1))
	if err != nil {
		return nil, err
	}
	if len(body) > maxJWKSBytes {
		return nil, errors.New("larger than 64 KiB")
	}
	return body, nil
}

// sameHostOnly is an http.Client.CheckRedirect: a key set comes from the issuer's own host,
// and never by a less secure way.
func sameHostOnly(req *http.Request, via []*http.Request) error {
	first := via[0].URL
	if req.URL.Host != first.Host || req.URL.Scheme != first.Scheme {
		return errors.New("redirected to another host")
	}
	if len(via) > maxRedirects {
		return errors.New("too many redirects")
	}
	return nil
}

// parseKeys takes the keys it can use and skips all others, one by one: an issuer may add
// kinds of keys at any time. Of two keys with one id the first counts.
func parseKeys(body []byte, algorithms ...string) (signingKeys, error) {
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(body, &set); err != nil {
		return nil, errors.New("key set: not the expected JSON")
	}
	keys := signingKeys{}
	for _, raw := range set.Keys {
		if k := parseKey(raw, algorithms); k != nil && keys[k.KeyID] == nil {
			keys[k.KeyID] = k
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("key set: no usable key")
	}
	return keys, nil
}

// jsonWebKey has the members of a JWK (RFC 7517) that public signature keys have.
type jsonWebKey struct {
	Kty string `json:"kty"`
	Kid string `json:"kid"`
	Alg string `json:"alg"`
	Use string `json:"use"`
	N   string `json:"n"`
	E   string `json:"e"`
	Crv string `json:"crv"`
	X   string `json:"x"`
	Y   string `json:"y"`
}

// parseKey returns nil for anything but a signature key for one of the algorithms.
func parseKey(raw []byte, algorithms []string) *clerk.JSONWebKey {
	var k jsonWebKey
	if json.Unmarshal(raw, &k) != nil || k.Kid == "" || k.Use != "" && k.Use != "sig" {
		return nil
	}
	algorithm, public := k.public()
	if public == nil || k.Alg != "" && k.Alg != algorithm || !slices.Contains(algorithms, algorithm) {
		return nil
	}
	return &clerk.JSONWebKey{Key: public, KeyID: k.Kid, Algorithm: algorithm, Use: "sig"}
}

// public returns the key and the one algorithm it is for, or no key.
func (k jsonWebKey) public() (algorithm string, key crypto.PublicKey) {
	n, e, x, y := decodeMember(k.N), decodeMember(k.E), decodeMember(k.X), decodeMember(k.Y)
	switch {
	case k.Kty == "RSA":
		if public := newRSAKey(new(big.Int).SetBytes(n), new(big.Int).SetBytes(e)); public != nil {
			return algRS256, public
		}
	case k.Kty == "EC" && k.Crv == "P-256" && len(x) == 32 && len(y) == 32:
		point := append(append([]byte{4}, x...), y...)
		if public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point); err == nil {
			return algES256, public
		}
	case k.Kty == "OKP" && k.Crv == "Ed25519" && len(x) == ed25519.PublicKeySize:
		return algEdDSA, ed25519.PublicKey(x)
	}
	return "", nil
}

// decodeMember returns nil for what is not base64url.
func decodeMember(text string) []byte {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil
	}
	return raw
}

// newRSAKey returns nil for a key that is too small, too large, or none at all.
func newRSAKey(modulus, exponent *big.Int) *rsa.PublicKey {
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

// keep replaces keys by the equal ones of old, so that an unchanged key can be told by its
// pointer.
func (k signingKeys) keep(old signingKeys) signingKeys {
	for id, key := range k {
		public := key.Key.(interface{ Equal(crypto.PublicKey) bool }) // as all in the standard library
		if before := old[id]; before != nil && public.Equal(before.Key) {
			k[id] = before
		}
	}
	return k
}
