package live

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/convex"
	"convexgateway/convex/live/protocol"
	"convexgateway/internal/syncfake"

	"github.com/coder/websocket"
)

// A transition that makes room for waiting queries and has a result for which nobody has room sends messages in the order of their versions.
func TestMessagesLeaveInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		opened := 0
		p.Serve = func(s *syncfake.Socket) {
			opened++
			for ts := syncfake.Timestamp(1); ; ts++ {
				m, err := s.Read()
				if err != nil {
					return
				}
				if err := s.Take(m); err != nil {
					t.Errorf("socket %d: %v", opened, err)
					s.Send(`{"type":"FatalError","error":"Base version mismatch"}`)
					s.End(1005, "")
					return
				}
				if m.Type != "ModifyQuerySet" {
					continue
				}
				var results []string
				for _, mod := range m.Modifications {
					if mod.Type == "Add" {
						results = append(results, syncfake.Updated(mod.QueryID, `"`+strings.Repeat("x", 1000)+`"`))
					}
				}
				if s.TryAnswer(ts, results...) != nil {
					return
				}
			}
		}
		p.Refuse <- 503
		b := &budget{limit: 10_000, held: map[string]int{}}
		c := newClient(t, p.Listener, Options{Silence: time.Hour, Hold: b.open, SocketsPerIdentity: 1})
		other := subscribeWith(t, c, anonymous, "m:other", `{}`, SubscribeOptions{Caller: "b"})
		for i := range 40 {
			subscribeWith(t, c, anonymous, fmt.Sprintf("m:f%d", i), `{}`, SubscribeOptions{Caller: "a"})
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		t.Logf("%d sockets, other: %.60s", opened, other.State().text())
	})
}

// onLoop runs f on a session's loop.
func onLoop(s *session, f func()) {
	done := make(chan struct{})
	s.loop.post(func() { f(); close(done) })
	<-done
}

// checkServed checks that all subscribers of a session are connected and have a result.
func checkServed(t *testing.T, s *session) {
	t.Helper()
	stuck := 0
	onLoop(s, func() {
		for sub := range s.subscribers.all {
			if state := sub.State(); state.Result == nil || state.Link != Connected {
				stuck++
				if q := sub.query; stuck < 4 {
					t.Logf("%s: %s; on the first %t, quarantined %t, set %t, next %t", q.key.path, state.text(), q.at == s.upstreams.first, q.at.machine.Quarantined(q.id), q.speed.set != nil, q.next != nil)
				}
			}
		}
		t.Logf("running %d, slow %d, poison %d", s.trials.running, len(s.trials.slow), len(s.trials.poison))
	})
	if stuck > 0 {
		t.Errorf("%d stuck", stuck)
	}
}

// Where no socket can be had for trials, the first tries quarantined queries itself, also while nothing happens on it.
func TestQuarantineWithoutTrials(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newModel(nil)
		w.endSocket = func(s *syncfake.Socket) { s.End(1011, "InternalServerError") }
		p := syncfake.New(t)
		p.Serve = w.serve
		p.Refuse <- 503
		c := newClient(t, p.Listener, Options{Silence: time.Hour, SocketsPerIdentity: 3})
		ada := credential("ada", 1, 3*time.Hour)
		var subs []*Subscription
		subscribe(t, c, ada, "poison:q1")
		subscribe(t, c, ada, "poison:q2")
		for i := range 8 {
			subs = append(subs, subscribe(t, c, ada, fmt.Sprintf("m:f%d", i)))
		}
		subscribe(t, c, ada, "poison:q3")
		s := c.sessions[ada.Identity]
		for range 2000 {
			time.Sleep(10 * time.Millisecond)
			synctest.Wait()
			ok := false
			onLoop(s, func() { ok = s.upstreams.first.status.Link == Connected && len(s.trials.poison) > 1 })
			if ok {
				t.Logf("full now")
				break
			}
		}
		c.mu.Lock()
		c.beside += 1000
		c.mu.Unlock()
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		stuck := 0
		for _, sub := range subs {
			if st := sub.State(); st.Link != Connected || st.Result == nil {
				stuck++
			}
		}
		newcomer := subscribe(t, c, ada, "m:new")
		m := mutateSoon(t, c)
		time.Sleep(time.Minute)
		synctest.Wait()
		t.Logf("%d of %d stuck; newcomer %s; mutation ended: %t", stuck, len(subs), newcomer.State().text(), len(m) > 0)
		if stuck > 0 || newcomer.State().Result == nil || len(m) == 0 {
			t.Fail()
		}
		c.mu.Lock()
		c.beside -= 1000
		c.mu.Unlock()
	})
}

