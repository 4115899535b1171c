package service

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/go-jose/go-jose/v3"

	"convexgateway/internal/loopback"
)

// Audience is the aud of minted tokens: what auth.config.ts calls applicationID.
const Audience = "convex"

// Issuer signs the tokens of services. Safe for concurrent use.
type Issuer struct {
	url    string
	signer jose.Signer
	public jose.JSONWebKeySet
}

// NewIssuer returns an issuer with a URL, which names it and is never fetched, and private keys in PEM (P-256, PKCS #8 or SEC 1): the first
// signs, and the deployment accepts the tokens of all.
func NewIssuer(issuer string, keys []PrivateKey) (*Issuer, error) {
	u, err := url.Parse(issuer)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("%q is not a URL such as https://gateway.example.com", issuer)
	case u.Scheme != "https" && (u.Scheme != "http" || !loopback.IsHost(u.Hostname())):
		return nil, fmt.Errorf("%q: must begin with https:// (http is for loopback hosts)", issuer)
	case len(keys) == 0:
		return nil, errors.New("no key")
	}
	i := &Issuer{url: issuer}
	for n, text := range keys {
		key, err := parseKey(text)
		if err != nil {
			return nil, fmt.Errorf("key %d: %w", n+1, err)
		}
		if len(i.public.Key(key.KeyID)) > 0 {
			return nil, fmt.Errorf("key %d: there twice", n+1)
		}
		i.public.Keys = append(i.public.Keys, key.Public())
		if i.signer != nil {
			continue
		}
		if i.signer, err = jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key}, (&jose.SignerOptions{}).WithType("JWT")); err != nil {
			return nil, err
		}
	}
	return i, nil
}

// NewIssuerKey makes a private key for NewIssuer.
func NewIssuerKey() PrivateKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err) // the system has no randomness
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		panic(err) // of this curve all are good
	}
	return PrivateKey(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// parseKey reads a private key. Its id is its thumbprint (RFC 7638), the same in every replica. Errors do not quote the text.
func parseKey(text PrivateKey) (jose.JSONWebKey, error) {
	bad := errors.New("not an ECDSA private key on the curve P-256 in PEM")
	block, rest := pem.Decode([]byte(text))
	if block == nil || strings.TrimSpace(string(rest)) != "" {
		return jose.JSONWebKey{}, bad
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		if parsed, err = x509.ParseECPrivateKey(block.Bytes); err != nil {
			return jose.JSONWebKey{}, bad
		}
	}
	private, ok := parsed.(*ecdsa.PrivateKey)
	if !ok || private.Curve != elliptic.P256() {
		return jose.JSONWebKey{}, bad
	}
	key := jose.JSONWebKey{Key: private, Algorithm: string(jose.ES256), Use: "sig"}
	thumbprint, err := key.Thumbprint(crypto.SHA256)
	if err != nil {
		return jose.JSONWebKey{}, bad
	}
	key.KeyID = base64.RawURLEncoding.EncodeToString(thumbprint)
	return key, nil
}

// URL is the iss of its tokens.
func (i *Issuer) URL() string { return i.url }

// sign makes a JWT of claims.
func (i *Issuer) sign(claims map[string]any) (string, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	signed, err := i.signer.Sign(payload)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}

// KeySet is the URL of its public keys: a data: URL, so that nothing has to serve them.
func (i *Issuer) KeySet() string {
	text, err := json.Marshal(i.public)
	if err != nil {
		panic(err) // they are JSON
	}
	return "data:application/json;base64," + base64.StdEncoding.EncodeToString(text)
}

// AuthConfig is its entry in providers of the deployment's auth.config.ts.
func (i *Issuer) AuthConfig() string {
	return fmt.Sprintf("{\n  type: \"customJwt\",\n  issuer: %q,\n  jwks: %q,\n  algorithm: \"ES256\",\n  applicationID: %q,\n},\n", i.url, i.KeySet(), Audience)
}
