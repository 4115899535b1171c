package auth

import (
	"sync"
	"sync/atomic"
	"time"

	"convexgateway/internal/expiring"
)

// denyLimit bounds each half of the list, sessions and users. Beyond it the entries that end soonest are dropped.
const denyLimit = 100_000

// DenyList refuses tokens that are valid by themselves, because their session or user was revoked or has signed out. Each
// process has its own; package lease passes revocations on to other replicas. Safe for concurrent use.
type DenyList struct {
	now      func() time.Time
	sessions *expiring.Map[SignIn, denial]
	users    *expiring.Map[User, denial]
	keep     atomic.Int64 // nanoseconds after which every token denied has expired
	adding   sync.Mutex   // makes the look-up and the change of Add one step
}

// denial refuses the tokens that were issued at or before a time.
type denial struct {
	before time.Time
	reason Reason
}

// NewDenyList returns an empty list. A nil clock means time.Now.
func NewDenyList(clock func() time.Time) *DenyList {
	if clock == nil {
		clock = time.Now
	}
	d := &DenyList{now: clock, sessions: expiring.New[SignIn, denial](denyLimit), users: expiring.New[User, denial](denyLimit)}
	d.cover(DefaultMaxLifetime)
	return d
}

// cover makes new entries last until tokens of that lifetime have expired.
func (d *DenyList) cover(lifetime time.Duration) {
	need := int64(lifetime + clockLeeway)
	for have := d.keep.Load(); have < need; have = d.keep.Load() {
		if d.keep.CompareAndSwap(have, need) {
			return
		}
	}
}

// Add refuses from now on the tokens that the revocation names, and all that an earlier one named: revocations may come in any
// order, and more than once. iat counts whole seconds, so a token issued later in the same second is refused, too.
func (d *DenyList) Add(r Revocation) {
	d.adding.Lock()
	defer d.adding.Unlock()
	until := r.IssuedUpTo.Add(time.Duration(d.keep.Load()))
	if r.SessionID == "" && !r.OneSignIn {
		extend(d.users, r.User(), denial{r.IssuedUpTo, r.Reason}, until, d.now())
		return
	}
	extend(d.sessions, r.SignIn(), denial{r.IssuedUpTo, r.Reason}, until, d.now())
}

// extend puts a denial in place of one that refuses fewer tokens.
func extend[K comparable](denials *expiring.Map[K, denial], key K, d denial, until, now time.Time) {
	if have, ok := denials.Get(key, now); !ok || have.before.Before(d.before) {
		denials.Put(key, d, until, now)
	}
}

// Now is the time of the list's clock.
func (d *DenyList) Now() time.Time { return d.now() }

// Check returns why the identity's token is refused, or nil.
func (d *DenyList) Check(id *Identity) *Error {
	if id == nil {
		return nil
	}
	return d.check(id, d.now())
}

func (d *DenyList) check(id *Identity, now time.Time) *Error {
	denied, ok := d.sessions.Get(id.SignIn(), now)
	if !ok || id.IssuedAt.After(denied.before) {
		denied, ok = d.users.Get(id.User(), now)
	}
	if !ok || id.IssuedAt.After(denied.before) {
		return nil
	}
	return NewError(denied.reason, nil)
}
