package live

import (
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/convex"
	"convexgateway/convex/live/protocol"
	"convexgateway/convex/live/transport"
	"convexgateway/internal/syncfake"
)

func TestTransitionReachesAllTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		c := newClient(t, p.Listener, Options{})
		var subs []*Subscription
		for i := range 10 {
			subs = append(subs, subscribeWith(t, c, anonymous, "a:a", fmt.Sprintf(`{"i":%d}`, i), SubscribeOptions{}))
		}
		s := p.Socket()
		s.Next("Connect")
		for s.Received.QuerySet == 0 || len(s.Messages) > 0 {
			s.Next("ModifyQuerySet")
			synctest.Wait()
		}
		for round := range 3 {
			var mods []string
			for i := range subs {
				mods = append(mods, syncfake.Updated(protocol.QueryID(i), fmt.Sprint(round)))
			}
			s.Answer(syncfake.Timestamp(round+1), mods...)
			for _, sub := range subs {
				sub.changed(t, fmt.Sprintf("connected confirmed %d", round))
				if got := sub.State().Result.Timestamp; got != uint64(round+1) {
					t.Errorf("read at %d", got)
				}
			}
		}
	})
}

// A deployment that refuses even a socket without queries ends all of the session's, and those of no other session.
func TestFatalErrorEndsSubscribers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		c := newClient(t, p.Listener, Options{Silence: time.Hour, SocketsPerIdentity: 1})
		other := subscribe(t, c, anonymous, "a:a")
		p.Socket()
		ada := credential("ada", 1, time.Hour)
		subs := []*Subscription{subscribe(t, c, ada, "a:a"), subscribe(t, c, ada, "b:b"), subscribe(t, c, ada, "")}
		sent := mutate(t, c, ada, "m:sent")
		s := p.Socket()
		s.Next("Connect")
		synctest.Wait()
		start := time.Now()
		s.Send(`{"type":"FatalError","error":"Received Invalid JSON on websocket: secret"}`)
		s.Gone()
		never := mutate(t, c, ada, "m:never")
		for _, sub := range subs {
			sub.has(t, "connecting")
		}
		s = p.Socket()
		if g := s.Greeting(true); g.Set.Calls() != "" || time.Since(start) != time.Second {
			t.Errorf("%+v after %v", g, time.Since(start))
		}
		s.Quiet()
		s.Send(`{"type":"FatalError","error":"x"}`)
		s.Gone()
		for _, sub := range subs {
			var e *convex.DeploymentError
			if state := sub.has(t, "ended: deployment error: refused, FatalError"); errors.As(state.Err, &e) && e.Message != "" {
				t.Errorf("the deployment's text may quote arguments: %q", e.Message)
			}
		}
		sent.fails(t, convex.OutcomeUnknown)
		never.fails(t, convex.Refused)
		other.has(t, "connecting")
		p.NoSocket(3 * time.Second)
	})
}

// Callers that subscribe again at once, again and again, open a socket only now and then, and never with the old queries.
func TestFatalErrorIsNoLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		c := newClient(t, p.Listener, Options{Silence: time.Hour})
		start, sockets := time.Now(), 0
		for time.Since(start) < time.Minute {
			sub := subscribe(t, c, anonymous, fmt.Sprintf("c:c%d", sockets))
			s := p.Socket()
			if g := s.Greeting(false); g.Set.Calls() != fmt.Sprintf("+%d c:c%d{}", sockets, sockets) {
				t.Errorf("set is %s", g.Set.Calls())
			}
			s.Send(`{"type":"FatalError","error":"x"}`)
			s.Gone()
			sub.has(t, "ended: deployment error: refused, FatalError")
			subscribe(t, c, anonymous, fmt.Sprintf("c:c%d", sockets)).has(t, "ended: deployment error: refused, FatalError")
			sockets++
		}
		if sockets > 10 {
			t.Errorf("%d sockets in a minute", sockets)
		}
	})
}

// Events that were posted before things changed: messages and ends of an old socket, lingers that are over.
func TestLateEventsChangeNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		c := newClient(t, p.Listener, Options{})
		sub := subscribe(t, c, anonymous, "a:a")
		s := p.Socket()
		s.Greeting(false)
		s.Answer(1, syncfake.Updated(0, `1`))
		sub.changed(t, "connected confirmed 1")
		session := c.sessions[convex.Identity{}]
		session.loop.post(func() {
			at := protocol.Version{QuerySet: 1, TS: 1}
			result := &convex.Result{Value: []byte(`2`)}
			session.upstreams.first.link.received(&transport.Socket{}, &protocol.FatalError{})
			session.upstreams.first.link.received(&transport.Socket{}, &protocol.Transition{Start: at, End: at, Modifications: []protocol.Modification{{Result: result}}})
			session.upstreams.first.link.lost(&transport.Socket{}, errSilence)
			session.dropQuery(session.upstreams.first.queries[0])
			session.retireIfIdle()
			session.upstreams.first.connect()
			session.renew(&Subscription{}, convex.Credential{})
			session.leave(&Subscription{})
		})
		sub.unchanged(t)
		s.Quiet()
		p.NoSocket(time.Second)
	})
}

func TestSessionWaitsForJoiningCalls(t *testing.T) {
	c, err := New("http://deployment.test", Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	s, err := c.session(convex.Identity{})
	if err != nil || c.retire(s) || c.sessions[convex.Identity{}] != s {
		t.Errorf("it retires, %v", err)
	}
	s.joining.Add(-1)
	if !c.retire(s) || c.sessions[convex.Identity{}] != nil {
		t.Error("it does not retire")
	}
	s.cancel()
}

// BenchmarkDeliver is one new result for 1,000 subscribers of one query, from the transition to the slots.
func BenchmarkDeliver(b *testing.B) {
	s := newSession(convex.Identity{}, convex.RandomUUID(), 1, &Options{outages: newOutages(slog.New(slog.DiscardHandler)), heavySocket: heavySocket, fullSocket: fullSocket}, &counters{})
	s.retire = func() bool { return false }
	s.upstreams.first.link.dialing = true // no socket is needed
	path := mustPath(b, "messages:list")
	for range 1000 {
		sub := newSubscription(anonymous, SubscribeOptions{})
		sub.conflated = &s.stats.conflated
		s.joining.Add(1)
		s.join(sub, path, []byte(`{}`), 0)
	}
	s.upstreams.first.machine.Open("", "InitialConnect", time.UnixMilli(1))
	var values [2][]byte
	for i := range values {
		values[i] = fmt.Appendf(nil, `"%d"`, i)
	}
	b.ReportAllocs()
	var at protocol.Version
	for i := 0; b.Loop(); i++ {
		end := protocol.Version{QuerySet: 1, TS: at.TS + 1}
		result := &convex.Result{Value: values[i%2]}
		s.upstreams.first.transition(&protocol.Transition{Start: at, End: end, Modifications: []protocol.Modification{{ID: 0, Result: result}}})
		at = end
	}
	if got := string(s.upstreams.first.machine.Result(0).Value); got != `"0"` && got != `"1"` {
		b.Fatal(got)
	}
}
