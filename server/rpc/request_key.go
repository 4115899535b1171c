package rpc

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"sync"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"

	"convexgateway/auth"
	"convexgateway/convex"
	"convexgateway/server/call"
)

// Bounds of a request id, in characters.
const (
	minRequestID = 22 // 128 random bits in base64
	maxRequestID = 255
)

// requestIDHeader is the name of a request id in metadata, and with capitals over REST.
const requestIDHeader = "idempotency-key"

// requestKeys derives the keys of mutations with a request id. All replicas share the secret; without one ids are refused. Safe for concurrent
// use.
type requestKeys struct {
	secret []byte // 32 bytes; nil: there is none

	mu      sync.Mutex
	running map[ownedID]*runningID
}

// ownedID is a request id of a user.
type ownedID struct{ issuer, subject, id string }

// runningID is a request id with which calls are running.
type runningID struct {
	key   convex.RequestKey
	calls int
}

func newRequestKeys(secret []byte) *requestKeys {
	return &requestKeys{secret: secret, running: map[ownedID]*runningID{}}
}

// begin returns the key of a mutation and what is to be called when it has ended; nil if it has no request id.
func (k *requestKeys) begin(id string, caller *auth.Identity, inv Invocation) (key *convex.RequestKey, end func(), err error) {
	switch {
	case id == "":
		return nil, func() {}, nil
	case k.secret == nil:
		return nil, nil, call.ErrNoClusterKey
	}
	derived, of := k.derive(id, caller, inv), ownedID{id: id}
	if caller != nil {
		of.issuer, of.subject = caller.Issuer, caller.Subject
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	r := k.running[of]
	if r == nil {
		r = &runningID{key: derived}
		k.running[of] = r
	}
	if r.key != derived {
		return nil, nil, &call.RequestError{
			Code: codes.InvalidArgument, Reason: "REQUEST_ID_REUSED", Text: "request_id: a mutation with this id and another path or other arguments is running",
		}
	}
	r.calls++
	return &derived, func() { k.end(of) }, nil
}

func (k *requestKeys) end(of ownedID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if r := k.running[of]; r != nil {
		if r.calls--; r.calls == 0 {
			delete(k.running, of)
		}
	}
}

// derive returns the deployment's name of a mutation. The deployment compares neither user, path nor arguments, so all are in it: another
// user's mutation, or one with other arguments, has another name. The user is issuer and subject, so that an attempt after a new sign-in has
// the same; all anonymous callers are one.
func (k *requestKeys) derive(id string, caller *auth.Identity, inv Invocation) convex.RequestKey {
	args := sha256.Sum256(inv.Args)
	h := hmac.New(sha256.New, k.secret)
	part(h, []byte("m1"))
	part(h, userOf(caller))
	part(h, []byte(id))
	part(h, []byte(inv.Path.Canonical()))
	part(h, args[:])
	sum := h.Sum(nil)
	uuid := sum[:16]
	uuid[6], uuid[8] = uuid[6]&0x0f|0x80, uuid[8]&0x3f|0x80 // version 8, variant of RFC 9562
	text := hex.EncodeToString(uuid)
	return convex.RequestKey{
		SessionID: strings.Join([]string{text[:8], text[8:12], text[12:16], text[16:20], text[20:]}, "-"),
		RequestID: 1<<31 | binary.BigEndian.Uint32(sum[16:]),
	}
}

// userOf is the same for all tokens of a user, and for no two users; empty for anonymous callers.
func userOf(caller *auth.Identity) []byte {
	if caller == nil {
		return nil
	}
	h := sha256.New()
	part(h, []byte(caller.Issuer))
	part(h, []byte(caller.Subject))
	return h.Sum(nil)
}

// requestIDOf returns the request id of a call: of its field, or of its metadata, where it may be quoted, as HTTP has it. Empty: it has none.
func requestIDOf(ctx context.Context, field string) (string, error) {
	md, _ := metadata.FromIncomingContext(ctx)
	id := field
	for _, value := range md.Get(requestIDHeader) {
		if n := len(value); n >= 2 && value[0] == '"' && value[n-1] == '"' {
			value = value[1 : n-1]
		}
		if id != "" && id != value {
			return "", call.InvalidField(requestIDHeader, "must be the same as request_id, and given once")
		}
		if id = value; id == "" {
			return "", call.InvalidField(requestIDHeader, "must not be empty")
		}
	}
	if id == "" {
		return "", nil
	}
	printable := strings.IndexFunc(id, func(r rune) bool { return r < ' ' || r > '~' }) < 0
	if len(id) < minRequestID || len(id) > maxRequestID || !printable {
		return "", call.InvalidField("request_id", "must have 22 to 255 printable ASCII characters, chosen at random")
	}
	return id, nil
}

// refuseRequestID refuses an id on an action, which cannot keep its promise.
func refuseRequestID(ctx context.Context) error {
	if md, _ := metadata.FromIncomingContext(ctx); len(md.Get(requestIDHeader)) > 0 {
		return call.InvalidField(requestIDHeader, "must not be set on an action: only a mutation can be committed once")
	}
	return nil
}
