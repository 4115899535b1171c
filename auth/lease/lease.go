package lease

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
