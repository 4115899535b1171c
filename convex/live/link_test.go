package live

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/internal/memnet"
	"convexgateway/internal/syncfake"
)

func TestLinkStates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		c := newClient(t, p.Listener, Options{})
		p.Refuse <- 503
		sub := subscribe(t, c, credential("ada", 1, time.Hour), "a:a")
		sub.has(t, "connecting")
		s := p.Socket()
		s.Greeting(true)
		sub.unchanged(t)
		s.Version = syncfake.At(0, 0, 1)
		s.Send("%s", syncfake.Transition(syncfake.Version{}, s.Version))
		sub.unchanged(t) // it covers neither the token nor the query
		s.Send("%s", syncfake.Transition(s.Version, syncfake.At(0, 1, 2)))
		s.Version = syncfake.At(0, 1, 2)
		sub.unchanged(t)
		s.Answer(3)
		sub.changed(t, "connected confirmed")
		s.Answer(4, syncfake.Updated(0, `1`))
		sub.changed(t, "connected confirmed 1")
		s.Cut()
		sub.changed(t, "reconnecting confirmed 1")
		late := subscribe(t, c, credential("ada", 1, time.Hour), "a:a")
		late.changed(t, "reconnecting confirmed 1")
		s = p.Socket()
		s.Greeting(true)
		sub.unchanged(t)
		s.Answer(5, syncfake.Updated(0, `1`))
		sub.changed(t, "connected confirmed 1")
		s.Cut()
		sub.changed(t, "reconnecting confirmed 1")
		s = p.Socket()
		s.Greeting(true)
		s.Answer(6, syncfake.Updated(0, `2`))
		sub.changed(t, "connected confirmed 2")
	})
}

func TestEqualResultsAfterReconnectAreTheSame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		sub := subscribe(t, newClient(t, p.Listener, Options{}), anonymous, "a:a")
		s := p.Socket()
		s.Greeting(false)
		s.Answer(1, syncfake.Updated(0, `[1]`))
		before := sub.has(t, "connected confirmed [1]").Result
		s.Cut()
		s = p.Socket()
		s.Greeting(false)
		s.Answer(2, syncfake.Updated(0, `[1]`))
		if after := sub.has(t, "connected confirmed [1]").Result; after != before {
			t.Error("an unchanged result was replaced")
		}
	})
}

func TestReconnectStartsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		c := newClient(t, p.Listener, Options{})
		ada := credential("ada", 1, time.Hour)
		subscribe(t, c, ada, "a:a")
		s := p.Socket()
		first := s.Greeting(true)
		if m := first.Connect; m.LastCloseReason != "InitialConnect" || m.ConnectionCount != 0 || m.MaxObservedTimestamp != nil ||
			m.ClientTS != time.Now().UnixMilli() || len(m.SessionID) != 36 {
			t.Errorf("%+v", m)
		}
		gone := subscribe(t, c, ada, "b:b")
		s.Next("ModifyQuerySet")
		s.Answer(77, syncfake.Updated(0, `1`), `{"type":"QueryUpdated","queryId":1,"value":2,"logLines":[],"journal":"j1"}`)
		s.End(1011, "InternalServerError")
		synctest.Wait()
		subscribe(t, c, ada, "c:c") // while there is no socket
		s = p.Socket()
		g := s.Greeting(true)
		if m := g.Connect; m.LastCloseReason != "InternalServerError" || m.ConnectionCount != 1 || *m.MaxObservedTimestamp != 77 ||
			m.SessionID != first.Connect.SessionID {
			t.Errorf("%+v", m)
		}
		if g.Token != "ada#1" || g.Set.Calls() != "+0 a:a{} +1 b:b{} +2 c:c{}" || *g.Set.Modifications[1].Journal != "j1" {
			t.Errorf("%+v", g)
		}
		s.Cut()
		synctest.Wait()
		gone.Close()
		time.Sleep(time.Second) // within the linger
		s = p.Socket()
		if g := s.Greeting(true); g.Connect.LastCloseReason != "ConnectionLost" || g.Connect.ConnectionCount != 2 || g.Set.Calls() != "+0 a:a{} +1 b:b{} +2 c:c{}" {
			t.Errorf("%+v", g)
		}
	})
}

