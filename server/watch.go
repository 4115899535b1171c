package server

import (
	"context"
	"errors"
	"hash/maphash"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"convexgateway/auth"
	"convexgateway/convex"
	"convexgateway/server/call"
)

// watch is the life of one stream: Subscribe and AuthState are the same loop over a subscription and a credential's
// lease, and differ in what they show. Who holds turn is at work on it, owns all fields but the atomic ones and is the only one that
// sends: the stream's own goroutine while it does not wait, or a writer of the fan-out.
type watch struct {
	news atomic.Bool   // the subscription's state may be another than at the last look
	slow atomic.Int32  // looks that are not for writers, because one got stuck here
	wake chan struct{} // one slot; the stream's own goroutine has something to look at

	turn      sync.Mutex
	over      error // why the stream ends; nil until it does
	lease     auth.Lease
	standing  *auth.Standing       // as of the last look
	sub       *convex.Subscription // nil if there is nothing to follow
	identity  *auth.Identity       // that sub belongs to; nil for anonymous
	refused   error                // the deployment has refused the newest token: without another, the stream ends with this
	proven    bool                 // it has taken a token of this stream
	away      bool                 // it is out of reach
	heartbeat time.Duration        // 0: none
	to        audience
	*streams
	ctx       context.Context
	desk      *desk
	deadlines deadlines
	release   func() // gives the stream's place back
}

// audience is what a watch shows things to.
type audience interface {
	// subscribe starts to follow on behalf of the watch's identity, with the watch as its reader: at first, and after each
	// change of identity. If it is still the same person, what was shown so far stays true. Without an error or a
	// subscription there is nothing to follow.
	subscribe(w *watch, samePerson bool) (*convex.Subscription, error)
	// show is told the newest state and token, whenever one has changed.
	show(id *auth.Identity, state convex.State) error
	// tokenNeeded is told when the client should bring a newer token, and until when.
	tokenNeeded(id *auth.Identity, by time.Time) error
	// silent is told that nothing is shown until a newer token comes, and why.
	silent(id *auth.Identity, why *auth.Error) error
	// ended is told why the stream is about to end, unless the caller ended it.
	ended(ctx context.Context, why error) error
	// beat is told after each heartbeat's quiet.
	beat() error
}

// open makes a stream of a caller's and shows it to an audience. It is closed by run.
func (w *watch) open(ctx context.Context, s *streams, id *auth.Identity, req streamRequest, to audience) error {
	beat, err := parseHeartbeat(req.GetHeartbeat())
	if err != nil {
		return err
	}
	if key := req.GetRefreshKey(); key != "" {
		if err := auth.CheckRefreshKey(key); err != nil {
			return err
		}
	}
	if w.release, err = s.limit.acquire(ctx, id); err != nil {
		return err
	}
	w.streams, w.ctx, w.to, w.heartbeat = s, ctx, to, beat
	w.desk, w.wake = s.fanout.sit(ctx), make(chan struct{}, 1)
	w.lease = s.sessions.Open(id, req.GetRefreshKey())
	w.standing = w.lease.Standing()
	w.identity = w.standing.Identity
	w.deadlines.of = w
	return nil
}

// run is the stream. Its error is why the stream ended, never nil.
func (w *watch) run() error {
	w.turn.Lock()
	defer w.turn.Unlock()
	defer w.close()
	w.over = w.follow()
	if w.ctx.Err() != nil {
		return w.ctx.Err()
	}
	if err := w.to.ended(w.ctx, w.over); err != nil {
		return err
	}
	return w.over
}

func (w *watch) close() {
	w.deadlines.stop()
	if w.sub != nil {
		w.sub.Close()
	}
	w.lease.Close()
	w.desk.leave()
	w.release()
}

func (w *watch) follow() error {
	if w.standing.Err != nil {
		return w.standing.Err
	}
	if err := w.subscribe(false); err != nil {
		return err
	}
	if w.maxAge > 0 {
		w.deadlines.set(leaveDue, age(w.maxAge))
	}
	w.quiet()
	draining := w.draining
	for {
		if err := w.patientLook(); err != nil {
			return err
		}
		if w.await(draining) {
			draining = nil
			w.deadlines.set(leaveDue, drainDelay(w.identity, w.drainPeriod))
		}
		if err := w.due(); err != nil {
			return err
		}
	}
}

// await leaves the stream to the writers until something happens, and reports whether that is that streams have to end.
func (w *watch) await(draining <-chan struct{}) (drain bool) {
	changed := w.standing.Changed()
	w.turn.Unlock()
	defer w.turn.Lock()
	if w.news.Load() {
		return false // writers who came meanwhile passed by
	}
	select {
	case <-w.ctx.Done():
	case <-w.wake:
	case <-changed:
	case <-draining:
		return true
	}
	return false
}

// due sees to what is due, or has ended the stream.
func (w *watch) due() error {
	now := time.Now()
	switch {
	case w.ctx.Err() != nil:
		return w.ctx.Err()
	case w.over != nil:
		return w.over
	case w.deadlines.due(leaveDue, now):
		return call.ErrDraining
	case w.deadlines.due(reachDue, now):
		return call.ErrUnreachable
	case w.deadlines.due(refusalDue, now):
		return w.refused
	case w.deadlines.due(beatDue, now):
		defer w.quiet()
		return w.to.beat()
	}
	return nil
}

