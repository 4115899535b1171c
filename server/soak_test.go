package server

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/v"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

var soakFor = flag.Duration("soak", 3*time.Second, "how long TestSoak runs")

// soakFunctions read a counter together with the caller's identity, so that a value of another identity can be recognised.
func soakFunctions() []deployment.Function {
	named := v.Object(v.Field("name", v.String()))
	return []deployment.Function{
		deployment.Query("soak:read", named, func(ctx *deployment.QueryCtx, args deployment.Args) (any, error) {
			user := ""
			if me := ctx.Auth().GetUserIdentity(); me != nil {
				user, _ = me["subject"].(string)
			}
			counter, err := ctx.DB.Query("counters").WithIndex("by_name", deployment.Eq("name", args.String("name"))).First()
			value := 0.0
			if counter != nil {
				value = counter["value"].(float64)
			}
			return map[string]any{"user": user, "value": value}, err
		}),
	}
}

// soak is one run: users open streams, mutate and renew their tokens, while the deployment's connections and process fail.
type soak struct {
	*gateway
	end context.Context

	opened, values, renewed, applied, unknown, refused, cuts, restarts, pauses atomic.Int64
}

// TestSoak checks the guarantees over a random history: no value of another identity, none older than the one before, every
// lasting stream ends with the final value, no mutation over a session is lost or doubled, and the heap returns to its size.
// `-soak 1m` makes it long.
func TestSoak(t *testing.T) {
	before := heap()
	s := runSoak(t)
	after := checkGrown(t, before, 16<<20)
	t.Logf("%v: %d streams opened, %d values, %d tokens renewed, %d mutations applied (%d of unknown outcome, %d refused), "+
		"%d cuts, %d restarts, %d pauses; heap %d KiB before, %d KiB after", *soakFor, s.opened.Load(), s.values.Load(),
		s.renewed.Load(), s.applied.Load(), s.unknown.Load(), s.refused.Load(), s.cuts.Load(), s.restarts.Load(),
		s.pauses.Load(), before>>10, after>>10)
	if s.applied.Load() == 0 || s.cuts.Load()+s.restarts.Load() == 0 {
		t.Error("nothing happened")
	}
}