// Slow queries that were quarantined all have their values in the end, however few sockets there may be.
func TestManySlowQueriesWithFewSockets(t *testing.T) {
	for _, n := range []int{2, 3, 100} {
		bubble(t, fmt.Sprint(n), func(t *testing.T) {
			d, c, _ := startComputing(t, Options{})
			ada := credential("ada", 1, 3*time.Hour)
			d.ends = func(slow int) (int, string) {
				if slow > 8 {
					return 1013, "TooManyConcurrentRequests"
				}
				return 0, ""
			}
			c.beside = max(0, minBeside-n)
			for i := range 60 {
				subscribeWith(t, c, ada, fmt.Sprintf("slow:f%d", i), `{}`, SubscribeOptions{Caller: "a"})
			}
			time.Sleep(10 * time.Minute)
			checkServed(t, c.sessions[ada.Identity])
			d.end(c)
		})
	}
}

// The same for a few that were quarantined once.
func TestSlowQueriesThatWereQuarantined(t *testing.T) {
	for _, n := range []int{2, 3, 4, 100} {
		bubble(t, fmt.Sprint(n), func(t *testing.T) {
			d, c, _ := startComputing(t, Options{})
			ada := credential("ada", 1, 3*time.Hour)
			d.ends = func(int) (int, string) {
				if opened, _ := d.seen(); opened <= 2 {
					return 1013, "TooManyConcurrentRequests"
				}
				return 0, ""
			}
			c.beside = max(0, minBeside-n)
			subscribeWith(t, c, ada, "m:f", `{}`, SubscribeOptions{Caller: "a"})
			for i := range 5 {
				subscribeWith(t, c, ada, fmt.Sprintf("slow:f%d", i), `{}`, SubscribeOptions{Caller: "a"})
			}
			for range 60 {
				time.Sleep(10 * time.Second)
				if n > 4 {
					d.write()
				}
			}
			time.Sleep(10 * time.Second)
			checkServed(t, c.sessions[ada.Identity])
			c.beside -= max(0, minBeside-n)
			d.end(c)
		})
	}
}

// A FatalError on an empty socket beside the first ends nobody.
func TestFatalErrorOnAnEmptySocket(t *testing.T) {
	bubble(t, "", func(t *testing.T) {
		d, c, _ := startComputing(t, Options{})
		var subs []*Subscription
		for i := range 20 {
			subs = append(subs, subscribe(t, c, anonymous, fmt.Sprintf("m:f%d", i)))
		}
		subscribe(t, c, anonymous, "slow:q0")
		sent := false
		for range 300 {
			if sent {
				break
			}
			time.Sleep(100 * time.Millisecond)
			d.write()
			synctest.Wait()
			d.mu.Lock()
			for s := range d.sockets {
				if len(s.queries) == 0 && s.Received.QuerySet > 0 && !sent {
					sent = true
					_ = s.Conn.Write(context.Background(), websocket.MessageText, []byte(`{"type":"FatalError","error":"x"}`))
				}
			}
			d.mu.Unlock()
		}
		synctest.Wait()
		ended := 0
		for _, sub := range subs {
			if sub.State().Err != nil {
				ended++
			}
		}
		t.Logf("sent %t", sent)
		if ended > 0 {
			t.Errorf("%d of %d subscribers have ended", ended, len(subs))
		}
		time.Sleep(2 * slowRun)
		d.end(c)
	})
}

// Large results that arrive at a socket end none of others that are there.
func TestArrivingResultsEndNoOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		type sock struct {
			s    *syncfake.Socket
			hold bool
			ids  []protocol.QueryID
		}
		var socks []*sock
		ts := syncfake.Timestamp(1)
		p.Serve = func(s *syncfake.Socket) {
			k := &sock{s: s}
			socks = append(socks, k)
			for {
				m, err := s.Read()
				if err != nil {
					return
				}
				_ = s.Take(m)
				if m.Type != "ModifyQuerySet" || k.hold {
					continue
				}
				var results []string
				for _, mod := range m.Modifications {
					if mod.Type == "Add" {
						k.ids = append(k.ids, mod.QueryID)
						results = append(results, syncfake.Updated(mod.QueryID, syncfake.Rows(1000)))
					}
				}
				ts++
				if s.TryAnswer(ts, results...) != nil {
					return
				}
			}
		}
		c := newClient(t, p.Listener, Options{Silence: time.Hour, SocketsPerIdentity: 3, heavySocket: 4_000, fullSocket: 10_000})
		var bs, as []*Subscription
		for i := range 6 {
			bs = append(bs, subscribeWith(t, c, anonymous, "m:b", fmt.Sprintf(`{"n":%d}`, i), SubscribeOptions{Caller: "b"}))
			synctest.Wait()
		}
		time.Sleep(time.Second)
		s := c.sessions[anonymous.Identity]
		onLoop(s, func() {
			for i, u := range s.upstreams.others {
				if u != nil {
					t.Logf("place %d: %d queries, %d bytes", i, len(u.queries), u.machine.ResultBytes())
				}
			}
		})
		socks[1].hold = true
		for i := range 9 {
			as = append(as, subscribeWith(t, c, anonymous, "m:a", fmt.Sprintf(`{"n":%d}`, i), SubscribeOptions{Caller: "a"}))
			synctest.Wait()
		}
		onLoop(s, func() {
			for i, u := range s.upstreams.others {
				if u != nil {
					t.Logf("place %d: %d queries, %d arriving, %d bytes", i, len(u.queries), len(u.arriving), u.machine.ResultBytes())
				}
			}
		})
		k := socks[1]
		ts++
		start := k.s.Version
		k.s.Version.TS = ts
		_ = k.s.Conn.Write(context.Background(), websocket.MessageText, []byte(syncfake.Transition(start, k.s.Version, syncfake.Updated(k.ids[0], `"changed"`))))
		synctest.Wait()
		endedA, endedB := 0, 0
		for _, sub := range as {
			if sub.State().Err != nil {
				endedA++
			}
		}
		for _, sub := range bs {
			if sub.State().Err != nil {
				endedB++
			}
		}
		if endedB > 0 {
			t.Errorf("%d of b's, who has 6, have ended; %d of a's, who has 9", endedB, endedA)
		}
	})
}

