package protocol

import (
	"testing"
	"time"

	"convexgateway/convex"
)

// G: ReadTime of a query that is quarantined after it was answered on the socket.
func TestReadTimeOfAQuarantinedQuery(t *testing.T) {
	m := NewMachine(testSession)
	m.TryElsewhere(true)
	a, _ := m.Add(mustPath(t, "m:a"), []byte(`{}`))
	m.Open("", "x", time.UnixMilli(1))
	answer := func(ts Timestamp, ids ...QueryID) {
		t.Helper()
		tr := &Transition{Start: m.queries.remote, End: Version{m.queries.sentQuerySet, 0, ts}}
		for _, id := range ids {
			tr.Modifications = append(tr.Modifications, Modification{ID: id, Result: &convex.Result{Value: []byte(`1`)}})
		}
		if _, err := m.Apply(tr); err != nil {
			t.Fatal(err)
		}
	}
	answer(10, a)
	answer(50) // the result holds at 50: shown to the subscriber
	m.Close(Ending{Err: errProbe, Fatal: true})
	if !m.Quarantined(a) {
		t.Fatal("not quarantined")
	}
	m.Open("", "x", time.UnixMilli(1))
	answer(90)
	known, missing := m.Missing(a)
	t.Logf("known %d missing %t reached %d", known, missing, m.Reached())
	if !missing || known != 50 {
		t.Errorf("known up to %d, missing %t; want 50 (0 is taken for Reached, %d)", known, missing, m.Reached())
	}
}

var errProbe = &convex.DeploymentError{Class: convex.Refused}

// D: restore must not add what is on the socket.
func TestRestoreOfAQueryOnTheSocket(t *testing.T) {
	m := NewMachine(testSession)
	a, _ := m.Add(mustPath(t, "m:a"), []byte(`{}`))
	b, _ := m.Add(mustPath(t, "m:b"), []byte(`{}`))
	m.Open("", "x", time.UnixMilli(1))
	m.Close(Ending{Err: errProbe, Fatal: true})
	m.TryElsewhere(true)
	m.Open("", "x", time.UnixMilli(1))
	m.TryElsewhere(false) // withoutTrial of another set
	e := answerAll(t, m, 1)
	added, _ := sentQueries(t, e.Messages)
	e = m.Restore([]Restored{{ID: a}, {ID: b}})
	again, _ := sentQueries(t, e.Messages)
	t.Logf("probe adds %v, restore adds %v", added, again)
	for _, id := range again {
		for _, other := range added {
			if id == other {
				t.Errorf("query %d is added twice on a socket", id)
			}
		}
	}
}

// K: a heavy query and newcomers: the socket never counts as established.
func TestHeavyQueryIsNotOvertakenAtTheStart(t *testing.T) {
	m := NewMachine(testSession)
	m.queries.maxInFlight = 16 << 10
	m.Add(mustPath(t, "m:light"), []byte(`{}`))
	heavy, _ := m.Add(mustPath(t, "m:heavy"), large(15<<10))
	m.Open("", "x", time.UnixMilli(1))
	for i := range 1000 {
		covered := m.queries.sentQuerySet
		m.Add(mustPath(t, "m:f"), []byte(`{"n":1}`)) // one newcomer while the deployment computes
		tr := &Transition{Start: m.queries.remote, End: Version{covered, 0, Timestamp(i + 1)}}
		for id, q := range m.queries.unanswered {
			if q.sentIn <= covered {
				tr.Modifications = append(tr.Modifications, Modification{ID: id, Result: &convex.Result{Value: []byte(`1`)}})
			}
		}
		if _, err := m.Apply(tr); err != nil {
			t.Fatal(err)
		}
	}
	if !m.Established() || m.Result(heavy) == nil {
		t.Errorf("after 1,000 transitions: established %t, heavy has a result %t", m.Established(), m.Result(heavy) != nil)
	}
}
