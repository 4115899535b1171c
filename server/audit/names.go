package audit

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"

	"convexgateway/auth"
	"convexgateway/server/call"
)

// Mode is how callers are named.
type Mode string

// The modes.
const (
	Full Mode = "full" // subjects, sessions and actors as tokens have them
	Hash Mode = "hash" // as hashes under a key, by which the lines of a user can be found
	Off  Mode = "off"  // nothing of a caller but the address and the program
)

// Valid reports whether there is such a mode.
func (m Mode) Valid() bool { return m == Full || m == Hash || m == Off }

// Names name callers. They are immutable; a nil *Names names none.
type Names struct {
	mode Mode
	key  [keySize]byte
}

const (
	keySize  = 32
	hashSize = 8 // bytes of a name; a replica has far fewer than 2^32 users
)

// NewNames returns the names of a mode. key has 32 bytes, the same on all replicas; nil is a random one, whose hashes nobody else can find.
func NewNames(mode Mode, key []byte) *Names {
	n := &Names{mode: mode}
	if copy(n.key[:], key) == 0 {
		_, _ = rand.Read(n.key[:]) // never fails
	}
	return n
}

// Name returns how a subject, a session or an actor is written; empty in mode Off, and for an empty one. A hash has 16 hex digits: the first
// 8 bytes of the SHA-256 of key and value. Cut to a quarter, it can be continued by nobody who has not the key.
func (n *Names) Name(value string) string {
	if n == nil || n.mode == Off || value == "" {
		return ""
	}
	if n.mode == Full {
		return value
	}
	var room [256]byte
	sum := sha256.Sum256(append(append(room[:0], n.key[:]...), value...))
	return hex.EncodeToString(sum[:hashSize])
}

// AppendCaller appends the attributes of a verified caller: subject, session, issuer, identity_tag and actor, without those that are empty.
// A nil identity, and mode Off, have none.
func (n *Names) AppendCaller(attrs []slog.Attr, id *auth.Identity) []slog.Attr {
	if n == nil || n.mode == Off || id == nil {
		return attrs
	}
	attrs = append(attrs, slog.String("subject", n.Name(id.Subject)))
	if id.SessionID != "" {
		attrs = append(attrs, slog.String("session", n.Name(id.SessionID)))
	}
	attrs = append(attrs, slog.String("issuer", id.Issuer), slog.String("identity_tag", id.Tag()))
	if id.ActorSubject != "" {
		attrs = append(attrs, slog.String("actor", n.Name(id.ActorSubject)))
	}
	return attrs
}

// Counted returns how the caller of a call is written whose lines are counted: [call.Call.Caller], with the user's name in place of the
// subject.
func (n *Names) Counted(c *call.Call, id *auth.Identity) string {
	switch {
	case id == nil:
		return c.Caller()
	case n == nil || n.mode == Off:
		return "user"
	}
	return "user " + id.Issuer + " " + n.Name(id.Subject)
}

// maxClient bounds the name of a client's program, in bytes.
const maxClient = 64

// AppendClient appends the program that a call comes from, as it names itself; nothing if it does not.
func AppendClient(attrs []slog.Attr, c *call.Call) []slog.Attr {
	if c.UserAgent == "" {
		return attrs
	}
	return append(attrs, slog.String("client", call.CutText(c.UserAgent, maxClient)))
}
