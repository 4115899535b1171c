package auth

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// maxTokenBytes bounds a token before anything is decoded.
const maxTokenBytes = 8 << 10

// maxKeyIDBytes is generous: Clerk's key ids are its instance ids, about 30 bytes.
const maxKeyIDBytes = 128

// token is a JWS in compact form, decoded but not verified.
type token struct {
	raw    string
	keyID  string
	alg    string
	header object
	claims object
}

// parseToken accepts nothing but a compact JWS whose payload is a JSON object, signed with an algorithm that some issuer
// may use.
func parseToken(raw string) (*token, *Error) {
	if err := checkShape(raw); err != nil {
		return nil, err
	}
	parts := strings.SplitN(raw, ".", 3)
	if _, err := decodePart(parts[2]); err != nil {
		return nil, malformed("signature", err)
	}
	header, err := parsePart(parts[0])
	if err != nil {
		return nil, malformed("header", err)
	}
	keyID, err := checkHeader(header)
	if err != nil {
		return nil, malformed("header", err)
	}
	claims, err := parsePart(parts[1])
	if err != nil {
		return nil, malformed("payload", err)
	}
	alg, _ := header["alg"].(string)
	return &token{raw: raw, keyID: keyID, alg: alg, header: header, claims: claims}, nil
}

func malformed(where string, err error) *Error {
	return NewError(ReasonMalformed, fmt.Errorf("%s: %w", where, err))
}

// checkShape reads at most the first 8 KiB, once, whatever was sent.
func checkShape(raw string) *Error {
	for _, prefix := range []string{"mt_", "ak_", "oat_"} { // Clerk's opaque machine tokens
		if strings.HasPrefix(raw, prefix) {
			return errOpaqueToken()
		}
	}
	if !isCompact(raw[:min(len(raw), maxTokenBytes)], len(raw) > maxTokenBytes) {
		return NewError(ReasonMalformed, errors.New("not a compact JWS"))
	}
	if len(raw) > maxTokenBytes {
		return NewError(ReasonTokenTooLarge, nil)
	}
	return nil
}

func errOpaqueToken() *Error {
	err := NewError(ReasonTokenClass, errors.New("opaque token"))
	err.Message = "opaque machine tokens, API keys and OAuth tokens cannot be checked here: send a JWT"
	return err
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

func parsePart(part string) (object, error) {
	raw, err := decodePart(part)
	if err != nil {
		return nil, err
	}
	return parseObject(raw)
}

// forbiddenHeaders change how or with which key a JWS is verified. (jku and x5u are never followed.)
var forbiddenHeaders = []string{"crit", "b64", "jwk", "x5c", "zip", "enc"}

// refuseHeaders refuses members of a header, in any case.
func refuseHeaders(header object, names ...string) error {
	for name := range header {
		for _, forbidden := range names {
			if strings.EqualFold(name, forbidden) {
				return fmt.Errorf("%s is not allowed", forbidden)
			}
		}
	}
	return nil
}

// checkHeader returns the key id. Unknown members are ignored: Clerk adds some over time.
func checkHeader(header object) (keyID string, err error) {
	if err := header.requireSpelling("alg", "typ", "kid", "cat"); err != nil {
		return "", err
	}
	if err := refuseHeaders(header, forbiddenHeaders...); err != nil {
		return "", err
	}
	if alg, _ := header["alg"].(string); alg != "RS256" && alg != "ES256" && alg != "EdDSA" {
		return "", errors.New("alg is none of RS256, ES256 and EdDSA")
	}
	keyID, err = header.text("kid")
	if err == nil && (keyID == "" || len(keyID) > maxKeyIDBytes) {
		err = errors.New("kid is missing or too long")
	}
	return keyID, err
}
