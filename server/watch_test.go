package server

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/durationpb"

	"convexgateway/auth"
	"convexgateway/convex"
	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
)

// syncSide is the deployment's side of a sync socket, in memory: every query has the same value. It lets the clock of a
// stream be tested, which real time would make slow.
type syncSide struct {
	dialed chan net.Conn // the server's ends of net.Pipe

	mu       sync.Mutex
	conn     *websocket.Conn
	querySet uint32
	ts       uint64
	ids      []uint32
	value    string
}

// dial makes a connection. It and the methods below make syncSide a net.Listener.
func (s *syncSide) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case s.dialed <- server:
		return client, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *syncSide) Accept() (net.Conn, error) {
	conn, open := <-s.dialed
	if !open {
		return nil, net.ErrClosed
	}
	return conn, nil
}

func (s *syncSide) Close() error   { close(s.dialed); return nil }
func (s *syncSide) Addr() net.Addr { return &net.UnixAddr{} }

// sentMessage is what a client sends.
type sentMessage struct {
	Type          string `json:"type"`
	NewVersion    uint32 `json:"newVersion"`
	Modifications []struct {
		Type    string `json:"type"`
		QueryID uint32 `json:"queryId"`
	} `json:"modifications"`
}

func (s *syncSide) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer func() { _ = conn.CloseNow() }()
	for {
		_, text, err := conn.Read(context.Background())
		if err != nil {
			return
		}
		var m sentMessage
		if json.Unmarshal(text, &m) == nil && m.Type == "ModifyQuerySet" {
			s.modify(conn, m)
		}
	}
}

func (s *syncSide) modify(conn *websocket.Conn, m sentMessage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conn = conn
	var added []uint32
	for _, q := range m.Modifications {
		if q.Type == "Add" {
			added = append(added, q.QueryID)
		}
	}
	s.ids = append(s.ids, added...)
	s.transition(m.NewVersion, added)
}

// set changes the value.
func (s *syncSide) set(value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.value = value
	s.transition(s.querySet, s.ids)
}

func (s *syncSide) transition(querySet uint32, ids []uint32) {
	version := func() string {
		ts := base64.StdEncoding.EncodeToString(binary.LittleEndian.AppendUint64(nil, s.ts))
		return fmt.Sprintf(`{"querySet":%d,"identity":0,"ts":%q}`, s.querySet, ts)
	}
	start := version()
	s.querySet = querySet
	s.ts++
	var updates []string
	for _, id := range ids {
		updates = append(updates, fmt.Sprintf(`{"type":"QueryUpdated","queryId":%d,"value":%s,"logLines":[],"journal":null}`, id, s.value))
	}
	_ = s.conn.Write(context.Background(), websocket.MessageText, fmt.Appendf(nil,
		`{"type":"Transition","startVersion":%s,"endVersion":%s,"modifications":[%s]}`, start, version(), strings.Join(updates, ",")))
}

// watchTest is a set of streams in a bubble of testing/synctest, with a clock of its own.
type watchTest struct {
	*streams
	t        testing.TB
	upstream *syncSide
	began    time.Time
	ctx      context.Context
	drain    chan struct{}

	mu     sync.Mutex
	events []string // "12s value 1"
}

// inBubble runs a test with a clock of its own.
func inBubble(t *testing.T, test func(w *watchTest)) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, end := newWatchTest(t)
		test(w)
		end(synctest.Wait)
	})
}

