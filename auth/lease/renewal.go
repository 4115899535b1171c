package lease

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"convexgateway/auth"
)

// Minter brings the next token of a session from its issuer. Errors may have a method RetryAfter() time.Duration: the least
// pause before the next attempt.
type Minter interface {
	// Mint returns a new token of the session. An *auth.Error of a class other than Unavailable says why the session is over;
	// every other error is nobody's fault, and the next attempt may succeed.
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

// mint gets a session's next token, unless somebody is about to, or the last one is still good. There is so much time left
// until data stops. Called with s.mu held.
func (s *Registry) mint(k auth.SignIn, left time.Duration) {
	if last := s.renewals.minted[k]; last != nil && time.Now().Before(lifetimeOf(last, last.IssuedAt, 0).neededBy) {
		s.extend(k, last)
		return
	}
	if _, running := s.renewals.running[k]; running || s.renewals.closed {
		return
	}
	s.renewals.running[k] = struct{}{}
	jitter := max(min(mintJitter, left/2), 1)
	s.renewals.wg.Go(func() { s.renew(k, rand.N(jitter)) })
}

// renew tries, after a wait, until there is a token, or nobody needs one any more.
func (s *Registry) renew(k auth.SignIn, wait time.Duration) {
	pause := mintPause
	for s.pause(wait) && s.awaited(k) {
		id, err := s.mintOnce(k)
		if err == nil {
			s.renewed(k, id)
			return
		}
		if over, ok := errors.AsType[*auth.Error](err); ok && over.Class != auth.Unavailable {
			s.Revoke(auth.Revocation{Issuer: k.Issuer, SessionID: k.SessionID, Reason: over.Reason})
			s.awaited(k)
			return
		}
		s.logger.Error("cannot renew a session", "error", err)
		s.troubled(k)
		wait = pause + rand.N(pause/4)
		if refused, ok := errors.AsType[retryLater](err); ok {
			wait = max(wait, refused.RetryAfter())
		}
		pause = min(2*pause, maxMintPause)
	}
}

// pause waits; it reports false when the renewals have to end.
func (s *Registry) pause(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-s.renewals.ctx.Done():
		return false
	}
}

// mintOnce mints and verifies a token. That a minted token is not accepted here is a fault of the configuration, not of
// the user, and so no *auth.Error.
func (s *Registry) mintOnce(k auth.SignIn) (*auth.Identity, error) {
	ctx, cancel := context.WithTimeout(s.renewals.ctx, mintTimeout)
	defer cancel()
	token, err := s.minter.Mint(ctx, k.SessionID)
	if err != nil {
		return nil, err
	}
	id, err := s.verifier.Verify(ctx, token)
	switch {
	case err != nil:
		return nil, errors.New("the minted token is not accepted: " + err.Error())
	case id.SignIn() != k:
		return nil, errors.New("the minted token is of another session")
	}
	return id, nil
}

// awaited reports whether any stream of the session needs a token. If not, its renewal has ended.
func (s *Registry) awaited(k auth.SignIn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for l := range s.bySignIn[k] {
		if l.phase >= TokenNeeded {
			return true
		}
	}
	delete(s.renewals.running, k)
	return false
}

// renewed gives the session's streams their new token.
func (s *Registry) renewed(k auth.SignIn, id *auth.Identity) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.renewals.running, k)
	if len(s.bySignIn[k]) > 0 {
		s.renewals.minted[k] = id
		s.extend(k, id)
	}
}

func (s *Registry) extend(k auth.SignIn, id *auth.Identity) {
	for l := range s.bySignIn[k] {
		if l.identity().SameSignIn(id) {
			l.adopt(id)
		}
	}
}

// troubled tells the session's streams that are waiting.
func (s *Registry) troubled(k auth.SignIn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for l := range s.bySignIn[k] {
		if l.phase >= TokenNeeded {
			l.trouble(auth.NewError(auth.ReasonAuthBackendUnavailable, nil))
		}
	}
}

// forgetMinted lets go of the last token of a session without streams.
func (s *Registry) forgetMinted(k auth.SignIn) {
	if len(s.bySignIn[k]) == 0 {
		delete(s.renewals.minted, k)
	}
}
