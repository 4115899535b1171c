package server

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"

	"convexgateway/auth"
	"convexgateway/convex"
)

// watch is the life of one stream: Subscribe and AuthState are the same loop over a subscription and a credential's
// lease, and differ in what they show. The stream's own goroutine runs it and is the only one that sends.
type watch struct {
	*streams
	ctx       context.Context
	lease     *auth.Lease
	standing  *auth.Standing // as of the last look
	identity  *auth.Identity // that sub belongs to; nil for anonymous
	sub       *convex.Subscription
	proven    bool  // the deployment has taken a token of this stream
	refused   error // it has refused the newest one: without another, the stream ends with this
	away      bool  // the deployment is out of reach
	heartbeat time.Duration
	release   func() // gives the stream's place back
}

// audience is what a watch shows things to.
type audience interface {
	// subscribe starts to follow on behalf of an identity: at first, and after each change of identity. If it is still the
	// same person, what was shown so far stays true.
	subscribe(live liveQueries, id *auth.Identity, samePerson bool) (*convex.Subscription, error)
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

// watch makes a stream of a caller.
func (s *streams) watch(ctx context.Context, id *auth.Identity, refreshKey string, heartbeat *durationpb.Duration) (*watch, error) {
	beat, err := parseHeartbeat(heartbeat)
	if err != nil {
		return nil, err
	}
	if refreshKey != "" {
		if err := auth.CheckRefreshKey(refreshKey); err != nil {
			return nil, err
		}
	}
	release, err := s.limit.acquire(callerOf(ctx, id))
	if err != nil {
		return nil, err
	}
	lease := s.sessions.Open(id, refreshKey)
	standing := lease.Standing()
	return &watch{
		streams: s, ctx: ctx, lease: lease, standing: standing, identity: standing.Identity, heartbeat: beat, away: true,
		release: release,
	}, nil
}

// run is the stream. Its error is why the stream ended, never nil.
func (w *watch) run(to audience) error {
	defer w.release()
	defer w.lease.Close()
	err := w.follow(to)
	if w.ctx.Err() != nil {
		return w.ctx.Err()
	}
	if sendErr := to.ended(w.ctx, err); sendErr != nil {
		return sendErr
	}
	return err
}

func (w *watch) follow(to audience) error {
	if w.standing.Err != nil {
		return w.standing.Err
	}
	if err := w.subscribe(to, false); err != nil {
		return err
	}
	defer func() { w.sub.Close() }()
	t := newWatchTimers(w)
	defer t.stop()
	draining := w.draining
	for {
		if err := w.look(to, t); err != nil {
			return err
		}
		select {
		case <-w.ctx.Done():
			return w.ctx.Err()
		case <-draining:
			draining = nil
			t.leave.Reset(spread(w.drainPeriod))
		case <-t.leave.C:
			return errDraining
		case <-w.sub.Ready():
		case <-w.standing.Changed():
		case <-t.beat.C:
			if err := to.beat(); err != nil {
				return err
			}
			t.quiet(w)
		case <-t.reach.C:
			return errUnreachable
		case <-t.refusal.C:
			return w.refused
		}
	}
}

// look takes what is new: of the credential first, because it decides what may be shown.
func (w *watch) look(to audience, t watchTimers) error {
	if now := w.lease.Standing(); now != w.standing {
		before := w.standing
		w.standing = now
		if err := w.stand(to, t, before); err != nil {
			return err
		}
	}
	return w.show(to, t)
}

// stand takes a change of the credential: its end, a newer token, or the next phase of the present one.
func (w *watch) stand(to audience, t watchTimers, before *auth.Standing) error {
	now := w.standing
	switch {
	case now.Err != nil:
		return now.Err
	case now.Identity != w.identity:
		if err := w.renew(to, t); err != nil {
			return err
		}
	}
	switch {
	case now.Phase == auth.TokenNeeded && (before.Phase != now.Phase || before.Identity != now.Identity):
		return to.tokenNeeded(now.Identity, now.SilentFrom)
	case now.Phase == auth.Silent:
		return to.silent(now.Identity, now.Trouble)
	}
	return nil
}

// renew takes a newer token. One with other claims is another identity, whose results are its own.
func (w *watch) renew(to audience, t watchTimers) error {
	id, before := w.standing.Identity, w.identity
	w.identity = id
	if id.Key() == before.Key() && w.refused == nil {
		w.sub.Renew(credentialOf(id))
		return nil
	}
	t.refusal.Reset(never)
	w.refused = nil
	w.sub.Close()
	return w.subscribe(to, id.SamePerson(before))
}

func (w *watch) subscribe(to audience, samePerson bool) error {
	sub, err := to.subscribe(w.live, w.identity, samePerson)
	if err == nil {
		w.sub = sub
	}
	return err
}

// show tells the newest state, unless the token's end is near: no row leaves the gateway then.
func (w *watch) show(to audience, t watchTimers) error {
	if w.refused != nil { // there is nothing to show before another token comes
		return nil //nolint:nilerr // why is told when the wait is over
	}
	state := w.sub.State()
	if state.Err != nil {
		return w.refuse(to, t, state.Err)
	}
	w.proven = w.proven || settled(state)
	t.reached(w, state.Link)
	if w.standing.Silent(time.Now()) {
		return nil
	}
	t.quiet(w)
	return to.show(w.identity, state)
}

// settled reports whether the deployment takes the token, as far as is known.
func settled(state convex.State) bool { return state.Confirmed && state.Link == convex.Connected }

// refuse takes the end of a subscription. If it is that the deployment would not take a newer token, although it took an
// earlier one, the next may be better, and is waited for; a second refusal ends the stream.
func (w *watch) refuse(to audience, t watchTimers, why error) error {
	var refusal *convex.DeploymentError
	if !errors.As(why, &refusal) || refusal.Class != convex.Unauthorized || !w.proven || !w.lease.CanRenew() {
		return why
	}
	w.refused, w.proven = why, false
	t.refusal.Reset(w.patience)
	return to.silent(w.identity, auth.NewError(auth.ReasonConvexRejected, nil))
}

// never is longer than any stream lives.
const never = 1 << 62

// watchTimers are the clocks of a stream: the heartbeat, how long the deployment may be away, how long another token is
// waited for after a refusal, and when the client is asked to connect again.
type watchTimers struct {
	beat, reach, refusal, leave *time.Timer
}

func newWatchTimers(w *watch) watchTimers {
	t := watchTimers{
		beat: time.NewTimer(never), reach: time.NewTimer(w.unreachable), refusal: time.NewTimer(never), leave: time.NewTimer(age(w.maxAge)),
	}
	t.quiet(w)
	return t
}

func (t watchTimers) stop() {
	t.beat.Stop()
	t.reach.Stop()
	t.refusal.Stop()
	t.leave.Stop()
}

// spread is when one of many streams ends, within a period.
func spread(period time.Duration) time.Duration {
	if period <= 0 {
		return 0
	}
	return rand.N(period)
}

// age is how old one of many streams gets: about as old as is allowed.
func age(limit time.Duration) time.Duration {
	if limit <= 0 {
		return never
	}
	return limit*9/10 + spread(limit/5)
}

// quiet starts the heartbeat's wait anew.
func (t watchTimers) quiet(w *watch) {
	if w.heartbeat > 0 {
		t.beat.Reset(w.heartbeat)
	}
}

// reached starts or stops the wait for a deployment that is away.
func (t watchTimers) reached(w *watch, link convex.LinkState) {
	away := link != convex.Connected
	if away == w.away {
		return
	}
	w.away = away
	if away {
		t.reach.Reset(w.unreachable)
	} else {
		t.reach.Reset(never)
	}
}
