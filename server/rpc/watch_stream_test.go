package rpc

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	"convexgateway/auth"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
)

// commandStream is the server's end of a Watch stream.
type commandStream struct {
	recorder[gatewayv1.WatchResponse]
	commands chan *gatewayv1.WatchRequest
}

func (s commandStream) Recv() (*gatewayv1.WatchRequest, error) {
	m := new(gatewayv1.WatchRequest)
	return m, s.RecvMsg(m)
}

func (s commandStream) RecvMsg(m any) error {
	select {
	case command, open := <-s.commands:
		if !open {
			return io.EOF
		}
		proto.Reset(m.(proto.Message))
		proto.Merge(m.(proto.Message), command)
		return nil
	case <-s.ctx.Done():
		return s.ctx.Err()
	}
}

// tokens verifies the tokens of a test.
type tokens map[string]*auth.Identity

func (t tokens) Verify(_ context.Context, token string) (*auth.Identity, error) {
	if id := t[token]; id != nil {
		return id, nil
	}
	return nil, auth.NewError(auth.ReasonBadSignature, nil)
}

// watched is a Watch stream of a test.
type watched struct {
	*streamTest
	known    tokens
	commands chan *gatewayv1.WatchRequest
}

// watch opens a Watch stream, and notes its responses and its end.
func (w *streamTest) watch(id *auth.Identity, options *gatewayv1.WatchOptions) *watched {
	options.ValueFormat = gatewayv1.ValueFormat_VALUE_FORMAT_JSON
	s := &watched{w, tokens{}, make(chan *gatewayv1.WatchRequest, 100)}
	ctx := newWindow(auth.NewContext(w.ctx, id))
	stream := commandStream{recorder[gatewayv1.WatchResponse]{ctx: ctx, send: func(r *gatewayv1.WatchResponse) {
		alone := r.GetAuth() == nil && len(r.GetChanges()) == 0
		if r.GetConnection() != nil && time.Since(w.began) == 0 { // it comes first only if no result is at hand
			if r.Connection = nil; alone {
				return
			}
		}
		w.note("%s", w.textOf(r))
	}}, s.commands}
	identify := func(ctx context.Context) (*auth.Identity, *auth.Error) { return auth.Identify(ctx, s.known) }
	s.commands <- &gatewayv1.WatchRequest{Command: &gatewayv1.WatchRequest_Open{Open: options}}
	go func() {
		if err := (&functionService{streams: w.Streams, identify: identify, limits: &call.Limits{}}).Watch(stream); w.ctx.Err() == nil {
			w.note("end %s", call.ProblemOf(err).Reason)
		}
	}()
	synctest.Wait()
	return s
}

// textOf is a response in one line.
func (w *streamTest) textOf(r *gatewayv1.WatchResponse) string {
	var words []string
	if a := r.GetAuth(); a != nil {
		words = append(words, strings.TrimPrefix(a.GetState().String(), "STATE_"))
		if a.GetExpiresAt() != nil {
			words = append(words, fmt.Sprint("until ", a.GetExpiresAt().AsTime().Sub(w.began)))
		}
		if a.GetTokenNeededBy() != nil {
			words = append(words, fmt.Sprint("needed by ", a.GetTokenNeededBy().AsTime().Sub(w.began)))
		}
		if a.GetRefreshing() {
			words = append(words, "refreshing")
		}
		if a.GetReason() != "" {
			words = append(words, a.GetReason())
		}
	}
	if r.GetGroup() != 0 {
		words = append(words, fmt.Sprint("group ", r.GetGroup()))
	}
	for _, c := range r.GetChanges() {
		words = append(words, fmt.Sprintf("%d=%s%s", c.GetTarget(), c.GetValueJson(), c.GetRemoved().GetReason()))
	}
	if r.GetComplete() {
		words = append(words, "complete")
	}
	if r.GetConnection() != nil {
		words = append(words, r.GetConnection().GetState().String())
	}
	return strings.Join(words, " ")
}

func (s *watched) add(target uint32) {
	s.send(&gatewayv1.WatchRequest{Command: &gatewayv1.WatchRequest_Add{Add: &gatewayv1.WatchQuery{Target: target, Path: fmt.Sprintf("a:q%d", target)}}})
}

