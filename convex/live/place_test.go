package live

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/convex"
	"convexgateway/internal/syncfake"
)

// A group is served from its old socket until the new one has answered all of its queries. What that has of an earlier time is not given.
func TestGroupMoves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, c, w, first := watched(t, Options{SocketsPerIdentity: 3}, anonymous, WatchOptions{})
		sub := subscribe(t, c, anonymous, "b:b")
		sub.has(t, "connected confirmed 2")
		s := c.sessions[anonymous.Identity]
		a := s.subscribers.queries[queryKey{mustPath(t, "a:a"), `{}`}]
		onLoop(s, func() { s.move([]*sharedQuery{a}, s.openUpstream(0)) })
		slow := p.Socket()
		g := slow.Greeting(false)
		calls := g.Set.Calls()
		for synctest.Wait(); len(slow.Messages) > 0; synctest.Wait() {
			calls += " " + slow.Next("ModifyQuerySet").Calls()
		}
		if calls != "+0 a:a{} +1 b:b{}" {
			t.Fatalf("the slow socket has %s", calls)
		}
		first.Answer(20, syncfake.Updated(0, `3`), syncfake.Updated(1, `3`))
		w.takes(t, "0 connected @20 complete 1=3 2=3")
		slow.Answer(15, syncfake.Updated(0, `2`)) // without the other query
		asks(t, slow)
		first.Quiet()
		first.Answer(22, syncfake.Updated(0, `4`), syncfake.Updated(1, `4`))
		w.takes(t, "0 connected @22 complete 1=4 2=4")
		slow.Answer(18, syncfake.Updated(1, `2`)) // of earlier than what was given
		w.quiet(t)
		if calls := first.Next("ModifyQuerySet").Calls(); calls != "-0" {
			t.Errorf("the first socket gets %s", calls)
		}
		sub.has(t, "connected confirmed 4")
		asks(t, slow)
		first.Answer(25, syncfake.Updated(1, `5`))
		sub.has(t, "connected confirmed 5")
		w.quiet(t)
		slow.Answer(30, syncfake.Updated(0, `5`), syncfake.Updated(1, `5`))
		w.takes(t, "0 connected @30 complete 1=5 2=5")

		time.Sleep(candidateFor)
		onLoop(s, func() { s.move([]*sharedQuery{a}, s.upstreams.first) })
		if calls := first.Next("ModifyQuerySet").Calls(); calls != "+2 a:a{}" {
			t.Errorf("the first socket gets %s", calls)
		}
		first.Answer(40, syncfake.Updated(2, `6`), syncfake.Updated(1, `6`))
		w.takes(t, "0 connected @40 complete 1=6 2=6")
		calls = ""
		for synctest.Wait(); len(slow.Messages) > 0; synctest.Wait() {
			calls += slow.Next("ModifyQuerySet").Calls() + " "
		}
		if calls != "-0 -1 " && calls != "-1 -0 " {
			t.Errorf("the slow socket gets %s", calls)
		}
		onLoop(s, func() {
			if n := len(s.upstreams.others[0].queries); n != 0 || s.upstreams.others[0].inUse() {
				t.Errorf("%d queries are left on the slow socket", n)
			}
		})
	})
}

// numbers reads a set of a computing deployment as it comes, and checks that what is complete is of one write.
func (w *Set) numbers(t *testing.T) (newest func() int) {
	seen := map[uint32]string{}
	last, done := 0, make(chan struct{})
	go func() {
		defer close(done)
		for range w.Ready() {
			state := w.Take()
			if state.Err != nil {
				return
			}
			for _, g := range state.Groups {
				for _, change := range g.Changes {
					seen[change.Target] = string(change.Result.Value)
				}
				for target, value := range seen {
					if g.Complete && value != seen[1] {
						t.Errorf("target %d has %s, and target 1 %s, at %d", target, value, seen[1], g.ReadTime)
					}
				}
			}
			last, _ = strconv.Atoi(seen[1])
		}
	}()
	return func() int {
		w.Close()
		<-done
		return last
	}
}

// placeOf is how many copies there are, and whether the group of a target, and the query that it follows, are on the first socket.
func placeOf(s *session, w *Set, target uint32) (copies int, group, query bool) {
	onLoop(s, func() {
		first := s.upstreams.first
		for u := range s.upstreams.all() {
			copies += len(u.copies)
		}
		t := w.target(target)
		group, query = t.group.at == first, t.primary.at == first
	})
	return copies, group, query
}

