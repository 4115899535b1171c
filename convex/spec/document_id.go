package spec

import (
	"encoding/binary"
	"strings"
)

// Lengths of document ids, in characters: a table number takes one to five bytes.
const (
	minDocumentID = 31
	maxDocumentID = 37
)

// isDocumentID reports whether a text has the shape of a document's id: base32 of the table's number as a varint, 16 bytes and a
// checksum of both. Source: get-convex/convex-backend crates/value/src/{id_v6,base32}.rs.
func isDocumentID(id []byte) bool {
	if len(id) < minDocumentID || len(id) > maxDocumentID {
		return false
	}
	var buffer [maxDocumentID]byte
	decoded, ok := appendBase32(buffer[:0], id)
	if !ok {
		return false
	}
	table, length := binary.Uvarint(decoded)
	if length <= 0 || table == 0 || table >= 1<<32 || len(decoded) != length+16+2 {
		return false
	}
	footer := len(decoded) - 2
	var sum, sums byte // Fletcher-16 modulo 256
	for _, b := range decoded[:footer] {
		sum += b
		sums += sum
	}
	return decoded[footer] == sum && decoded[footer+1] == sums
}

// appendBase32 decodes text of Crockford's alphabet in small letters. It refuses text that is not the one encoding of its bytes.
func appendBase32(dst, id []byte) ([]byte, bool) {
	pending, bits := uint(0), 0 // bits that are no whole byte yet
	for _, c := range id {
		digit := strings.IndexByte("0123456789abcdefghjkmnpqrstvwxyz", c)
		if digit < 0 {
			return nil, false
		}
		pending = pending<<5 | uint(digit)
		if bits += 5; bits >= 8 {
			bits -= 8
			dst = append(dst, byte(pending>>bits))
			pending &= 1<<bits - 1
		}
	}
	return dst, pending == 0 && bits < 5
}
