package live

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"convexgateway/convex"
)

// Two queries over one counter never differ within one state of a group, nor from those of its results that the state leaves alone, over
// thousands of writes with cut sockets, slow readers, adds and removes. Nothing is lost, repeated or goes back.
func TestSetsHoldTogether(t *testing.T) { testSetsHoldTogether(t, false, 3_000) }

// The same while queries move to other sockets and back, and groups after them.
func TestMovesKeepSetsTogether(t *testing.T) { testSetsHoldTogether(t, true, 10_000) }

func testSetsHoldTogether(t *testing.T, moving bool, writes int) {
	var total setFigures
	for seed := uint64(0); total.writes < writes; seed++ {
		bubble(t, fmt.Sprint(seed), func(t *testing.T) {
			s := newSetSoak(t, rand.New(rand.NewPCG(seed, 11)))
			s.moving = moving
			for s.model.writes() < 1_000 {
				s.step()
			}
			s.finish()
			s.check()
			total.add(s)
		})
		if t.Failed() {
			return
		}
	}
	t.Logf("%+v", total)
	if total.states < 10_000 || total.together < 1_000 || total.incomplete < 100 || total.checkpoints < 100 || total.poison == 0 || total.cuts < 100 || moving && (total.apart < 1_000 || total.movingNow < 1_000) {
		t.Errorf("too little happens: %+v", total)
	}
}

// setFigures count what was taken.
type setFigures struct {
	writes, cuts                              int
	states, together, incomplete, checkpoints int // of groups; with several changes; without Complete; that answer a checkpoint
	apart, movingNow, poison                  int
}

func (f *setFigures) add(s *setSoak) {
	f.writes += s.model.writes()
	f.cuts += s.cuts
	f.apart += s.apart
	f.movingNow += s.movingNow
	for _, r := range s.readers {
		f.states += r.states
		f.together += r.together
		f.incomplete += r.incomplete
		f.checkpoints += r.checkpoints
		f.poison += r.poison
	}
}

// setSoak is a soak with sets beside its subscriptions.
type setSoak struct {
	*soak
	readers          []*setReader // also those that have been closed
	apart, movingNow int          // groups of several on slow sockets, and groups that move, at all steps
}

func newSetSoak(t *testing.T, random *rand.Rand) *setSoak {
	s := &setSoak{soak: newSoak(t, random)}
	s.model.batches, s.model.numbers = true, map[uint64]int{}
	return s
}

func (s *setSoak) step() {
	s.soak.step()
	if s.random.IntN(10) == 0 || len(s.readers) == 0 {
		s.open()
	}
	r := s.readers[s.random.IntN(len(s.readers))]
	switch i := s.random.IntN(20); {
	case i == 0 && s.random.IntN(10) == 0:
		s.poisonQueries++
		r.add(uint32(s.random.IntN(3)), fmt.Sprintf("poison:t%d", s.poisonQueries))
	case i < 10:
		r.add(uint32(s.random.IntN(3)), fmt.Sprintf("m:f%d", s.random.IntN(8)))
	case i < 16:
		r.remove(s.random)
	case i < 19:
		r.set.Checkpoint(uint32(s.random.IntN(3)), s.random.Uint64N(s.model.now()+2))
	case s.random.IntN(5) == 0:
		r.set.Close()
	}
	if r.who != "anonymous" {
		r.set.Renew(s.credential(r.who))
	}
	if s.moving && s.operations%10 == 0 {
		s.look()
	}
}

// look counts where groups are.
func (s *setSoak) look() {
	s.client.mu.Lock()
	sessions := slices.Collect(maps.Values(s.client.sessions))
	s.client.mu.Unlock()
	for _, session := range sessions {
		onLoop(session, func() {
			for w := range session.subscribers.sets {
				for _, g := range w.groups {
					if len(g.targets) > 1 && g.at != session.upstreams.first {
						s.apart++
					}
				}
			}
			s.movingNow += len(session.subscribers.moving)
			checkGroups(s.t, session)
		})
	}
}

