package live

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/convex"
	"convexgateway/convex/live/protocol"
	"convexgateway/convex/live/transport"
	"convexgateway/convex/websocket"
	"convexgateway/internal/syncfake"
)

// states collects the states of a subscriber, in order, until it is closed.
func states(t *testing.T, sub *Subscription) func() []string {
	var list []string
	var last State
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			state, err := sub.Next(t.Context())
			if err != nil || errors.Is(state.Err, ErrClosed) {
				return
			}
			if state == last {
				continue // a second signal for the same state
			}
			last, list = state, append(list, state.text())
			if state.Err != nil {
				return
			}
		}
	}()
	return func() []string {
		synctest.Wait()
		sub.Close()
		<-ended
		return list
	}
}

// One of the subscribers of an identity has a poison query. The hundred others lose the socket and have it again.
func TestPoisonQueryFailsAlone(t *testing.T) {
	closing := func(code int, reason string) func(*syncfake.Socket) {
		return func(s *syncfake.Socket) { s.End(code, reason) }
	}
	for _, tt := range []struct {
		name    string
		end     func(*syncfake.Socket) // nil: FatalError
		early   bool                   // the poison is there before the first socket
		class   convex.Class
		sockets int // of an identity; 0: as many as usual
		opened  int // at most
		lost    int // by the others, at most
	}{
		{name: "FatalError", class: convex.Refused, sockets: 1, opened: 2, lost: 1},
		{name: "FatalError from the start", class: convex.Refused, sockets: 1, early: true, opened: 3, lost: 2},
		{name: "1013", end: closing(1013, "TooManyConcurrentRequests"), class: convex.Unavailable, sockets: 1, opened: 5, lost: 4},
		{name: "1011", end: closing(1011, "InternalServerError"), class: convex.Unavailable, sockets: 1, opened: 5, lost: 4},
		{name: "1011 from the start", end: closing(1011, "InternalServerError"), sockets: 1, early: true, class: convex.Unavailable, opened: 5, lost: 4},
		{name: "FatalError, beside", class: convex.Refused, opened: 2, lost: 1},
		{name: "FatalError from the start, beside", class: convex.Refused, early: true, opened: 16, lost: 1},
		{name: "1013, beside", end: closing(1013, "TooManyConcurrentRequests"), class: convex.Unavailable, opened: 7, lost: 2},
		{name: "1011, beside", end: closing(1011, "InternalServerError"), class: convex.Unavailable, opened: 7, lost: 2},
		{name: "1011 from the start, beside", end: closing(1011, "InternalServerError"), early: true, class: convex.Unavailable, opened: 18, lost: 2},
	} {
		bubble(t, tt.name, func(t *testing.T) {
			w := newModel(nil)
			if tt.end != nil {
				w.endSocket = tt.end
			}
			p := syncfake.New(t)
			p.Serve = w.serve
			if tt.early {
				p.Refuse <- http.StatusServiceUnavailable // all have subscribed by the second dial, and go in one message
			}
			c := newClient(t, p.Listener, Options{Silence: time.Hour, SocketsPerIdentity: tt.sockets})
			ada := credential("ada", 1, time.Hour)
			var others []func() []string
			var poison *Subscription
			for i := range 100 {
				if i == 50 && tt.early {
					poison = subscribe(t, c, ada, "poison:q")
				}
				sub := subscribe(t, c, ada, fmt.Sprintf("m:f%d", i))
				others = append(others, states(t, sub))
			}
			time.Sleep(time.Second / 2)
			if !tt.early {
				poison = subscribe(t, c, ada, "poison:q")
			}
			time.Sleep(2 * time.Minute)
			synctest.Wait()
			var e *convex.DeploymentError
			if state := poison.State(); !errors.As(state.Err, &e) || e.Class != tt.class {
				t.Errorf("the poison query is at %q", state.text())
			}
			if w.opened > tt.opened {
				t.Errorf("%d sockets were opened", w.opened)
			}
			for i, list := range others {
				all := list()
				checkUnaffected(t, i, all)
				lost := 0
				for n, text := range all {
					if n > 0 && strings.HasPrefix(text, "reconnecting") && !strings.HasPrefix(all[n-1], "reconnecting") {
						lost++
					}
				}
				if lost > tt.lost {
					t.Errorf("subscriber %d has lost its link %d times: %q", i, lost, all)
				}
			}
			for _, e := range w.errors {
				t.Error(e)
			}
		})
	}
}

