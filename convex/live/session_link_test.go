package live

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/internal/memnet"
)

func TestLinkStates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPeer(t)
		c := p.client(Options{})
		p.refuse <- 503
		sub := subscribe(t, c, credential("ada", 1, time.Hour), "a:a")
		sub.has(t, "connecting")
		s := p.socket()
		s.greeting(true)
		sub.notTold(t)
		s.version = version{0, 0, 1}
		s.send("%s", transitionJSON(version{}, s.version))
		sub.notTold(t) // it covers neither the token nor the query
		s.send("%s", transitionJSON(s.version, version{0, 1, 2}))
		s.version = version{0, 1, 2}
		sub.notTold(t)
		s.answer(3)
		sub.told(t, "connected confirmed")
		s.answer(4, updatedJSON(0, `1`))
		sub.told(t, "connected confirmed 1")
		s.cut()
		sub.told(t, "reconnecting confirmed 1")
		late := subscribe(t, c, credential("ada", 1, time.Hour), "a:a")
		late.told(t, "reconnecting confirmed 1")
		s = p.socket()
		s.greeting(true)
		sub.notTold(t)
		s.answer(5, updatedJSON(0, `1`))
		sub.told(t, "connected confirmed 1")
		s.cut()
		sub.told(t, "reconnecting confirmed 1")
		s = p.socket()
		s.greeting(true)
		s.answer(6, updatedJSON(0, `2`))
		sub.told(t, "connected confirmed 2")
	})
}

func TestEqualResultsAfterReconnectAreTheSame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPeer(t)
		sub := subscribe(t, p.client(Options{}), anonymous, "a:a")
		s := p.socket()
		s.greeting(false)
		s.answer(1, updatedJSON(0, `[1]`))
		before := sub.has(t, "connected confirmed [1]").Result
		s.cut()
		s = p.socket()
		s.greeting(false)
		s.answer(2, updatedJSON(0, `[1]`))
		if after := sub.has(t, "connected confirmed [1]").Result; after != before {
			t.Error("an unchanged result was replaced")
		}
	})
}

func TestReconnectStartsOver_items21and22(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPeer(t)
		c := p.client(Options{})
		ada := credential("ada", 1, time.Hour)
		subscribe(t, c, ada, "a:a")
		s := p.socket()
		first := s.greeting(true)
		if m := first.connect; m.LastCloseReason != "InitialConnect" || m.ConnectionCount != 0 || m.MaxObservedTimestamp != nil ||
			m.ClientTS != time.Now().UnixMilli() || len(m.SessionID) != 36 {
			t.Errorf("%+v", m)
		}
		gone := subscribe(t, c, ada, "b:b")
		s.next("ModifyQuerySet")
		s.answer(77, updatedJSON(0, `1`), `{"type":"QueryUpdated","queryId":1,"value":2,"logLines":[],"journal":"j1"}`)
		s.end(1011, "InternalServerError")
		synctest.Wait()
		subscribe(t, c, ada, "c:c") // while there is no socket
		s = p.socket()
		g := s.greeting(true)
		if m := g.connect; m.LastCloseReason != "InternalServerError" || m.ConnectionCount != 1 || *m.MaxObservedTimestamp != 77 ||
			m.SessionID != first.connect.SessionID {
			t.Errorf("%+v", m)
		}
		if g.token != "ada#1" || g.set.calls() != "+0 a:a{} +1 b:b{} +2 c:c{}" || *g.set.Modifications[1].Journal != "j1" {
			t.Errorf("%+v", g)
		}
		s.cut()
		synctest.Wait()
		gone.Close()
		time.Sleep(time.Second) // not yet forgotten
		s = p.socket()
		if g := s.greeting(true); g.connect.LastCloseReason != "ConnectionLost" || g.connect.ConnectionCount != 2 || g.set.calls() != "+0 a:a{} +1 b:b{} +2 c:c{}" {
			t.Errorf("%+v", g)
		}
	})
}