// checkGroups checks that groups have their queries where they are, and that nothing else is kept for them.
func checkGroups(t *testing.T, s *session) {
	counts, users := map[*upstream]int{}, map[*sharedQuery]int{}
	for w := range s.subscribers.sets {
		for _, g := range w.groups {
			counts[g.at]++
			if g.next != nil {
				counts[g.next]++
			}
			for _, target := range g.targets {
				for q, u := range map[*sharedQuery]*upstream{target.query: g.at, target.next: g.next} {
					switch {
					case q == nil:
					case q.at != u || u.queries[q.id] != q:
						t.Errorf("the query of target %d is not where its group is", target.number)
					case q.primary != nil:
						users[q]++
					}
				}
			}
		}
	}
	for u := range s.upstreams.all() {
		if u.groups != counts[u] {
			t.Errorf("%d groups are counted; want %d", u.groups, counts[u])
		}
		for key, c := range u.copies {
			if c.primary.at == u || users[c] != len(c.copied) || users[c] == 0 || u.queries[c.id] != c || s.subscribers.queries[key] != c.primary {
				t.Errorf("%d targets use a copy; it counts %d; its query is here: %t", users[c], len(c.copied), c.primary.at == u)
			}
		}
		for _, q := range u.queries {
			if q.primary != nil && u.copies[q.key] != q {
				t.Errorf("a copy of %s is kept for nobody", q.key.path)
			}
		}
	}
}

func (s *setSoak) open() {
	if len(s.readers) >= 15 {
		return
	}
	r := &setReader{soak: s, who: soakNames[s.random.IntN(len(soakNames))], seen: map[uint32]*seenTarget{}, groups: map[uint32]*seenGroup{}, done: make(chan struct{})}
	if s.random.IntN(2) == 0 {
		r.maxWait = 24 * time.Hour
	}
	r.set = watch(s.t, s.client, s.credential(r.who), WatchOptions{Caller: r.who, MaxWait: r.maxWait})
	s.readers = append(s.readers, r)
	go r.run(rand.New(rand.NewPCG(s.random.Uint64(), 5)))
}

func (s *setSoak) finish() {
	for _, r := range s.readers { // their tokens live for a minute
		if r.who != "anonymous" {
			c := credential(r.who, 1_000_000, time.Hour)
			r.set.Renew(c)
		}
	}
	s.soak.finish()
}

func (s *setSoak) check() {
	for _, r := range s.readers {
		r.checkEnd(s.model.writes())
		r.set.Close()
		<-r.done
	}
	s.look()
	s.soak.check()
}

func (w *model) now() uint64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return uint64(w.clock)
}

func (w *model) numberAt(time uint64) (int, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	number, known := w.numbers[time]
	return number, known
}

// setReader has what the reader of a set has.
type setReader struct {
	soak    *setSoak
	set     *Set
	who     string
	maxWait time.Duration // 0: as usual; otherwise results are never given before all of a group are there
	done    chan struct{}
	last    uint32 // target

	mu     sync.Mutex
	seen   map[uint32]*seenTarget
	groups map[uint32]*seenGroup
	ended  bool

	states, together, incomplete, checkpoints, poison int
}

type seenTarget struct {
	group  uint32
	path   string
	given  bool
	number int
}

type seenGroup struct {
	targets  int
	link     LinkState
	readTime uint64
	complete bool
}

func (r *setReader) add(group uint32, path string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last++
	r.seen[r.last] = &seenTarget{group: group, path: path}
	if r.groups[group] == nil {
		r.groups[group] = &seenGroup{}
	}
	r.groups[group].targets++
	r.groups[group].complete = false
	r.set.Add(r.last, group, mustPath(r.soak.t, path), []byte(`{}`), TargetOptions{NotBefore: r.groups[group].readTime})
}

// remove removes a target. The state that is taken next is without it.
func (r *setReader) remove(random *rand.Rand) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.last == 0 {
		return
	}
	number := random.Uint32N(r.last) + 1
	r.set.Remove(number)
	r.forget(number)
}

// forget notes that a target has ended. The caller holds mu.
func (r *setReader) forget(number uint32) {
	seen := r.seen[number]
	if seen == nil {
		return
	}
	delete(r.seen, number)
	if g := r.groups[seen.group]; g.targets > 1 {
		g.targets--
	} else {
		delete(r.groups, seen.group)
	}
}

