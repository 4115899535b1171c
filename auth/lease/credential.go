package lease

import (
	"sync/atomic"
	"time"

	"convexgateway/auth"
)

// credential is what all streams of a sign-in with the same refresh key share, or, without a key, the streams that were
// opened with the same token; or what one stream has alone. One timer takes it through the phases of its token, and a newer token starts it over; streams
// only read its state. Its fields are guarded by Registry.mu, but for the state.
type credential struct {
	registry *Registry
	key      credentialKey
	leases   int    // open streams; with none the credential is removed
	changed  func() // called after each change of the state of a stream that has it alone; nil: nobody is
	phases   credentialPhases
	phase    Phase
	timer    *time.Timer
	state    atomic.Pointer[CredentialState]
}

// credentialKey is different for different credentials. Tokens without a session id may belong to several sign-ins of a
// user, so their claims count.
type credentialKey struct {
	user       auth.User
	signIn     auth.SignIn
	claims     [32]byte // of a token without a session id
	refreshKey keyHash
	token      *auth.Identity // without a refresh key; tokens that are verified again are the same pointer
	alone      *credential    // itself, if one stream has it alone
}

func credentialKeyOf(id *auth.Identity, hash keyHash) credentialKey {
	k := credentialKey{user: id.User(), signIn: id.SignIn(), refreshKey: hash}
	if id.SessionID == "" {
		k.claims = id.Key()
	}
	if hash == (keyHash{}) {
		k.token = id
	}
	return k
}

func (c *credential) identity() *auth.Identity { return c.state.Load().Identity }

// refreshable reports whether the client can bring a newer token.
func (c *credential) refreshable() bool { return c.hasRefreshKey() || c.key.alone != nil }

func (c *credential) hasRefreshKey() bool { return c.key.refreshKey != keyHash{} }

// renewable reports whether the gateway gets a newer token from its Minter.
func (c *credential) renewable() bool {
	return c.registry.minter != nil && c.key.signIn.SessionID != ""
}

// renewedByGrant reports whether a service's credential has a newer token, which the gateway itself has made, or has ended with its grant.
func (c *credential) renewedByGrant() bool {
	grant := c.identity().Grant()
	if grant == nil {
		return false
	}
	next, err := grant.Renew()
	if err != nil {
		c.end(err)
		return true
	}
	if !next.ExpiresAt.After(c.identity().ExpiresAt) {
		return false
	}
	c.start(next)
	return true
}

func (c *credential) extendable() bool { return c.refreshable() || c.renewable() }

// start puts a token in force that has just come.
func (c *credential) start(id *auth.Identity) {
	var grace time.Duration // in which nothing can come, if there is no way to extend it
	if c.extendable() {
		grace = c.registry.grace
	}
	now := time.Now()
	c.phases = phasesOf(id, now, grace)
	c.phase, _ = c.phases.at(now)
	c.setState(CredentialState{Identity: id, Phase: Live, SilentFrom: c.phases.silentFrom})
	c.setTimer(now)
}

func (c *credential) setState(s CredentialState) {
	if s.Err == nil {
		s.changed = make(chan struct{})
	}
	if old := c.state.Swap(&s); old != nil && old.changed != nil {
		close(old.changed)
	}
	if c.changed != nil {
		c.changed()
	}
}

// setTimer sets the timer to the next phase.
func (c *credential) setTimer(now time.Time) {
	_, until := c.phases.at(now)
	if c.timer == nil {
		c.timer = time.AfterFunc(until.Sub(now), c.onTimer)
		return
	}
	c.timer.Reset(until.Sub(now))
}

// onTimer enters the next phase, unless a newer token came first.
func (c *credential) onTimer() {
	c.registry.mu.Lock()
	defer c.registry.mu.Unlock()
	now := time.Now()
	phase, _ := c.phases.at(now)
	if c.removed() || phase == c.phase || c.renewedByGrant() {
		return
	}
	c.phase = phase
	if phase == Ended {
		c.end(c.expiryError())
		return
	}
	if c.renewable() {
		c.registry.mint(c.key.signIn, c.phases.silentFrom.Sub(now))
	}
	c.exposePhase()
	c.setTimer(now)
}

// exposePhase puts a new phase into the state if it concerns the streams: a client that cannot bring a token is not asked
// for one, and one whose token the gateway renews only if that fails.
func (c *credential) exposePhase() {
	s := *c.state.Load()
	asked := c.refreshable() && (!c.renewable() || s.RefreshErr != nil)
	switch {
	case c.phase == TokenNeeded && asked, c.phase == Silent && c.extendable():
		s.Phase = c.phase
		c.setState(s)
	}
}

// refreshFailed records why no newer token can be had; the first reason stays.
func (c *credential) refreshFailed(err *auth.Error) {
	s := *c.state.Load()
	if c.removed() || s.RefreshErr != nil {
		return
	}
	s.RefreshErr = err
	c.setState(s)
	c.exposePhase()
}

// tokenUnchecked records that a token could not be checked, if it would have been adopted, should it be what it claims to be.
func (c *credential) tokenUnchecked(err *auth.Error) {
	now, claimed := c.identity(), err.Claimed
	if claimed != nil && now.SameSignIn(claimed) && claimed.ExpiresAt.After(now.ExpiresAt) {
		c.refreshFailed(err)
	}
}

// expiryError is why a credential without a newer token ends. An outage of the issuer is not reported as the client's fault.
func (c *credential) expiryError() *auth.Error {
	if err := c.state.Load().RefreshErr; err != nil {
		return err
	}
	return auth.NewError(auth.ReasonTokenExpired, nil)
}

// adopt reports whether that token, or one just like it, is in force now. Convex runs all queries of a socket again for
// each token, so an equal one changes nothing.
func (c *credential) adopt(id *auth.Identity) bool {
	now := c.identity()
	if !id.ExpiresAt.After(now.ExpiresAt) {
		return id.ExpiresAt.Equal(now.ExpiresAt) && id.Key() == now.Key()
	}
	c.start(id)
	return true
}

// end ends all streams of this credential.
func (c *credential) end(err *auth.Error) {
	c.remove()
	c.setState(CredentialState{Identity: c.identity(), Phase: Ended, SilentFrom: c.phases.silentFrom, Err: err})
}

func (c *credential) removed() bool { return c.registry.credentials[c.key] != c }

// remove takes the credential out of the registry.
func (c *credential) remove() {
	if c.removed() {
		return
	}
	c.timer.Stop()
	c.registry.removeCredential(c)
}
