package auth

import (
	"context"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"net/http"

	"github.com/clerk/clerk-sdk-go/v2"
)

const (
	jwksPath     = "/.well-known/jwks.json"
	maxJWKSBytes = 64 << 10
	maxRedirects = 3
	minRSABits   = 2048
	maxRSABits   = 8192 // verification time grows with the square
)

// signingKeys are an issuer's RS256 keys by key id.
type signingKeys map[string]*clerk.JSONWebKey

// fetchKeys reads a key set from its issuer. No usable key is an error.
func fetchKeys(ctx context.Context, client *http.Client, issuer string) (signingKeys, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, issuer+jwksPath, nil)
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
		return nil, fmt.Errorf("key set: HTTP status %d", res.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxJWKSBytes+1))
	if err != nil {
		return nil, err
	}
	if len(body) > maxJWKSBytes {
		return nil, errors.New("key set: larger than 64 KiB")
	}
	return parseKeys(body)
}

// sameHostOnly is an http.Client.CheckRedirect: a key set comes from the issuer's own host,
// and never by a less secure way.
func sameHostOnly(req *http.Request, via []*http.Request) error {
	first := via[0].URL
	if req.URL.Host != first.Host || req.URL.Scheme != first.Scheme {
		return errors.New("key set: redirected to another host")
	}
	if len(via) > maxRedirects {
		return errors.New("key set: too many redirects")
	}
	return nil
}

// parseKeys takes the keys it can use and skips all others, one by one: an issuer may add
// kinds of keys at any time. Of two keys with one id the first counts.
func parseKeys(body []byte) (signingKeys, error) {
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(body, &set); err != nil {
		return nil, errors.New("key set: not the expected JSON")
	}
	keys := signingKeys{}
	for _, raw := range set.Keys {
		if k := parseKey(raw); k != nil && keys[k.KeyID] == nil {
			keys[k.KeyID] = k
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("key set: no usable key")
	}
	return keys, nil
}

// parseKey returns nil for anything but an RSA signature key of at least 2048 bits.
func parseKey(raw []byte) *clerk.JSONWebKey {
	var k struct {
		Kty string `json:"kty"`
		Kid string `json:"kid"`
		Alg string `json:"alg"`
		Use string `json:"use"`
		N   string `json:"n"`
		E   string `json:"e"`
	}
	if json.Unmarshal(raw, &k) != nil || k.Kty != "RSA" || k.Kid == "" ||
		k.Alg != "" && k.Alg != "RS256" || k.Use != "" && k.Use != "sig" {
		return nil
	}
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
	public := &rsa.PublicKey{N: modulus, E: int(exp)}
	return &clerk.JSONWebKey{Key: public, KeyID: k.Kid, Algorithm: "RS256", Use: "sig"}
}

// keep replaces keys by the equal ones of old, so that an unchanged key can be told by its
// pointer.
func (k signingKeys) keep(old signingKeys) signingKeys {
	for id, key := range k {
		public := key.Key.(*rsa.PublicKey)
		if before := old[id]; before != nil && public.Equal(before.Key.(*rsa.PublicKey)) {
			k[id] = before
		}
	}
	return k
}
