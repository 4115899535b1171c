package live

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/convex"
	"convexgateway/convex/live/protocol"
	"convexgateway/convex/websocket"
	"convexgateway/internal/syncfake"
)

// told collects what a subscriber is told, in order, until it is closed.
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
				continue // it was signalled while the reader was on its way
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

// One of those who share an identity asks for what ends the socket. The hundred others lose it and have it again.
func TestPoisonQueryFailsAlone(t *testing.T) {
	closing := func(code int, reason string) func(*syncfake.Socket) {
		return func(s *syncfake.Socket) { s.End(code, reason) }
	}
	for _, tt := range []struct {
		name  string
		fate  func(*syncfake.Socket) // nil: FatalError
		early bool                   // the hostile is there before the first socket
		class convex.Class
		ends  int // sockets that end over it
	}{
		{name: "FatalError", class: convex.Refused, ends: 1},
		{name: "FatalError from the start", class: convex.Refused, early: true, ends: 2},
		{name: "1013", fate: closing(1013, "TooManyConcurrentRequests"), class: convex.Unavailable, ends: 4},
		{name: "1011", fate: closing(1011, "InternalServerError"), class: convex.Unavailable, ends: 4},
		{name: "1011 from the start", fate: closing(1011, "InternalServerError"), early: true, class: convex.Unavailable, ends: 4},
	} {
		bubble(t, tt.name, func(t *testing.T) {
			w := newModel(nil)
			if tt.fate != nil {
				w.endSocket = tt.fate
			}
			p := syncfake.New(t)
			p.Serve = w.serve
			c := newClient(t, p.Listener, Options{Silence: time.Hour})
			ada := credential("ada", 1, time.Hour)
			var innocents []func() []string
			var hostile *Subscription
			for i := range 100 {
				if i == 50 && tt.early {
					hostile = subscribe(t, c, ada, "hostile:q")
				}
				sub := subscribe(t, c, ada, fmt.Sprintf("m:f%d", i))
				innocents = append(innocents, states(t, sub))
			}
			time.Sleep(time.Second / 2)
			if !tt.early {
				hostile = subscribe(t, c, ada, "hostile:q")
			}
			time.Sleep(2 * time.Minute)
			synctest.Wait()
			var e *convex.DeploymentError
			if state := hostile.State(); !errors.As(state.Err, &e) || e.Class != tt.class {
				t.Errorf("the hostile is at %q", state.text())
			}
			if w.opened != tt.ends+1 {
				t.Errorf("%d sockets were opened; want %d", w.opened, tt.ends+1)
			}
			for i, list := range innocents {
				checkUnaffected(t, i, list())
			}
			for _, e := range w.errors {
				t.Error(e)
			}
		})
	}
}

// checkInnocent checks that one got its value once, and lost the link only to have it again.
func checkUnaffected(t *testing.T, i int, list []string) {
	t.Helper()
	value := fmt.Sprintf(`"ada m:f%d 0"`, i)
	valued := false
	for _, text := range list {
		switch {
		case strings.HasSuffix(text, value):
			valued = true
		case strings.HasPrefix(text, "ended"), valued:
			t.Errorf("innocent %d is told %q", i, list)
			return
		}
	}
	if last := list[len(list)-1]; last != "connected confirmed "+value {
		t.Errorf("innocent %d ends with %q", i, last)
	}
	for n := 1; n < len(list); n++ {
		if list[n] == list[n-1] {
			t.Errorf("innocent %d is told twice: %q", i, list)
		}
	}
}

// suspected is a session with two suspect queries, and a mutation that was answered and not covered.
func quarantined(t *testing.T) (sub, b, d *Subscription, m running, s *syncfake.Socket) {
	t.Helper()
	p, c, sub, s := connected(t, Options{Linger: -1}, anonymous)
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

// Suspects count as not connected, and nobody's write is called readable, until all are back.
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

// Requests wait for no suspects that have gone.
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

// Whoever asks again and again for what is known to end the socket does so once in a while only.
func TestPoisonQueryIsTriedAgainRarely(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newModel(nil)
		p := syncfake.New(t)
		p.Serve = w.serve
		c := newClient(t, p.Listener, Options{Silence: time.Hour})
		innocent := states(t, subscribe(t, c, anonymous, "m:f0"))
		start := time.Now()
		for time.Since(start) < 10*time.Minute {
			sub := subscribe(t, c, anonymous, "hostile:q")
			for sub.State().Err == nil {
				if _, err := sub.Next(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			time.Sleep(10 * time.Millisecond)
		}
		if w.opened < 5 || w.opened > 12 {
			t.Errorf("%d sockets in ten minutes", w.opened)
		}
		if list := innocent(); len(list) > 30 {
			t.Errorf("the innocent is told %q", list)
		}
	})
}

func TestPoisonMutation(t *testing.T) {
	for _, fatal := range []bool{true, false} {
		bubble(t, fmt.Sprint("fatal ", fatal), func(t *testing.T) {
			w := newModel(nil)
			if !fatal {
				w.endSocket = func(s *syncfake.Socket) { s.End(1013, "OptimisticConcurrencyControlFailure") }
			}
			p := syncfake.New(t)
			p.Serve = w.serve
			c := newClient(t, p.Listener, Options{Silence: time.Hour})
			innocent := states(t, subscribe(t, c, anonymous, "m:f0"))
			time.Sleep(time.Second)
			var runs []running
			for i, path := range []string{"m:a", "hostile:m", "m:b", "m:c"} {
				call := convex.Call{Kind: convex.Mutation, Path: mustPath(t, path), Args: fmt.Appendf(nil, `{"who":"nobody","n":%d}`, i)}
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
						t.Errorf("the hostile ends with %+v", o)
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
			list := innocent()
			if last := list[len(list)-1]; last != `connected confirmed "nobody m:f0 3"` {
				t.Errorf("the innocent ends with %q", last)
			}
		})
	}
}

func TestWhichEndsMayBePoison(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want bool
	}{
		{websocket.CloseError{Code: 1011, Reason: "InternalServerError"}, true},
		{fmt.Errorf("x: %w", websocket.CloseError{Code: 1013, Reason: "TooManyConcurrentRequests"}), true},
		{websocket.CloseError{Code: 1013, Reason: "AuthProviderDiscoveryFailed"}, false},
		{websocket.CloseError{Code: 1000, Reason: "NotFound"}, false},
		{websocket.CloseError{Code: 1012}, false},
		{errSilence, false},
		{protocol.ErrProtocol, false},
	} {
		if got := mayBePoison(tt.err, closeReason(tt.err)); got != tt.want {
			t.Errorf("%v: %t", tt.err, got)
		}
	}
}
