package lease

import (
	"sync/atomic"
	"time"

	"convexgateway/auth"
)

// life is the state machine of one credential: of all streams of a session that show the same refresh key, or, without a
// key, of the streams that were opened with the same token. One timer drives it through the phases of its token, which a
// newer token begins anew; streams only read its Standing. Its fields are guarded by Registry.mu, the standing aside.
type life struct {
	sessions *Registry
	key      lifeKey
	leases   int // open streams; none: the life is forgotten
	times    lifetime
	phase    Phase
	timer    *time.Timer
	state    atomic.Pointer[CredentialState]
}

// lifeKey tells lives apart. A token without a session id may stand for several sign-ins of a user, so its claims count.
type lifeKey struct {
	user   auth.User
	signIn auth.SignIn
	claims [32]byte       // of a token without a session id
	secret secret         // hash of the refresh key; zero without one
	token  *auth.Identity // without a refresh key; tokens that are verified again are the same pointer
}

func keyOfLife(id *auth.Identity, s secret) lifeKey {
	k := lifeKey{user: id.User(), signIn: id.SignIn(), secret: s}
	if id.SessionID == "" {
		k.claims = id.Key()
	}
	if s == (secret{}) {
		k.token = id
	}
	return k
}

func (l *life) identity() *auth.Identity { return l.state.Load().Identity }

// keyed reports whether the client can bring a newer token.
func (l *life) keyed() bool { return l.key.secret != secret{} }

// renewed reports whether the gateway gets a newer token by itself.
func (l *life) renewed() bool { return l.sessions.minter != nil && l.key.signIn.SessionID != "" }

// begin starts the life of a token that has just come.
func (l *life) begin(id *auth.Identity) {
	var grace time.Duration // in which nothing can come, if nobody can bring it
	if l.keyed() || l.renewed() {
		grace = l.sessions.grace
	}
	now := time.Now()
	l.times = lifetimeOf(id, now, grace)
	l.phase, _ = l.times.phase(now)
	l.become(CredentialState{Identity: id, Phase: Live, SilentFrom: l.times.silentFrom})
	l.wait(now)
}

// become replaces the standing.
func (l *life) become(s CredentialState) {
	if s.Err == nil {
		s.changed = make(chan struct{})
	}
	if old := l.state.Swap(&s); old != nil && old.changed != nil {
		close(old.changed)
	}
}

// wait sets the timer to the next phase.
func (l *life) wait(now time.Time) {
	_, until := l.times.phase(now)
	if l.timer == nil {
		l.timer = time.AfterFunc(until.Sub(now), l.tick)
		return
	}
	l.timer.Reset(until.Sub(now))
}

// tick enters the next phase, if it has come: a newer token may have been quicker.
func (l *life) tick() {
	l.sessions.mu.Lock()
	defer l.sessions.mu.Unlock()
	now := time.Now()
	phase, _ := l.times.phase(now)
	if l.over() || phase == l.phase {
		return
	}
	l.phase = phase
	if phase == Ended {
		l.end(l.expiry())
		return
	}
	if l.renewed() {
		l.sessions.mint(l.key.signIn, l.times.silentFrom.Sub(now))
	}
	l.tell()
	l.wait(now)
}

// tell shows the streams a new phase that concerns them: who cannot bring a token is not asked for one, and who gets it
// from the gateway only if that fails.
func (l *life) tell() {
	now := *l.state.Load()
	asked := l.keyed() && (!l.renewed() || now.RefreshErr != nil)
	switch {
	case l.phase == TokenNeeded && asked, l.phase == Silent && (l.keyed() || l.renewed()):
		now.Phase = l.phase
		l.become(now)
	}
}

// trouble notes why no newer token can be had.
func (l *life) trouble(why *auth.Error) {
	now := *l.state.Load()
	if l.over() || now.RefreshErr != nil {
		return
	}
	now.RefreshErr = why
	l.become(now)
	l.tell()
}

// expiry is why a life without a newer token ends. That the issuer was out of reach is nobody's fault.
func (l *life) expiry() *auth.Error {
	if trouble := l.state.Load().RefreshErr; trouble != nil {
		return trouble
	}
	return auth.NewError(auth.ReasonTokenExpired, nil)
}

// adopt reports whether the life has that token, or one just like it, now. Convex runs all queries of a socket again for
// each token, so an equal one changes nothing.
func (l *life) adopt(id *auth.Identity) bool {
	now := l.identity()
	if !id.ExpiresAt.After(now.ExpiresAt) {
		return id.ExpiresAt.Equal(now.ExpiresAt) && id.Key() == now.Key()
	}
	l.begin(id)
	return true
}

// over reports whether the life has ended, or was forgotten.
func (l *life) over() bool { return l.sessions.lives[l.key] != l }

// end ends all streams of this life.
func (l *life) end(why *auth.Error) {
	l.forget()
	l.become(CredentialState{Identity: l.identity(), Phase: Ended, SilentFrom: l.times.silentFrom, Err: why})
}

// forget takes the life out of the registry.
func (l *life) forget() {
	if l.over() {
		return
	}
	l.timer.Stop()
	delete(l.sessions.lives, l.key)
	drop(l.sessions.bySecret, l.key.secret, l)
	drop(l.sessions.bySignIn, l.key.signIn, l)
	drop(l.sessions.byUser, l.key.user, l)
	l.sessions.forgetMinted(l.key.signIn)
}
