package live

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/convex"
	"convexgateway/internal/syncfake"
)

var soakFor = flag.Duration("soak", 0, "how long TestSoak goes on, with other seeds after its usual ones")

// Whatever happens in whatever order: no subscriber gets a result of another identity, the same one twice or an older one, in
// the end all have the newest, every mutation is applied exactly once and in order, and at its return its caller reads what it
// has written.
func TestSoak(t *testing.T) {
	var total figures
	start := time.Now()
	for seed := uint64(0); seed < 30 || time.Since(start) < *soakFor; seed++ {
		bubble(t, fmt.Sprint(seed), func(t *testing.T) {
			s := newSoak(t, rand.New(rand.NewPCG(seed, 1)))
			s.run()
			total.add(s.figures)
		})
		if t.Failed() {
			return
		}
	}
	t.Logf("%+v", total)
	if total.applied == 0 || total.cutMutations == 0 || total.unknown == 0 || total.poisonQueries == 0 {
		t.Errorf("too little happens: %+v", total)
	}
}

// Whatever else happens, queries that move to other sockets and back lose no value, repeat none and do not go back in time, and mutations
// keep their order.
func TestMovesLoseNothing(t *testing.T) {
	var total figures
	writes := 0
	for seed := uint64(0); writes < 10_000; seed++ {
		bubble(t, fmt.Sprint(seed), func(t *testing.T) {
			s := newSoak(t, rand.New(rand.NewPCG(seed, 7)))
			s.moving = true
			for s.model.writes() < 1_000 {
				s.step()
			}
			s.finish()
			s.check()
			writes += s.model.writes()
			total.add(s.figures)
			total.moved += int(s.client.Stats().Moved)
		})
		if t.Failed() {
			return
		}
	}
	t.Logf("%d writes, %+v", writes, total)
	if total.moved < 10_000 || total.applied == 0 || total.poisonQueries == 0 || total.cuts == 0 {
		t.Errorf("too little happens: %+v", total)
	}
}

// figures count what a soak has done.
type figures struct {
	operations, cuts, restarts, poisonQueries, moves  int
	mutations, applied, cutMutations, unknown, viaWeb int
	moved                                             int
}

func (f *figures) add(other figures) {
	f.operations += other.operations
	f.cuts += other.cuts
	f.restarts += other.restarts
	f.poisonQueries += other.poisonQueries
	f.moves += other.moves
	f.mutations += other.mutations
	f.applied += other.applied
	f.cutMutations += other.cutMutations
	f.unknown += other.unknown
	f.viaWeb += other.viaWeb
}

type soak struct {
	figures
	t        *testing.T
	random   *rand.Rand
	model    *model
	peer     *syncfake.Endpoint
	client   *Client
	watchers []*watcher
	running  sync.WaitGroup // mutations

	moving bool // queries are moved to other sockets and back

	mu      sync.Mutex
	ends    map[int]ending // of the mutations that have ended, by n
	tokens  int
	lastRun int
}

// ending is how a mutation ended for its caller.
type ending int

const (
	done ending = iota
	unknown
	notRun
)

func newSoak(t *testing.T, random *rand.Rand) *soak {
	s := &soak{t: t, random: random, ends: map[int]ending{}}
	s.model = newModel(rand.New(rand.NewPCG(random.Uint64(), 2)))
	s.peer = syncfake.New(t)
	s.peer.Serve = s.model.serve
	s.client = newClient(t, s.peer.Listener, Options{Linger: time.Second, Silence: time.Hour, FailFast: time.Hour, random: rand.Float64})
	return s
}

func (s *soak) run() {
	for range 400 {
		s.step()
	}
	s.finish()
	s.check()
}

func (s *soak) step() {
	s.operations++
	if s.moving && s.random.IntN(2) == 0 {
		s.move()
	}
	switch i := s.random.IntN(100); {
	case i < 25 && len(s.watchers) < 20:
		s.watch()
	case i < 35 && len(s.watchers) > 0:
		s.unwatch()
	case i < 40:
		s.cuts += s.model.cutSome(2)
	case i < 42:
		s.restart()
	case i < 70:
		s.mutate()
	case i < 85:
		s.model.bump()
	case i < 86:
		s.poison()
	default:
		time.Sleep(time.Duration(s.random.IntN(3000)) * time.Millisecond)
	}
	s.renewSome()
}

