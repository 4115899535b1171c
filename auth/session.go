package auth

import (
	"crypto/sha256"
	"errors"
	"sync"
	"time"
)

// A refresh key has at least 128 bits, that is 22 characters of base64url.
const (
	MinRefreshKeyBytes = 22
	MaxRefreshKeyBytes = 256
)

// ErrWeakRefreshKey reports a refresh key that is too short to be a secret, or too long.
var ErrWeakRefreshKey = errors.New("auth: a refresh key has 22 to 256 bytes, at least 128 of their bits random")

// CheckRefreshKey returns nil or ErrWeakRefreshKey.
func CheckRefreshKey(key string) error {
	if len(key) < MinRefreshKeyBytes || len(key) > MaxRefreshKeyBytes {
		return ErrWeakRefreshKey
	}
	return nil
}

// Sessions knows the open streams by who opened them, so that a newer token can extend them
// and a sign-out can end them. It keeps no clock per stream; see [LifetimeOf]. Safe for
// concurrent use.
type Sessions struct {
	deny *DenyList

	mu        sync.Mutex
	refresh   map[refreshKey]leases
	bySession map[session]leases
}

// refreshKey is the hash of a refresh key: the secret itself is not kept.
type refreshKey [sha256.Size]byte

type leases map[*Lease]struct{}

// NewSessions returns an empty registry with a deny list of its own. A nil clock means time.Now.
func NewSessions(clock func() time.Time) *Sessions {
	return &Sessions{
		deny:      NewDenyList(clock),
		refresh:   make(map[refreshKey]leases),
		bySession: make(map[session]leases),
	}
}

// DenyList is where SignOut records the sessions; give it to the verifier ([Config]).
func (s *Sessions) DenyList() *DenyList { return s.deny }

// Lease is the credential of one stream. Its methods may be called concurrently.
type Lease struct {
	sessions *Sessions
	session  session // fixed: a lease only adopts tokens of its own session
	key      refreshKey
	keyed    bool

	// Guarded by sessions.mu.
	id      *Identity
	err     *Error
	changed chan struct{}
}

// Open registers a stream; close its lease when the stream ends. A nil identity is an
// anonymous stream: it never changes. Without a good refresh key (see [CheckRefreshKey]) the
// stream cannot be extended. If the session signed out meanwhile, the lease has ended already.
func (s *Sessions) Open(id *Identity, key string) *Lease {
	l := &Lease{sessions: s, id: id, changed: make(chan struct{})}
	if id == nil {
		return l
	}
	l.session = id.session()
	if CheckRefreshKey(key) == nil {
		l.key, l.keyed = sha256.Sum256([]byte(key)), true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	// SignOut denies first and then ends what is registered, so that no stream slips through.
	if err := s.deny.check(id, s.deny.now()); err != nil {
		l.end(err)
		return l
	}
	add(s.bySession, l.session, l)
	if l.keyed {
		add(s.refresh, l.key, l)
	}
	return l
}

// Identity returns the caller as of the newest token, or nil for an anonymous one. User and
// session never change; organization, other claims and so the Key may.
func (l *Lease) Identity() *Identity {
	l.sessions.mu.Lock()
	defer l.sessions.mu.Unlock()
	return l.id
}

// Changed returns a channel that is closed at the next change: a newer token, or the end.
// Take the channel first, then look at Err and Identity, then wait: so nothing is missed.
func (l *Lease) Changed() <-chan struct{} {
	l.sessions.mu.Lock()
	defer l.sessions.mu.Unlock()
	return l.changed
}

// Err returns an *Error once the session has signed out or was revoked. Expiry is not told here.
func (l *Lease) Err() error {
	l.sessions.mu.Lock()
	defer l.sessions.mu.Unlock()
	if l.err == nil {
		return nil
	}
	return l.err
}

// Close forgets the stream. It may be called more than once.
func (l *Lease) Close() {
	l.sessions.mu.Lock()
	defer l.sessions.mu.Unlock()
	l.sessions.remove(l)
}

// Refresh gives a newer token to exactly the streams that were opened with the refresh key,
// and returns how many have it now: those that adopted it and those that had it already, so
// that a repeated call succeeds. No such stream: 0.
//
// Errors: ErrWeakRefreshKey; NO_CREDENTIALS for a nil identity; USER_MISMATCH if any of the streams belongs to another user or
// session (without a session id: has other claims); TOKEN_SUPERSEDED if all of them have a newer
// token; SIGNED_OUT if the session has ended meanwhile. Nothing has changed then.
func (s *Sessions) Refresh(id *Identity, key string) (adopted int, err error) {
	if err := CheckRefreshKey(key); err != nil {
		return 0, err
	}
	if id == nil {
		return 0, NewError(ReasonNoCredentials, nil)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.deny.check(id, s.deny.now()); err != nil {
		return 0, err
	}
	members := s.refresh[sha256.Sum256([]byte(key))]
	for l := range members {
		if !l.id.sameUser(id) {
			return 0, NewError(ReasonUserMismatch, nil)
		}
	}
	for l := range members {
		if l.adopt(id) {
			adopted++
		}
	}
	if adopted == 0 && len(members) > 0 {
		return 0, NewError(ReasonTokenSuperseded, nil)
	}
	return adopted, nil
}

// adopt reports whether the lease has that token, or one just like it, now. Convex runs all
// queries of a socket again for each token, so an equal one changes nothing.
func (l *Lease) adopt(id *Identity) bool {
	if !id.ExpiresAt.After(l.id.ExpiresAt) {
		return id.ExpiresAt.Equal(l.id.ExpiresAt) && id.Key() == l.id.Key()
	}
	l.id = id
	close(l.changed)
	l.changed = make(chan struct{})
	return true
}

// SignOut refuses the session's tokens issued so far (of the user, for a token without a
// session id) and ends its streams with SIGNED_OUT. It returns how many streams it ended.
func (s *Sessions) SignOut(id *Identity) (ended int) {
	if id == nil {
		return 0
	}
	s.deny.SignOut(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	members := s.bySession[id.session()]
	ended = len(members)
	for l := range members {
		s.remove(l)
		l.end(NewError(ReasonSignedOut, nil))
	}
	return ended
}

// end leaves changed closed: an ended lease has no further change to wait for.
func (l *Lease) end(err *Error) {
	l.err = err
	close(l.changed)
}

func (s *Sessions) remove(l *Lease) {
	drop(s.bySession, l.session, l)
	if l.keyed {
		drop(s.refresh, l.key, l)
	}
}

func add[K comparable](index map[K]leases, key K, l *Lease) {
	if index[key] == nil {
		index[key] = leases{}
	}
	index[key][l] = struct{}{}
}

func drop[K comparable](index map[K]leases, key K, l *Lease) {
	delete(index[key], l)
	if len(index[key]) == 0 {
		delete(index, key)
	}
}