// newWatchTest starts a deployment's side and a client of it. end stops both; settled waits until nothing moves.
func newWatchTest(t testing.TB) (w *watchTest, end func(settled func())) {
	upstream := &syncSide{dialed: make(chan net.Conn), value: "0"}
	server := &http.Server{Handler: upstream}
	go func() { _ = server.Serve(upstream) }()
	transport := &http.Transport{DialContext: upstream.dial}
	live, err := convex.NewSyncClient("http://deployment", convex.SyncOptions{HTTPClient: &http.Client{Transport: transport}, Silence: 24 * time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	w = &watchTest{t: t, upstream: upstream, began: time.Now(), ctx: ctx, drain: make(chan struct{})}
	w.streams = &streams{
		live: live, sessions: auth.NewSessions(auth.SessionsConfig{Grace: 10 * time.Second}), draining: w.drain,
		fanout: newFanout(), limit: newStreamLimit(0, 0), unreachable: time.Hour, patience: 10 * time.Second,
		logger: slog.New(slog.DiscardHandler),
	}
	return w, func(settled func()) {
		cancel()
		settled()
		w.sessions.Close()
		_ = live.Close()
		transport.CloseIdleConnections()
		_ = server.Close()
		settled()
	}
}

// caller is ada with a token that lives that long from now.
func (w *watchTest) caller(ttl time.Duration) *auth.Identity {
	now := time.Now()
	return &auth.Identity{Issuer: "https://clerk", Subject: "user_ada", SessionID: "sess_ada", IssuedAt: now, ExpiresAt: now.Add(ttl)}
}

func (w *watchTest) note(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.events = append(w.events, fmt.Sprintf("%v ", time.Since(w.began))+fmt.Sprintf(format, args...))
}

// at waits until that long after the beginning.
func (w *watchTest) at(d time.Duration) {
	time.Sleep(d - time.Since(w.began)) //nolint:forbidigo // the bubble's clock
	synctest.Wait()
}

func (w *watchTest) want(events ...string) {
	w.t.Helper()
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	if !slices.Equal(w.events, events) {
		w.t.Errorf("events\n\t%s\nwant\n\t%s", strings.Join(w.events, "\n\t"), strings.Join(events, "\n\t"))
	}
}

// recorder is the server's end of a stream.
type recorder[Event any] struct {
	grpc.ServerStream
	ctx  context.Context
	send func(*Event)
}

func (r recorder[Event]) Context() context.Context { return r.ctx }

func (r recorder[Event]) Send(e *Event) error { return r.SendMsg(e) }

func (r recorder[Event]) SendMsg(m any) error {
	data, err := newCodec().Marshal(m)
	if err != nil {
		return err
	}
	e := new(Event)
	if err := newCodec().Unmarshal(data, e); err != nil {
		return err
	}
	r.send(e)
	return nil
}

// subscribe opens a Subscribe stream that notes its values and its end.
func (w *watchTest) subscribe(id *auth.Identity, req *gatewayv1.SubscribeRequest) {
	req.Path, req.ValueFormat = "a:b", gatewayv1.ValueFormat_VALUE_FORMAT_JSON
	stream := recorder[gatewayv1.SubscribeResponse]{ctx: auth.NewContext(w.ctx, id), send: func(e *gatewayv1.SubscribeResponse) {
		if e.GetConnection() == nil {
			w.note("value %s", e.GetValueJson())
		} else if time.Since(w.began) > 0 {
			w.note("connection")
		}
	}}
	go func() {
		if err := (&functionService{streams: w.streams}).Subscribe(req, stream); w.ctx.Err() == nil {
			w.note("end %s", call.ProblemOf(err).Reason)
		}
	}()
	synctest.Wait()
}

// authState opens an AuthState stream that notes all it is told.
func (w *watchTest) authState(id *auth.Identity, req *gatewayv1.AuthStateRequest) {
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
		if err := (&authService{streams: w.streams}).AuthState(req, stream); w.ctx.Err() == nil {
			w.note("end %s", call.ProblemOf(err).Reason)
		}
	}()
	synctest.Wait()
}

func (w *watchTest) refresh(ttl time.Duration) {
	w.t.Helper()
	if n, err := w.sessions.Refresh(w.caller(ttl), testKey); err != nil || n == 0 {
		w.t.Errorf("%d streams adopted the token: %v", n, err)
	}
	synctest.Wait()
}

func TestLifeOfAKeyedAuthState(t *testing.T) {
	inBubble(t, func(w *watchTest) {
		w.authState(w.caller(time.Minute), &gatewayv1.AuthStateRequest{RefreshKey: testKey})
		w.at(2 * time.Minute)
		w.want("0s LOADING until 1m0s", "0s AUTHENTICATED until 1m0s", "45s AUTHENTICATED until 1m0s needed by 59s",
			"59s AUTHENTICATED until 1m0s refreshing TOKEN_EXPIRED", "1m10s UNAUTHENTICATED TOKEN_EXPIRED", "1m10s end TOKEN_EXPIRED")
	})
}

// Without a key no newer token can come: none is asked for, and there is no grace.
func TestLifeOfAnAuthStateWithoutKey(t *testing.T) {
	inBubble(t, func(w *watchTest) {
		w.authState(w.caller(time.Minute), &gatewayv1.AuthStateRequest{})
		w.at(2 * time.Minute)
		w.want("0s LOADING until 1m0s", "0s AUTHENTICATED until 1m0s", "1m0s UNAUTHENTICATED TOKEN_EXPIRED", "1m0s end TOKEN_EXPIRED")
	})
}

func TestRenewalInTimeIsNoEvent(t *testing.T) {
	inBubble(t, func(w *watchTest) {
		w.authState(w.caller(time.Minute), &gatewayv1.AuthStateRequest{RefreshKey: testKey})
		w.at(50 * time.Second)
		w.refresh(time.Minute)
		w.at(96 * time.Second)
		w.want("0s LOADING until 1m0s", "0s AUTHENTICATED until 1m0s", "45s AUTHENTICATED until 1m0s needed by 59s",
			"1m35s AUTHENTICATED until 1m50s needed by 1m49s")
	})
}

func TestRenewalInGraceOfAuthState(t *testing.T) {
	inBubble(t, func(w *watchTest) {
		w.authState(w.caller(time.Minute), &gatewayv1.AuthStateRequest{RefreshKey: testKey})
		w.at(69 * time.Second)
		w.refresh(time.Minute)
		w.at(71 * time.Second)
		w.want("0s LOADING until 1m0s", "0s AUTHENTICATED until 1m0s", "45s AUTHENTICATED until 1m0s needed by 59s",
			"59s AUTHENTICATED until 1m0s refreshing TOKEN_EXPIRED", "1m9s AUTHENTICATED until 2m9s")
	})
}

// A heartbeat tells the state of now, not that of the last event.
func TestHeartbeatOfAuthState(t *testing.T) {
	inBubble(t, func(w *watchTest) {
		w.authState(w.caller(5*time.Minute), &gatewayv1.AuthStateRequest{RefreshKey: testKey, Heartbeat: durationpb.New(20 * time.Second)})
		w.at(21 * time.Second)
		w.refresh(10 * time.Minute)
		w.at(42 * time.Second)
		w.want("0s LOADING until 5m0s", "0s AUTHENTICATED until 5m0s", "20s AUTHENTICATED until 5m0s", "41s AUTHENTICATED until 10m21s")
	})
}

func TestHeartbeatWithoutCredential(t *testing.T) {
	inBubble(t, func(w *watchTest) {
		w.authState(nil, &gatewayv1.AuthStateRequest{Heartbeat: durationpb.New(time.Minute)})
		w.at(time.Minute)
		close(w.drain)
		w.want("0s UNAUTHENTICATED NO_CREDENTIALS", "1m0s UNAUTHENTICATED NO_CREDENTIALS", "1m0s end DRAINING")
	})
}

// Streams that have to end do so one after the other, so that their clients do not come back all at once.
func TestDrainIsSpread(t *testing.T) {
	inBubble(t, func(w *watchTest) {
		w.drainPeriod = 5 * time.Second
		ends := make(chan time.Duration, 100)
		for range cap(ends) {
			stream := recorder[gatewayv1.SubscribeResponse]{ctx: w.ctx, send: func(*gatewayv1.SubscribeResponse) {}}
			go func() {
				err := (&functionService{streams: w.streams}).Subscribe(&gatewayv1.SubscribeRequest{Path: "a:b"}, stream)
				if !errors.Is(err, call.ErrDraining) {
					w.t.Error(err)
				}
				ends <- time.Since(w.began)
			}()
		}
		w.authState(nil, &gatewayv1.AuthStateRequest{})
		w.at(time.Minute)
		close(w.drain)
		halves := map[bool]int{}
		for range cap(ends) {
			after := <-ends - time.Minute
			if after < 0 || after > 5*time.Second {
				t.Errorf("a stream ended after %v", after)
			}
			halves[after < 2500*time.Millisecond]++
		}
		if halves[true] < 20 || halves[false] < 20 {
			t.Errorf("ends in the halves of the period: %v", halves)
		}
		w.at(2 * time.Minute)
		w.mu.Lock()
		defer w.mu.Unlock()
		if last := w.events[len(w.events)-1]; !strings.HasSuffix(last, "end DRAINING") {
			t.Errorf("AuthState: %q", w.events)
		}
	})
}

// Those of one identity end together, so that they come back together.
func TestDrainKeepsIdentitiesTogether(t *testing.T) {
	t.Parallel()
	g := start(t)
	different := map[time.Duration]bool{}
	for n := range 20 {
		identify := func() *auth.Identity {
			id, err := g.verifier.Verify(t.Context(), g.token(deployment.TokenRequest{User: fmt.Sprint("user", n)}))
			if err != nil {
				t.Fatal(err)
			}
			return id
		}
		first := drainDelay(identify(), 5*time.Second)
		if again := drainDelay(identify(), 5*time.Second); again != first || first < 0 || first >= 5*time.Second {
			t.Errorf("streams of one identity end after %v and %v", first, again)
		}
		different[first] = true
	}
	if len(different) < 15 {
		t.Errorf("20 identities end at %d times", len(different))
	}
	if drainDelay(nil, 0) != 0 {
		t.Error("without a period an anonymous stream stays")
	}
}

// A stream that has reached its age ends as it does in a drain.
func TestMaxConnectionAge(t *testing.T) {
	inBubble(t, func(w *watchTest) {
		w.maxAge = time.Hour
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
	inBubble(t, func(w *watchTest) {
		w.subscribe(nil, &gatewayv1.SubscribeRequest{Heartbeat: durationpb.New(10 * time.Second)})
		w.at(7 * time.Second)
		w.upstream.set("1")
		w.at(28 * time.Second)
		w.want("0s value 0", "7s value 1", "17s connection", "27s connection")
	})
}

// No row leaves from a second before the token's expiry.
func TestNoRowAtTheEnd(t *testing.T) {
	for name, key := range map[string]string{"with a key": testKey, "without": ""} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(w *watchTest) {
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

// A token that comes in the grace loses nothing and doubles nothing.
func TestRenewalInGraceOfSubscribe(t *testing.T) {
	inBubble(t, func(w *watchTest) {
		w.subscribe(w.caller(time.Minute), &gatewayv1.SubscribeRequest{RefreshKey: testKey})
		w.at(60 * time.Second)
		w.upstream.set("1")
		w.at(62 * time.Second)
		w.upstream.set("2")
		w.at(65 * time.Second)
		w.refresh(time.Minute)
		w.at(66 * time.Second)
		w.upstream.set("3")
		w.at(126 * time.Second) // in the grace once more, and nothing new
		w.refresh(time.Minute)
		w.at(130 * time.Second)
		w.upstream.set("4")
		w.want("0s value 0", "1m5s value 2", "1m6s value 3", "2m10s value 4")
	})
}

// A token as good as dead on arrival still gets its full grace.
func TestShortTokens(t *testing.T) {
	inBubble(t, func(w *watchTest) {
		w.subscribe(w.caller(2*time.Second), &gatewayv1.SubscribeRequest{RefreshKey: testKey})
		w.at(11 * time.Second)
		w.refresh(3 * time.Second)
		w.upstream.set("1")
		w.at(time.Minute)
		w.want("0s value 0", "11s value 1", "24s end TOKEN_EXPIRED")
	})
}

func TestSignOutEndsAtOnce(t *testing.T) {
	inBubble(t, func(w *watchTest) {
		id := w.caller(time.Minute)
		w.subscribe(id, &gatewayv1.SubscribeRequest{RefreshKey: testKey})
		w.at(59500 * time.Millisecond) // in the silence, too
		w.sessions.SignOut(id)
		w.want("0s value 0", "59.5s end SIGNED_OUT")
	})
}

// A stream that cannot subscribe anew under another identity keeps the subscription that it has to close.
func TestSubscribingAnewFails(t *testing.T) {
	inBubble(t, func(w *watchTest) {
		a := &failingAudience{authAudience: authAudience{send: func(*gatewayv1.AuthStateResponse) error { return nil }}}
		var watch watch
		if err := watch.open(w.ctx, w.streams, w.caller(time.Minute), &gatewayv1.AuthStateRequest{RefreshKey: testKey}, a); err != nil {
			t.Fatal(err)
		}
		if err := watch.subscribe(false); err != nil {
			t.Fatal(err)
		}
		if err := watch.subscribe(false); !errors.Is(err, call.ErrDraining) || watch.sub == nil {
			t.Errorf("%v, subscription %v", err, watch.sub)
		}
		watch.sub.Close()
	})
}

// failingAudience can subscribe once.
type failingAudience struct {
	authAudience
	subscribed int
}

func (a *failingAudience) subscribe(w *watch, samePerson bool) (*convex.Subscription, error) {
	if a.subscribed++; a.subscribed > 1 {
		return nil, call.ErrDraining
	}
	return a.authAudience.subscribe(w, samePerson)
}
