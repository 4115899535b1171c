package live

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/internal/syncfake"
)

// serveSizes is a deployment each of whose queries has a result of the size that its function is named by: m:s1000 has 1,000 bytes.
// largestTransition returns its bytes.
func serveSizes(p *syncfake.Endpoint) (largestTransition func() int) {
	var mu sync.Mutex
	largest := 0
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
			sum := 0
			for _, mod := range m.Modifications {
				if mod.Type != "Add" {
					continue
				}
				var size int
				_, _ = fmt.Sscanf(mod.UDFPath, "m:s%d", &size)
				results = append(results, syncfake.Updated(mod.QueryID, `"`+strings.Repeat("x", size-2)+`"`))
				sum += size
			}
			mu.Lock()
			largest = max(largest, sum)
			mu.Unlock()
			if s.TryAnswer(ts, results...) != nil {
				return
			}
		}
	}
	return func() int { mu.Lock(); defer mu.Unlock(); return largest }
}

// The largest results go to their callers' slow sockets, and stay there; the first has no more than is planned for.
func TestLargeResultsGoToAnotherSocket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		serveSizes(p)
		c := newClient(t, p.Listener, Options{Silence: time.Hour, heavySocket: 10_000})
		small := subscribe(t, c, anonymous, "m:s100")
		var large []*Subscription
		for i := range 20 {
			large = append(large, subscribeWith(t, c, anonymous, "m:s1000", fmt.Sprintf(`{"n":%d}`, i), SubscribeOptions{Caller: "a"}))
		}
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		session := c.sessions[anonymous.Identity]
		if bytes := session.upstreams.first.machine.ResultBytes(); bytes > 10_000 {
			t.Errorf("the first socket has %d bytes", bytes)
		}
		for i, sub := range large {
			if state := sub.State(); state.Err != nil || state.Result == nil || state.Link != Connected {
				t.Errorf("%d: %s", i, state.text())
			}
		}
		if small.query.at != session.upstreams.first || c.Stats().Sockets != 2 {
			t.Errorf("the small one has moved, or there are %d sockets", c.Stats().Sockets)
		}
	})
}

// Over what a socket may have, the largest queries of the caller with most bytes end, and no others.
func TestTooManyBytesEndTheirCallersQueries(t *testing.T) {
	for _, sockets := range []int{1, 3} {
		bubble(t, fmt.Sprint(sockets, " sockets"), func(t *testing.T) {
			p := syncfake.New(t)
			serveSizes(p)
			c := newClient(t, p.Listener, Options{Silence: time.Hour, SocketsPerIdentity: sockets, heavySocket: 4_000, fullSocket: 10_000})
			small := subscribeWith(t, c, anonymous, "m:s100", `{}`, SubscribeOptions{Caller: "b"})
			var large []*Subscription
			for i := range 20 {
				large = append(large, subscribeWith(t, c, anonymous, "m:s1000", fmt.Sprintf(`{"n":%d}`, i), SubscribeOptions{Caller: "a"}))
				synctest.Wait()
			}
			ended := 0
			for i, sub := range large {
				switch state := sub.State(); {
				case errors.Is(state.Err, ErrTooManyBytes):
					ended++
				case state.Err != nil || state.Result == nil:
					t.Errorf("%d: %s", i, state.text())
				}
			}
			if ended < 5 || ended > 15 {
				t.Errorf("%d queries have ended", ended)
			}
			if state := small.State(); state.Err != nil || state.Result == nil || state.Link != Connected {
				t.Errorf("another caller: %s", state.text())
			}
			for u := range c.sessions[anonymous.Identity].upstreams.all() {
				if bytes := u.machine.ResultBytes(); bytes > 10_000 {
					t.Errorf("a socket has %d bytes", bytes)
				}
			}
		})
	}
}

// No transition has more than is planned for, also where nothing is known of the results yet.
func TestUnknownResultsComeInParts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		largestTransition := serveSizes(p)
		p.Refuse <- 503 // all have subscribed by the second dial
		c := newClient(t, p.Listener, Options{Silence: time.Hour})
		var subs []*Subscription
		for i := range 40 {
			subs = append(subs, subscribeWith(t, c, anonymous, fmt.Sprintf("m:s%d", 1<<20+i), `{}`, SubscribeOptions{}))
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		for i, sub := range subs {
			if sub.State().Result == nil {
				t.Errorf("%d: %s", i, sub.State().text())
			}
		}
		if largest := largestTransition(); largest > 16<<20 {
			t.Errorf("a transition has %d bytes", largest)
		}
	})
}

// budget counts what is held, and by whom.
type budget struct {
	mu    sync.Mutex
	limit int // of each caller
	held  map[string]int
}

type budgetHold struct {
	budget *budget
	caller string
	bytes  int
}

var errBudget = errors.New("over the budget")

func (b *budget) open(caller string) Hold { return &budgetHold{budget: b, caller: caller} }

func (h *budgetHold) Take(n int) error {
	h.budget.mu.Lock()
	defer h.budget.mu.Unlock()
	if h.budget.held[h.caller]+n > h.budget.limit {
		return errBudget
	}
	h.bytes += n
	h.budget.held[h.caller] += n
	return nil
}

func (h *budgetHold) Give(n int) {
	h.budget.mu.Lock()
	defer h.budget.mu.Unlock()
	h.bytes -= n
	h.budget.held[h.caller] -= n
}

func (h *budgetHold) Close() { h.Give(h.bytes) }

func (b *budget) of(caller string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.held[caller]
}