// A group with a slow query and a popular one delays nobody who follows the popular one: that stays where it is. The group goes back when
// its query is fast again.
func TestSlowGroupDragsNoOthers(t *testing.T) {
	for name, who := range map[string]convex.Credential{"anonymous": anonymous, "a user": {}} {
		bubble(t, name, func(t *testing.T) {
			if name == "a user" {
				who = credential("ada", 1, 3*time.Hour)
			}
			d, c, _ := startComputing(t, Options{})
			var others []*Subscription
			for i := range 50 {
				others = append(others, subscribeWith(t, c, who, fmt.Sprintf("m:f%d", i), `{}`, SubscribeOptions{Caller: "ada"}))
			}
			d.writeFor(time.Second)
			before := d.latencies(t, others[0], 5)
			w := watch(t, c, who, WatchOptions{Caller: "mallory"})
			newest := w.numbers(t)
			w.add(t, 1, 0, "m:f0")
			w.add(t, 2, 0, "slow:q0")
			w.add(t, 3, 0, "m:f1")
			d.writeFor(20 * time.Second)
			s := c.sessions[who.Identity]
			copies, group, popular := placeOf(s, w, 1)
			if _, _, slow := placeOf(s, w, 2); copies != 2 || group || !popular || slow {
				t.Errorf("%d copies; on the first socket: the group %t, the popular query %t, the slow one %t", copies, group, popular, slow)
			}
			if after := d.latencies(t, others[0], 20); after > 2*before {
				t.Errorf("others have a value after %v; %v without the group", after, before)
			}
			d.mu.Lock()
			d.fast = "slow:q0"
			d.mu.Unlock()
			d.writeFor(5 * time.Minute) // it is tried again once a minute
			if copies, group, popular := placeOf(s, w, 1); copies != 0 || !group || !popular {
				t.Errorf("%d copies; on the first socket: the group %t, the popular query %t", copies, group, popular)
			}
			time.Sleep(time.Second)
			synctest.Wait()
			if got, want := newest(), d.newest(); got != want {
				t.Errorf("the group has %d of %d", got, want)
			}
			d.end(c)
		})
	}
}

// However a caller adds and removes a slow query, its group moves at most once a minute.
func TestGroupMovesRarely(t *testing.T) {
	bubble(t, "", func(t *testing.T) {
		d, c, _ := startComputing(t, Options{})
		keep := subscribeWith(t, c, anonymous, "slow:q0", `{}`, SubscribeOptions{Caller: "ada"})
		subscribe(t, c, anonymous, "m:other")
		d.writeFor(20 * time.Second)
		s := c.sessions[anonymous.Identity]
		if keep.query.at == s.upstreams.first {
			t.Fatal("the slow query is on the first socket")
		}
		w := watch(t, c, anonymous, WatchOptions{Caller: "mallory"})
		w.add(t, 1, 0, "m:f0")
		w.add(t, 2, 0, "m:f1")
		moves, was := 0, true
		for i := range uint32(60) { // for two minutes
			if i%2 == 0 {
				w.add(t, 3+i, 0, "slow:q0")
			} else {
				w.Remove(2 + i)
			}
			for range 10 {
				d.writeFor(200 * time.Millisecond)
				if _, first, _ := placeOf(s, w, 1); first != was {
					moves++
					was = first
				}
			}
		}
		if moves == 0 || moves > 5 {
			t.Errorf("it has moved %d times", moves)
		}
		w.Remove(1)
		w.add(t, 100, 1, "m:f0")
		w.add(t, 101, 1, "m:f1")
		w.add(t, 102, 1, "slow:q0")
		w.Remove(102)
		onLoop(s, func() {
			if g := w.group(1); g.next == nil && g.at == s.upstreams.first {
				t.Error("the move has ended, so that the next would begin")
			}
		})
		d.end(c)
	})
}

