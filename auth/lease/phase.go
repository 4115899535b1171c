package lease

import (
	"time"

	"convexgateway/auth"
)

// DefaultGrace is how long a stream stays open after its token's expiry, silent, waiting for
// a newer one.
const DefaultGrace = 10 * time.Second

const (
	neededBefore  = 15 * time.Second // before expiry, or a quarter of the token's lifetime if that is more
	neededNotUpTo = 2 * time.Second  // after its arrival: a client has just asked for its token
)

// Phase is a part of the time that a token is used for.
type Phase int

const (
	// Live: data flows.
	Live Phase = iota
	// TokenNeeded: data flows; the client should bring a newer token.
	TokenNeeded
	// Silent: no data may leave until a newer token comes.
	Silent
	// Ended: the stream has to end with TOKEN_EXPIRED.
	Ended
)

// credentialPhases are the times at which a token's phases begin, but for the first.
type credentialPhases struct {
	neededFrom time.Time // when a newer token should be got
	silentFrom time.Time // when the last data may leave: a second before the token expires
	endsAt     time.Time // when the streams end: a grace after the token expires
}

// phasesOf returns the phases of a token that came at a time. A negative grace counts as none.
func phasesOf(id *auth.Identity, came time.Time, grace time.Duration) credentialPhases {
	silent := id.ExpiresAt.Add(-auth.ExpiryMargin)
	needed := id.ExpiresAt.Add(-max(neededBefore, id.ExpiresAt.Sub(id.IssuedAt)/4))
	if earliest := came.Add(neededNotUpTo); needed.Before(earliest) {
		needed = earliest
	}
	if needed.After(silent) {
		needed = silent
	}
	return credentialPhases{neededFrom: needed, silentFrom: silent, endsAt: id.ExpiresAt.Add(max(grace, 0))}
}

// at returns the phase at a time, and when the next one begins; after the last one the zero time.
func (p credentialPhases) at(now time.Time) (phase Phase, until time.Time) {
	switch {
	case now.Before(p.neededFrom):
		return Live, p.neededFrom
	case now.Before(p.silentFrom):
		return TokenNeeded, p.silentFrom
	case now.Before(p.endsAt):
		return Silent, p.endsAt
	}
	return Ended, time.Time{}
}