// A live query is held for one of its subscribers: for another when that one leaves, or has no room. Where nobody has room, it ends, and
// in the end nothing is held.
func TestLiveQueriesAreHeld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &budget{limit: 2_500, held: map[string]int{}}
		p := syncfake.New(t)
		c := newClient(t, p.Listener, Options{Silence: time.Hour, Linger: -1, Hold: b.open})
		follow := func(caller, path string) *Subscription {
			return subscribeWith(t, c, anonymous, path, `{}`, SubscribeOptions{Caller: caller})
		}
		ada := follow("ada", "a:a")
		s := p.Socket()
		s.Greeting(false)
		value := func(size int) string { return `"` + strings.Repeat("x", size-2) + `"` }
		check := func(when string, held map[string]int) {
			t.Helper()
			synctest.Wait()
			for _, caller := range []string{"ada", "bob", "cyd"} {
				if got := b.of(caller); got != held[caller] {
					t.Errorf("%s: %d bytes are held for %s, want %d", when, got, caller, held[caller])
				}
			}
		}
		args := argCopies * len(`{}`)
		check("without a result", map[string]int{"ada": args})
		s.Answer(1, syncfake.Updated(0, value(1_000)))
		check("with one", map[string]int{"ada": args + 2_000})
		bob := follow("bob", "a:a")
		ada.Close()
		check("after its caller has left", map[string]int{"bob": args + 2_000})
		s.Answer(2, syncfake.Updated(0, value(100)))
		check("with a smaller one", map[string]int{"bob": args + 200})

		other := follow("bob", "b:b")
		s.Next("ModifyQuerySet")
		s.Answer(3, syncfake.Updated(1, value(1_000)))
		cyd := follow("cyd", "a:a")
		check("another query", map[string]int{"bob": 2*args + 2_200})
		s.Answer(4, syncfake.Updated(0, value(1_200)))
		check("one whose caller has no room", map[string]int{"bob": args + 2_000, "cyd": args + 2_400})
		s.Answer(5, syncfake.Updated(0, value(1_300)))
		synctest.Wait()
		for name, sub := range map[string]*Subscription{"bob": bob, "cyd": cyd} {
			if state := sub.State(); !errors.Is(state.Err, errBudget) {
				t.Errorf("%s, of whom nobody has room: %s", name, state.text())
			}
		}
		other.has(t, "connected confirmed "+value(1_000))
		check("one for which nobody has room", map[string]int{"bob": args + 2_000})
		if err := follow("ada", "c:"+strings.Repeat("x", 10)).State().Err; err != nil {
			t.Errorf("another caller: %v", err)
		}
		if sub := subscribeWith(t, c, anonymous, "d:d", `{"a":"`+value(2_000)+`"}`, SubscribeOptions{Caller: "ada"}); !errors.Is(sub.State().Err, errBudget) {
			t.Errorf("arguments that are too large: %s", sub.State().text())
		}
		_ = c.Close()
		check("after the end", nil)
	})
}

// One caller follows one list with many limits: each write of it changes all of these results. No message is larger than is planned for,
// others lose nothing, and what has no room is refused.
func TestOneListWithManyLimits(t *testing.T) {
	for name, sockets := range map[string]int{"one socket": 1, "as many as usual": 0} {
		bubble(t, name, func(t *testing.T) {
			const lists, size = 20, 150_000 // a hundredth of a list of 15 messages of 1 MB; the bounds of a socket are, too
			d, c, _ := startComputing(t, Options{SocketsPerIdentity: sockets, heavySocket: heavySocket / 100, fullSocket: fullSocket / 100})
			d.padding = size
			other := subscribeWith(t, c, anonymous, "m:small", `{}`, SubscribeOptions{Caller: "b"})
			var subs []*Subscription
			for i := range lists {
				subs = append(subs, subscribeWith(t, c, anonymous, "large:list", fmt.Sprintf(`{"limit":%d}`, i), SubscribeOptions{Caller: "a"}))
			}
			pass(time.Minute)
			for range 5 {
				d.write()
				pass(10 * time.Second)
			}
			refused := 0
			for i, sub := range subs {
				switch state := sub.State(); {
				case errors.Is(state.Err, ErrTooManyBytes):
					refused++
				case state.Err != nil || state.Link != Connected || !strings.HasSuffix(string(state.Result.Value), `05"`):
					t.Errorf("%d: %.60q", i, state.text())
				}
			}
			if refused == 0 || refused > lists/2 {
				t.Errorf("%d of %d are refused", refused, lists)
			}
			if state := other.State(); state.Err != nil || state.Link != Connected || string(state.Result.Value) != "5" {
				t.Errorf("another caller: %.60q", state.text())
			}
			if opened, largest := d.seen(); largest > fullSocket/100+size || opened > 2 {
				t.Errorf("a transition had %d bytes; %d sockets were opened", largest, opened)
			}
			d.end(c)
		})
	}
}

// Equal queries are one upstream, also after they have moved.
func TestEqualQueriesStayOne(t *testing.T) {
	bubble(t, "", func(t *testing.T) {
		d, c, _ := startComputing(t, Options{})
		var subs []*Subscription
		for range 1_000 {
			subs = append(subs, subscribe(t, c, anonymous, "slow:q"))
		}
		subscribe(t, c, anonymous, "m:f")
		d.writeFor(10 * time.Second)
		time.Sleep(10 * time.Second)
		for _, sub := range subs {
			if state := sub.State(); state.Result == nil || string(state.Result.Value) != fmt.Sprint(d.newest()) {
				t.Fatalf("a subscriber is at %q", state.text())
			}
		}
		d.mu.Lock()
		live := 0
		for s := range d.sockets {
			live += len(s.queries)
		}
		d.mu.Unlock()
		if moved := c.Stats().Moved; live != 2 || moved == 0 {
			t.Errorf("%d queries are live, %d were moved", live, moved)
		}
		d.end(c)
	})
}
