package auth

import "time"

// DefaultGrace is how long a stream stays open after its token's expiry, silent, waiting for
// a newer one.
const DefaultGrace = 10 * time.Second

const (
	neededBefore  = 15 * time.Second // before expiry, or a quarter of the token's life if that is more
	neededNotUpTo = 2 * time.Second  // after opening: a client has just asked for its token
)

// Lifetime is what a token's expiry means for a stream. The zero Lifetime, that of an
// anonymous stream, has no end.
type Lifetime struct {
	// NeededBy is when to ask the client for a newer token.
	NeededBy time.Time
	// SilentFrom is when the last row may leave: a second before the token expires.
	SilentFrom time.Time
	// EndsAt is when the stream ends with TOKEN_EXPIRED: a grace after the token expires.
	EndsAt time.Time
}

// LifetimeOf computes the lifetime of a stream that got its present token at the time opened.
// A negative grace counts as none.
func LifetimeOf(id *Identity, opened time.Time, grace time.Duration) Lifetime {
	if id == nil {
		return Lifetime{}
	}
	silent := id.ExpiresAt.Add(-expiryMargin)
	needed := id.ExpiresAt.Add(-max(neededBefore, id.ExpiresAt.Sub(id.IssuedAt)/4))
	if earliest := opened.Add(neededNotUpTo); needed.Before(earliest) {
		needed = earliest
	}
	if needed.After(silent) {
		needed = silent
	}
	return Lifetime{NeededBy: needed, SilentFrom: silent, EndsAt: id.ExpiresAt.Add(max(grace, 0))}
}

// Phase is a part of a stream's life.
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

// Phase returns where a stream is at a time, and when its next phase begins: the one timer
// a stream needs. A zero time means never.
func (l Lifetime) Phase(now time.Time) (phase Phase, until time.Time) {
	switch {
	case l == Lifetime{}:
		return Live, time.Time{}
	case now.Before(l.NeededBy):
		return Live, l.NeededBy
	case now.Before(l.SilentFrom):
		return TokenNeeded, l.SilentFrom
	case now.Before(l.EndsAt):
		return Silent, l.EndsAt
	}
	return Ended, time.Time{}
}
