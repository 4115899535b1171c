package lease

import (
	"log/slog"
	"sync"
	"time"

	"convexgateway/auth"
)

// Config configures a [Registry]. The zero value is good.
type Config struct {
	// Grace is how long a stream waits, silent, for a token after its own expired, if one can come.
	Grace time.Duration
	// Minter, if set, gets the next token of every session with open streams. Its tokens are checked by Verifier.
	Minter Minter
	// Verifier checks tokens that came by other ways than a call. Needed with Minter or Exchange.
	Verifier auth.Verifier
	// Exchange passes refreshes and revocations between replicas; nil: this is the only one.
	Exchange Exchange
	// DenyList is where revocations are recorded; give it to the verifier, too ([auth.Config]). nil: a new one.
	DenyList *auth.DenyList
	// Revoked is called after each revocation: of a sign-out, of a caller of Revoke, or, elsewhere, of another replica; ended is how many
	// streams it has ended here. It must not call the registry. nil: nothing is called.
	Revoked func(r auth.Revocation, elsewhere bool, ended int)
	// Logger defaults to slog.Default.
	Logger *slog.Logger
}

// Registry has the credentials of all open streams. Close it in the end. Safe for concurrent use.
type Registry struct {
	deny     *auth.DenyList
	grace    time.Duration
	minter   Minter
	verifier auth.Verifier
	exchange Exchange
	revoked  func(r auth.Revocation, elsewhere bool, ended int)
	logger   *slog.Logger
	leave    func() // the exchange

	mu           sync.Mutex
	renewals     renewals
	credentials  map[credentialKey]*credential
	byRefreshKey map[keyHash]credentialSet
	bySignIn     map[auth.SignIn]credentialSet
	byUser       map[auth.User]credentialSet
}

type credentialSet map[*credential]struct{}

// NewRegistry returns an empty registry.
func NewRegistry(c Config) *Registry {
	r := &Registry{
		deny: c.DenyList, grace: c.Grace, minter: c.Minter, verifier: c.Verifier, exchange: c.Exchange, revoked: c.Revoked, logger: c.Logger,
		leave:       func() {},
		credentials: map[credentialKey]*credential{}, byRefreshKey: map[keyHash]credentialSet{},
		bySignIn: map[auth.SignIn]credentialSet{}, byUser: map[auth.User]credentialSet{},
	}
	if r.deny == nil {
		r.deny = auth.NewDenyList(nil)
	}
	if r.logger == nil {
		r.logger = slog.Default()
	}
	if r.revoked == nil {
		r.revoked = func(auth.Revocation, bool, int) {}
	}
	r.renewals.start()
	if r.exchange != nil {
		r.leave = r.exchange.Subscribe(r.receive)
	}
	return r
}

// Close ends renewals and leaves the exchange. Streams that are still open get no newer token.
func (r *Registry) Close() {
	r.leave()
	r.mu.Lock()
	r.renewals.closed = true
	for _, c := range r.credentials {
		c.timer.Stop()
	}
	r.mu.Unlock()
	r.renewals.stop()
}

// Open registers a stream; close its lease when the stream ends. A nil identity is an
// anonymous stream: it never changes. Without a good refresh key (see [CheckRefreshKey]) the
// client cannot extend it. If the session was revoked meanwhile, the lease has ended already.
func (r *Registry) Open(id *auth.Identity, refreshKey string) Lease {
	return r.open(id, func() *credential {
		key := credentialKeyOf(id, hashKey(refreshKey))
		c := r.credentials[key]
		if c == nil {
			return &credential{registry: r, key: key}
		}
		return c
	})
}

// OpenAlone is Open for a stream that gets newer tokens by [Lease.Refresh] as well: its credential is no other stream's. changed is called
// after each change of the state; it must neither block nor call the registry.
func (r *Registry) OpenAlone(id *auth.Identity, refreshKey string, changed func()) Lease {
	return r.open(id, func() *credential {
		c := &credential{registry: r, key: credentialKeyOf(id, hashKey(refreshKey)), changed: changed}
		c.key.alone = c
		return c
	})
}