func (w *watch) wakeUp() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// Outbox implements [convex.Reader].
func (w *watch) Outbox() convex.Outbox { return w.desk }

// visit is a writer's turn. If somebody is at work here already, they will look again.
func (w *watch) visit() {
	w.news.Store(true)
	if w.slow.Load() > 0 {
		w.wakeUp()
		return
	}
	for w.news.Load() && w.turn.TryLock() {
		w.news.Store(false)
		if w.over == nil {
			w.over = w.guardedLook()
		}
		if w.over != nil {
			w.wakeUp()
		}
		w.turn.Unlock()
	}
}

// guardedLook is a look of a writer's: a panic is the stream's own end and nobody else's.
func (w *watch) guardedLook() (err error) {
	defer call.Recover(w.ctx, w.logger, &err)
	return w.look()
}

// patientLook is a look of the stream's own goroutine. If writers avoid the stream, it finds out whether they still must.
func (w *watch) patientLook() error {
	w.news.Store(false)
	if w.slow.Load() == 0 {
		return w.look()
	}
	began := time.Now()
	err := w.look()
	if time.Since(began) < stuckAfter {
		w.slow.Add(-1)
	} else {
		w.slow.Store(probation)
	}
	return err
}

// look takes what is new: of the credential first, because it decides what may be shown.
func (w *watch) look() error {
	if now := w.lease.Standing(); now != w.standing {
		before := w.standing
		w.standing = now
		if err := w.stand(before); err != nil {
			return err
		}
	}
	return w.show()
}

// stand takes a change of the credential: its end, a newer token, or the next phase of the present one.
func (w *watch) stand(before *auth.Standing) error {
	now := w.standing
	switch {
	case now.Err != nil:
		return now.Err
	case now.Identity != w.identity:
		if err := w.renew(); err != nil {
			return err
		}
	}
	switch {
	case now.Phase == auth.TokenNeeded && (before.Phase != now.Phase || before.Identity != now.Identity):
		return w.to.tokenNeeded(now.Identity, now.SilentFrom)
	case now.Phase == auth.Silent:
		return w.to.silent(now.Identity, now.Trouble)
	}
	return nil
}

// renew takes a newer token. One with other claims is another identity, whose results are its own.
func (w *watch) renew() error {
	id, before := w.standing.Identity, w.identity
	w.identity = id
	if id.Key() == before.Key() && w.refused == nil {
		w.sub.Renew(call.CredentialOf(id))
		return nil
	}
	w.deadlines.clear(refusalDue)
	w.refused = nil
	w.sub.Close()
	return w.subscribe(id.SamePerson(before))
}

func (w *watch) subscribe(samePerson bool) error {
	sub, err := w.to.subscribe(w, samePerson)
	if err == nil {
		w.sub = sub
	}
	return err
}

// show tells the newest state, unless the token's end is near: no row leaves the gateway then.
func (w *watch) show() error {
	if w.sub == nil || w.refused != nil { // there is nothing to show, or not before another token comes
		return nil //nolint:nilerr // why is told when the wait is over
	}
	state := w.sub.State()
	if state.Err != nil {
		return w.refuse(state.Err)
	}
	w.proven = w.proven || settled(state)
	w.reached(state.Link)
	if w.standing.Silent(time.Now()) {
		return nil
	}
	w.quiet()
	return w.to.show(w.identity, state)
}

// settled reports whether the deployment takes the token, as far as is known.
func settled(state convex.State) bool { return state.Confirmed && state.Link == convex.Connected }

// refuse takes the end of a subscription. If it is that the deployment would not take a newer token, although it took an
// earlier one, the next may be better, and is waited for; a second refusal ends the stream.
func (w *watch) refuse(why error) error {
	var refusal *convex.DeploymentError
	if !errors.As(why, &refusal) || refusal.Class != convex.Unauthorized || !w.proven || !w.lease.CanRenew() {
		return why
	}
	w.refused, w.proven = why, false
	w.deadlines.set(refusalDue, w.patience)
	return w.to.silent(w.identity, auth.NewError(auth.ReasonConvexRejected, nil))
}

// quiet starts the heartbeat's wait anew.
func (w *watch) quiet() {
	if w.heartbeat > 0 {
		w.deadlines.set(beatDue, w.heartbeat)
	}
}

// reached starts or stops the wait for a deployment that is away.
func (w *watch) reached(link convex.LinkState) {
	away := link != convex.Connected
	if away == w.away {
		return
	}
	w.away = away
	if away {
		w.deadlines.set(reachDue, w.unreachable)
	} else {
		w.deadlines.clear(reachDue)
	}
}

// never is longer than any stream lives.
const never = 1 << 62

// spread is when one of many streams ends, within a period.
func spread(period time.Duration) time.Duration {
	if period <= 0 {
		return 0
	}
	return rand.N(period)
}

// drainSeed makes another order of identities in each process.
var drainSeed = maphash.MakeSeed()

// drainDelay is when a stream ends, within a period. Those of one identity do at the same time, so that they meet again on
// one replica and share its queries there, instead of being on two for a while. The anonymous are not one caller.
func drainDelay(id *auth.Identity, period time.Duration) time.Duration {
	if id == nil || period <= 0 {
		return spread(period)
	}
	return time.Duration(maphash.Comparable(drainSeed, id.Key()) % uint64(period))
}

// age is how old one of many streams gets: about as old as is allowed.
func age(limit time.Duration) time.Duration {
	return limit*9/10 + spread(limit/5)
}
