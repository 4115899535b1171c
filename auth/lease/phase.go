package lease

import (
	"time"

	"convexgateway/auth"
)

// DefaultGrace is how long a stream stays open after its token's expiry, silent, waiting for
// a newer one.
const DefaultGrace = 10 * time.Second

const (
	neededBefore  = 15 * time.Second // before expiry, or a quarter of the token's life if that is more
	neededNotUpTo = 2 * time.Second  // after its arrival: a client has just asked for its token
)

// Phase is a part of a token's life.
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

// lifetime is what a token's expiry means for its streams.
type lifetime struct {
	neededBy   time.Time // when to look for a newer token
	silentFrom time.Time // when the last row may leave: a second before the token expires
	endsAt     time.Time // when the streams end: a grace after the token expires
}

// lifetimeOf computes what a token means that came at a time. A negative grace counts as none.
func lifetimeOf(id *auth.Identity, came time.Time, grace time.Duration) lifetime {
	silent := id.ExpiresAt.Add(-auth.ExpiryMargin)
	needed := id.ExpiresAt.Add(-max(neededBefore, id.ExpiresAt.Sub(id.IssuedAt)/4))
	if earliest := came.Add(neededNotUpTo); needed.Before(earliest) {
		needed = earliest
	}
	if needed.After(silent) {
		needed = silent
	}
	return lifetime{neededBy: needed, silentFrom: silent, endsAt: id.ExpiresAt.Add(max(grace, 0))}
}

// phase returns where a token is in its life, and when its next phase begins; after the last one the zero time.
func (l lifetime) phase(now time.Time) (phase Phase, until time.Time) {
	switch {
	case now.Before(l.neededBy):
		return Live, l.neededBy
	case now.Before(l.silentFrom):
		return TokenNeeded, l.silentFrom
	case now.Before(l.endsAt):
		return Silent, l.endsAt
	}
	return Ended, time.Time{}
}
