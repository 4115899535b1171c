package lease

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"convexgateway/auth"
	"convexgateway/internal/wait"
)

// Minter gets the next token of a session from its issuer.
type Minter interface {
	// Mint returns a new token of the session. An *auth.Error of a class other than Unavailable is why the session is over;
	// after every other error the session may go on, and the next attempt may succeed. An error may have a method
	// RetryAfter() time.Duration: the least pause before that attempt.
	Mint(ctx context.Context, sessionID string) (token string, err error)
}

type retryLater interface {
	error
	RetryAfter() time.Duration
}

// renewals are the sessions whose next token is being minted: one at a time for each session, however many streams it has.
type renewals struct {
	ctx    context.Context // ends with Registry.Close
	cancel context.CancelFunc
	wg     sync.WaitGroup

	// Guarded by Registry.mu.
	closed  bool
	running map[auth.SignIn]struct{}
	minted  map[auth.SignIn]*auth.Identity // the last token of each session with streams
}

func (r *renewals) start() {
	r.ctx, r.cancel = context.WithCancel(context.Background())
	r.running, r.minted = map[auth.SignIn]struct{}{}, map[auth.SignIn]*auth.Identity{}
}

func (r *renewals) stop() {
	r.cancel()
	r.wg.Wait()
}

const (
	mintJitter   = 2 * time.Second  // at most, so that sessions that began together do not mint together
	mintTimeout  = 10 * time.Second // for one attempt
	mintPause    = time.Second      // after the first failure; doubled after each further one
	maxMintPause = 5 * time.Second
)

// mintBackoff makes pauses longer by up to a quarter, and never shorter.
func mintBackoff() wait.Backoff {
	return wait.Backoff{Max: maxMintPause, Random: func() float64 { return 0.5 + rand.Float64()/4 }}
}

// mint gets a session's next token, unless that is under way, or the last one is still good. left is the time until the
// streams are silent. Called with mu held.
func (r *Registry) mint(s auth.SignIn, left time.Duration) {
	if last := r.renewals.minted[s]; last != nil && time.Now().Before(phasesOf(last, last.IssuedAt, 0).neededFrom) {
		r.extend(s, last)
		return
	}
	if _, running := r.renewals.running[s]; running || r.renewals.closed {
		return
	}
	r.renewals.running[s] = struct{}{}
	jitter := max(min(mintJitter, left/2), 1)
	r.renewals.wg.Go(func() { r.renew(s, rand.N(jitter)) })
}

// renew tries, after a pause, until there is a token, or no stream needs one any more.
func (r *Registry) renew(s auth.SignIn, pause time.Duration) {
	backoff := mintBackoff()
	for wait.For(r.renewals.ctx, pause) == nil && r.needed(s) {
		id, err := r.mintOnce(s)
		if err == nil {
			r.renewed(s, id)
			return
		}
		if over, ok := errors.AsType[*auth.Error](err); ok && over.Class != auth.Unavailable {
			r.Revoke(auth.Revocation{Issuer: s.Issuer, SessionID: s.SessionID, Reason: over.Reason})
			r.needed(s)
			return
		}
		r.logger.Error("cannot renew a session", "error", err)
		r.renewalFailed(s)
		pause = backoff.Next(mintPause)
		if later, ok := errors.AsType[retryLater](err); ok {
			pause = max(pause, later.RetryAfter())
		}
	}
}

// mintOnce mints and verifies a token. That a minted token is not accepted here is an error of the configuration, not of
// the user, and so no *auth.Error.
func (r *Registry) mintOnce(s auth.SignIn) (*auth.Identity, error) {
	ctx, cancel := context.WithTimeout(r.renewals.ctx, mintTimeout)
	defer cancel()
	token, err := r.minter.Mint(ctx, s.SessionID)
	if err != nil {
		return nil, err
	}
	id, err := r.verifier.Verify(ctx, token)
	switch {
	case err != nil:
		return nil, errors.New("the minted token is not accepted: " + err.Error())
	case id.SignIn() != s:
		return nil, errors.New("the minted token is of another session")
	}
	return id, nil
}

// needed reports whether any stream of the session needs a token. If not, its renewal has ended.
func (r *Registry) needed(s auth.SignIn) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range r.bySignIn[s] {
		if c.phase >= TokenNeeded {
			return true
		}
	}
	delete(r.renewals.running, s)
	return false
}

// renewed gives the session's streams their new token.
func (r *Registry) renewed(s auth.SignIn, id *auth.Identity) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.renewals.running, s)
	if len(r.bySignIn[s]) > 0 {
		r.renewals.minted[s] = id
		r.extend(s, id)
	}
}

func (r *Registry) extend(s auth.SignIn, id *auth.Identity) {
	for c := range r.bySignIn[s] {
		if c.identity().SameSignIn(id) {
			c.adopt(id)
		}
	}
}

// renewalFailed records the failure in the session's credentials that need a token.
func (r *Registry) renewalFailed(s auth.SignIn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range r.bySignIn[s] {
		if c.phase >= TokenNeeded {
			c.refreshFailed(auth.NewError(auth.ReasonAuthBackendUnavailable, nil))
		}
	}
}
