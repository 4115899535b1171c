package server

import (
	"context"
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
	sub       *convex.Subscription
	identity  *auth.Identity // that sub belongs to; nil for anonymous
	life      auth.Lifetime
	phase     auth.Phase
	canRenew  bool // the stream has a refresh key
	away      bool // the deployment is out of reach
	heartbeat time.Duration
	release   func() // gives the stream's place back
}

// audience is what a watch shows things to.
type audience interface {
	// subscribe starts to follow on behalf of an identity, at first and after each change of identity.
	subscribe(live liveQueries, id *auth.Identity) (*convex.Subscription, error)
	// show is told the newest state and token, whenever one has changed.
	show(id *auth.Identity, state convex.State) error
	// tokenNeeded is told when the gateway wants a newer token, and until when. Only where one can come.
	tokenNeeded(id *auth.Identity, by time.Time) error
	// silent is told that the token has expired and nothing is shown until a newer one comes. Only where one can come.
	silent(id *auth.Identity) error
	// ended is told why the stream is about to end, unless the caller ended it.
	ended(ctx context.Context, why error) error
	// beat is told after each heartbeat's quiet.
	beat() error
}

// watch makes a stream of the call's caller.
func (s *streams) watch(ctx context.Context, refreshKey string, heartbeat *durationpb.Duration) (*watch, error) {
	beat, err := parseHeartbeat(heartbeat)
	if err != nil {
		return nil, err
	}
	if refreshKey != "" {
		if err := auth.CheckRefreshKey(refreshKey); err != nil {
			return nil, err
		}
	}
	id, _ := auth.FromContext(ctx)
	release, err := s.limit.acquire(callerOf(ctx, id))
	if err != nil {
		return nil, err
	}
	return &watch{
		streams: s, ctx: ctx, identity: id, heartbeat: beat, canRenew: refreshKey != "", away: true, release: release,
		lease: s.sessions.Open(id, refreshKey),
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
	if err := w.subscribe(to); err != nil {
		return err
	}
	defer func() { w.sub.Close() }()
	t := newWatchTimers(w)
	defer t.stop()
	for {
		changed := w.lease.Changed() // before looking: nothing is missed
		if err := w.renew(to); err != nil {
			return err
		}
		t.life.Reset(w.untilNextPhase())
		if err := w.show(to, t); err != nil {
			return err
		}
		select {
		case <-w.ctx.Done():
			return w.ctx.Err()
		case <-w.draining:
			return errDraining
		case <-w.sub.Ready():
		case <-changed:
		case <-t.life.C:
			if err := w.nextPhase(to); err != nil {
				return err
			}
		case <-t.beat.C:
			if err := to.beat(); err != nil {
				return err
			}
			t.quiet(w)
		case <-t.reach.C:
			return errUnreachable
		}
	}
}

func (w *watch) subscribe(to audience) error {
	w.life, w.phase = w.lifetime(), auth.Live
	sub, err := to.subscribe(w.live, w.identity)
	if err == nil {
		w.sub = sub
	}
	return err
}

// lifetime is what the present token means. Without a refresh key nothing can come in the grace.
func (w *watch) lifetime() auth.Lifetime {
	grace := w.grace
	if !w.canRenew {
		grace = 0
	}
	return auth.LifetimeOf(w.identity, time.Now(), grace)
}

// renew takes the lease's newest token, or its end. A token with other claims is another identity: what was shown so far
// is not its own, so the stream starts over under it.
func (w *watch) renew(to audience) error {
	if err := w.lease.Err(); err != nil {
		return err
	}
	id := w.lease.Identity()
	if id == w.identity {
		return nil
	}
	sameIdentity := id.Key() == w.identity.Key()
	w.identity = id
	if !sameIdentity {
		w.sub.Close()
		return w.subscribe(to)
	}
	w.life, w.phase = w.lifetime(), auth.Live
	w.sub.Renew(credentialOf(id))
	return nil
}

// show tells the newest state, unless the token's end is near: no row leaves the gateway then.
func (w *watch) show(to audience, t watchTimers) error {
	state := w.sub.State()
	if state.Err != nil {
		return state.Err
	}
	t.reached(w, state.Link)
	phase, _ := w.life.Phase(time.Now())
	if phase >= auth.Silent {
		return nil
	}
	t.quiet(w)
	return to.show(w.identity, state)
}

// untilNextPhase is how long the present phase of the token's life lasts.
func (w *watch) untilNextPhase() time.Duration {
	_, until := w.life.Phase(time.Now())
	if until.IsZero() {
		return never
	}
	return time.Until(until)
}

// nextPhase tells what has become of the token.
func (w *watch) nextPhase(to audience) error {
	phase, _ := w.life.Phase(time.Now())
	if phase == w.phase {
		return nil
	}
	w.phase = phase
	switch {
	case phase == auth.Ended:
		return auth.NewError(auth.ReasonTokenExpired, nil)
	case phase == auth.Silent && w.canRenew:
		return to.silent(w.identity)
	case phase == auth.TokenNeeded && w.canRenew:
		return to.tokenNeeded(w.identity, w.life.SilentFrom)
	}
	return nil
}

// never is longer than any stream lives.
const never = 1 << 62

// watchTimers are the clocks of a stream: the token's life, the heartbeat, and how long the deployment may be away.
type watchTimers struct {
	life, beat, reach *time.Timer
}

func newWatchTimers(w *watch) watchTimers {
	t := watchTimers{life: time.NewTimer(never), beat: time.NewTimer(never), reach: time.NewTimer(w.unreachable)}
	t.quiet(w)
	return t
}

func (t watchTimers) stop() {
	t.life.Stop()
	t.beat.Stop()
	t.reach.Stop()
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
