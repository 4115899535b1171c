package store

import (
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
