package auth

import (
	"sync/atomic"
	"time"
)

// denyLimit bounds the list. Beyond it the entries that would end soonest are dropped.
const denyLimit = 100_000

// DenyList refuses tokens that are valid by themselves, because their session has signed
// out. It lives in one process: a replica knows its own entries only. Safe for concurrent use.
type DenyList struct {
	now     func() time.Time
	entries *cache[session, denial]
	keep    atomic.Int64 // nanoseconds after which every token denied has expired
}

// denial refuses the tokens of a session that were issued at or before a moment.
type denial struct {
	before time.Time
	reason Reason
}

// NewDenyList returns an empty list. A nil clock means time.Now.
func NewDenyList(clock func() time.Time) *DenyList {
	if clock == nil {
		clock = time.Now
	}
	d := &DenyList{now: clock, entries: newCache[session, denial](denyLimit)}
	d.cover(DefaultMaxLifetime)
	return d
}

// cover makes entries last until tokens of that lifetime have expired.
func (d *DenyList) cover(lifetime time.Duration) {
	need := int64(lifetime + clockLeeway)
	for have := d.keep.Load(); have < need; have = d.keep.Load() {
		if d.keep.CompareAndSwap(have, need) {
			return
		}
	}
}

// SignOut refuses from now on the tokens of the identity's session (of its user, if the
// token has no session id) that have been issued so far. iat counts whole seconds, so a token
// issued later in this same second is refused, too. Does nothing for an anonymous caller.
func (d *DenyList) SignOut(id *Identity) {
	if id != nil {
		d.deny(id.session(), id.IssuedAt, ReasonSignedOut)
	}
}

// deny refuses tokens issued up to now, or up to latest if the issuer's clock is ahead.
func (d *DenyList) deny(s session, latest time.Time, reason Reason) {
	now := d.now()
	before := now
	if latest.After(before) {
		before = latest
	}
	keep := time.Duration(d.keep.Load())
	d.entries.put(s, denial{before, reason}, before.Add(keep), now)
}

// Check returns an *Error if the identity's token is refused.
func (d *DenyList) Check(id *Identity) error {
	if id == nil {
		return nil
	}
	if err := d.check(id, d.now()); err != nil {
		return err
	}
	return nil
}

func (d *DenyList) check(id *Identity, now time.Time) *Error {
	denied, ok := d.entries.get(id.session(), now)
	if !ok || id.IssuedAt.After(denied.before) {
		return nil
	}
	return NewError(denied.reason, nil)
}