func (s *watched) send(m *gatewayv1.WatchRequest) {
	s.commands <- m
	synctest.Wait()
}

// token sends a token of an identity.
func (s *watched) token(id *auth.Identity) {
	name := fmt.Sprint("token", len(s.known))
	s.known[name] = id
	s.send(&gatewayv1.WatchRequest{Command: &gatewayv1.WatchRequest_Token{Token: name}})
}

// A Watch stream can always be extended: it asks for a token and has a grace without a refresh key.
func TestWatchAsksForAToken(t *testing.T) {
	inBubble(t, func(w *streamTest) {
		s := w.watch(w.caller(time.Minute), &gatewayv1.WatchOptions{})
		s.add(1)
		w.at(2 * time.Minute)
		w.want("0s LOADING until 1m0s", "0s AUTHENTICATED until 1m0s", "0s 1=0 complete", "45s AUTHENTICATED until 1m0s needed by 59s",
			"59s AUTHENTICATED until 1m0s refreshing TOKEN_EXPIRED", "1m10s UNAUTHENTICATED TOKEN_EXPIRED", "1m10s end TOKEN_EXPIRED")
	})
}

// A set without a refresh key cannot be extended: no token is asked for, and there is no grace. With one it is as a Watch.
func TestWatchSetIsExtendedByItsKey(t *testing.T) {
	open := func(w *streamTest, options *gatewayv1.WatchOptions) {
		options.ValueFormat = gatewayv1.ValueFormat_VALUE_FORMAT_JSON
		stream := recorder[gatewayv1.WatchResponse]{ctx: auth.NewContext(w.ctx, w.caller(time.Minute)), send: func(r *gatewayv1.WatchResponse) {
			if r.Connection = nil; r.GetAuth() != nil || len(r.GetChanges()) > 0 {
				w.note("%s", w.textOf(r))
			}
		}}
		queries := []*gatewayv1.WatchQuery{{Target: 1, Path: "a:a"}}
		go func() {
			err := (&functionService{streams: w.Streams, limits: &call.Limits{}}).WatchSet(&gatewayv1.WatchSetRequest{Options: options, Queries: queries}, stream)
			if w.ctx.Err() == nil {
				w.note("end %s", call.ProblemOf(err).Reason)
			}
		}()
		synctest.Wait()
	}
	inBubbleOf(t, "without a key", func(w *streamTest) {
		open(w, &gatewayv1.WatchOptions{})
		w.at(2 * time.Minute)
		w.want("0s LOADING until 1m0s", "0s AUTHENTICATED until 1m0s", "0s 1=0 complete", "1m0s UNAUTHENTICATED TOKEN_EXPIRED", "1m0s end TOKEN_EXPIRED")
	})
	inBubbleOf(t, "with a key", func(w *streamTest) {
		open(w, &gatewayv1.WatchOptions{RefreshKey: streamKey})
		w.at(50 * time.Second)
		w.refresh(time.Minute)
		w.at(80 * time.Second)
		w.upstream.set("1")
		w.at(100 * time.Second)
		w.want("0s LOADING until 1m0s", "0s AUTHENTICATED until 1m0s", "0s 1=0 complete", "45s AUTHENTICATED until 1m0s needed by 59s",
			"1m20s 1=1 complete", "1m35s AUTHENTICATED until 1m50s needed by 1m49s")
	})
}

// No row leaves from a second before expiry on; with the next token, the newest of each target does.
func TestWatchIsSilentInItsGrace(t *testing.T) {
	inBubble(t, func(w *streamTest) {
		s := w.watch(w.caller(time.Minute), &gatewayv1.WatchOptions{})
		s.add(1)
		s.add(2)
		w.at(time.Minute)
		w.upstream.set("1")
		synctest.Wait()
		w.upstream.set("2")
		s.add(3)
		s.send(&gatewayv1.WatchRequest{Command: &gatewayv1.WatchRequest_Add{Add: &gatewayv1.WatchQuery{Target: 4, Path: "a b"}}})
		w.at(65 * time.Second)
		s.token(w.caller(time.Minute))
		w.upstream.set("3")
		w.at(100 * time.Second)
		w.want("0s LOADING until 1m0s", "0s AUTHENTICATED until 1m0s", "0s 1=0 complete", "0s 2=0 complete",
			"45s AUTHENTICATED until 1m0s needed by 59s", "59s AUTHENTICATED until 1m0s refreshing TOKEN_EXPIRED", "1m0s 4=INVALID_PATH",
			"1m5s AUTHENTICATED until 2m5s", "1m5s 1=2 2=2 3=2 complete", "1m5s 1=3 2=3 3=3 complete")
	})
}

