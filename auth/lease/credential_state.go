package lease

import (
	"time"

	"convexgateway/auth"
)

// Standing is how matters stand with a stream's credential at one moment. It never changes: a newer Standing takes its
// place, and closes the channel of the older one.
type CredentialState struct {
	// Identity is the caller by the newest token; nil for an anonymous stream. User and session never change;
	// organization, other claims and so the Key may.
	Identity *auth.Identity
	// Phase is what the stream may do, and has to tell its client.
	Phase Phase
	// SilentFrom is when the last row may leave: a second before the token expires. Zero: never.
	SilentFrom time.Time
	// Trouble is why no newer token can be had at present, if that is nobody's fault: the issuer is out of reach.
	RefreshErr *auth.Error
	// Err is why the stream has to end; nil until then.
	Err *auth.Error

	changed chan struct{} // nil in the last Standing of a stream, and of an anonymous one
}

// Changed returns a channel that is closed when a newer Standing is there. It may be nil, and then nothing changes any more.
func (s *CredentialState) Changed() <-chan struct{} { return s.changed }

// Silent reports whether no row may leave. It is stricter than the phase, which changes a moment later.
func (s *CredentialState) Silent(now time.Time) bool {
	return !s.SilentFrom.IsZero() && !now.Before(s.SilentFrom)
}