// checkUnaffected checks that a subscriber got its value once, and has the link again after each loss.
func checkUnaffected(t *testing.T, i int, list []string) {
	t.Helper()
	value := fmt.Sprintf(`"ada m:f%d 0"`, i)
	valued := false
	for _, text := range list {
		switch {
		case strings.HasSuffix(text, value):
			valued = true
		case strings.HasPrefix(text, "ended"), valued:
			t.Errorf("subscriber %d gets %q", i, list)
			return
		}
	}
	if last := list[len(list)-1]; last != "connected confirmed "+value {
		t.Errorf("subscriber %d ends with %q", i, last)
	}
	for n := 1; n < len(list); n++ {
		if list[n] == list[n-1] {
			t.Errorf("subscriber %d gets a state twice: %q", i, list)
		}
	}
}

// quarantined is a session with two quarantined queries, and a mutation that was answered and not covered.
func quarantined(t *testing.T) (sub, b, d *Subscription, m running, s *syncfake.Socket) {
	t.Helper()
	p, c, sub, s := connected(t, Options{Linger: -1, SocketsPerIdentity: 1}, anonymous)
	m = mutate(t, c, anonymous, "m:a")
	expectRequests(t, s, "#0 m:a{}")
	s.Respond(0, `1`, 20)
	b, d = subscribe(t, c, anonymous, "b:b"), subscribe(t, c, anonymous, "d:d")
	s.Next("ModifyQuerySet")
	s.Next("ModifyQuerySet")
	s.Send(`{"type":"FatalError","error":"x"}`)
	s.Gone()
	s = p.Socket()
	if g := s.Greeting(false); g.Set.Calls() != "+0 a:a{}" {
		t.Errorf("%+v", g)
	}
	s.Quiet()
	return sub, b, d, m, s
}

// Quarantined queries count as not connected, and no mutation ends, until all are live again.
func TestQuarantinedQueriesReturnOneByOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sub, b, d, m, s := quarantined(t)
		b.changed(t, "reconnecting confirmed")
		s.Answer(25, syncfake.Updated(0, `"new"`))
		sub.changed(t, `connected confirmed "new"`)
		b.unchanged(t)
		if got := s.Next("ModifyQuerySet").Calls(); got != "+1 b:b{}" {
			t.Errorf("got %s", got)
		}
		s.Quiet()
		s.Answer(26, syncfake.Updated(1, `1`))
		b.changed(t, "connected confirmed 1")
		d.changed(t, "reconnecting confirmed")
		m.waits(t)
		if got := s.Next("ModifyQuerySet").Calls(); got != "+2 d:d{}" {
			t.Errorf("got %s", got)
		}
		s.Quiet()
		s.Answer(27)
		d.changed(t, "connected confirmed")
		m.returns(t, `1`, 20)
		s.Quiet()
	})
}

// Requests do not wait for quarantined queries that were removed.
// A newcomer does not wait for all slow queries that are quarantined, but for one of them.
func TestNewcomerBesideSlowQuarantinedQueries(t *testing.T) {
	bubble(t, "", func(t *testing.T) {
		const slow = 400 * time.Millisecond
		var ended atomic.Int32 // sockets, while the slow queries were under way
		p := syncfake.New(t)
		p.Serve = func(s *syncfake.Socket) {
			for ts := syncfake.Timestamp(1); ; ts++ {
				m, err := s.Read()
				if err != nil {
					return
				}
				_ = s.Take(m)
				if m.Type != "ModifyQuerySet" {
					continue
				}
				var results []string
				for _, mod := range m.Modifications {
					if mod.Type == "Add" && strings.HasPrefix(mod.UDFPath, "slow") {
						if ended.Add(1) <= 2 {
							s.End(1013, "TooManyConcurrentRequests")
							return
						}
						time.Sleep(slow)
					}
					results = append(results, syncfake.Updated(mod.QueryID, "1"))
				}
				if s.TryAnswer(ts, results...) != nil {
					return
				}
			}
		}
		c := newClient(t, p.Listener, Options{Silence: time.Hour, SocketsPerIdentity: 1})
		for i := range 60 {
			subscribe(t, c, anonymous, fmt.Sprintf("slow:f%d", i))
		}
		first := subscribe(t, c, anonymous, "m:first")
		for ended.Load() < 2 || first.State().Link != Connected {
			time.Sleep(slow)
			synctest.Wait()
		}
		for i := range 5 {
			began := time.Now()
			newcomer := subscribe(t, c, anonymous, fmt.Sprintf("m:f%d", i))
			for newcomer.State().Result == nil {
				time.Sleep(10 * time.Millisecond)
				synctest.Wait()
			}
			if took := time.Since(began); took > 3*slow {
				t.Errorf("newcomer %d has its value after %v", i, took)
			}
		}
		_ = c.Close()
		pass(slow) // the deployment may run a query
	})
}

