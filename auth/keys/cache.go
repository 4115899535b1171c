package keys

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	clerksdk "github.com/clerk/clerk-sdk-go/v2"

	"convexgateway/internal/expiring"
)

const (
	keysFresh         = 5 * time.Minute  // then refreshed in the background; ±10 %
	keysUsable        = 6 * time.Hour    // while they cannot be refreshed
	staleAlarm        = 15 * time.Minute // then failures are logged as errors
	fetchTimeout      = 5 * time.Second
	forcedInterval    = 10 * time.Second // between fetches that a token made necessary
	failedRefreshWait = 10 * time.Second
	failedLoadWait    = time.Second
	unknownKeyFor     = 30 * time.Second
	unknownKeyLimit   = 1024
)

var errClosed = errors.New("the verifier is closed")

// cache holds the signing keys of one issuer. Looking up a key of the set never waits for the
// network while the set is usable. There is at most one fetch at a time, and it does not end with
// the call that started it.
type cache struct {
	issuer string
	fetch  func(context.Context) (signingKeys, error)
	now    func() time.Time
	logger *slog.Logger

	set     atomic.Pointer[keySet] // nil until the first success
	unknown *expiring.Map[string, struct{}]

	ctx     context.Context // of all fetches; ends at Close
	cancel  context.CancelFunc
	running sync.WaitGroup

	mu        sync.Mutex
	flight    *flight   // the fetch under way, or nil
	attempted time.Time // start of the last fetch
	forced    time.Time // start of the last one that a token made necessary
	failure   error     // of the last fetch, or nil
}

type keySet struct {
	keys      signingKeys
	fetched   time.Time
	refreshAt time.Time
}

func (s *keySet) usable(now time.Time) bool {
	return s != nil && now.Sub(s.fetched) < keysUsable
}

// flight is one fetch; err may be read once done is closed.
type flight struct {
	done chan struct{}
	err  error
}

func newCache(issuer string, fetch func(context.Context) (signingKeys, error), now func() time.Time, logger *slog.Logger) *cache {
	ctx, cancel := context.WithCancel(context.Background())
	return &cache{
		issuer: issuer, fetch: fetch, now: now, logger: logger,
		unknown: expiring.New[string, struct{}](unknownKeyLimit),
		ctx:     ctx, cancel: cancel,
	}
}

// Close ends the fetch under way and waits for it.
func (c *cache) Close() {
	c.mu.Lock()
	c.cancel()
	c.mu.Unlock()
	c.running.Wait()
}

// Ready reports whether the keys were fetched at least once.
func (c *cache) Ready() bool { return c.set.Load() != nil }

// FetchedAt is when the keys were fetched last; zero if they never were.
func (c *cache) FetchedAt() time.Time {
	if set := c.set.Load(); set != nil {
		return set.fetched
	}
	return time.Time{}
}

// Prefetch fetches the keys now.
func (c *cache) Prefetch(ctx context.Context) error {
	c.mu.Lock()
	f := c.begin(c.now())
	c.mu.Unlock()
	return f.wait(ctx)
}

// Peek returns a key of the set, or nil, and starts a refresh when it is due.
func (c *cache) Peek(keyID string, now time.Time) *clerksdk.JSONWebKey {
	set := c.set.Load()
	if !set.usable(now) {
		return nil
	}
	if !now.Before(set.refreshAt) {
		c.refresh(now)
	}
	return set.keys[keyID]
}

// Key returns the key of an id. It fetches the set if there is no usable one, or that id is not in it.
func (c *cache) Key(ctx context.Context, keyID string, now time.Time) (*clerksdk.JSONWebKey, error) {
	if !c.set.Load().usable(now) {
		if err := c.load(ctx, now); err != nil {
			return nil, err
		}
	}
	if k := c.Peek(keyID, now); k != nil {
		return k, nil
	}
	if _, known := c.unknown.Get(keyID, now); known {
		return nil, ErrUnknown
	}
	fetched, err := c.refetch(ctx, now)
	if k := c.Peek(keyID, now); k != nil {
		return k, nil
	}
	if err != nil {
		return nil, err
	}
	if fetched {
		c.unknown.Put(keyID, struct{}{}, now.Add(unknownKeyFor), now)
	}
	return nil, ErrUnknown
}