// move moves some queries of some identities.
func (s *soak) move() {
	s.client.mu.Lock()
	sessions := slices.Collect(maps.Values(s.client.sessions))
	s.client.mu.Unlock()
	seed := s.random.Uint64()
	for _, session := range sessions {
		session.loop.post(func() {
			random := rand.New(rand.NewPCG(seed, 3))
			to := session.upstreams.first
			if random.IntN(3) > 0 {
				to = session.openUpstream(random.IntN(session.upstreams.slowPlaces()))
			}
			var queries []*sharedQuery
			for _, q := range session.subscribers.queries {
				if random.IntN(2) == 0 {
					queries = append(queries, q)
				}
			}
			session.move(queries, to)
			to.lingerIfEmpty()
		})
	}
	s.moves += len(sessions)
}

var soakNames = []string{"anonymous", "ada", "bob", "cyd"}

// credential is a new one of a caller.
func (s *soak) credential(name string) convex.Credential {
	if name == "anonymous" {
		return anonymous
	}
	s.tokens++
	return credential(name, s.tokens, time.Minute)
}

func (s *soak) watch() {
	w := &watcher{who: soakNames[s.random.IntN(4)], path: []string{"a:a", "b:b", "c:c"}[s.random.IntN(3)], done: make(chan struct{})}
	w.sub = subscribe(s.t, s.client, s.credential(w.who), w.path)
	s.watchers = append(s.watchers, w)
	go w.run(s.t)
}

func (s *soak) unwatch() {
	i := s.random.IntN(len(s.watchers))
	w := s.watchers[i]
	s.watchers = slices.Delete(s.watchers, i, i+1)
	w.sub.Close()
	<-w.done
}

// restart cuts all sockets, and refuses new ones for a while.
func (s *soak) restart() {
	s.restarts++
	for range s.random.IntN(6) {
		s.peer.Refuse <- 503
	}
	s.cuts += s.model.cutSome(1)
}

// poison subscribes to a poison query, which must fail.
func (s *soak) poison() {
	s.poisonQueries++
	sub := subscribe(s.t, s.client, s.credential(soakNames[s.random.IntN(4)]), fmt.Sprintf("poison:q%d", s.poisonQueries))
	s.running.Go(func() {
		defer sub.Close()
		for {
			state, err := sub.Next(s.t.Context())
			var e *convex.DeploymentError
			switch {
			case err != nil || state.Result != nil:
				s.t.Errorf("the poison query is at %q, %v", state.text(), err)
				return
			case state.Err == nil:
			case !errors.As(state.Err, &e) || e.Class != convex.Refused:
				s.t.Errorf("the poison query ends with %v", state.Err)
				return
			default:
				return
			}
		}
	})
}

// mutate runs a mutation in the background. Some contexts end soon.
func (s *soak) mutate() {
	s.mutations++
	s.lastRun++
	n, name := s.lastRun, soakNames[s.random.IntN(4)]
	who := s.credential(name)
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Hour)
	if s.random.IntN(5) == 0 {
		time.AfterFunc(time.Duration(s.random.IntN(1000))*time.Millisecond, cancel)
	}
	call := convex.Call{Kind: convex.Mutation, Path: mustPath(s.t, "m:raise"), Args: fmt.Appendf(nil, `{"who":%q,"n":%d}`, name, n)}
	watching := s.watching(name)
	s.running.Go(func() {
		defer cancel()
		result, ran, err := s.client.Run(ctx, who, call)
		if ran && err == nil && !s.moving && !s.model.batches { // the first socket's results reflect it, no others
			readsOwnWrite(s.t, watching, result)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.ends[n] = s.endOf(ran, err)
	})
	synctest.Wait() // so that they reach their sessions in this order
}

func (s *soak) watching(name string) (list []*watcher) {
	for _, w := range s.watchers {
		if w.who == name {
			list = append(list, w)
		}
	}
	return list
}

func readsOwnWrite(t *testing.T, watching []*watcher, result *convex.Result) {
	var written int
	if err := json.Unmarshal(result.Value, &written); err != nil {
		t.Error(err)
	}
	for _, w := range watching {
		state := w.sub.State()
		if state.Err != nil || state.Result == nil {
			continue
		}
		if number, _, _ := readValue(t, state.Result); number < written {
			t.Errorf("%s has written %d and reads %s", w.who, written, state.text())
		}
	}
}

