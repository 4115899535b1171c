package lease

import (
	"time"

	"convexgateway/auth"
)

// CredentialState is the state of a stream's credential at one moment. It never changes: a newer state takes its place,
// and closes the channel of the older one.
type CredentialState struct {
	// Identity is the caller by the newest token; nil for an anonymous stream. User and session never change;
	// organization, other claims and so the Key may.
	Identity *auth.Identity
	// Phase is what the stream may do, and which change of it its client has to be sent.
	Phase Phase
	// SilentFrom is when the last data may leave: a second before the token expires. Zero: never.
	SilentFrom time.Time
	// RefreshErr is why no newer token can be had at present without any fault of the client's: the issuer is out of reach.
	RefreshErr *auth.Error
	// Err is why the stream has to end; nil until then.
	Err *auth.Error

	changed chan struct{} // nil in the last state of a stream, and of an anonymous one
}

// Changed returns a channel that is closed when there is a newer state; nil if there will be none.
func (s *CredentialState) Changed() <-chan struct{} { return s.changed }
