package auth

import (
	"sync/atomic"
	"time"
)

// denyLimit bounds the list. Beyond it the entries that would end soonest are dropped.
const denyLimit = 100_000

// DenyList refuses tokens that are valid by themselves, because their session or user was revoked, or has signed out. It
// lives in one process; [Sessions] tells the other replicas. Safe for concurrent use.
type DenyList struct {
	now      func() time.Time
	sessions *cache[session, denial]
	users    *cache[user, denial]
	keep     atomic.Int64 // nanoseconds after which every token denied has expired
}

// denial refuses the tokens that were issued at or before a moment.
type denial struct {
	before time.Time
	reason Reason
}

// NewDenyList returns an empty list. A nil clock means time.Now.
func NewDenyList(clock func() time.Time) *DenyList {
	if clock == nil {
		clock = time.Now
	}
	d := &DenyList{now: clock, sessions: newCache[session, denial](denyLimit), users: newCache[user, denial](denyLimit)}
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

// Add refuses from now on the tokens that the revocation names. iat counts whole seconds, so a token issued later in the
// same second is refused, too.
func (d *DenyList) Add(r Revocation) {
	until := r.IssuedUpTo.Add(time.Duration(d.keep.Load()))
	if r.SessionID == "" && !r.OneSignIn {
		d.users.put(user{r.Issuer, r.Subject}, denial{r.IssuedUpTo, r.Reason}, until, d.now())
		return
	}
	d.sessions.put(r.session(), denial{r.IssuedUpTo, r.Reason}, until, d.now())
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
	denied, ok := d.sessions.get(id.session(), now)
	if !ok || id.IssuedAt.After(denied.before) {
		denied, ok = d.users.get(userOf(id), now)
	}
	if !ok || id.IssuedAt.After(denied.before) {
		return nil
	}
	return NewError(denied.reason, nil)
}
