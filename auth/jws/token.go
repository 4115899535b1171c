package jws

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// MaxBytes bounds a token before anything is decoded.
const MaxBytes = 8 << 10

// maxKeyIDBytes is generous: Clerk's key ids are its instance ids, about 30 bytes.
const maxKeyIDBytes = 128

var (
	// ErrTooLarge refuses a token of more than MaxBytes.
	ErrTooLarge = errors.New("larger than 8 KiB")
	// ErrOpaque refuses a token that is no JWS: an opaque machine or OAuth token of Clerk's, or an API key.
	ErrOpaque = errors.New("opaque token")
)

// Token is a JWS in compact form, decoded but not verified.
type Token struct {
	Raw    string // as it was sent; a secret
	KeyID  string
	Alg    string
	Header Object
	Claims Object
}

// Parse accepts nothing but a compact JWS whose payload is a JSON object, signed with an algorithm that some issuer
// may use. Errors other than ErrTooLarge and ErrOpaque say what is malformed.
func Parse(raw string) (*Token, error) {
	if err := checkShape(raw); err != nil {
		return nil, err
	}
	parts := strings.SplitN(raw, ".", 3)
	if _, err := decodePart(parts[2]); err != nil {
		return nil, fmt.Errorf("signature: %w", err)
	}
	header, err := parsePart(parts[0])
	if err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	keyID, err := checkHeader(header)
	if err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	claims, err := parsePart(parts[1])
	if err != nil {
		return nil, fmt.Errorf("payload: %w", err)
	}
	alg, _ := header["alg"].(string)
	return &Token{Raw: raw, KeyID: keyID, Alg: alg, Header: header, Claims: claims}, nil
}

// checkShape reads at most the first 8 KiB, once, whatever was sent.
func checkShape(raw string) error {
	for _, prefix := range []string{"mt_", "ak_", "oat_", "cgk_"} { // Clerk's opaque machine tokens, and API keys of the gateway
		if strings.HasPrefix(raw, prefix) {
			return ErrOpaque
		}
	}
	if !isCompact(raw[:min(len(raw), MaxBytes)], len(raw) > MaxBytes) {
		return errors.New("not a compact JWS")
	}
	if len(raw) > MaxBytes {
		return ErrTooLarge
	}
	return nil
}

// isCompact reports whether s is three non-empty unpadded base64url parts, or could be the
// beginning of such.
func isCompact(s string, beginning bool) bool {
	dots, part := 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case c == '.':
			if part == 0 || dots == 2 {
				return false
			}
			dots, part = dots+1, 0
		case 'A' <= c && c <= 'Z', 'a' <= c && c <= 'z', '0' <= c && c <= '9', c == '-', c == '_':
			part++
		default:
			return false
		}
	}
	return beginning || dots == 2 && part > 0
}

// decodePart refuses unused bits in the last character: otherwise several
// texts of one signature would verify.
func decodePart(part string) ([]byte, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(part)
	if err != nil {
		return nil, errors.New("not base64url")
	}
	return raw, nil
}

func parsePart(part string) (Object, error) {
	raw, err := decodePart(part)
	if err != nil {
		return nil, err
	}
	return parseObject(raw)
}

// forbiddenHeaders change how or with which key a JWS is verified. (jku and x5u are never followed.)
var forbiddenHeaders = []string{"crit", "b64", "jwk", "x5c", "zip", "enc"}

// checkHeader returns the key id. Unknown members are ignored: Clerk adds some over time.
func checkHeader(header Object) (keyID string, err error) {
	if err := header.RequireSpelling("alg", "typ", "kid", "cat"); err != nil {
		return "", err
	}
	if err := header.RefuseNames(forbiddenHeaders...); err != nil {
		return "", err
	}
	if alg, _ := header["alg"].(string); alg != "RS256" && alg != "ES256" && alg != "EdDSA" {
		return "", errors.New("alg is none of RS256, ES256 and EdDSA")
	}
	keyID, err = header.Text("kid")
	if err == nil && (keyID == "" || len(keyID) > maxKeyIDBytes) {
		err = errors.New("kid is missing or too long")
	}
	return keyID, err
}
