package ticket

import (
	"crypto/sha256"
	"encoding/binary"
	"time"
)

// Ticket opens one stream in the name of its caller: an EventSource can send a token in its URL only, where no token belongs.
// A ticket holds the token, sealed, so that any replica with the same key can redeem it.
type Ticket struct {
	ID      ID
	Expires time.Time         // to the millisecond
	stream  [sha256.Size]byte // hash of the one request that it is for
	origin  string            // of the page that asked for it; empty outside of browsers
	Token   string
}

// ID identifies a ticket. It is random.
type ID = [16]byte

const (
	// Life is how long a ticket is valid, unless its token expires before.
	Life = 30 * time.Second
	// MaxOrigin is the length of the longest origin, in bytes: more than the longest host name takes.
	MaxOrigin = 300

	fixedSize = len(ID{}) + 8 + sha256.Size + 2
)

// appendTo appends: id, expiry (8 bytes, ms since 1970), hash, length of the origin (2 bytes), origin, token; numbers are
// big-endian.
func (k Ticket) appendTo(plain []byte) []byte {
	plain = append(plain, k.ID[:]...)
	plain = binary.BigEndian.AppendUint64(plain, uint64(k.Expires.UnixMilli()))
	plain = append(plain, k.stream[:]...)
	plain = binary.BigEndian.AppendUint16(plain, uint16(len(k.origin)))
	return append(append(plain, k.origin...), k.Token...)
}

// parse reads what appendTo wrote.
func parse(plain []byte) (k Ticket, ok bool) {
	if len(plain) < fixedSize {
		return Ticket{}, false
	}
	plain = plain[copy(k.ID[:], plain):]
	k.Expires = time.UnixMilli(int64(binary.BigEndian.Uint64(plain)))
	plain = plain[8:]
	plain = plain[copy(k.stream[:], plain):]
	origin := int(binary.BigEndian.Uint16(plain))
	if plain = plain[2:]; len(plain) < origin {
		return Ticket{}, false
	}
	k.origin, k.Token = string(plain[:origin]), string(plain[origin:])
	return k, true
}
