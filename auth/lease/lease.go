package lease

import "convexgateway/auth"

// Lease is the credential of one stream. Its methods may be called concurrently.
type Lease struct {
	credential *credential      // nil for an anonymous stream, and one that had ended when it was opened
	fixed      *CredentialState // instead of a credential's
	closed     bool             // guarded by Registry.mu
}

// anonymous never changes.
var anonymous = new(CredentialState)

// State returns the present state of the stream's credential.
func (l *Lease) State() *CredentialState {
	if l.credential == nil {
		return l.fixed
	}
	return l.credential.state.Load()
}

// CanRefresh reports whether the client can bring a newer token.
func (l *Lease) CanRefresh() bool { return l.credential != nil && l.credential.refreshable() }

// CanRenew reports whether a newer token can come at all: from the client or from the gateway's Minter.
func (l *Lease) CanRenew() bool { return l.credential != nil && l.credential.extendable() }

// Refresh gives a stream with a credential of its own a newer token of its sign-in, and no other stream. Errors are those of
// [Registry.Refresh], and the one with which the stream ends; an anonymous stream takes no token (USER_MISMATCH).
func (l *Lease) Refresh(id *auth.Identity) error {
	if l.credential == nil {
		if err := l.fixed.Err; err != nil {
			return err
		}
		return auth.NewError(auth.ReasonUserMismatch, nil)
	}
	c, r := l.credential, l.credential.registry
	r.mu.Lock()
	defer r.mu.Unlock()
	switch err := r.deny.Check(id); {
	case err != nil:
		return err
	case c.state.Load().Err != nil:
		return c.state.Load().Err
	case !c.identity().SameSignIn(id):
		return auth.NewError(auth.ReasonUserMismatch, nil)
	case !c.adopt(id):
		return auth.NewError(auth.ReasonTokenSuperseded, nil)
	}
	return nil
}

// RefreshFailed records that a token for Refresh could not be checked, as [Registry.RefreshFailed] does.
func (l *Lease) RefreshFailed(err *auth.Error) {
	if l.credential == nil {
		return
	}
	l.credential.registry.mu.Lock()
	defer l.credential.registry.mu.Unlock()
	l.credential.tokenUnchecked(err)
}

// Close ends the lease, with its stream. It may be called more than once.
func (l *Lease) Close() {
	if l.credential == nil {
		return
	}
	r := l.credential.registry
	r.mu.Lock()
	defer r.mu.Unlock()
	if l.closed {
		return
	}
	l.closed = true
	if l.credential.leases--; l.credential.leases == 0 {
		l.credential.remove()
	}
}