// Rotated returns the key that replaced old under its id, or nil. It fetches the set, as
// Clerk's key ids are its instance ids and so may stay the same for a new key.
func (c *cache) Rotated(ctx context.Context, old *clerksdk.JSONWebKey, now time.Time) *clerksdk.JSONWebKey {
	_, _ = c.refetch(ctx, now) // after a failure, too, the set may have changed
	if k := c.Peek(old.KeyID, now); k != old {
		return k
	}
	return nil
}

// load waits for a set when none is usable. For a second after a failure it returns that failure.
func (c *cache) load(ctx context.Context, now time.Time) error {
	c.mu.Lock()
	if c.set.Load().usable(now) {
		c.mu.Unlock()
		return nil
	}
	if c.flight == nil && c.failure != nil && now.Sub(c.attempted) < failedLoadWait {
		defer c.mu.Unlock()
		return c.failure
	}
	c.forced = now // a token made this one necessary, too
	f := c.begin(now)
	c.mu.Unlock()
	return f.wait(ctx)
}

// refresh starts a fetch in the background, unless one has just failed.
func (c *cache) refresh(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failure != nil && now.Sub(c.attempted) < failedRefreshWait {
		return
	}
	if set := c.set.Load(); now.Before(set.refreshAt) {
		return // another call was faster
	}
	c.begin(now)
}

// refetch waits for a fetch that a token makes necessary: the one under way or, once each forcedInterval,
// a new one. Without either it returns the failure of the last one.
func (c *cache) refetch(ctx context.Context, now time.Time) (fetched bool, err error) {
	c.mu.Lock()
	if c.flight == nil && !c.forced.IsZero() && now.Sub(c.forced) < forcedInterval {
		defer c.mu.Unlock()
		return false, c.failure
	}
	if c.flight == nil {
		c.forced = now
	}
	f := c.begin(now)
	c.mu.Unlock()
	err = f.wait(ctx)
	return err == nil, err
}

// begin returns the fetch under way or starts one. Call it with mu held.
func (c *cache) begin(now time.Time) *flight {
	if c.flight != nil {
		return c.flight
	}
	f := &flight{done: make(chan struct{})}
	if c.ctx.Err() != nil {
		f.err = errClosed
		close(f.done)
		return f
	}
	c.flight, c.attempted = f, now
	c.running.Go(func() { c.run(f) })
	return f
}

func (c *cache) run(f *flight) {
	ctx, cancel := context.WithTimeout(c.ctx, fetchTimeout)
	defer cancel()
	keys, err := c.fetch(ctx)

	now := c.now()
	c.mu.Lock()
	old := c.set.Load()
	if err == nil {
		if old != nil {
			keys = keys.keep(old.keys)
		}
		jitter := 0.9 + 0.2*rand.Float64()
		c.set.Store(&keySet{keys, now, now.Add(time.Duration(float64(keysFresh) * jitter))})
	}
	c.failure, c.flight = err, nil
	c.mu.Unlock()

	if err != nil && c.ctx.Err() == nil {
		c.report(err, old, now)
	}
	f.err = err
	close(f.done)
}

func (c *cache) report(err error, old *keySet, now time.Time) {
	level := slog.LevelWarn
	if old == nil || now.Sub(old.fetched) > staleAlarm {
		level = slog.LevelError
	}
	c.logger.Log(context.Background(), level, "signing keys could not be fetched",
		"issuer", c.issuer, "have_keys", old != nil, "error", err)
}

func (f *flight) wait(ctx context.Context) error {
	select {
	case <-f.done:
		return f.err
	case <-ctx.Done():
		return ctx.Err()
	}
}