// A result that is shown while its new socket catches up has the time at which it was known to hold.
func TestReadTimeOfAPinnedResult(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, c, sub, s := connected(t, Options{SocketsPerIdentity: 3}, anonymous)
		_ = c
		s.Answer(10, syncfake.Updated(0, `"X"`))
		other := subscribe(t, c, anonymous, "o:o")
		s.Next("ModifyQuerySet")
		s.Answer(11, syncfake.Updated(1, `"o"`))
		synctest.Wait()
		s.Send(`{"type":"FatalError","error":"x"}`)
		s.Gone()
		synctest.Wait()
		_ = other
		trial := p.Socket()
		g := trial.Greeting(false)
		t.Logf("trial: %s", g.Set.Calls())
		copies := g.Set.Calls() != ""
		if !copies {
			trial.Answer(12)
			trial.Next("ModifyQuerySet")
		}
		first := p.Socket()
		g = first.Greeting(false)
		t.Logf("first: %s", g.Set.Calls())
		first.Answer(20)
		sub.has(t, `reconnecting confirmed "X"`)
		t.Logf("read time %d", sub.State().ReadTime)
		time.Sleep(time.Second)
		trial.Answer(21, syncfake.Updated(0, `"X"`), syncfake.Updated(1, `"o"`)) // slow
		slow := p.Socket()
		g = slow.Greeting(false)
		t.Logf("slow: %s", g.Set.Calls())
		first.Send("%s", syncfake.Transition(first.Version, syncfake.At(first.Version.QuerySet, 0, 50)))
		first.Version.TS = 50
		synctest.Wait()
		slow.Answer(40, syncfake.Updated(0, `"Y"`), syncfake.Updated(1, `"o"`)) // since 35
		synctest.Wait()
		st := sub.State()
		t.Logf("%s at %d", st.text(), st.ReadTime)
		if st.text() == `connected confirmed "X"` && st.ReadTime >= 35 {
			t.Errorf("X, which was replaced at 35, is said to hold at %d", st.ReadTime)
		}
	})
}

// What is remembered of slow queries is small.
func TestSlowQueriesAreRememberedBriefly(t *testing.T) {
	bubble(t, "", func(t *testing.T) {
		d, c, _ := startComputing(t, Options{heavySocket: 1, Linger: -1})
		keep := subscribe(t, c, anonymous, "m:keep")
		_ = keep
		d.write()
		for i := range 40 {
			sub := subscribeWith(t, c, anonymous, "m:f", `{"a":"`+strconv.Itoa(i)+string(make0(1<<20))+`"}`, SubscribeOptions{Caller: "a"})
			time.Sleep(100 * time.Millisecond)
			d.write()
			time.Sleep(100 * time.Millisecond)
			sub.Close()
			time.Sleep(100 * time.Millisecond)
		}
		s := c.sessions[anonymous.Identity]
		onLoop(s, func() {
			bytes := 0
			for k := range s.slowKeys {
				bytes += len(fmt.Sprint(k))
			}
			if bytes > 1<<20 {
				t.Errorf("%d keys with %d bytes of arguments are kept, and counted for nobody", len(s.slowKeys), bytes)
			}
		})
		d.end(c)
	})
}

