package ticket

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"convexgateway/auth"
	"convexgateway/auth/lease"
	"convexgateway/internal/keyring"
)

// skew is how far the clocks of two replicas may be apart.
const skew = 5 * time.Second

// purpose is authenticated with every ticket, so that no text that was sealed for another purpose under the same key opens.
var purpose = []byte("convexgateway ticket 2")

// Sealer issues tickets and redeems them, each once. Safe for concurrent use.
type Sealer struct {
	keys *keyring.Ring
	now  func() time.Time
	used *usedSet

	replicas    lease.Exchange // nil: this is the only one
	unsubscribe func()         // from replicas
}

// New makes a sealer; without keys it makes up one of its own. Until Close it receives the tickets that other replicas redeem, if
// there are any.
func New(keys Keys, replicas lease.Exchange) (*Sealer, error) {
	if len(keys) == 0 {
		keys = Keys{NewKey()}
	}
	plain, err := keys.bytes()
	if err != nil {
		return nil, err
	}
	ring, err := keyring.New(plain)
	if err != nil {
		return nil, err
	}
	s := &Sealer{keys: ring, now: time.Now, used: newUsedSet(maxUsed), replicas: replicas, unsubscribe: func() {}}
	if replicas != nil {
		s.unsubscribe = replicas.Subscribe(s.markUsed)
	}
	return s, nil
}

// Replace has the sealer use other keys from now on.
func (s *Sealer) Replace(keys Keys) error {
	plain, err := keys.bytes()
	if err != nil {
		return err
	}
	return s.keys.Replace(plain)
}

// Close stops receiving.
func (s *Sealer) Close() { s.unsubscribe() }

// Issue makes a ticket for a stream of a caller, whose refresh key has up to 64 KiB. It expires no later than the caller's token.
func (s *Sealer) Issue(id *auth.Identity, stream [sha256.Size]byte, origin, refreshKey string) (text string, expires time.Time) {
	k := Ticket{Expires: s.now().Add(Life), owner: ownerOf(id.User()), stream: stream, origin: origin, RefreshKey: refreshKey, Token: id.Token()}
	if id.ExpiresAt.Before(k.Expires) {
		k.Expires = id.ExpiresAt
	}
	_, _ = rand.Read(k.ID[:])
	return s.Seal(k), k.Expires
}

// Redeem uses a ticket up and returns it. The caller must verify its token. Errors are *auth.Error and
// [call.ErrTooManyStreams].
func (s *Sealer) Redeem(text string, stream [sha256.Size]byte, origins []string) (Ticket, error) {
	k, err := s.Open(text)
	if err != nil {
		return Ticket{}, err
	}
	now, refused := s.now(), auth.NewError(auth.ReasonTicket, nil)
	if !now.Before(k.Expires) || k.Expires.Sub(now) > Life+skew || k.stream != stream {
		return Ticket{}, refused
	}
	for _, origin := range origins {
		if origin != k.origin {
			return Ticket{}, refused
		}
	}
	switch first, err := s.used.add(k.ID, k.owner, now); {
	case err != nil:
		return Ticket{}, err
	case !first:
		return Ticket{}, refused
	}
	if s.replicas != nil {
		s.replicas.Publish(lease.Notice{Ticket: &lease.UsedTicket{ID: k.ID, Owner: k.owner, Until: k.Expires}})
	}
	return k, nil
}

// markUsed records a ticket that was used on another replica.
func (s *Sealer) markUsed(n lease.Notice) {
	if now := s.now(); n.Ticket != nil && now.Before(n.Ticket.Until) {
		s.used.mark(n.Ticket.ID, n.Ticket.Owner, now)
	}
}

// Seal returns a ticket as base64url of nonce and sealed text.
func (s *Sealer) Seal(k Ticket) string {
	plain := k.appendTo(make([]byte, 0, fixedSize+len(k.origin)+len(k.RefreshKey)+len(k.Token)))
	return base64.RawURLEncoding.EncodeToString(s.keys.Seal(plain, purpose))
}

// Open reads what Seal wrote, and refuses what was not sealed under one of the keys.
func (s *Sealer) Open(text string) (Ticket, error) {
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || strings.ContainsAny(text, "\r\n") || len(sealed) < keyring.Overhead+fixedSize { // the decoder passes over line ends
		return Ticket{}, auth.NewError(auth.ReasonMalformed, errors.New("not a ticket"))
	}
	if plain, ok := s.keys.Open(sealed, purpose); ok {
		if k, ok := parse(plain); ok {
			return k, nil
		}
	}
	return Ticket{}, auth.NewError(auth.ReasonTicket, nil)
}
