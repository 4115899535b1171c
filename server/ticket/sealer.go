package ticket

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"

	"convexgateway/auth"
	"convexgateway/auth/lease"
)

// A ticket opens one stream in the name of the caller who asked for it: an EventSource can send no token but in its URL,
// where no token belongs. The ticket holds the token, sealed, so that any replica with the same key can take it.
type Ticket struct {
	ID      ID
	Expires time.Time         // to the millisecond
	stream  [sha256.Size]byte // hash of the one request that it is good for
	origin  string            // of the page that asked for it; empty outside of browsers
	Token   string
}

type ID = [16]byte

const (
	Life = 30 * time.Second
	// skew is how far the clocks of two replicas may be apart.
	skew = 5 * time.Second
	// MaxOrigin is more than the longest host name takes.
	MaxOrigin = 300
	fixedSize = len(ID{}) + 8 + sha256.Size + 2
)

// use tells these sealed texts from any others under the same key.
var use = []byte("convexgateway ticket 1")

// Key seals tickets: 32 bytes in base64, of either alphabet. It is text, and read by Validate, because the parser of
// the command line shows the values of variables that it cannot read.
type Key string

// Bytes decodes the key. Without one it makes one up.
func (k Key) Bytes() ([]byte, error) {
	if k == "" {
		key := make([]byte, 32)
		_, _ = rand.Read(key) // never fails
		return key, nil
	}
	plain := strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(strings.TrimSpace(string(k)), "="))
	key, err := base64.RawStdEncoding.Strict().DecodeString(plain)
	if err != nil || len(key) != 32 {
		return nil, errors.New("must be 32 random bytes in base64, for instance of openssl rand -base64 32")
	}
	return key, nil
}

// Derive returns a key of 32 bytes for another use than tickets, or nil if there is none to share.
func (k Key) Derive(use string) ([]byte, error) {
	if k == "" {
		return nil, nil
	}
	key, err := k.Bytes()
	if err != nil {
		return nil, err
	}
	return hkdf.Key(sha256.New, key, nil, use, sha256.Size)
}

// Format keeps the key out of logs, for every verb.
func (k Key) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("secret")) }

// MarshalText keeps it out of JSON.
func (k Key) MarshalText() ([]byte, error) { return []byte("secret"), nil }

// Sealer gives tickets out and takes them back, each once. It may be used concurrently.
type Sealer struct {
	sealer cipher.AEAD
	now    func() time.Time
	used   *usedSet

	replicas lease.Exchange // nil: this is the only one
	leave    func()         // the exchange
}

// New starts to listen to the other replicas, if there are any; close ends that.
func New(secret Key, replicas lease.Exchange) (*Sealer, error) {
	key, err := secret.Bytes()
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	sealer, err := cipher.NewGCMWithRandomNonce(block) // good for 2^32 tickets a key: NIST SP 800-38D, 8.3
	if err != nil {
		return nil, err
	}
	t := &Sealer{sealer: sealer, now: time.Now, used: newUsedSet(maxUsed), replicas: replicas, leave: func() {}}
	if replicas != nil {
		t.leave = replicas.Subscribe(t.hear)
	}
	return t, nil
}

func (t *Sealer) Close() { t.leave() }

// Issue makes a ticket of a caller for a stream. It does not outlive the caller's token.
func (t *Sealer) Issue(id *auth.Identity, stream [sha256.Size]byte, origin string) (text string, expires time.Time) {
	k := Ticket{Expires: t.now().Add(Life), stream: stream, origin: origin, Token: id.Token()}
	if id.ExpiresAt.Before(k.Expires) {
		k.Expires = id.ExpiresAt
	}
	_, _ = rand.Read(k.ID[:])
	return t.Seal(k), k.Expires
}

// Redeem uses a ticket up and returns its token, which is still to be verified. Errors are *auth.Error, and
// errTooManyStreams.
func (t *Sealer) Redeem(text string, stream [sha256.Size]byte, origins []string) (token string, err error) {
	k, err := t.Open(text)
	if err != nil {
		return "", err
	}
	now, refused := t.now(), auth.NewError(auth.ReasonTicket, nil)
	if !now.Before(k.Expires) || k.Expires.Sub(now) > Life+skew || k.stream != stream {
		return "", refused
	}
	for _, origin := range origins {
		if origin != k.origin {
			return "", refused
		}
	}
	switch first, err := t.used.add(k.ID, now); {
	case err != nil:
		return "", err
	case !first:
		return "", refused
	}
	if t.replicas != nil {
		t.replicas.Publish(lease.Notice{Ticket: &lease.UsedTicket{ID: k.ID, Until: k.Expires}})
	}
	return k.Token, nil
}

// hear takes note of a ticket that was used on another replica.
func (t *Sealer) hear(n lease.Notice) {
	if now := t.now(); n.Ticket != nil && now.Before(n.Ticket.Until) {
		t.used.mark(n.Ticket.ID, now)
	}
}

// Seal writes a ticket as base64url of nonce and sealed text.
func (t *Sealer) Seal(k Ticket) string {
	plain := make([]byte, 0, fixedSize+len(k.origin)+len(k.Token))
	plain = append(plain, k.ID[:]...)
	plain = binary.BigEndian.AppendUint64(plain, uint64(k.Expires.UnixMilli()))
	plain = append(plain, k.stream[:]...)
	plain = binary.BigEndian.AppendUint16(plain, uint16(len(k.origin)))
	plain = append(append(plain, k.origin...), k.Token...)
	sealed := t.sealer.Seal(nil, nil, plain, use) //nolint:gosec // it makes its own nonce
	return base64.RawURLEncoding.EncodeToString(sealed)
}

// Open reads what seal wrote. Nothing that was not sealed under the key gets past it.
func (t *Sealer) Open(text string) (Ticket, error) {
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(sealed) < t.sealer.Overhead()+fixedSize {
		return Ticket{}, auth.NewError(auth.ReasonMalformed, errors.New("not a ticket"))
	}
	plain, err := t.sealer.Open(nil, nil, sealed, use)
	if err != nil {
		return Ticket{}, auth.NewError(auth.ReasonTicket, nil)
	}
	k, ok := parse(plain)
	if !ok {
		return Ticket{}, auth.NewError(auth.ReasonTicket, nil)
	}
	return k, nil
}

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
