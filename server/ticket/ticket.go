package ticket

import (
	"crypto/sha256"
	"encoding/binary"
	"time"

	"convexgateway/auth"
)

// Ticket opens one stream in the name of its caller: an EventSource can send a token in its URL only, where no token belongs.
// A ticket holds the token, sealed, so that any replica with that key can redeem it.
type Ticket struct {
	ID      ID
	Expires time.Time         // to the millisecond
	owner   Owner             // of the token
	stream  [sha256.Size]byte // hash of the one request that it is for
	origin  string            // of the page that asked for it; empty outside of browsers
	// RefreshKey is the stream's; empty without one.
	RefreshKey string
	Token      string
}

// ID identifies a ticket. It is random.
type ID = [16]byte

// Owner is a hash of a user, by which used tickets are counted.
type Owner = [16]byte

func ownerOf(user auth.User) Owner {
	hash := sha256.Sum256([]byte(user.Issuer + "\x00" + user.Subject))
	return Owner(hash[:len(Owner{})])
}

const (
	// Life is how long a ticket is valid, unless its token expires before.
	Life = 30 * time.Second
	// MaxOrigin is the length of the longest origin, in bytes: more than the longest host name takes.
	MaxOrigin = 300

	fixedSize = len(ID{}) + len(Owner{}) + 8 + sha256.Size + 2 + 2
)

// appendTo appends: id, owner, expiry (8 bytes, ms since 1970), hash, lengths of origin and refresh key (2 bytes each), origin,
// refresh key, token; numbers are big-endian.
func (k Ticket) appendTo(plain []byte) []byte {
	plain = append(append(plain, k.ID[:]...), k.owner[:]...)
	plain = binary.BigEndian.AppendUint64(plain, uint64(k.Expires.UnixMilli()))
	plain = append(plain, k.stream[:]...)
	plain = binary.BigEndian.AppendUint16(plain, uint16(len(k.origin)))
	plain = binary.BigEndian.AppendUint16(plain, uint16(len(k.RefreshKey)))
	plain = append(append(plain, k.origin...), k.RefreshKey...)
	return append(plain, k.Token...)
}

// parse reads what appendTo wrote.
func parse(plain []byte) (k Ticket, ok bool) {
	if len(plain) < fixedSize {
		return Ticket{}, false
	}
	plain = plain[copy(k.ID[:], plain):]
	plain = plain[copy(k.owner[:], plain):]
	k.Expires = time.UnixMilli(int64(binary.BigEndian.Uint64(plain)))
	plain = plain[8:]
	plain = plain[copy(k.stream[:], plain):]
	origin, key := int(binary.BigEndian.Uint16(plain)), int(binary.BigEndian.Uint16(plain[2:]))
	if plain = plain[4:]; len(plain) < origin+key {
		return Ticket{}, false
	}
	k.origin, k.RefreshKey, k.Token = string(plain[:origin]), string(plain[origin:origin+key]), string(plain[origin+key:])
	return k, true
}
