package rpc

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/durationpb"

	"convexgateway/auth"
	"convexgateway/auth/lease"
	convexlive "convexgateway/convex/live"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/internal/syncfake"
	"convexgateway/server/call"
	"convexgateway/server/live"
)

// streamKey is a refresh key.
const streamKey = "0123456789abcdefghijklmn"

// oneValue is a deployment's sync endpoint at which every query has the same value.
type oneValue struct {
	*syncfake.Endpoint

	mu      sync.Mutex
	socket  *syncfake.Socket
	queries []uint32
	value   string
	outage  bool // of the issuer: see serve
}

func newOneValue(t testing.TB) *oneValue {
	u := &oneValue{Endpoint: syncfake.New(t), value: "0"}
	u.Serve = u.serve
	return u
}

func (u *oneValue) serve(s *syncfake.Socket) {
	for {
		m, err := s.Read()
		if err != nil {
			return
		}
		if u.noIssuer() { // recorded from convex-local-backend 94a42c3: 8-misc-auth.json, discovery of a provider that answers 503
			s.End(1013, "AuthProviderDiscoveryFailed")
			return
		}
		if m.Type == "ModifyQuerySet" {
			u.modify(s, m)
		}
	}
}

func (u *oneValue) noIssuer() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.outage
}

// setOutage lets the deployment lose the issuer of tokens, and its socket, or have it again.
func (u *oneValue) setOutage(outage bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.outage = outage; outage && u.socket != nil {
		u.socket.End(1013, "AuthProviderDiscoveryFailed")
	}
	u.queries = nil
}

func (u *oneValue) modify(s *syncfake.Socket, m syncfake.Message) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.socket = s
	_ = s.Take(m)
	var added []uint32
	for _, q := range m.Modifications {
		if q.Type == "Add" {
			added = append(added, q.QueryID)
		}
	}
	u.queries = append(u.queries, added...)
	u.answer(added)
}

// set changes the value.
func (u *oneValue) set(value string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.value = value
	u.answer(u.queries)
}

// answer sends the value of some queries. The caller holds mu.
func (u *oneValue) answer(queries []uint32) {
	var updates []string
	for _, id := range queries {
		updates = append(updates, syncfake.Updated(id, u.value))
	}
	_ = u.socket.TryAnswer(u.socket.Version.TS+1, updates...) // the client may have closed it
}

// streamTest is a set of streams in a bubble of testing/synctest, with a clock of its own.
type streamTest struct {
	*live.Streams
	t        testing.TB
	upstream *oneValue
	began    time.Time
	ctx      context.Context
	draining context.Context
	drain    context.CancelFunc

	mu     sync.Mutex
	events []string // "12s value 1"
}

// inBubble runs a test with a clock of its own.
func inBubble(t *testing.T, test func(w *streamTest)) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, end := newStreamTest(t)
		test(w)
		end(synctest.Wait)
	})
}