// Base delays of the backoff by what ended the socket, each doubled until everything is confirmed.
func TestBackoff(t *testing.T) {
	cut := func(s *syncfake.Socket) { s.Cut() }
	closing := func(code int, reason string) func(*syncfake.Socket) {
		return func(s *syncfake.Socket) { s.End(code, reason) }
	}
	const ms = time.Millisecond
	for _, tt := range []struct {
		name string
		end  func(*syncfake.Socket)
		base time.Duration
	}{
		{"cut", cut, 100 * ms},
		{"close without reason", closing(1005, ""), time.Second},
		{"deployment not found", closing(4040, ""), time.Second},
		{"InternalServerError", closing(1011, "InternalServerError"), time.Second},
		{"OptimisticConcurrencyControlFailure", closing(1013, "OptimisticConcurrencyControlFailure"), 100 * ms},
		{"TooManyWrites", closing(1013, "TooManyWrites"), 3 * time.Second},
		{"AuthProviderDiscoveryFailed", closing(1013, "AuthProviderDiscoveryFailed"), time.Second},
		{"TooManyConcurrentRequests", closing(1013, "TooManyConcurrentRequests"), 3 * time.Second},
		{"CommitterFullError", closing(1013, "CommitterFullError: more"), 3 * time.Second},
		{"ExpiredInQueue", closing(1013, "ExpiredInQueue"), 3 * time.Second},
		{"protocol error", func(s *syncfake.Socket) { s.Send(`{"type":"Transition"}`); s.Gone() }, time.Second},
		{"binary message", func(s *syncfake.Socket) { _ = s.Conn.Write(context.Background(), 2, []byte("{}")); s.Gone() }, time.Second},
	} {
		bubble(t, tt.name, func(t *testing.T) {
			p := syncfake.New(t)
			subscribe(t, newClient(t, p.Listener, Options{}), anonymous, "a:a")
			s := p.Socket()
			longest := 16 * time.Second
			if tt.name == "AuthProviderDiscoveryFailed" {
				longest = 4 * time.Second
			}
			for i := range 8 {
				s.Greeting(false)
				start := time.Now()
				tt.end(s)
				s = p.Socket()
				if want := min(tt.base<<i, longest); time.Since(start) != want {
					t.Errorf("retry %d after %v; want %v", i, time.Since(start), want)
				}
			}
			s.Greeting(false)
			s.Answer(1)
			synctest.Wait()
			start := time.Now()
			tt.end(s)
			if p.Socket(); time.Since(start) != tt.base {
				t.Errorf("after all is confirmed it takes %v; want %v", time.Since(start), tt.base)
			}
		})
	}
}

func TestBackoffIsNotResetByHalfAnAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		subscribe(t, newClient(t, p.Listener, Options{}), credential("ada", 1, time.Hour), "a:a")
		for i := range 4 {
			s := p.Socket()
			s.Greeting(true)
			s.Send("%s", syncfake.Transition(syncfake.Version{}, syncfake.At(1, 0, 1)))
			s.Send(`{"type":"Ping"}`)
			synctest.Wait()
			start := time.Now()
			s.Cut()
			s = p.Socket()
			if want := 100 * time.Millisecond << (2 * i); time.Since(start) != want {
				t.Errorf("retry %d after %v; want %v", i, time.Since(start), want)
			}
			s.Cut()
		}
	})
}

func TestUnreachableDeployment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		for range 6 {
			p.Refuse <- 502
		}
		start := time.Now()
		sub := subscribe(t, newClient(t, p.Listener, Options{}), anonymous, "a:a")
		s := p.Socket()
		if got := time.Since(start); got != 6300*time.Millisecond { // 100 ms · (2^6 - 1)
			t.Errorf("connected after %v", got)
		}
		s.Greeting(false)
		s.Answer(1, syncfake.Updated(0, `1`))
		sub.has(t, "connected confirmed 1")
	})
}

func TestSilentDeploymentIsDisconnected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		sub := subscribe(t, newClient(t, p.Listener, Options{}), anonymous, "a:a")
		s := p.Socket()
		s.Greeting(false)
		for range 10 {
			time.Sleep(44 * time.Second)
			s.Send(`{"type":"Ping"}`)
		}
		s.Answer(1, syncfake.Updated(0, `1`))
		sub.changed(t, "connected confirmed 1")
		start := time.Now()
		s.Gone()
		if got := time.Since(start); got != 45*time.Second {
			t.Errorf("disconnected after %v", got)
		}
		sub.changed(t, "reconnecting confirmed 1")
		s = p.Socket()
		if g := s.Greeting(false); g.Connect.LastCloseReason != "InactiveServer" || time.Since(start) != 45100*time.Millisecond {
			t.Errorf("%+v after %v", g.Connect, time.Since(start))
		}
		s.Gone() // one that never sends anything is disconnected as well
		p.Socket()
	})
}

func TestPingsAreAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		subscribe(t, newClient(t, p.Listener, Options{}), anonymous, "a:a")
		s := p.Socket()
		s.Greeting(false)
		if err := s.Conn.Ping(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestProtocolErrors(t *testing.T) {
	for name, message := range map[string]string{
		"another start":  syncfake.Transition(syncfake.At(7, 0, 1), syncfake.At(7, 0, 2), syncfake.Updated(0, `"wrong"`)),
		"going back":     syncfake.Transition(syncfake.At(1, 0, 5), syncfake.At(1, 0, 4), syncfake.Updated(0, `"wrong"`)),
		"never sent":     syncfake.Transition(syncfake.At(1, 0, 5), syncfake.At(9, 0, 6), syncfake.Updated(0, `"wrong"`)),
		"not a message":  `"wrong"`,
		"half a message": `{"type":"Transition","startVersion":`,
		"another kind of modification": syncfake.Transition(syncfake.At(1, 0, 5), syncfake.At(1, 0, 6), syncfake.Updated(0, `"wrong"`),
			`{"type":"QueryPaused","queryId":0}`),
	} {
		bubble(t, name, func(t *testing.T) {
			p := syncfake.New(t)
			sub := subscribe(t, newClient(t, p.Listener, Options{}), anonymous, "a:a")
			s := p.Socket()
			s.Greeting(false)
			s.Answer(5, syncfake.Updated(0, `"right"`))
			sub.changed(t, `connected confirmed "right"`)
			s.Send("%s", message)
			s.Gone()
			sub.changed(t, `reconnecting confirmed "right"`)
			s = p.Socket()
			if g := s.Greeting(false); *g.Connect.MaxObservedTimestamp != 5 || g.Set.Calls() != "+0 a:a{}" {
				t.Errorf("%+v", g)
			}
			s.Answer(6, syncfake.Updated(0, `"new"`))
			sub.changed(t, `connected confirmed "new"`)
		})
	}
}

func TestUnusedMessagesAreIgnored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		sub := subscribe(t, newClient(t, p.Listener, Options{}), anonymous, "a:a")
		s := p.Socket()
		s.Greeting(false)
		for _, text := range []string{
			`{"type":"TransitionChunk","chunk":"{\"type\":\"Transition\",\"startVersion\":{\"querySet\":0,","partNumber":0,"totalParts":2,"transitionId":"5000123"}`,
			`{"type":"SomethingNew","error":{"code":1},"modifications":7,"startVersion":null,"baseVersion":"x","authUpdateAttempted":[]}`,
			// responses to requests that it does not have
			`{"type":"MutationResponse","requestId":0,"success":true,"result":null,"ts":"AGUkz6QXghg=","logLines":[]}`,
			`{"type":"MutationResponse","requestId":2,"success":false,"result":"[Request ID: 00c0ffee00c0ffee] Server Error\nUncaught ConvexError: {\"code\":\"FULL\"}\n","ts":null,"logLines":["[WARN] 'room full'"],"errorData":{"code":"FULL"}}`,
			`{"type":"ActionResponse","requestId":1,"success":true,"result":{"sent":true},"logLines":[]}`,
			`{"type":"ActionResponse","requestId":3,"success":false,"result":"[Request ID: 00c0ffee00c0ffee] Server Error\n","logLines":[]}`,
			`{"logLines":null,"ts":"AQAAAAAAAAA=","result":[1],"new":{},"success":true,"requestId":4294967295,"type":"MutationResponse"}`,
			`{"type":"ActionResponse","requestId":3,"success":false,"result":"x","errorData":null}`,
		} {
			s.Send("%s", text)
		}
		s.Answer(1, syncfake.Updated(0, `1`), syncfake.Updated(17, `2`))
		sub.changed(t, "connected confirmed 1")
		s.Quiet()
	})
}

func TestStaleSocketIsIgnored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		sub := subscribe(t, newClient(t, p.Listener, Options{}), anonymous, "a:a")
		old := p.Socket()
		old.Greeting(false)
		old.Answer(1, syncfake.Updated(0, `1`))
		old.End(1000, "bye")
		s := p.Socket()
		s.Greeting(false)
		s.Answer(2, syncfake.Updated(0, `2`))
		sub.changed(t, "connected confirmed 2")
		time.Sleep(44 * time.Second) // past the old socket's silence
		s.Send(`{"type":"Ping"}`)
		time.Sleep(44 * time.Second)
		sub.unchanged(t)
	})
}

func TestDialTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := memnet.Listen() // no connection is accepted
		t.Cleanup(func() { l.Close() })
		subscribe(t, newClient(t, l, Options{}), anonymous, "a:a")
		time.Sleep(time.Minute)
		var at []time.Duration
		start := <-l.Dials
		for len(l.Dials) > 0 {
			at = append(at, (<-l.Dials).Sub(start))
		}
		if want := []time.Duration{20100 * time.Millisecond, 40300 * time.Millisecond}; !slices.Equal(at, want) {
			t.Errorf("dialed again after %v; want %v", at, want)
		}
	})
}