// open registers a stream with its credential.
func (r *Registry) open(id *auth.Identity, credentialOf func() *credential) Lease {
	if id == nil {
		return Lease{fixed: anonymous}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	// A revocation is put on the deny list before it ends what is registered, so that no stream is missed.
	err := r.deny.Check(id)
	if grant := id.Grant(); err == nil && grant != nil {
		err = grant.Check()
	}
	if err != nil {
		return Lease{fixed: &CredentialState{Identity: id, Phase: Ended, Err: err}}
	}
	c := credentialOf()
	if c.removed() {
		r.addCredential(c)
		c.start(id)
	} else {
		c.adopt(id)
	}
	c.leases++
	return Lease{credential: c}
}

// CheckGrants ends the streams of services whose grants have ended. Call it after each change of what they rest on: a stream that is opened
// meanwhile is checked by Open. It returns how many streams it ended.
func (r *Registry) CheckGrants() (ended int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.credentials {
		grant := c.identity().Grant()
		if grant == nil {
			continue
		}
		if err := grant.Check(); err != nil {
			ended += c.leases
			c.end(err)
		}
	}
	return ended
}

// Refresh gives a newer token to exactly the streams of its sign-in that were opened with the refresh key, here and, by the exchange, on
// other replicas. It returns how many streams here have it now: those that adopted it and those that had it already, so
// that a repeated call succeeds. No such stream: 0.
//
// Errors: ErrWeakRefreshKey; NO_CREDENTIALS for a nil identity; USER_MISMATCH if all streams with the key belong to another user or
// session (without a session id: have other claims), whereas some of another user change nothing; TOKEN_SUPERSEDED if all of the
// sign-in's have a newer token; that of the revocation if the session has ended meanwhile. Nothing has changed then.
func (r *Registry) Refresh(id *auth.Identity, refreshKey string) (adopted int, err error) {
	if err := CheckRefreshKey(refreshKey); err != nil {
		return 0, err
	}
	if id == nil {
		return 0, auth.NewError(auth.ReasonNoCredentials, nil)
	}
	hash := hashKey(refreshKey)
	if adopted, err = r.refresh(id, hash); err == nil {
		token, user := id.Presented()
		r.publish(Notice{Refresh: &Refresh{KeyHash: hash, Token: token, OnBehalfOf: user}})
	}
	return adopted, err
}

func (r *Registry) refresh(id *auth.Identity, hash keyHash) (adopted int, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.deny.Check(id); err != nil {
		return 0, err
	}
	own := 0
	matches := r.byRefreshKey[hash]
	for c := range matches {
		if !c.identity().SameSignIn(id) {
			continue
		}
		own++
		if c.adopt(id) {
			adopted += c.leases
		}
	}
	switch {
	case own == 0 && len(matches) > 0:
		return 0, auth.NewError(auth.ReasonUserMismatch, nil)
	case own > 0 && adopted == 0:
		return 0, auth.NewError(auth.ReasonTokenSuperseded, nil)
	}
	return adopted, nil
}

// RefreshFailed records that a token for streams with the refresh key could not be checked, without any fault of the client's: unless
// another one comes, they end with this error. It concerns only the streams that would have got the token if it is what it claims to
// be, because it may be of anybody who has the key.
func (r *Registry) RefreshFailed(refreshKey string, err *auth.Error) {
	hash := hashKey(refreshKey)
	if hash == (keyHash{}) {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range r.byRefreshKey[hash] {
		c.tokenUnchecked(err)
	}
}

// SignOut refuses the session's tokens issued so far (those without a session id of the user, for a token without one) and
// ends its streams with SIGNED_OUT, on all replicas. It returns how many streams it ended here.
func (r *Registry) SignOut(id *auth.Identity) (ended int) {
	if id == nil {
		return 0
	}
	return r.revokeUpTo(r.deny.Now(), auth.SignOut(id)) // of this session: who signs in again at once is accepted
}

// Revoke refuses the tokens that a revocation names, at least those issued until now, and ends their streams, on all
// replicas. It returns how many streams it ended here. The issuer's clock may be ahead, so tokens issued within the next
// [auth.ClockLeeway] are refused, too.
func (r *Registry) Revoke(revoked auth.Revocation) (ended int) {
	return r.revokeUpTo(r.deny.Now().Add(auth.ClockLeeway), revoked)
}

// revokeUpTo is Revoke for tokens issued until a time, at least.
func (r *Registry) revokeUpTo(issued time.Time, revoked auth.Revocation) (ended int) {
	if issued.After(revoked.IssuedUpTo) {
		revoked.IssuedUpTo = issued
	}
	ended = r.revoke(revoked)
	r.revoked(revoked, false, ended)
	r.publish(Notice{Revocation: &revoked})
	return ended
}

func (r *Registry) revoke(revoked auth.Revocation) (ended int) {
	r.deny.Add(revoked)
	r.mu.Lock()
	defer r.mu.Unlock()
	matches := r.byUser[revoked.User()]
	if revoked.SessionID != "" || revoked.OneSignIn {
		matches = r.bySignIn[revoked.SignIn()]
	}
	for c := range matches {
		if !c.identity().IssuedAt.After(revoked.IssuedUpTo) {
			ended += c.leases
			c.end(auth.NewError(revoked.Reason, nil))
		}
	}
	return ended
}

func (r *Registry) publish(n Notice) {
	if r.exchange != nil {
		r.exchange.Publish(n)
	}
}

// receive applies a notice of another replica. A revocation is applied as it is, because it only takes access away; a token
// is verified here as well.
func (r *Registry) receive(n Notice) {
	switch {
	case n.Revocation != nil:
		r.revoked(*n.Revocation, true, r.revoke(*n.Revocation))
	case n.Refresh != nil:
		r.receiveRefresh(*n.Refresh)
	}
}

func (r *Registry) receiveRefresh(n Refresh) {
	r.mu.Lock()
	concerned := len(r.byRefreshKey[n.KeyHash]) > 0
	r.mu.Unlock()
	if !concerned {
		return
	}
	id, err := auth.VerifyPresented(r.renewals.ctx, r.verifier, n.Token, n.OnBehalfOf)
	if err == nil {
		_, err = r.refresh(id, n.KeyHash)
	}
	if err != nil {
		r.logger.Warn("a refresh on another replica is not taken", "error", err)
	}
}

func (r *Registry) addCredential(c *credential) {
	r.credentials[c.key] = c
	if c.hasRefreshKey() {
		addTo(r.byRefreshKey, c.key.refreshKey, c)
	}
	addTo(r.bySignIn, c.key.signIn, c)
	addTo(r.byUser, c.key.user, c)
}

func (r *Registry) removeCredential(c *credential) {
	delete(r.credentials, c.key)
	removeFrom(r.byRefreshKey, c.key.refreshKey, c)
	removeFrom(r.bySignIn, c.key.signIn, c)
	removeFrom(r.byUser, c.key.user, c)
	if len(r.bySignIn[c.key.signIn]) == 0 {
		delete(r.renewals.minted, c.key.signIn)
	}
}

func addTo[K comparable](index map[K]credentialSet, key K, c *credential) {
	if index[key] == nil {
		index[key] = credentialSet{}
	}
	index[key][c] = struct{}{}
}

func removeFrom[K comparable](index map[K]credentialSet, key K, c *credential) {
	delete(index[key], c)
	if len(index[key]) == 0 {
		delete(index, key)
	}
}