// newStreamTest starts a deployment's endpoint and a client of it. end stops the client; settled blocks until all goroutines
// are idle.
func newStreamTest(t testing.TB) (w *streamTest, end func(settled func())) {
	upstream := newOneValue(t)
	client, err := convexlive.New("http://deployment", convexlive.Options{HTTPClient: upstream.HTTPClient(), Silence: 24 * time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	w = &streamTest{t: t, upstream: upstream, began: time.Now(), ctx: ctx}
	w.draining, w.drain = context.WithCancel(ctx)
	w.Streams = live.New(live.Options{
		Queries: client, Sessions: lease.NewRegistry(lease.Config{Grace: 10 * time.Second}), Draining: w.draining,
		UnreachableWait: time.Hour, RefusalWait: 10 * time.Second, Logger: slog.New(slog.DiscardHandler),
	})
	return w, func(settled func()) {
		cancel()
		settled()
		w.Sessions.Close()
		_ = client.Close()
		settled()
	}
}

// caller returns Ada's identity by a token that expires after ttl.
func (w *streamTest) caller(ttl time.Duration) *auth.Identity {
	now := time.Now()
	return &auth.Identity{Issuer: "https://clerk", Subject: "user_ada", SessionID: "sess_ada", IssuedAt: now, ExpiresAt: now.Add(ttl)}
}

func (w *streamTest) note(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.events = append(w.events, fmt.Sprintf("%v ", time.Since(w.began))+fmt.Sprintf(format, args...))
}

// at waits until that long after the beginning.
func (w *streamTest) at(d time.Duration) {
	time.Sleep(d - time.Since(w.began)) //nolint:forbidigo // the bubble's clock
	synctest.Wait()
}

func (w *streamTest) want(events ...string) {
	w.t.Helper()
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	if !slices.Equal(w.events, events) {
		w.t.Errorf("events\n\t%s\nwant\n\t%s", strings.Join(w.events, "\n\t"), strings.Join(events, "\n\t"))
	}
}

// recorder is the server's end of a stream. It passes each event to send.
type recorder[Event any] struct {
	grpc.ServerStream
	ctx  context.Context
	send func(*Event)
}

func (r recorder[Event]) Context() context.Context { return r.ctx }

func (r recorder[Event]) Send(e *Event) error { return r.SendMsg(e) }

func (r recorder[Event]) SendMsg(m any) error {
	data, err := NewCodec().Marshal(m)
	if err != nil {
		return err
	}
	e := new(Event)
	if err := NewCodec().Unmarshal(data, e); err != nil {
		return err
	}
	r.send(e)
	return nil
}

// subscribe opens a Subscribe stream, and notes its values and its end.
func (w *streamTest) subscribe(id *auth.Identity, req *gatewayv1.SubscribeRequest) {
	req.Path, req.ValueFormat = "a:b", gatewayv1.ValueFormat_VALUE_FORMAT_JSON
	stream := recorder[gatewayv1.SubscribeResponse]{ctx: auth.NewContext(w.ctx, id), send: func(e *gatewayv1.SubscribeResponse) {
		if e.GetConnection() == nil {
			w.note("value %s", e.GetValueJson())
		} else if time.Since(w.began) > 0 {
			w.note("connection")
		}
	}}
	go func() {
		if err := (&functionService{streams: w.Streams}).Subscribe(req, stream); w.ctx.Err() == nil {
			w.note("end %s", call.ProblemOf(err).Reason)
		}
	}()
	synctest.Wait()
}

// authState opens an AuthState stream, and notes its events and its end.
func (w *streamTest) authState(id *auth.Identity, req *gatewayv1.AuthStateRequest) {
	stream := recorder[gatewayv1.AuthStateResponse]{ctx: auth.NewContext(w.ctx, id), send: func(e *gatewayv1.AuthStateResponse) {
		text := strings.TrimPrefix(e.GetState().String(), "STATE_")
		if e.GetExpiresAt() != nil {
			text += fmt.Sprint(" until ", e.GetExpiresAt().AsTime().Sub(w.began))
		}
		if e.GetTokenNeededBy() != nil {
			text += fmt.Sprint(" needed by ", e.GetTokenNeededBy().AsTime().Sub(w.began))
		}
		if e.GetRefreshing() {
			text += " refreshing"
		}
		w.note("%s", strings.TrimSpace(text+" "+e.GetReason()))
	}}
	go func() {
		if err := (&authService{streams: w.Streams}).AuthState(req, stream); w.ctx.Err() == nil {
			w.note("end %s", call.ProblemOf(err).Reason)
		}
	}()
	synctest.Wait()
}

func (w *streamTest) refresh(ttl time.Duration) {
	w.t.Helper()
	if n, err := w.Sessions.Refresh(w.caller(ttl), streamKey); err != nil || n == 0 {
		w.t.Errorf("%d streams adopted the token: %v", n, err)
	}
	synctest.Wait()
}

func TestAuthStateWithRefreshKey(t *testing.T) {
	inBubble(t, func(w *streamTest) {
		w.authState(w.caller(time.Minute), &gatewayv1.AuthStateRequest{RefreshKey: streamKey})
		w.at(2 * time.Minute)
		w.want("0s LOADING until 1m0s", "0s AUTHENTICATED until 1m0s", "45s AUTHENTICATED until 1m0s needed by 59s",
			"59s AUTHENTICATED until 1m0s refreshing TOKEN_EXPIRED", "1m10s UNAUTHENTICATED TOKEN_EXPIRED", "1m10s end TOKEN_EXPIRED")
	})
}

// Without a key no newer token can arrive: none is asked for, and there is no grace.
func TestAuthStateWithoutRefreshKey(t *testing.T) {
	inBubble(t, func(w *streamTest) {
		w.authState(w.caller(time.Minute), &gatewayv1.AuthStateRequest{})
		w.at(2 * time.Minute)
		w.want("0s LOADING until 1m0s", "0s AUTHENTICATED until 1m0s", "1m0s UNAUTHENTICATED TOKEN_EXPIRED", "1m0s end TOKEN_EXPIRED")
	})
}

// While the deployment cannot reach the issuer, streams stay, longer than they would wait for a deployment out of reach, and go
// on by themselves.
func TestStreamsOutliveTheIssuersOutage(t *testing.T) {
	inBubble(t, func(w *streamTest) {
		w.UnreachableWait = time.Minute
		w.authState(w.caller(time.Hour), &gatewayv1.AuthStateRequest{})
		w.subscribe(w.caller(time.Hour), &gatewayv1.SubscribeRequest{})
		w.upstream.set("1")
		w.at(time.Second)
		w.upstream.setOutage(true)
		w.at(10 * time.Minute)
		w.upstream.setOutage(false)
		w.at(10*time.Minute + 7*time.Second)
		w.upstream.set("2")
		synctest.Wait()
		w.mu.Lock()
		for i, e := range w.events {
			if at, event, _ := strings.Cut(e, " "); strings.HasPrefix(at, "10m") { // at a random time within seconds
				w.events[i] = event
			}
		}
		slices.Sort(w.events)
		w.mu.Unlock()
		w.want("0s AUTHENTICATED until 1h0m0s", "0s LOADING until 1h0m0s", "0s value 0", "0s value 1",
			"1s AUTHENTICATED until 1h0m0s refreshing AUTH_BACKEND_UNAVAILABLE", "1s connection",
			"AUTHENTICATED until 1h0m0s", "connection", "value 2")
	})
}

// A stream that begins in the outage waits for its end, as long as its token lives.
func TestAuthStateBeginsInTheIssuersOutage(t *testing.T) {
	inBubble(t, func(w *streamTest) {
		w.upstream.setOutage(true)
		w.authState(w.caller(time.Minute), &gatewayv1.AuthStateRequest{})
		w.at(2 * time.Minute)
		w.want("0s LOADING until 1m0s", "1m0s end AUTH_BACKEND_UNAVAILABLE")
	})
}

func TestRenewalInTimeIsNoEvent(t *testing.T) {
	inBubble(t, func(w *streamTest) {
		w.authState(w.caller(time.Minute), &gatewayv1.AuthStateRequest{RefreshKey: streamKey})
		w.at(50 * time.Second)
		w.refresh(time.Minute)
		w.at(96 * time.Second)
		w.want("0s LOADING until 1m0s", "0s AUTHENTICATED until 1m0s", "45s AUTHENTICATED until 1m0s needed by 59s",
			"1m35s AUTHENTICATED until 1m50s needed by 1m49s")
	})
}

func TestRenewalInGraceOfAuthState(t *testing.T) {
	inBubble(t, func(w *streamTest) {
		w.authState(w.caller(time.Minute), &gatewayv1.AuthStateRequest{RefreshKey: streamKey})
		w.at(69 * time.Second)
		w.refresh(time.Minute)
		w.at(71 * time.Second)
		w.want("0s LOADING until 1m0s", "0s AUTHENTICATED until 1m0s", "45s AUTHENTICATED until 1m0s needed by 59s",
			"59s AUTHENTICATED until 1m0s refreshing TOKEN_EXPIRED", "1m9s AUTHENTICATED until 2m9s")
	})
}

// A heartbeat has the present state, not that of the last event.
func TestHeartbeatOfAuthState(t *testing.T) {
	inBubble(t, func(w *streamTest) {
		w.authState(w.caller(5*time.Minute), &gatewayv1.AuthStateRequest{RefreshKey: streamKey, Heartbeat: durationpb.New(20 * time.Second)})
		w.at(21 * time.Second)
		w.refresh(10 * time.Minute)
		w.at(42 * time.Second)
		w.want("0s LOADING until 5m0s", "0s AUTHENTICATED until 5m0s", "20s AUTHENTICATED until 5m0s", "40s AUTHENTICATED until 10m21s")
	})
}

func TestHeartbeatWithoutCredential(t *testing.T) {
	inBubble(t, func(w *streamTest) {
		w.authState(nil, &gatewayv1.AuthStateRequest{Heartbeat: durationpb.New(time.Minute)})
		w.at(time.Minute)
		w.drain()
		w.want("0s UNAUTHENTICATED NO_CREDENTIALS", "1m0s UNAUTHENTICATED NO_CREDENTIALS", "1m0s end DRAINING")
	})
}

// In a drain streams end one after the other, so that their clients do not reconnect all at once.
func TestDrainIsSpread(t *testing.T) {
	inBubble(t, func(w *streamTest) {
		w.DrainPeriod = 5 * time.Second
		ends := make(chan time.Duration, 100)
		for range cap(ends) {
			stream := recorder[gatewayv1.SubscribeResponse]{ctx: w.ctx, send: func(*gatewayv1.SubscribeResponse) {}}
			go func() {
				err := (&functionService{streams: w.Streams}).Subscribe(&gatewayv1.SubscribeRequest{Path: "a:b"}, stream)
				if !errors.Is(err, call.ErrDraining) {
					w.t.Error(err)
				}
				ends <- time.Since(w.began)
			}()
		}
		w.authState(nil, &gatewayv1.AuthStateRequest{})
		w.at(time.Minute)
		w.drain()
		inFirstHalf := map[bool]int{}
		for range cap(ends) {
			after := <-ends - time.Minute
			if after < 0 || after > 5*time.Second {
				t.Errorf("a stream ended after %v", after)
			}
			inFirstHalf[after < 2500*time.Millisecond]++
		}
		if inFirstHalf[true] < 20 || inFirstHalf[false] < 20 {
			t.Errorf("ends in the first half of the period: %v", inFirstHalf)
		}
		w.at(2 * time.Minute)
		w.mu.Lock()
		defer w.mu.Unlock()
		if last := w.events[len(w.events)-1]; !strings.HasSuffix(last, "end DRAINING") {
			t.Errorf("AuthState: %q", w.events)
		}
	})
}

// A stream of the maximum age ends as it does in a drain.
func TestMaxConnectionAge(t *testing.T) {
	inBubble(t, func(w *streamTest) {
		w.MaxAge = time.Hour
		w.subscribe(nil, &gatewayv1.SubscribeRequest{})
		w.at(54*time.Minute - time.Second)
		w.want("0s value 0")
		w.at(66 * time.Minute)
		w.mu.Lock()
		defer w.mu.Unlock()
		if len(w.events) != 2 || !strings.HasSuffix(w.events[1], "end DRAINING") {
			t.Errorf("events %q", w.events)
		}
	})
}

func TestHeartbeatIsCountedFromTheLastEvent(t *testing.T) {
	inBubble(t, func(w *streamTest) {
		w.subscribe(nil, &gatewayv1.SubscribeRequest{Heartbeat: durationpb.New(10 * time.Second)})
		w.at(7 * time.Second)
		w.upstream.set("1")
		w.at(28 * time.Second)
		w.want("0s value 0", "7s value 1", "17s connection", "27s connection")
	})
}

// In the last second before the token's expiry no result is sent.
func TestNoResultBeforeExpiry(t *testing.T) {
	for name, key := range map[string]string{"with a key": streamKey, "without": ""} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(w *streamTest) {
				w.subscribe(w.caller(time.Minute), &gatewayv1.SubscribeRequest{RefreshKey: key})
				w.at(58900 * time.Millisecond)
				w.upstream.set("1")
				for _, when := range []time.Duration{59 * time.Second, 59500 * time.Millisecond, 61 * time.Second, 69 * time.Second} {
					w.at(when)
					w.upstream.set(fmt.Sprint(int(when.Milliseconds())))
				}
				w.at(2 * time.Minute)
				end := "1m0s end TOKEN_EXPIRED"
				if key != "" {
					end = "1m10s end TOKEN_EXPIRED"
				}
				w.want("0s value 0", "58.9s value 1", end)
			})
		})
	}
}