// Base delays of the backoff by what ended the socket, each doubled until everything is confirmed.
func TestBackoff_item45(t *testing.T) {
	cut := func(s *peerSocket) { s.cut() }
	closing := func(code int, reason string) func(*peerSocket) { return func(s *peerSocket) { s.end(code, reason) } }
	const ms = time.Millisecond
	for _, tt := range []struct {
		name string
		end  func(*peerSocket)
		base time.Duration
	}{
		{"cut", cut, 100 * ms},
		{"close without reason", closing(1005, ""), time.Second},
		{"deployment not found", closing(4040, ""), time.Second},
		{"InternalServerError", closing(1011, "InternalServerError"), time.Second},
		{"OptimisticConcurrencyControlFailure", closing(1013, "OptimisticConcurrencyControlFailure"), time.Second},
		{"AuthProviderDiscoveryFailed", closing(1013, "AuthProviderDiscoveryFailed"), time.Second},
		{"TooManyConcurrentRequests", closing(1013, "TooManyConcurrentRequests"), 3 * time.Second},
		{"CommitterFullError", closing(1013, "CommitterFullError: more"), 3 * time.Second},
		{"ExpiredInQueue", closing(1013, "ExpiredInQueue"), 3 * time.Second},
		{"protocol error", func(s *peerSocket) { s.send(`{"type":"Transition"}`); s.gone() }, time.Second},
		{"binary message", func(s *peerSocket) { _ = s.ws.Write(s.t.Context(), 2, []byte("{}")); s.gone() }, time.Second},
	} {
		bubble(t, tt.name, func(t *testing.T) {
			p := newPeer(t)
			subscribe(t, p.client(Options{}), anonymous, "a:a")
			s := p.socket()
			for i := range 8 {
				s.greeting(false)
				start := time.Now()
				tt.end(s)
				s = p.socket()
				if want := min(tt.base<<i, 16*time.Second); time.Since(start) != want {
					t.Errorf("retry %d after %v; want %v", i, time.Since(start), want)
				}
			}
			s.greeting(false)
			s.answer(1)
			synctest.Wait()
			start := time.Now()
			tt.end(s)
			if p.socket(); time.Since(start) != tt.base {
				t.Errorf("after all is confirmed it takes %v; want %v", time.Since(start), tt.base)
			}
		})
	}
}

func TestBackoffIsNotResetByHalfAnAnswer_item45(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPeer(t)
		subscribe(t, p.client(Options{}), credential("ada", 1, time.Hour), "a:a")
		for i := range 4 {
			s := p.socket()
			s.greeting(true)
			s.send("%s", transitionJSON(version{}, version{1, 0, 1}))
			s.send(`{"type":"Ping"}`)
			synctest.Wait()
			start := time.Now()
			s.cut()
			s = p.socket()
			if want := 100 * time.Millisecond << (2 * i); time.Since(start) != want {
				t.Errorf("retry %d after %v; want %v", i, time.Since(start), want)
			}
			s.cut()
		}
	})
}

func TestUnreachableDeployment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPeer(t)
		for range 6 {
			p.refuse <- 502
		}
		start := time.Now()
		sub := subscribe(t, p.client(Options{}), anonymous, "a:a")
		s := p.socket()
		if got := time.Since(start); got != 6300*time.Millisecond { // 100 ms · (2^6 - 1)
			t.Errorf("connected after %v", got)
		}
		s.greeting(false)
		s.answer(1, updatedJSON(0, `1`))
		sub.has(t, "connected confirmed 1")
	})
}

func TestSilentDeploymentIsLeft_item20(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPeer(t)
		sub := subscribe(t, p.client(Options{}), anonymous, "a:a")
		s := p.socket()
		s.greeting(false)
		for range 10 {
			time.Sleep(44 * time.Second)
			s.send(`{"type":"Ping"}`)
		}
		s.answer(1, updatedJSON(0, `1`))
		sub.told(t, "connected confirmed 1")
		start := time.Now()
		s.gone()
		if got := time.Since(start); got != 45*time.Second {
			t.Errorf("left after %v", got)
		}
		sub.told(t, "reconnecting confirmed 1")
		s = p.socket()
		if g := s.greeting(false); g.connect.LastCloseReason != "InactiveServer" || time.Since(start) != 45100*time.Millisecond {
			t.Errorf("%+v after %v", g.connect, time.Since(start))
		}
		s.gone() // one that never says anything is left as well
		p.socket()
	})
}