func (r *setReader) run(random *rand.Rand) {
	defer close(r.done)
	for range r.set.Ready() {
		r.mu.Lock()
		state := r.set.Take()
		for _, g := range state.Groups {
			r.take(g)
		}
		r.ended = state.Err != nil
		r.mu.Unlock()
		if state.Err != nil {
			return
		}
		if random.IntN(4) == 0 { // it lags
			time.Sleep(time.Duration(random.IntN(5_000)) * time.Millisecond)
		}
	}
}

// take checks what is new of a group. The caller holds mu.
func (r *setReader) take(state GroupState) {
	t := r.soak.t
	group := r.groups[state.Group]
	if state.Checkpoint {
		r.checkpoints++
	}
	ended := func(change TargetState) bool { return change.Err != nil && r.end(change) }
	state.Changes = slices.DeleteFunc(state.Changes, ended)
	if group == nil { // it has ended, or never was
		if state.ReadTime > 0 || len(state.Changes) > 0 {
			t.Errorf("group %d, which has no targets: %+v", state.Group, state)
		}
		return
	}
	r.states++
	if state.Link != Connected {
		group.complete = false
	}
	group.link = state.Link
	if state.ReadTime == 0 {
		if len(state.Changes) > 0 {
			t.Errorf("changes without a time: %+v", state)
		}
		return
	}
	if state.ReadTime < group.readTime {
		t.Errorf("%s: group %d is read at %d after %d", r.who, state.Group, state.ReadTime, group.readTime)
	}
	group.readTime, group.complete = state.ReadTime, state.Complete
	want, known := r.soak.model.numberAt(state.ReadTime)
	if !known {
		t.Errorf("nothing was read at %d", state.ReadTime)
	}
	for _, change := range state.Changes {
		r.change(state, change, want)
	}
	if len(state.Changes) > 1 {
		r.together++
	}
	if !state.Complete {
		r.incomplete++
	}
	for number, seen := range r.seen {
		together := state.Complete || seen.given && r.maxWait > 0
		if together && seen.group == state.Group && (!seen.given || seen.number != want) {
			t.Errorf("%s: group %d is complete at %d, where the number is %d; target %d has %d (given: %t)", r.who, state.Group, state.ReadTime, want, number, seen.number, seen.given)
		}
	}
}

// end checks the end of a target, and reports whether it is poison. The target may have been removed after it had ended.
func (r *setReader) end(change TargetState) bool {
	seen := r.seen[change.Target]
	if seen == nil {
		return true
	}
	var e *convex.DeploymentError
	if !strings.HasPrefix(seen.path, "poison") || !errors.As(change.Err, &e) || e.Class != convex.Refused {
		r.soak.t.Errorf("%s: target %d, %+v, ends with %v", r.who, change.Target, seen, change.Err)
		return false
	}
	r.poison++
	r.forget(change.Target)
	return true
}

func (r *setReader) change(state GroupState, change TargetState, want int) {
	t := r.soak.t
	seen := r.seen[change.Target]
	if seen == nil || change.Err != nil {
		t.Errorf("group %d: %+v", state.Group, change)
		return
	}
	number, who, path := readValue(t, change.Result)
	if who != r.who || path != seen.path || number != want {
		t.Errorf("%s at %s gets %s at %d, where the number is %d", r.who, seen.path, change.Result.Value, state.ReadTime, want)
	}
	if seen.given && number <= seen.number {
		t.Errorf("%s at %s steps from %d to %d", r.who, seen.path, seen.number, number)
	}
	seen.given, seen.number = true, number
}

// checkEnd checks that all that is live has the newest number.
func (r *setReader) checkEnd(want int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended {
		return
	}
	for number, seen := range r.seen {
		if g := r.groups[seen.group]; seen.number != want || !g.complete || g.link != Connected {
			r.soak.t.Errorf("%s: target %d of group %+v ends with %d; want %d", r.who, number, *g, seen.number, want)
		}
	}
}
