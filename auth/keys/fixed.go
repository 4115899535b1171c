package keys

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"net/url"
	"strings"
	"time"

	clerksdk "github.com/clerk/clerk-sdk-go/v2"
)

// fixed are keys that were configured and never change: nothing is fetched.
type fixed struct {
	byID signingKeys
	only *clerksdk.JSONWebKey // instead of byID: one key, whatever id a token names
}

func (k fixed) Peek(keyID string, _ time.Time) *clerksdk.JSONWebKey {
	if k.only != nil {
		return k.only
	}
	return k.byID[keyID]
}

func (k fixed) Key(_ context.Context, keyID string, now time.Time) (*clerksdk.JSONWebKey, error) {
	if key := k.Peek(keyID, now); key != nil {
		return key, nil
	}
	return nil, ErrUnknown
}

func (fixed) Rotated(context.Context, *clerksdk.JSONWebKey, time.Time) *clerksdk.JSONWebKey {
	return nil
}

func (fixed) Prefetch(context.Context) error { return nil }

func (fixed) Ready() bool { return true }

func (fixed) FetchedAt() time.Time { return time.Time{} }

func (fixed) Close() {}

// ParsePEM reads an RSA public key, the only one of its source, whatever id a token names. Line breaks may be missing, or be \n
// in text, as often in environment variables and as in Clerk's own libraries (clerk/javascript packages/backend/src/tokens/keys.ts).
func ParsePEM(text string) (Source, error) {
	bad := errors.New("not a PEM public key (-----BEGIN PUBLIC KEY-----)")
	der, ok := pemBytes(text)
	if !ok {
		return nil, bad
	}
	public, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, bad
	}
	key, ok := public.(*rsa.PublicKey)
	if !ok || key.N.BitLen() < minRSABits || key.N.BitLen() > maxRSABits {
		return nil, errors.New("not an RSA key of 2048 to 8192 bits")
	}
	return fixed{only: &clerksdk.JSONWebKey{Key: key, Algorithm: "RS256", Use: "sig"}}, nil
}

func pemBytes(text string) (der []byte, ok bool) {
	text = strings.ReplaceAll(text, `\n`, "\n")
	if block, _ := pem.Decode([]byte(text)); block != nil {
		return block.Bytes, block.Type == "PUBLIC KEY"
	}
	body, begins := strings.CutPrefix(strings.TrimSpace(text), "-----BEGIN PUBLIC KEY-----")
	body, ends := strings.CutSuffix(body, "-----END PUBLIC KEY-----")
	der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(body), ""))
	return der, begins && ends && err == nil
}

const dataScheme = "data:"

// parseData reads the key set in a data: URL, whose media type does not matter (RFC 2397).
func parseData(raw string) (signingKeys, error) {
	head, body, ok := strings.Cut(strings.TrimPrefix(raw, dataScheme), ",")
	text, err := url.PathUnescape(body)
	if !ok || err != nil {
		return nil, errors.New("not a data: URL")
	}
	document := []byte(text)
	if strings.HasSuffix(head, ";base64") {
		if document, err = base64.StdEncoding.DecodeString(text); err != nil {
			return nil, errors.New("not base64")
		}
	}
	return parseKeys(document)
}