func TestPingsAreAnswered_item20(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPeer(t)
		subscribe(t, p.client(Options{}), anonymous, "a:a")
		s := p.socket()
		s.greeting(false)
		if err := s.ws.Ping(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestProtocolErrors_item23(t *testing.T) {
	for name, message := range map[string]string{
		"another start":  transitionJSON(version{7, 0, 1}, version{7, 0, 2}, updatedJSON(0, `"wrong"`)),
		"going back":     transitionJSON(version{1, 0, 5}, version{1, 0, 4}, updatedJSON(0, `"wrong"`)),
		"never sent":     transitionJSON(version{1, 0, 5}, version{9, 0, 6}, updatedJSON(0, `"wrong"`)),
		"not a message":  `"wrong"`,
		"half a message": `{"type":"Transition","startVersion":`,
		"another kind of modification": transitionJSON(version{1, 0, 5}, version{1, 0, 6}, updatedJSON(0, `"wrong"`),
			`{"type":"QueryPaused","queryId":0}`),
	} {
		bubble(t, name, func(t *testing.T) {
			p := newPeer(t)
			sub := subscribe(t, p.client(Options{}), anonymous, "a:a")
			s := p.socket()
			s.greeting(false)
			s.answer(5, updatedJSON(0, `"right"`))
			sub.told(t, `connected confirmed "right"`)
			s.send("%s", message)
			s.gone()
			sub.told(t, `reconnecting confirmed "right"`)
			s = p.socket()
			if g := s.greeting(false); *g.connect.MaxObservedTimestamp != 5 || g.set.calls() != "+0 a:a{}" {
				t.Errorf("%+v", g)
			}
			s.answer(6, updatedJSON(0, `"new"`))
			sub.told(t, `connected confirmed "new"`)
		})
	}
}

func TestUnusedMessagesAreIgnored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPeer(t)
		sub := subscribe(t, p.client(Options{}), anonymous, "a:a")
		s := p.socket()
		s.greeting(false)
		for text := range unusedMessages {
			s.send("%s", text)
		}
		for text := range literalResponses {
			s.send("%s", text) // to requests that it does not have
		}
		s.answer(1, updatedJSON(0, `1`), updatedJSON(17, `2`))
		sub.told(t, "connected confirmed 1")
		s.quiet()
	})
}

func TestStaleSocketHasNoSay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPeer(t)
		sub := subscribe(t, p.client(Options{}), anonymous, "a:a")
		old := p.socket()
		old.greeting(false)
		old.answer(1, updatedJSON(0, `1`))
		old.end(1000, "bye")
		s := p.socket()
		s.greeting(false)
		s.answer(2, updatedJSON(0, `2`))
		sub.told(t, "connected confirmed 2")
		time.Sleep(44 * time.Second) // past the old socket's silence
		s.send(`{"type":"Ping"}`)
		time.Sleep(44 * time.Second)
		sub.notTold(t)
	})
}

func TestDialTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &peer{t: t, listener: memnet.Listen()} // nobody accepts
		t.Cleanup(func() { p.listener.Close() })
		subscribe(t, p.client(Options{}), anonymous, "a:a")
		time.Sleep(time.Minute)
		var at []time.Duration
		start := <-p.listener.Dials
		for len(p.listener.Dials) > 0 {
			at = append(at, (<-p.listener.Dials).Sub(start))
		}
		if want := []time.Duration{20100 * time.Millisecond, 40300 * time.Millisecond}; !slices.Equal(at, want) {
			t.Errorf("dialed again after %v; want %v", at, want)
		}
	})
}
