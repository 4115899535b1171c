package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"time"

	clerksdk "github.com/clerk/clerk-sdk-go/v2"
)

// Identity is a verified caller. It is shared between calls and must not be changed. Only a
// verifier makes identities that have a token and a key.
type Identity struct {
	Issuer  string
	Subject string // user_…; for a machine mch_…, and for issuers other than Clerk anything
	// SessionID is sess_…, or empty for a token without a session of Clerk's.
	SessionID string
	// OrgID, OrgRole (org:admin, …) and OrgSlug name the active organization, if there is one.
	OrgID   string
	OrgRole string
	OrgSlug string
	// ActorSubject is the impersonating user or agent, or the service that acts for the user, if there is one.
	ActorSubject string
	IssuedAt     time.Time
	ExpiresAt    time.Time

	cred *credential
}

// credential is what an identity was verified from.
type credential struct {
	// token is a function so that fmt cannot print it: fmt calls no methods on an unexported field of another struct, and may
	// follow pointers.
	token     func() string
	signer    *clerksdk.JSONWebKey // the key that verified token
	notBefore time.Time            // zero if the token has no nbf
	// authorizedParty is azp; empty if absent.
	authorizedParty string
	anyParty        bool // azp names no origin: the token is not one of Clerk's users
	active          bool // sts is absent or "active"
	key             [32]byte
	tag             string
	grant           Grant // of a service; nil for others
}

// NewIdentity returns an identity with the exported fields of caller, the token that they were read from and the key of its
// claims (see [Identity.Key]). It is for verifiers other than [ClerkVerifier], such as those of tests.
func NewIdentity(caller Identity, token string, key [32]byte) *Identity {
	caller.cred = &credential{token: func() string { return token }, key: key, tag: tagOf(key)}
	return &caller
}

// Token returns the verified JWT, to be forwarded to the deployment and nowhere else.
func (id *Identity) Token() string {
	if id == nil || id.cred == nil {
		return ""
	}
	return id.cred.token()
}

// Key is equal for two tokens exactly if all their claims are, those aside that functions never see and that differ from
// token to token of one session (of an OpenID Connect provider exp, iat, nbf, jti, fva, azp, nonce, auth_time, acr, amr,
// at_hash, c_hash; of a customJwt provider the first five of these). Only callers with the same
// key may share anything. The zero key is that of the anonymous caller, a nil Identity.
func (id *Identity) Key() [32]byte {
	if id == nil || id.cred == nil {
		return [32]byte{}
	}
	return id.cred.key
}

// Tag is a short public name of Key: 16 hex digits, the same on every replica, from which
// nothing of the key can be learnt. It is empty for the anonymous caller.
func (id *Identity) Tag() string {
	if id == nil || id.cred == nil {
		return ""
	}
	return id.cred.tag
}

func tagOf(key [32]byte) string {
	const domain = "convexgateway identity tag\x00"
	sum := sha256.Sum256(append([]byte(domain), key[:]...))
	return hex.EncodeToString(sum[:8])
}

// SignIn names what signing out ends: a session of Clerk's or, for tokens without a session id, the user's tokens of that kind.
type SignIn struct {
	Issuer    string
	SessionID string
	Subject   string // only without a SessionID
}

// SignIn names the sign-in that an identity belongs to.
func (id *Identity) SignIn() SignIn { return signIn(id.Issuer, id.SessionID, id.Subject) }

func signIn(issuer, sessionID, subject string) SignIn {
	if sessionID != "" {
		return SignIn{Issuer: issuer, SessionID: sessionID}
	}
	return SignIn{Issuer: issuer, Subject: subject}
}

// User names a user, in all its sessions.
type User struct {
	Issuer  string
	Subject string
}

// User names the user that an identity belongs to.
func (id *Identity) User() User { return User{id.Issuer, id.Subject} }

// SamePerson reports whether a client has to show two identities as one: the same user in the same session, acting for the
// same organization in the same role, or impersonated by the same actor. Their other claims, and so their Keys, may differ.
func (id *Identity) SamePerson(other *Identity) bool {
	return id.User() == other.User() && id.SessionID == other.SessionID && id.OrgID == other.OrgID &&
		id.OrgRole == other.OrgRole && id.ActorSubject == other.ActorSubject
}

// SameSignIn reports whether two tokens belong to one user in one session; without a session
// id, all claims must be equal too.
func (id *Identity) SameSignIn(other *Identity) bool {
	if id.SignIn() != other.SignIn() || id.Subject != other.Subject {
		return false
	}
	return id.SessionID != "" || id.Key() == other.Key()
}

// String names the caller without the token.
func (id Identity) String() string {
	s := id.Subject + "@" + id.Issuer
	if id.SessionID != "" {
		s += " " + id.SessionID
	}
	return s + " until " + id.ExpiresAt.UTC().Format(time.RFC3339)
}

// GoString is String: %#v must not print the token either.
func (id Identity) GoString() string { return id.String() }

// Format prints String for every verb, as %d would otherwise print all fields.
func (id Identity) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(id.String())) }

// LogValue implements slog.LogValuer.
func (id Identity) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("issuer", id.Issuer),
		slog.String("subject", id.Subject),
		slog.String("session_id", id.SessionID),
		slog.Time("expires_at", id.ExpiresAt),
	)
}

type contextKey struct{}

// caller is the outcome of the interceptors for a call.
type caller struct {
	id  *Identity
	err *Error
}

// NewContext returns a context that carries the identity; nil means an anonymous caller.
func NewContext(ctx context.Context, id *Identity) context.Context {
	return context.WithValue(ctx, contextKey{}, caller{id: id})
}

// FromContext returns the verified caller, or nil and false for an anonymous one.
func FromContext(ctx context.Context) (*Identity, bool) {
	c, _ := ctx.Value(contextKey{}).(caller)
	return c.id, c.id != nil
}

// ErrorFromContext returns what is wrong with the credential of an [Observed] call, or nil.
func ErrorFromContext(ctx context.Context) *Error {
	c, _ := ctx.Value(contextKey{}).(caller)
	return c.err
}