// runSoak leaves nothing running. Its deployment ends with it, so that what that has stored is not part of the heap afterwards.
func runSoak(t *testing.T) *soak {
	t.Helper()
	running, stop := context.WithCancel(t.Context())
	defer stop()
	d, err := deployment.Start(running, deployment.Config{
		Addr: "127.0.0.1:0", Functions: append(deployment.SampleApp(), soakFunctions()...),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	s := &soak{gateway: startBefore(t, d, func(c *Config) { c.Logger = slog.New(slog.DiscardHandler) })}
	var cancel context.CancelFunc
	s.end, cancel = context.WithTimeout(t.Context(), *soakFor)
	defer cancel()

	users := []*soakUser{newSoakUser(s, "ada"), newSoakUser(s, "bob"), newSoakUser(s, "cy"), newSoakUser(s, "")}
	var work sync.WaitGroup
	for _, u := range users {
		u.watchThroughout()
		work.Go(u.renewTokens)
		for range 3 {
			work.Go(u.openBriefly)
			work.Go(u.mutate)
		}
	}
	work.Go(s.disturb)
	work.Wait()
	for _, u := range users {
		u.checkEnd()
	}
	if err := s.stop(); err != nil {
		t.Error(err)
	}
	s.dev = nil
	return s
}

// disturb cuts off the deployment, and then restarts, pauses and cuts it off at random times.
func (s *soak) disturb() {
	next := 2
	for ; s.pause(100, 900); next = rand.IntN(5) {
		switch next {
		case 0:
			s.restarts.Add(1)
			s.dev.Restart(false)
		case 1:
			s.pauses.Add(1)
			s.dev.Pause()
			s.pause(50, 300)
			s.dev.Resume()
		default:
			s.cuts.Add(1)
			s.dev.CutSockets()
		}
	}
}

// pause waits for a random time, in ms; false when the soak is over.
func (s *soak) pause(from, to int) bool {
	wait := time.NewTimer(time.Duration(from+rand.IntN(to-from)) * time.Millisecond)
	defer wait.Stop()
	select {
	case <-wait.C:
		return true
	case <-s.end.Done():
		return false
	}
}

// soakUser is one identity; its counters are its own.
type soakUser struct {
	*soak
	name         string // empty: anonymous
	refreshKey   string
	counters     [2]soakCounter
	stopWatching []func()

	mu      sync.Mutex
	token   string // used by many calls, as by a real client
	renewAt time.Time
}

type soakCounter struct {
	name             string
	applied, unknown atomic.Int64
	watcher          *soakWatcher
}

func newSoakUser(s *soak, name string) *soakUser {
	u := &soakUser{soak: s, name: name, refreshKey: "soak-refresh-key-of-" + name + "-0123456789"}
	for i := range u.counters {
		u.counters[i].name = fmt.Sprintf("%s/%d", name, i)
	}
	return u
}

// signedIn is ctx with a token that expires after half a minute or later.
func (u *soakUser) signedIn(ctx context.Context) context.Context {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.name == "" {
		return ctx
	}
	if time.Now().After(u.renewAt) {
		u.token, u.renewAt = u.newToken(time.Minute), time.Now().Add(20*time.Second)
	}
	return withToken(ctx, u.token)
}

func (u *soakUser) newToken(ttl time.Duration) string {
	token, err := u.dev.Token(deployment.TokenRequest{User: u.name, TTL: ttl})
	if err != nil {
		u.t.Error(err)
	}
	return token
}

// shortlySignedIn has a token that a lasting stream needs renewed.
func (u *soakUser) shortlySignedIn() context.Context {
	if u.name == "" {
		return u.t.Context()
	}
	return withToken(u.t.Context(), u.newToken(20*time.Second))
}

type soakStream = grpc.ServerStreamingClient[gatewayv1.SubscribeResponse]

// soakWatcher checks the events of one stream.
type soakWatcher struct {
	u        *soakUser
	counter  string
	last     float64
	readTime time.Time
	seen     atomic.Int64 // last, safe for concurrent use
}

func (w *soakWatcher) open(ctx context.Context, refreshKey string) (soakStream, error) {
	w.u.opened.Add(1)
	return w.u.functions.Subscribe(ctx, &gatewayv1.SubscribeRequest{
		Path: "soak:read", ArgsJson: fmt.Appendf(nil, `{"name":%q}`, w.counter),
		ValueFormat: gatewayv1.ValueFormat_VALUE_FORMAT_JSON, RefreshKey: refreshKey,
	})
}

// take checks an event; false if it is no value.
func (w *soakWatcher) take(event *gatewayv1.SubscribeResponse) bool {
	if event.GetValueJson() == nil {
		if event.GetConnection() == nil {
			w.u.t.Errorf("%s: event %v", w.counter, event)
		}
		return false
	}
	var got struct {
		User  string  `json:"user"`
		Value float64 `json:"value"`
	}
	if err := json.Unmarshal(event.GetValueJson(), &got); err != nil {
		w.u.t.Error(err)
	}
	want := w.u.name
	if want != "" {
		want = "user_" + want
	}
	if got.User != want {
		w.u.t.Errorf("%s: a value of %q", w.counter, got.User)
	}
	if at := event.GetReadTime().AsTime(); got.Value < w.last || at.Before(w.readTime) {
		w.u.t.Errorf("%s: %v at %v after %v at %v", w.counter, got.Value, at, w.last, w.readTime)
	}
	w.last, w.readTime = got.Value, event.GetReadTime().AsTime()
	w.seen.Store(int64(got.Value))
	w.u.values.Add(1)
	return true
}

// first opens a stream and takes its first value; on the test's own goroutine only.
func (w *soakWatcher) first(ctx context.Context, refreshKey string) soakStream {
	w.u.t.Helper()
	stream, err := w.open(ctx, refreshKey)
	for err == nil {
		var event *gatewayv1.SubscribeResponse
		if event, err = stream.Recv(); err == nil && w.take(event) {
			return stream
		}
	}
	w.u.t.Fatalf("%s: %v", w.counter, err)
	return nil
}

// watchThroughout opens a stream for each counter that lasts as long as the soak, on short tokens that are renewed.
func (u *soakUser) watchThroughout() {
	for i := range u.counters {
		w := &soakWatcher{u: u, counter: u.counters[i].name}
		u.counters[i].watcher = w
		ctx, cancel := context.WithCancel(u.shortlySignedIn())
		stream := w.first(ctx, u.refreshKey)
		ended := make(chan struct{})
		u.stopWatching = append(u.stopWatching, func() { cancel(); <-ended })
		u.counters[i].read(u.t, stream, ended)
	}
}

// read follows the stream on a goroutine of its own until it is cancelled.
func (c *soakCounter) read(t *testing.T, stream soakStream, ended chan<- struct{}) {
	go func() {
		defer close(ended)
		for {
			event, err := stream.Recv()
			if status.Code(err) == codes.Canceled {
				return
			}
			if err != nil {
				t.Errorf("%s: the stream ended: %v", c.name, err)
				return
			}
			c.watcher.take(event)
		}
	}()
}

// renewTokens gives the user's lasting streams a newer token from time to time.
func (u *soakUser) renewTokens() {
	for u.name != "" && u.pause(2000, 4000) {
		_, err := u.auth.RefreshAuth(u.shortlySignedIn(), &gatewayv1.RefreshAuthRequest{RefreshKey: u.refreshKey})
		if err != nil && status.Code(err) != codes.Unavailable {
			u.t.Errorf("%s: refresh: %v", u.name, err)
			continue
		}
		u.renewed.Add(1)
	}
}

// openBriefly opens streams for a short time, one after the other.
func (u *soakUser) openBriefly() {
	for u.pause(5, 100) {
		w := &soakWatcher{u: u, counter: u.counters[rand.IntN(len(u.counters))].name}
		ctx, cancel := context.WithTimeout(u.signedIn(u.t.Context()), time.Duration(rand.IntN(400))*time.Millisecond)
		stream, err := w.open(ctx, "")
		for err == nil {
			var event *gatewayv1.SubscribeResponse
			if event, err = stream.Recv(); err == nil {
				w.take(event)
			}
		}
		if status.Code(err) != codes.DeadlineExceeded {
			u.t.Errorf("%s: %v", w.counter, err)
		}
		cancel()
	}
}

// mutate adds to the user's counters and counts the outcomes.
func (u *soakUser) mutate() {
	for u.pause(1, 30) {
		c := &u.counters[rand.IntN(len(u.counters))]
		ctx, cancel := context.WithTimeout(u.signedIn(u.t.Context()), patience)
		_, err := u.functions.Mutate(ctx, addTo(c.name))
		cancel()
		switch status.Code(err) {
		case codes.OK:
			c.applied.Add(1)
			u.applied.Add(1)
		case codes.Unknown:
			c.unknown.Add(1)
			u.unknown.Add(1)
			if u.name != "" {
				u.t.Errorf("%s: a mutation over the session has an unknown outcome", c.name)
			}
		case codes.Unavailable, codes.ResourceExhausted:
			u.refused.Add(1)
		default:
			u.t.Errorf("%s: mutate: %v", c.name, err)
		}
	}
}

// checkEnd waits until the lasting streams have their final values, and compares the outcomes of mutations with the counters.
func (u *soakUser) checkEnd() {
	for i := range u.counters {
		c := &u.counters[i]
		ctx, cancel := context.WithTimeout(u.signedIn(u.t.Context()), patience)
		defer cancel()
		final := &soakWatcher{u: u, counter: c.name}
		stream := final.first(ctx, "")
		low := c.applied.Load()
		for int64(final.last) < low { // anonymous mutations do not go over the session, which may not be back yet
			event, err := stream.Recv()
			if err != nil {
				u.t.Errorf("%s stays at %d after %d mutations: %v", c.name, int64(final.last), low, err)
				break
			}
			final.take(event)
		}
		if n := int64(final.last); n > low+c.unknown.Load() {
			u.t.Errorf("%s is %d after %d mutations and %d of unknown outcome", c.name, n, low, c.unknown.Load())
		}
		eventually(u.t, c.name+": its watcher has the final value", func() bool { return c.watcher.seen.Load() == final.seen.Load() })
	}
	for _, stop := range u.stopWatching {
		stop()
	}
}