// Tokens that are refused change nothing, but auth has the state in force with the reason.
func TestWatchRefusesTokens(t *testing.T) {
	inBubble(t, func(w *streamTest) {
		s := w.watch(w.caller(time.Minute), &gatewayv1.WatchOptions{})
		s.add(1)
		s.send(&gatewayv1.WatchRequest{Command: &gatewayv1.WatchRequest_Token{Token: "unknown"}})
		s.send(&gatewayv1.WatchRequest{Command: &gatewayv1.WatchRequest_Token{}})
		other := *w.caller(2 * time.Minute)
		other.Subject = "user_bob"
		s.token(&other)
		session := *w.caller(2 * time.Minute)
		session.SessionID = "sess_other"
		s.token(&session)
		s.token(w.caller(30 * time.Second))
		s.token(w.caller(time.Minute)) // the one that it has
		w.upstream.set("1")
		w.want("0s LOADING until 1m0s", "0s AUTHENTICATED until 1m0s", "0s 1=0 complete", "0s AUTHENTICATED until 1m0s BAD_SIGNATURE",
			"0s AUTHENTICATED until 1m0s MALFORMED", "0s AUTHENTICATED until 1m0s USER_MISMATCH", "0s AUTHENTICATED until 1m0s USER_MISMATCH",
			"0s AUTHENTICATED until 1m0s TOKEN_SUPERSEDED", "0s 1=1 complete")
	})
}

func TestAnonymousWatchTakesNoToken(t *testing.T) {
	inBubble(t, func(w *streamTest) {
		s := w.watch(nil, &gatewayv1.WatchOptions{})
		s.add(1)
		s.token(w.caller(time.Minute))
		w.at(2 * time.Minute)
		w.upstream.set("1")
		w.want("0s UNAUTHENTICATED NO_CREDENTIALS", "0s 1=0 complete", "0s UNAUTHENTICATED USER_MISMATCH", "2m0s 1=1 complete")
	})
}

// A token on a stream is for that stream alone; RefreshAuth is for all with the key.
func TestTokenOnAStreamIsForItAlone(t *testing.T) {
	inBubble(t, func(w *streamTest) {
		s := w.watch(w.caller(time.Minute), &gatewayv1.WatchOptions{RefreshKey: streamKey})
		w.subscribe(w.caller(time.Minute), &gatewayv1.SubscribeRequest{RefreshKey: streamKey})
		s.add(1)
		w.at(10 * time.Second)
		s.token(w.caller(2 * time.Minute))
		w.at(80 * time.Second)
		w.upstream.set("1")
		w.at(90 * time.Second)
		w.mu.Lock()
		w.events = slices.DeleteFunc(w.events, func(e string) bool { return strings.HasPrefix(e, "0s") })
		w.mu.Unlock()
		w.want("1m10s end TOKEN_EXPIRED", "1m20s 1=1 complete")
		w.refresh(10 * time.Minute)
		w.at(5 * time.Minute)
		w.upstream.set("2")
		w.want("1m10s end TOKEN_EXPIRED", "1m20s 1=1 complete", "5m0s 1=2 complete")
	})
}

