package rest

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"

	"convexgateway/convex"
)

// ValueTag returns the ETag of a result. It hashes the canonical value, so that equal values have equal tags on every replica.
func ValueTag(value []byte) (string, error) {
	canonical, err := convex.Canonical(value)
	if err != nil {
		return "", fmt.Errorf("the deployment's value: %v", err) //nolint:errorlint // not the caller's mistake
	}
	return weakTag(canonical), nil
}

// weakTag returns the ETag of a content. It is weak, because the response may be compressed, and equal values may be written
// differently.
func weakTag(content []byte) string {
	hash := sha256.Sum256(content)
	return `W/"` + base64.RawURLEncoding.EncodeToString(hash[:16]) + `"`
}

// matches reports whether the caller has the content of that tag already.
func (x *exchange) matches(tag string) bool { return MatchesTag(x.ifNoneMatch, tag) }

// MatchesTag reports whether one of the values of If-None-Match has a tag.
func MatchesTag(ifNoneMatch []string, tag string) bool {
	opaque := strings.TrimPrefix(tag, "W/") // RFC 9110, 13.1.2: the comparison is the weak one
	for _, condition := range ifNoneMatch {
		if strings.Contains(condition, opaque) || strings.TrimSpace(condition) == "*" {
			return true
		}
	}
	return false
}