// With a token that arrives in the grace period no result is lost or sent twice.
func TestRenewalInGraceOfSubscribe(t *testing.T) {
	inBubble(t, func(w *streamTest) {
		w.subscribe(w.caller(time.Minute), &gatewayv1.SubscribeRequest{RefreshKey: streamKey})
		w.at(60 * time.Second)
		w.upstream.set("1")
		w.at(62 * time.Second)
		w.upstream.set("2")
		w.at(65 * time.Second)
		w.refresh(time.Minute)
		w.at(66 * time.Second)
		w.upstream.set("3")
		w.at(126 * time.Second) // in a grace period again, without a new result
		w.refresh(time.Minute)
		w.at(130 * time.Second)
		w.upstream.set("4")
		w.want("0s value 0", "1m5s value 2", "1m6s value 3", "2m10s value 4")
	})
}

// A token that is about to expire when it arrives still has its full grace period.
func TestShortTokensHaveGrace(t *testing.T) {
	inBubble(t, func(w *streamTest) {
		w.subscribe(w.caller(2*time.Second), &gatewayv1.SubscribeRequest{RefreshKey: streamKey})
		w.at(11 * time.Second)
		w.refresh(3 * time.Second)
		w.upstream.set("1")
		w.at(time.Minute)
		w.want("0s value 0", "11s value 1", "24s end TOKEN_EXPIRED")
	})
}

func TestSignOutEndsAtOnce(t *testing.T) {
	inBubble(t, func(w *streamTest) {
		id := w.caller(time.Minute)
		w.subscribe(id, &gatewayv1.SubscribeRequest{RefreshKey: streamKey})
		w.at(59500 * time.Millisecond) // while the stream is silent
		w.Sessions.SignOut(id)
		w.want("0s value 0", "59.5s end SIGNED_OUT")
	})
}