// A copy that may be poison is tried as others are, and its group has its value in the end.
func TestCopiesThatAreQuarantined(t *testing.T) {
	bubble(t, "", func(t *testing.T) {
		d, c, _ := startComputing(t, Options{})
		ada := credential("ada", 1, 3*time.Hour)
		var ends atomic.Int32
		d.ends = func(int) (int, string) {
			if ends.Add(1) <= 6 {
				return 1013, "TooManyConcurrentRequests"
			}
			return 0, ""
		}
		for i := range 10 {
			subscribeWith(t, c, ada, fmt.Sprintf("m:f%d", i), `{}`, SubscribeOptions{Caller: "a"})
		}
		var sets []*Set
		for i := range 10 {
			w := watch(t, c, ada, WatchOptions{Caller: fmt.Sprint(i)})
			sets = append(sets, w)
			w.add(t, 1, 0, fmt.Sprintf("m:f%d", i))
			w.add(t, 2, 0, "slow:q0")
			w.add(t, 3, 0, fmt.Sprintf("slow:q%d", i))
		}
		d.writeFor(3 * time.Minute)
		time.Sleep(10 * time.Second)
		s := c.sessions[ada.Identity]
		checkServed(t, s)
		want := strconv.Itoa(d.newest())
		for i, w := range sets {
			state := w.Take()
			var values []string
			for _, change := range state.Groups[0].Changes {
				values = append(values, string(change.Result.Value))
			}
			if got := strings.Join(values, " "); got != strings.Join([]string{want, want, want}, " ") || !state.Groups[0].Complete || state.Groups[0].Link != Connected {
				t.Errorf("set %d: %s", i, state.text())
			}
		}
		d.end(c)
	})
}

// Where no socket can be had for a group's caller, it goes where its slow query is; and the bytes of copies are held for those who need them.
func TestGroupsWithoutASocketOfTheirOwn(t *testing.T) {
	bubble(t, "", func(t *testing.T) {
		b, none := &budget{limit: 1_000, held: map[string]int{}}, &budget{held: map[string]int{}}
		hold := func(caller string) Hold {
			if caller == "poor" {
				return none.open(caller)
			}
			return b.open(caller)
		}
		d, c, _ := startComputing(t, Options{SocketsPerIdentity: 9, MaxSockets: 16, Hold: hold})
		fast0 := subscribeWith(t, c, anonymous, "m:f0", `{}`, SubscribeOptions{Caller: "ada"})
		fast1 := subscribeWith(t, c, anonymous, "m:f1", `{}`, SubscribeOptions{Caller: "ada"})
		keep := subscribeWith(t, c, anonymous, "slow:q0", `{}`, SubscribeOptions{Caller: "ada"})
		d.writeFor(20 * time.Second)
		s := c.sessions[anonymous.Identity]
		for end := time.Now().Add(20 * time.Minute); time.Now().Before(end); d.writeFor(10 * time.Second) { // a fast one may be taken for slow, for minutes
			separate := false
			onLoop(s, func() {
				first := s.upstreams.first
				separate = fast0.query.at == first && fast1.query.at == first && keep.query.at != first
			})
			if separate {
				break
			}
		}
		c.mu.Lock()
		c.others += 100 // no more
		c.mu.Unlock()
		var sets []*Set
		for i := range 8 { // their places differ
			w := watch(t, c, anonymous, WatchOptions{Caller: fmt.Sprint("bob", i)})
			w.add(t, 1, 0, "m:f0")
			w.add(t, 2, 0, "slow:q0")
			sets = append(sets, w)
		}
		poor := watch(t, c, anonymous, WatchOptions{Caller: "poor"})
		poor.add(t, 1, 0, "m:f1")
		poor.add(t, 2, 0, "slow:q0")
		d.writeFor(10 * time.Second)
		time.Sleep(2 * slowRun)
		onLoop(s, func() {
			if keep.query.at == s.upstreams.first {
				t.Error("the slow query is on the first socket")
			}
			for _, w := range sets {
				if w.group(0).at != keep.query.at {
					t.Error("a group is not where its slow query is")
				}
			}
		})
		for _, w := range sets {
			if got, want := string(w.Take().Groups[0].Changes[0].Result.Value), strconv.Itoa(d.newest()); got != want {
				t.Errorf("got %s; want %s", got, want)
			}
		}
		if changes := poor.Take().Groups[0].Changes; !errors.Is(changes[0].Err, errBudget) || changes[1].Result == nil {
			t.Errorf("without room for a copy: %+v", changes)
		}
		held := 0
		for i := range 8 {
			held += b.of(fmt.Sprint("bob", i))
		}
		if held == 0 {
			t.Error("nothing is held for the copies")
		}
		for _, w := range sets {
			w.Close()
		}
		time.Sleep(time.Minute)
		for i := range 8 {
			if n := b.of(fmt.Sprint("bob", i)); n != 0 {
				t.Errorf("%d bytes are held in the end", n)
			}
		}
		c.mu.Lock()
		c.others -= 100
		c.mu.Unlock()
		d.end(c)
	})
}