// Two minutes of tokens that live for ten seconds: every value comes once, in its order.
func TestTokenSwapsLoseNothing(t *testing.T) {
	inBubble(t, func(w *streamTest) {
		s := w.watch(w.caller(10*time.Second), &gatewayv1.WatchOptions{})
		s.add(1)
		s.add(2)
		values := 0
		for at := 700 * time.Millisecond; at < 2*time.Minute; at += 700 * time.Millisecond {
			w.at(at)
			if values%10 == 5 {
				s.token(w.caller(10 * time.Second))
			}
			values++
			w.upstream.set(fmt.Sprint(values))
		}
		synctest.Wait()
		w.mu.Lock()
		defer w.mu.Unlock()
		got := 0
		for _, e := range w.events {
			_, text, _ := strings.Cut(e, " ")
			switch {
			case strings.HasPrefix(text, "1=") && got > 0 || strings.HasPrefix(text, "1=1 "):
				got++
				if want := fmt.Sprintf("1=%d 2=%d complete", got, got); text != want {
					t.Errorf("%s, want %s", e, want)
				}
			case strings.Contains(text, "refreshing"), strings.HasPrefix(text, "end"), strings.Contains(text, "RECONNECTING"):
				t.Error(e)
			}
		}
		if got != values || values < 150 {
			t.Errorf("%d of %d values: %q", got, values, w.events)
		}
	})
}

// Heartbeats repeat the link of the lowest group; while there is none, nothing has to be connected.
func TestHeartbeatOfWatch(t *testing.T) {
	inBubble(t, func(w *streamTest) {
		s := w.watch(nil, &gatewayv1.WatchOptions{Heartbeat: durationpb.New(10 * time.Second)})
		w.at(11 * time.Second)
		w.want("0s UNAUTHENTICATED NO_CREDENTIALS", "10s STATE_CONNECTING")
		s.send(&gatewayv1.WatchRequest{Command: &gatewayv1.WatchRequest_Add{Add: &gatewayv1.WatchQuery{Target: 1, Path: "a:b", Group: 9}}})
		s.send(&gatewayv1.WatchRequest{Command: &gatewayv1.WatchRequest_Add{Add: &gatewayv1.WatchQuery{Target: 2, Path: "a:c", Group: 7}}})
		w.at(22 * time.Second)
		w.wantLast("21s group 7 STATE_CONNECTED")
		s.send(&gatewayv1.WatchRequest{Command: &gatewayv1.WatchRequest_Remove{Remove: 2}})
		w.at(33 * time.Second)
		w.wantLast("31s group 9 STATE_CONNECTED")
	})
}

func (w *streamTest) wantLast(want string) {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if last := w.events[len(w.events)-1]; last != want {
		w.t.Errorf("%q, want %s at last", w.events, want)
	}
}

// Of two checkpoints, whatever the order of their times, each is asked for again until it is answered.
func TestOpenCheckpoints(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		asked []uint64
		read  uint64
		left  []uint64
	}{
		{[]uint64{5}, 5, nil}, {[]uint64{5, 9}, 7, []uint64{9}}, {[]uint64{9, 5}, 7, []uint64{9}}, {[]uint64{0, 9}, 3, []uint64{9}},
		{[]uint64{9, 10}, 3, []uint64{10}}, {nil, 3, nil},
	} {
		g := &watchGroup{asked: test.asked}
		if g.answered(test.read); !slices.Equal(g.asked, test.left) {
			t.Errorf("%v read at %d: %v are left, want %v", test.asked, test.read, g.asked, test.left)
		}
	}
}

// The end of a stream while its client may send commands is passed on without one.
func TestWatchEndsWithoutACommand(t *testing.T) {
	for reason, end := range map[string]func(w *streamTest){
		"DRAINING":   func(w *streamTest) { w.drain() },
		"SIGNED_OUT": func(w *streamTest) { w.Sessions.SignOut(w.caller(time.Minute)) },
	} {
		inBubbleOf(t, reason, func(w *streamTest) {
			s := w.watch(w.caller(time.Minute), &gatewayv1.WatchOptions{})
			s.add(1)
			w.at(time.Second)
			end(w)
			synctest.Wait()
			w.mu.Lock()
			defer w.mu.Unlock()
			last := w.events[len(w.events)-1]
			if last != "1s end "+reason || (reason == "SIGNED_OUT") != slices.Contains(w.events, "1s UNAUTHENTICATED SIGNED_OUT") {
				w.t.Errorf("%q", w.events)
			}
		})
	}
}

func inBubbleOf(t *testing.T, name string, test func(w *streamTest)) {
	t.Run(name, func(t *testing.T) { inBubble(t, test) })
}
