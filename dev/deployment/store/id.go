package store

import (
	"encoding/hex"
	"strings"

	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// Document ids as Convex makes them (get-convex/convex-backend crates/value/src/{id_v6,base32}.rs):
//
//	base32(varint(table number) ‖ internal id, 16 bytes ‖ footer, 2 bytes)
//
// The internal id is 14 random bytes and the day, big-endian; the footer is a checksum of all before it, little-endian.

const (
	// firstUserTable is the number of the first table of an app; lower numbers are those of system tables.
	firstUserTable = 10_001
	systemTables   = 1 // that this deployment has: _storage

	internalIDLen = 16
	footerLen     = 2
	minIDLen      = 31 // a table number has 1 to 5 bytes
	maxIDLen      = 37
)

var idEncoding = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

var errBadID = errors.New("not a document id")

// newID makes an id of a new document.
func newID(table uint32, now time.Time) string {
	var internal [internalIDLen]byte
	rand.Read(internal[:14])
	binary.BigEndian.PutUint16(internal[14:], uint16(now.Unix()/(24*60*60)))
	return encodeID(table, internal)
}

func encodeID(table uint32, internal [internalIDLen]byte) string {
	raw := binary.AppendUvarint(make([]byte, 0, 23), uint64(table))
	raw = append(raw, internal[:]...)
	raw = binary.LittleEndian.AppendUint16(raw, fletcher16(raw))
	return idEncoding.EncodeToString(raw)
}

// whyNoID is the reason why a text is not the id of a document.
func whyNoID(id string) string {
	if len(id) < minIDLen || len(id) > maxIDLen {
		return fmt.Sprintf("Invalid ID length %d", len(id))
	}
	return "Invalid ID"
}

// decodeID returns the table number and the internal id. Only what encodeID writes is an id.
func decodeID(id string) (table uint32, internal [internalIDLen]byte, err error) {
	if len(id) < minIDLen || len(id) > maxIDLen {
		return 0, internal, errBadID
	}
	raw, err := idEncoding.DecodeString(id)
	if err != nil {
		return 0, internal, errBadID
	}
	number, n := binary.Uvarint(raw)
	if n <= 0 || number == 0 || number > 1<<32-1 || len(raw) != n+internalIDLen+footerLen {
		return 0, internal, errBadID
	}
	copy(internal[:], raw[n:])
	if encodeID(uint32(number), internal) != id {
		return 0, internal, errBadID
	}
	return uint32(number), internal, nil
}

func fletcher16(data []byte) uint16 {
	var c0, c1 uint8
	for _, b := range data {
		c0 += b
		c1 += c0
	}
	return uint16(c1)<<8 | uint16(c0)
}

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