// A copy that is left behind on the first socket and may be poison is tried as the queries there are, and sent again.
func TestCopyOnTheFirstSocketIsTried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, c, w, first := watched(t, Options{SocketsPerIdentity: 3}, anonymous, WatchOptions{})
		s := c.sessions[anonymous.Identity]
		a := s.subscribers.queries[queryKey{mustPath(t, "a:a"), `{}`}]
		onLoop(s, func() { s.move([]*sharedQuery{a}, s.openUpstream(0)) })
		slow := p.Socket()
		slow.Greeting(false)
		for synctest.Wait(); len(slow.Messages) > 0; synctest.Wait() {
			slow.Next("ModifyQuerySet")
		}
		slow.Answer(20, syncfake.Updated(0, `3`)) // without the other query: the group stays
		synctest.Wait()
		first.Cut()
		for range 2 {
			first = p.Socket()
			if calls := first.Greeting(false).Set.Calls(); calls != "+0 a:a{} +1 b:b{}" {
				t.Fatalf("the first socket has %s", calls)
			}
			first.Send("%s", syncfake.Transition(syncfake.Version{}, syncfake.At(0, 0, 30)))
			synctest.Wait()
			first.End(1011, "InternalServerError")
		}
		trial := p.Socket()
		if trial.Greeting(false).Set.Calls() == "" {
			trial.Answer(40)
			trial.Next("ModifyQuerySet")
		}
		trial.Answer(41, syncfake.Updated(0, `3`), syncfake.Updated(1, `3`))
		first = p.Socket()
		first.Greeting(false)
		for synctest.Wait(); len(first.Messages) > 0; synctest.Wait() {
			first.Next("ModifyQuerySet")
		}
		first.Answer(50, syncfake.Updated(0, `4`), syncfake.Updated(1, `4`))
		w.takes(t, "0 connected @50 complete 1=4 2=4")
	})
}

// Sets of many callers, some with slow queries, come and go while all is written. Each has whole states, and the newest in the end; those
// without slow queries have it soon.
func TestManySetsBesideSlowQueries(t *testing.T) {
	for seed := range uint64(5) {
		bubble(t, fmt.Sprint(seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 13))
			d, c, _ := startComputing(t, Options{})
			subscribe(t, c, anonymous, "m:keep")
			var newest []func() int
			for range 60 {
				d.writeFor(time.Duration(random.IntN(4)) * time.Second)
				w := watch(t, c, anonymous, WatchOptions{Caller: fmt.Sprint(random.IntN(10))})
				newest = append(newest, w.numbers(t))
				for n := range uint32(1 + random.IntN(6)) {
					path := fmt.Sprintf("m:f%d", random.IntN(20))
					if random.IntN(10) == 0 {
						path = fmt.Sprintf("slow:q%d", random.IntN(4))
					}
					w.add(t, n+1, 0, path)
				}
				if i := random.IntN(len(newest)); random.IntN(3) == 0 {
					newest[i]()
					newest = append(newest[:i], newest[i+1:]...)
				}
			}
			d.writeFor(2 * time.Minute)
			time.Sleep(5 * time.Second)
			s := c.sessions[anonymous.Identity]
			onLoop(s, func() {
				checkGroups(t, s)
				first := s.upstreams.first
				for _, q := range first.queries {
					if strings.HasPrefix(q.key.path.String(), "slow") {
						t.Errorf("%s is on the first socket", q.key.path)
					}
				}
				for w := range s.subscribers.sets {
					for _, g := range w.groups {
						slow := false
						for _, target := range g.targets {
							slow = slow || strings.HasPrefix(target.primary.key.path.String(), "slow")
						}
						if slow == (g.at == first) {
							t.Errorf("a group with slow queries: %t; it is on the first socket: %t", slow, g.at == first)
						}
					}
				}
			})
			for _, last := range newest {
				if got, want := last(), d.newest(); got != want {
					t.Errorf("a set has %d of %d", got, want)
				}
			}
			d.end(c)
		})
	}
}
