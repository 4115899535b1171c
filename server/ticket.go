package server

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
type ticket struct {
	id      ticketID
	expires time.Time         // to the millisecond
	stream  [sha256.Size]byte // hash of the one request that it is good for
	origin  string            // of the page that asked for it; empty outside of browsers
	token   string
}

type ticketID = [16]byte

const (
	ticketLife = 30 * time.Second
	// ticketSkew is how far the clocks of two replicas may be apart.
	ticketSkew = 5 * time.Second
	// maxTicketOrigin is more than the longest host name takes.
	maxTicketOrigin = 300
	ticketFixedSize = len(ticketID{}) + 8 + sha256.Size + 2
)

// ticketUse tells these sealed texts from any others under the same key.
var ticketUse = []byte("convexgateway ticket 1")

// TicketKey seals tickets: 32 bytes in base64, of either alphabet. It is text, and read by Validate, because the parser of
// the command line shows the values of variables that it cannot read.
type TicketKey string

// bytes decodes the key. Without one it makes one up.
func (k TicketKey) bytes() ([]byte, error) {
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
func (k TicketKey) Derive(use string) ([]byte, error) {
	if k == "" {
		return nil, nil
	}
	key, err := k.bytes()
	if err != nil {
		return nil, err
	}
	return hkdf.Key(sha256.New, key, nil, use, sha256.Size)
}

// Format keeps the key out of logs, for every verb.
func (k TicketKey) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("secret")) }

// MarshalText keeps it out of JSON.
func (k TicketKey) MarshalText() ([]byte, error) { return []byte("secret"), nil }

// tickets gives tickets out and takes them back, each once. It may be used concurrently.
type tickets struct {
	sealer cipher.AEAD
	now    func() time.Time
	used   *usedTickets

	replicas lease.Exchange // nil: this is the only one
	leave    func()         // the exchange
}

// newTickets starts to listen to the other replicas, if there are any; close ends that.
func newTickets(secret TicketKey, replicas lease.Exchange) (*tickets, error) {
	key, err := secret.bytes()
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
	t := &tickets{sealer: sealer, now: time.Now, used: newUsedTickets(maxUsedTickets), replicas: replicas, leave: func() {}}
	if replicas != nil {
		t.leave = replicas.Subscribe(t.hear)
	}
	return t, nil
}

func (t *tickets) close() { t.leave() }

// issue makes a ticket of a caller for a stream. It does not outlive the caller's token.
func (t *tickets) issue(id *auth.Identity, stream [sha256.Size]byte, origin string) (text string, expires time.Time) {
	k := ticket{expires: t.now().Add(ticketLife), stream: stream, origin: origin, token: id.Token()}
	if id.ExpiresAt.Before(k.expires) {
		k.expires = id.ExpiresAt
	}
	_, _ = rand.Read(k.id[:])
	return t.seal(k), k.expires
}

// redeem uses a ticket up and returns its token, which is still to be verified. Errors are *auth.Error, and
// errTooManyStreams.
func (t *tickets) redeem(text string, stream [sha256.Size]byte, origins []string) (token string, err error) {
	k, err := t.open(text)
	if err != nil {
		return "", err
	}
	now, refused := t.now(), auth.NewError(auth.ReasonTicket, nil)
	if !now.Before(k.expires) || k.expires.Sub(now) > ticketLife+ticketSkew || k.stream != stream {
		return "", refused
	}
	for _, origin := range origins {
		if origin != k.origin {
			return "", refused
		}
	}
	switch first, err := t.used.add(k.id, now); {
	case err != nil:
		return "", err
	case !first:
		return "", refused
	}
	if t.replicas != nil {
		t.replicas.Publish(lease.Notice{Ticket: &lease.UsedTicket{ID: k.id, Until: k.expires}})
	}
	return k.token, nil
}

// hear takes note of a ticket that was used on another replica.
func (t *tickets) hear(n lease.Notice) {
	if now := t.now(); n.Ticket != nil && now.Before(n.Ticket.Until) {
		t.used.mark(n.Ticket.ID, now)
	}
}

// seal writes a ticket as base64url of nonce and sealed text.
func (t *tickets) seal(k ticket) string {
	plain := make([]byte, 0, ticketFixedSize+len(k.origin)+len(k.token))
	plain = append(plain, k.id[:]...)
	plain = binary.BigEndian.AppendUint64(plain, uint64(k.expires.UnixMilli()))
	plain = append(plain, k.stream[:]...)
	plain = binary.BigEndian.AppendUint16(plain, uint16(len(k.origin)))
	plain = append(append(plain, k.origin...), k.token...)
	sealed := t.sealer.Seal(nil, nil, plain, ticketUse) //nolint:gosec // it makes its own nonce
	return base64.RawURLEncoding.EncodeToString(sealed)
}

// open reads what seal wrote. Nothing that was not sealed under the key gets past it.
func (t *tickets) open(text string) (ticket, error) {
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(sealed) < t.sealer.Overhead()+ticketFixedSize {
		return ticket{}, auth.NewError(auth.ReasonMalformed, errors.New("not a ticket"))
	}
	plain, err := t.sealer.Open(nil, nil, sealed, ticketUse)
	if err != nil {
		return ticket{}, auth.NewError(auth.ReasonTicket, nil)
	}
	k, ok := parseTicket(plain)
	if !ok {
		return ticket{}, auth.NewError(auth.ReasonTicket, nil)
	}
	return k, nil
}

func parseTicket(plain []byte) (k ticket, ok bool) {
	if len(plain) < ticketFixedSize {
		return ticket{}, false
	}
	plain = plain[copy(k.id[:], plain):]
	k.expires = time.UnixMilli(int64(binary.BigEndian.Uint64(plain)))
	plain = plain[8:]
	plain = plain[copy(k.stream[:], plain):]
	origin := int(binary.BigEndian.Uint16(plain))
	if plain = plain[2:]; len(plain) < origin {
		return ticket{}, false
	}
	k.origin, k.token = string(plain[:origin]), string(plain[origin:])
	return k, true
}