// A query that lingers is held for the caller who takes it on.
func TestLingeringQueryIsHeldForItsNextCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &budget{limit: 10_000, held: map[string]int{}}
		p := syncfake.New(t)
		serveSizes(p)
		c := newClient(t, p.Listener, Options{Silence: time.Hour, Hold: b.open})
		keep := subscribeWith(t, c, anonymous, "m:s10", `{}`, SubscribeOptions{Caller: "x"})
		_ = keep
		ada := subscribeWith(t, c, anonymous, "m:s1000", `{}`, SubscribeOptions{Caller: "ada"})
		synctest.Wait()
		ada.Close()
		synctest.Wait()
		subscribeWith(t, c, anonymous, "m:s1000", `{}`, SubscribeOptions{Caller: "mallory"})
		time.Sleep(time.Hour)
		if b.of("ada") > 0 {
			t.Errorf("an hour later %d bytes are held for ada, who follows nothing, and %d for mallory", b.of("ada"), b.of("mallory"))
		}
	})
}

// A query that was slow, and is fast when it is subscribed to again beside a slow one, goes to the first socket.
func TestRememberedSlowQueryIsTriedAgain(t *testing.T) {
	bubble(t, "", func(t *testing.T) {
		d, c, _ := startComputing(t, Options{})
		for i := range 20 {
			subscribe(t, c, anonymous, fmt.Sprintf("m:f%d", i))
		}
		slow, other := subscribe(t, c, anonymous, "slow:q0"), subscribe(t, c, anonymous, "slow:q1")
		d.writeFor(20 * time.Second)
		s := c.sessions[anonymous.Identity]
		slow.Close()
		other.Close()
		d.writeFor(2 * time.Minute) // nothing is tried again any more
		d.mu.Lock()
		d.fast = "slow:q0"
		d.mu.Unlock()
		slow, other = subscribe(t, c, anonymous, "slow:q0"), subscribe(t, c, anonymous, "slow:q1")
		d.writeFor(9 * time.Minute)
		onLoop(s, func() {
			if slow.query.at != s.upstreams.first {
				t.Errorf("after 9 minutes it is beside the slow one; set %t, timer %t, slow for %v", slow.query.speed.set != nil, s.trials.again != nil, time.Since(slow.query.speed.slowSince))
			}
		})
		_ = other
		d.end(c)
	})
}

func mutateSoon(t *testing.T, c *Client) chan error {
	ended := make(chan error, 1)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	go func() {
		defer cancel()
		_, _, err := c.Run(ctx, anonymous, convex.Call{Kind: convex.Mutation, Path: mustPath(t, "m:raise"), Args: []byte(`{"who":"anonymous","n":1}`)})
		if ctx.Err() == nil {
			ended <- err
		}
	}()
	return ended
}

func make0(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = 'x'
	}
	return b
}

// A caller who asks a slow function again and again with other arguments delays the others once: its next queries are beside theirs from the
// start.
func TestSlowFunctionIsRemembered(t *testing.T) {
	bubble(t, "", func(t *testing.T) {
		d, c, _ := startComputing(t, Options{})
		var others []*Subscription
		for i := range 200 {
			others = append(others, subscribeWith(t, c, anonymous, fmt.Sprintf("m:f%d", i), `{}`, SubscribeOptions{Caller: fmt.Sprint(i % 10)}))
		}
		d.writeFor(time.Second)
		var list []time.Duration
		for n := range 100 {
			sub := subscribeWith(t, c, anonymous, "slow:list", fmt.Sprintf(`{"n":%d}`, n), SubscribeOptions{Caller: "mallory"})
			list = append(list, d.latencies(t, others[n], 5))
			sub.Close()
		}
		slices.Sort(list)
		if median := list[len(list)/2]; median > 10*time.Millisecond {
			t.Errorf("others have a value after %v", median)
		}
		d.end(c)
	})
}

// A slow query of few writes is found, also of users, whose sockets begin with a token.
func TestSlowQueryWithFewWrites(t *testing.T) {
	for name, who := range map[string]func() convex.Credential{
		"anonymous": func() convex.Credential { return anonymous }, "a user": func() convex.Credential { return credential("ada", 1, 3*time.Hour) },
	} {
		bubble(t, name, func(t *testing.T) {
			d, c, _ := startComputing(t, Options{})
			for i := range 50 {
				subscribe(t, c, who(), fmt.Sprintf("m:f%d", i))
			}
			subscribe(t, c, who(), "slow:q0")
			for range 20 {
				time.Sleep(10 * time.Second)
				d.write()
			}
			s := c.sessions[who().Identity]
			onLoop(s, func() {
				for _, q := range s.upstreams.first.queries {
					if q.key.path.String() == "slow:q0" {
						t.Error("the slow query is on the first socket")
					}
				}
			})
			d.end(c)
		})
	}
}