// endOf classifies the end of a Run. The caller holds mu.
func (s *soak) endOf(ran bool, err error) ending {
	var e *convex.DeploymentError
	switch {
	case !ran && err == nil:
		s.viaWeb++
		return notRun
	case err == nil:
		return done
	case errors.As(err, &e) && e.Class == convex.OutcomeUnknown:
		s.unknown++
		return unknown
	case errors.As(err, &e) && e.Class == convex.Unavailable, errors.Is(err, context.Canceled):
		return notRun
	default:
		s.t.Errorf("a mutation ends with %v", err)
		return notRun
	}
}

func (s *soak) renewSome() {
	for _, w := range s.watchers {
		if w.who != "anonymous" && s.random.IntN(5) == 0 {
			w.sub.Renew(s.credential(w.who))
		}
	}
}

// finish waits until everything has ended: past any backoff, and within the lifetime of the newest tokens.
func (s *soak) finish() {
	for len(s.peer.Refuse) > 0 {
		<-s.peer.Refuse
	}
	s.model.mu.Lock()
	s.model.random = nil
	s.model.mu.Unlock()
	for range 10 {
		for _, w := range s.watchers {
			if w.who != "anonymous" {
				w.sub.Renew(s.credential(w.who))
			}
		}
		time.Sleep(20 * time.Second)
	}
	s.running.Wait()
	synctest.Wait()
}

func (s *soak) check() {
	for _, w := range s.watchers {
		if w.sub.State().Link != Connected || w.last != s.model.number {
			s.t.Errorf("%s at %s ends with %d, %s; want %d", w.who, w.path, w.last, w.sub.State().text(), s.model.number)
		}
	}
	for _, e := range s.model.errors {
		s.t.Error(e)
	}
	s.client.Close()
	for _, w := range s.watchers {
		<-w.done
	}
	s.cutMutations = s.model.cutMutations
	counts := map[int]int{}
	for session, list := range s.model.applied {
		if !slices.IsSorted(list) {
			s.t.Errorf("session %s has applied %v: not in order", session, list)
		}
		for _, n := range list {
			counts[n]++
			s.applied++
		}
	}
	for n, f := range s.ends {
		if count := counts[n]; f == done && count != 1 || f == notRun && count != 0 || count > 1 {
			s.t.Errorf("mutation %d was applied %d times; for its caller it ended as %d", n, count, f)
		}
	}
	if len(s.ends) != s.mutations {
		s.t.Errorf("%d of %d mutations have ended", len(s.ends), s.mutations)
	}
}

// watcher reads one subscription as it comes and checks every value.
type watcher struct {
	sub    *Subscription
	who    string
	path   string
	last   int
	readAt uint64
	result *convex.Result
	done   chan struct{}
}

func (w *watcher) run(t *testing.T) {
	defer close(w.done)
	for {
		state, err := w.sub.Next(t.Context())
		if err != nil || state.Err != nil {
			return
		}
		if state.Result != nil && state.Result != w.result {
			w.check(t, state.Result)
		}
		if state.ReadTime < w.readAt {
			t.Errorf("%s at %s is read at %d after %d", w.who, w.path, state.ReadTime, w.readAt)
		}
		w.readAt = state.ReadTime
	}
}

func (w *watcher) check(t *testing.T, result *convex.Result) {
	number, who, path := readValue(t, result)
	if who != w.who || path != w.path {
		t.Errorf("%s at %s gets %s", w.who, w.path, result.Value)
	}
	if w.result != nil && (number <= w.last || result.Timestamp <= w.result.Timestamp) {
		t.Errorf("%s at %s steps from %d at %d to %d at %d", w.who, w.path, w.last, w.result.Timestamp, number, result.Timestamp)
	}
	w.last, w.result = number, result
}

// readValue reads a value of the model's queries.
func readValue(t *testing.T, result *convex.Result) (number int, who, path string) {
	var value string
	err := json.Unmarshal(result.Value, &value)
	if err == nil {
		_, err = fmt.Sscanf(value, "%s %s %d", &who, &path, &number)
	}
	if err != nil {
		t.Errorf("%s: %v", result.Value, err)
	}
	return number, who, path
}
