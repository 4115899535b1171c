package lease

import (
	"crypto/sha256"
	"errors"
	"log/slog"
	"sync"
	"time"

	"convexgateway/auth"
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

// Config configures [Registry]. The zero value is good.
type Config struct {
	// Grace is how long a stream waits, silent, for a token after its own expired, if one can come.
	Grace time.Duration
	// Minter, if set, brings the next token of every session with open streams. Its tokens are checked by Verifier.
	Minter Minter
	// Verifier checks tokens that came by other ways than a call. Needed with Minter or Exchange.
	Verifier auth.Verifier
	// Exchange passes refreshes and revocations between replicas; nil: this is the only one.
	Exchange Exchange
	// DenyList is where revocations are recorded; give it to the verifier, too ([Config]). nil: a new one.
	DenyList *auth.DenyList
	// Logger defaults to slog.Default.
	Logger *slog.Logger
}

// Registry knows the credentials of open streams: a newer token extends the streams it is meant for, a revocation ends
// those of its session. Streams of one session and refresh key share one state machine (see life). Close it in the end.
// Safe for concurrent use.
type Registry struct {
	deny     *auth.DenyList
	grace    time.Duration
	minter   Minter
	verifier auth.Verifier
	exchange Exchange
	logger   *slog.Logger
	leave    func() // the exchange

	mu       sync.Mutex
	renewals renewals
	lives    map[lifeKey]*life
	bySecret map[secret]lives
	bySignIn map[auth.SignIn]lives
	byUser   map[auth.User]lives
}

// secret is the hash of a refresh key: the key itself is not kept. Zero stands for none.
type secret [sha256.Size]byte

func secretOf(key string) secret {
	if CheckRefreshKey(key) != nil {
		return secret{}
	}
	return sha256.Sum256([]byte(key))
}

type lives map[*life]struct{}

// anonymous never changes.
var anonymous = new(CredentialState)

// NewRegistry returns an empty registry.
func NewRegistry(c Config) *Registry {
	s := &Registry{
		deny: c.DenyList, grace: c.Grace, minter: c.Minter, verifier: c.Verifier, exchange: c.Exchange, logger: c.Logger,
		leave: func() {},
		lives: map[lifeKey]*life{}, bySecret: map[secret]lives{}, bySignIn: map[auth.SignIn]lives{}, byUser: map[auth.User]lives{},
	}
	if s.deny == nil {
		s.deny = auth.NewDenyList(nil)
	}
	if s.logger == nil {
		s.logger = slog.Default()
	}
	s.renewals.start()
	if s.exchange != nil {
		s.leave = s.exchange.Subscribe(s.hear)
	}
	return s
}

// Close ends renewals and leaves the exchange. Streams that are still open get no newer token.
func (s *Registry) Close() {
	s.leave()
	s.mu.Lock()
	s.renewals.closed = true
	for _, l := range s.lives {
		l.timer.Stop()
	}
	s.mu.Unlock()
	s.renewals.stop()
}

// Lease is the credential of one stream. Its methods may be called concurrently.
type Lease struct {
	life   *life            // nil for an anonymous stream, and one that had ended when it was opened
	fixed  *CredentialState // instead of a life's
	closed bool             // guarded by Registry.mu
}

// Open registers a stream; close its lease when the stream ends. A nil identity is an
// anonymous stream: it never changes. Without a good refresh key (see [CheckRefreshKey]) the
// client cannot extend it. If the session was revoked meanwhile, the lease has ended already.
func (s *Registry) Open(id *auth.Identity, key string) Lease {
	if id == nil {
		return Lease{fixed: anonymous}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	// A revocation denies first and then ends what is registered, so that no stream slips through.
	if err := s.deny.Check(id); err != nil {
		return Lease{fixed: &CredentialState{Identity: id, Phase: Ended, Err: err}}
	}
	k := keyOfLife(id, secretOf(key))
	l := s.lives[k]
	if l == nil {
		l = &life{sessions: s, key: k}
		s.lives[k] = l
		if l.keyed() {
			add(s.bySecret, k.secret, l)
		}
		add(s.bySignIn, k.signIn, l)
		add(s.byUser, id.User(), l)
		l.begin(id)
	} else {
		l.adopt(id)
	}
	l.leases++
	return Lease{life: l}
}

// Standing returns how matters stand now.
func (l *Lease) State() *CredentialState {
	if l.life == nil {
		return l.fixed
	}
	return l.life.state.Load()
}

// CanRefresh reports whether the client can bring a newer token.
func (l *Lease) CanRefresh() bool { return l.life != nil && l.life.keyed() }

// CanRenew reports whether a newer token can come at all: from the client or by the gateway's own doing.
func (l *Lease) CanRenew() bool { return l.life != nil && (l.life.keyed() || l.life.renewed()) }

// Close forgets the stream. It may be called more than once.
func (l *Lease) Close() {
	if l.life == nil {
		return
	}
	s := l.life.sessions
	s.mu.Lock()
	defer s.mu.Unlock()
	if l.closed {
		return
	}
	l.closed = true
	if l.life.leases--; l.life.leases == 0 {
		l.life.forget()
	}
}

// Refresh gives a newer token to exactly the streams that were opened with the refresh key, here and, by the exchange, on
// other replicas. It returns how many streams here have it now: those that adopted it and those that had it already, so
// that a repeated call succeeds. No such stream: 0.
//
// Errors: ErrWeakRefreshKey; NO_CREDENTIALS for a nil identity; USER_MISMATCH if any of the streams belongs to another user or
// session (without a session id: has other claims); TOKEN_SUPERSEDED if all of them have a newer
// token; that of the revocation if the session has ended meanwhile. Nothing has changed then.
func (s *Registry) Refresh(id *auth.Identity, key string) (adopted int, err error) {
	if err := CheckRefreshKey(key); err != nil {
		return 0, err
	}
	if id == nil {
		return 0, auth.NewError(auth.ReasonNoCredentials, nil)
	}
	secret := secretOf(key)
	if adopted, err = s.refresh(id, secret); err == nil {
		s.publish(Notice{Refresh: &Refresh{Secret: secret, Token: id.Token()}})
	}
	return adopted, err
}

func (s *Registry) refresh(id *auth.Identity, k secret) (adopted int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.deny.Check(id); err != nil {
		return 0, err
	}
	members := s.bySecret[k]
	for l := range members {
		if !l.identity().SameSignIn(id) {
			return 0, auth.NewError(auth.ReasonUserMismatch, nil)
		}
	}
	for l := range members {
		if l.adopt(id) {
			adopted += l.leases
		}
	}
	if adopted == 0 && len(members) > 0 {
		return 0, auth.NewError(auth.ReasonTokenSuperseded, nil)
	}
	return adopted, nil
}

// Trouble notes that a token for the streams with the refresh key could not be checked, which is nobody's fault: without
// another one they will end with this error.
func (s *Registry) RefreshFailed(key string, why *auth.Error) {
	k := secretOf(key)
	if k == (secret{}) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for l := range s.bySecret[k] {
		l.trouble(why)
	}
}

// SignOut refuses the session's tokens issued so far (those without a session id of the user, for a token without one) and
// ends its streams with SIGNED_OUT, on all replicas. It returns how many streams it ended here.
func (s *Registry) SignOut(id *auth.Identity) (ended int) {
	if id == nil {
		return 0
	}
	return s.Revoke(auth.SignOut(id))
}

// Revoke refuses the tokens that a revocation names, at least those issued until now, and ends their streams, on all
// replicas. It returns how many streams it ended here.
func (s *Registry) Revoke(r auth.Revocation) (ended int) {
	if now := s.deny.Now(); now.After(r.IssuedUpTo) { // later only if the issuer's clock is ahead
		r.IssuedUpTo = now
	}
	ended = s.revoke(r)
	s.publish(Notice{Revocation: &r})
	return ended
}

func (s *Registry) revoke(r auth.Revocation) (ended int) {
	s.deny.Add(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	members := s.byUser[r.User()]
	if r.SessionID != "" || r.OneSignIn {
		members = s.bySignIn[r.SignIn()]
	}
	for l := range members {
		if !l.identity().IssuedAt.After(r.IssuedUpTo) {
			ended += l.leases
			l.end(auth.NewError(r.Reason, nil))
		}
	}
	return ended
}

func (s *Registry) publish(n Notice) {
	if s.exchange != nil {
		s.exchange.Publish(n)
	}
}

// hear takes a notice of another replica. Its word is taken for a revocation, which only takes access away; a token is
// verified here as well.
func (s *Registry) hear(n Notice) {
	switch {
	case n.Revocation != nil:
		s.revoke(*n.Revocation)
	case n.Refresh != nil:
		s.hearRefresh(*n.Refresh)
	}
}

func (s *Registry) hearRefresh(r Refresh) {
	s.mu.Lock()
	concerns := len(s.bySecret[r.Secret]) > 0
	s.mu.Unlock()
	if !concerns {
		return
	}
	id, err := s.verifier.Verify(s.renewals.ctx, r.Token)
	if err == nil {
		_, err = s.refresh(id, r.Secret)
	}
	if err != nil {
		s.logger.Warn("a refresh on another replica is not taken", "error", err)
	}
}

func add[K comparable](index map[K]lives, key K, l *life) {
	if index[key] == nil {
		index[key] = lives{}
	}
	index[key][l] = struct{}{}
}

func drop[K comparable](index map[K]lives, key K, l *life) {
	delete(index[key], l)
	if len(index[key]) == 0 {
		delete(index, key)
	}
}