func TestQuarantinedQueriesAreRemoved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, b, d, m, s := quarantined(t)
		b.Close()
		s.Quiet()
		d.Close()
		expectRequests(t, s, "#0 m:a{}")
		s.Answer(25)
		m.returns(t, `1`, 20)
	})
}

// A poison query that is subscribed to again and again ends the socket once in a while only.
func TestPoisonQueryIsTriedAgainRarely(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newModel(nil)
		p := syncfake.New(t)
		p.Serve = w.serve
		c := newClient(t, p.Listener, Options{Silence: time.Hour})
		other := states(t, subscribe(t, c, anonymous, "m:f0"))
		start := time.Now()
		for time.Since(start) < 10*time.Minute {
			sub := subscribe(t, c, anonymous, "poison:q")
			for sub.State().Err == nil {
				if _, err := sub.Next(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			time.Sleep(10 * time.Millisecond)
		}
		if w.opened < 5 || w.opened > 16 {
			t.Errorf("%d sockets in ten minutes", w.opened)
		}
		if list := other(); len(list) > 30 {
			t.Errorf("the other subscriber gets %q", list)
		}
	})
}

func TestPoisonMutation(t *testing.T) {
	for _, fatal := range []bool{true, false} {
		bubble(t, fmt.Sprint("fatal ", fatal), func(t *testing.T) {
			w := newModel(nil)
			if !fatal {
				w.endSocket = func(s *syncfake.Socket) { s.End(1011, "InternalServerError") }
			}
			p := syncfake.New(t)
			p.Serve = w.serve
			c := newClient(t, p.Listener, Options{Silence: time.Hour})
			other := states(t, subscribe(t, c, anonymous, "m:f0"))
			time.Sleep(time.Second)
			var runs []running
			for i, path := range []string{"m:a", "poison:m", "m:b", "m:c"} {
				call := convex.Call{Kind: convex.Mutation, Path: mustPath(t, path), Args: fmt.Appendf(nil, `{"who":"anonymous","n":%d}`, i)}
				r := running{path, make(chan outcome, 1)}
				go func() {
					time.Sleep(time.Duration(i)) // in this order, and all under way at once
					result, ran, err := c.Run(t.Context(), anonymous, call)
					r.ended <- outcome{result, ran, err}
				}()
				runs = append(runs, r)
			}
			time.Sleep(time.Minute)
			for i, r := range runs {
				if o := r.outcome(t); i == 1 {
					var e *convex.DeploymentError
					if !errors.As(o.err, &e) || e.Class != convex.OutcomeUnknown {
						t.Errorf("the poison mutation ends with %+v", o)
					}
				} else if o.err != nil {
					t.Errorf("%s ends with %+v", r.name, o)
				}
			}
			for _, list := range w.applied {
				if !slices.Equal(list, []int{0, 2, 3}) {
					t.Errorf("applied are %v", list)
				}
			}
			list := other()
			if last := list[len(list)-1]; last != `connected confirmed "anonymous m:f0 3"` {
				t.Errorf("the other subscriber ends with %q", last)
			}
		})
	}
}

// Which ends of a socket may be due to poison, and which say that nothing of a mutation is committed.
func TestEndings(t *testing.T) {
	const none = convex.Class(-1)
	for _, tt := range []struct {
		err        error
		poison     bool
		rolledBack convex.Class
	}{
		{websocket.CloseError{Code: 1011, Reason: "InternalServerError"}, true, none},
		{fmt.Errorf("x: %w", websocket.CloseError{Code: 1013, Reason: "TooManyConcurrentRequests"}), true, convex.RateLimited},
		{websocket.CloseError{Code: 1013, Reason: "ExpiredInQueue"}, true, convex.Unavailable},
		{websocket.CloseError{Code: 1013, Reason: "TooManyWrites"}, false, convex.RateLimited},
		{websocket.CloseError{Code: 1013, Reason: "OptimisticConcurrencyControlFailure"}, false, convex.WriteConflict},
		{websocket.CloseError{Code: 1013, Reason: "SearchIndexesUnavailable"}, true, none},
		{websocket.CloseError{Code: 1013, Reason: "AuthProviderDiscoveryFailed"}, false, none},
		{websocket.CloseError{Code: 1000, Reason: "NotFound"}, false, none},
		{websocket.CloseError{Code: 1012}, false, none},
		{errSilence, false, none},
		{protocol.ErrProtocol, false, none},
	} {
		got, rolledBack := endingOf(tt.err, transport.CloseReason(tt.err)), none
		if got.RolledBack != nil {
			rolledBack = got.RolledBack.Class
		}
		if (got.Err != nil) != tt.poison || rolledBack != tt.rolledBack {
			t.Errorf("%v: %+v", tt.err, got)
		}
	}
}
