package protocol

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"convexgateway/convex"
)

// sentQueries reads which queries messages add and remove, and checks that each is small enough for the deployment.
func sentQueries(t *testing.T, messages [][]byte) (added, removed []QueryID) {
	t.Helper()
	for _, text := range messages {
		var m struct {
			Modifications []struct {
				Type    string
				QueryID QueryID
			}
		}
		if err := json.Unmarshal(text, &m); err != nil {
			t.Fatal(err)
		}
		for _, mod := range m.Modifications {
			if mod.Type == "Add" {
				added = append(added, mod.QueryID)
			} else {
				removed = append(removed, mod.QueryID)
			}
		}
		if len(text) > 16<<20 && len(m.Modifications) > 1 {
			t.Errorf("a message of %d queries has %d bytes", len(m.Modifications), len(text))
		}
	}
	return added, removed
}

func large(size int) []byte {
	return fmt.Appendf(nil, `{"a":"%s"}`, bytes.Repeat([]byte("x"), size))
}

// answer answers to everything that was sent, with a result of a size for each query under way.
func answerAll(t *testing.T, m *Machine, size int) Effects {
	t.Helper()
	transition := &Transition{Start: m.queries.remote, End: Version{m.queries.sentQuerySet, m.queries.sentIdentity, m.queries.remote.TS + 1}}
	for id := range m.queries.unanswered {
		transition.Modifications = append(transition.Modifications, Modification{ID: id, Result: &convex.Result{Value: large(size)}})
	}
	effects, err := m.Apply(transition)
	if err != nil {
		t.Fatal(err)
	}
	return effects
}

// A new socket has the queries in batches by what their arguments and last results weigh, each when the one before is answered, and
// counts as established after the last.
func TestBatchesOfANewSocket(t *testing.T) {
	m := NewMachine(testSession)
	m.queries.maxInFlight = 16 << 10
	m.Open("", "InitialConnect", time.UnixMilli(1))
	const queries, size = 100, 500
	for i := range queries {
		_, effects := m.Add(mustPath(t, "m:f"), fmt.Appendf(nil, `{"n":%d}`, i))
		if len(effects.Messages) != 1 {
			t.Fatalf("query %d sends %d messages", i, len(effects.Messages))
		}
		answerAll(t, m, size)
	}
	m.Close(Ending{})
	effects := m.Open("", "ConnectionLost", time.UnixMilli(2))
	var all []QueryID
	for batches := 1; ; batches++ {
		added, _ := sentQueries(t, effects.Messages)
		all = append(all, added...)
		if weight := len(added) * size; weight > m.queries.maxInFlight || m.Established() {
			t.Fatalf("batch %d weighs %d; established %v", batches, weight, m.Established())
		}
		effects = answerAll(t, m, size)
		if m.Established() {
			if want := (queries*size + m.queries.maxInFlight - 1) / m.queries.maxInFlight; batches < want {
				t.Errorf("established after %d batches, want %d", batches, want)
			}
			break
		}
	}
	slices.Sort(all)
	if len(slices.Compact(all)) != queries || len(m.queries.waiting) > 0 {
		t.Errorf("%d queries were sent", len(all))
	}
}

// A light query does not wait for a heavy one; one that is heavier than all room is sent alone; one that is removed while it waits is
// never sent.
func TestWaitingQueries(t *testing.T) {
	m := NewMachine(testSession)
	m.queries.maxInFlight = 16 << 10
	m.Open("", "InitialConnect", time.UnixMilli(1))
	add := func(size int) (QueryID, bool) {
		id, effects := m.Add(mustPath(t, "m:f"), large(size))
		return id, len(effects.Messages) > 0
	}
	zeroth, _ := add(0)
	answerAll(t, m, 0)
	m.Remove(zeroth)
	answerAll(t, m, 0)
	if _, sent := add(15 << 10); !sent {
		t.Error("the first query waits")
	}
	second, sent := add(15 << 10)
	if sent {
		t.Error("the second does not wait")
	}
	third, _ := add(15 << 10)
	if _, sent := add(10); !sent {
		t.Error("a light query waits")
	}
	if effects := m.Remove(second); len(effects.Messages) > 0 {
		t.Errorf("a removed query that waited sends %d messages", len(effects.Messages))
	}
	if added, _ := sentQueries(t, answerAll(t, m, 1).Messages); !slices.Equal(added, []QueryID{third}) {
		t.Errorf("then %v", added)
	}
	fourth, sent := add(15 << 10)
	if sent {
		t.Error("the fourth does not wait")
	}
	effects := m.Remove(third) // under way: the deployment has it until it has answered
	if added, removed := sentQueries(t, effects.Messages); len(added) > 0 || !slices.Equal(removed, []QueryID{third}) {
		t.Errorf("a removal under way adds %v and removes %v", added, removed)
	}
	if added, _ := sentQueries(t, answerAll(t, m, 1).Messages); !slices.Equal(added, []QueryID{fourth}) {
		t.Errorf("after that %v is added", added)
	}
}

// Whatever is added, removed, answered and cut: what is under way has room, and in the end every query has been answered.
func TestWaitingAtRandom(t *testing.T) {
	t.Parallel()
	for seed := range uint64(50) {
		random := rand.New(rand.NewPCG(seed, 1))
		m := NewMachine(testSession)
		m.queries.maxInFlight = 16 << 10
		m.Open("", "InitialConnect", time.UnixMilli(1))
		var live []QueryID
		for range 200 {
			switch random.IntN(10) {
			case 0, 1, 2, 3, 4:
				id, _ := m.Add(mustPath(t, "m:f"), large(random.IntN(18<<10)))
				live = append(live, id)
			case 5, 6:
				if len(live) > 0 {
					i := random.IntN(len(live))
					m.Remove(live[i])
					live = slices.Delete(live, i, i+1)
				}
			case 7, 8:
				answerAll(t, m, random.IntN(4<<10))
			default:
				m.Close(Ending{})
				m.Open("", "ConnectionLost", time.UnixMilli(2))
			}
			weight := 0
			under := append(slices.Collect(maps.Values(m.queries.unanswered)), slices.Collect(maps.Values(m.queries.gone))...)
			for _, q := range under {
				weight += q.weight
			}
			if weight != m.queries.inFlight || weight > m.queries.maxInFlight && len(under) > 1 {
				t.Fatalf("seed %d: %d queries under way weigh %d, counted as %d", seed, len(m.queries.unanswered), weight, m.queries.inFlight)
			}
			if len(live) > 20 {
				m.Remove(live[0])
				live = live[1:]
			}
		}
		for range 30 {
			answerAll(t, m, 1)
		}
		for _, id := range live {
			if m.Result(id) == nil {
				t.Fatalf("seed %d: query %d was never answered", seed, id)
			}
		}
		if !m.Established() || !m.CaughtUp() {
			t.Fatalf("seed %d: established %v, caught up %v", seed, m.Established(), m.CaughtUp())
		}
	}
}
