package store

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"strings"
)

// newUUID makes a random UUID, version 4.
func newUUID() string {
	var raw [16]byte
	rand.Read(raw[:])
	raw[6], raw[8] = raw[6]&0x0f|0x40, raw[8]&0x3f|0x80
	return hyphenated(hex.EncodeToString(raw[:]))
}

// ParseUUID reads a UUID with or without hyphens and returns its canonical form.
func ParseUUID(text string) (uuid string, ok bool) {
	digits := text
	if len(text) == 36 && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-' {
		digits = text[:8] + text[9:13] + text[14:18] + text[19:23] + text[24:]
	}
	if raw, err := hex.DecodeString(digits); err != nil || len(raw) != 16 {
		return "", false
	}
	return hyphenated(strings.ToLower(digits)), true
}

// ReadUUID reads a UUID in any of the forms of Rust's uuid crate, and returns its canonical form.
func ReadUUID(text string) (uuid string, err error) {
	bare := strings.TrimPrefix(text, "urn:uuid:")
	if inner, ok := strings.CutPrefix(bare, "{"); ok && strings.HasSuffix(inner, "}") {
		bare = strings.TrimSuffix(inner, "}")
	}
	for i, r := range bare {
		if !strings.ContainsRune("0123456789abcdefABCDEF-", r) {
			return "", fmt.Errorf("invalid character: expected an optional prefix of `urn:uuid:` followed by [0-9a-fA-F-], found `%c` at %d", r, i+1)
		}
	}
	uuid, ok := ParseUUID(bare)
	if !ok {
		return "", fmt.Errorf("invalid length: expected length 32 for simple format, found %d", len(bare))
	}
	return uuid, nil
}

func hyphenated(digits string) string {
	return digits[:8] + "-" + digits[8:12] + "-" + digits[12:16] + "-" + digits[16:20] + "-" + digits[20:]
}
