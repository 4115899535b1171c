package store

import (
	"crypto/rand"
	"encoding/hex"
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

func hyphenated(digits string) string {
	return digits[:8] + "-" + digits[8:12] + "-" + digits[12:16] + "-" + digits[16:20] + "-" + digits[20:]
}
