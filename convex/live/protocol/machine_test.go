package protocol

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"convexgateway/convex"
	"convexgateway/internal/syncfake"
)

// machineTest is a machine, the requests that it was given, and the version of its last transition.
type machineTest struct {
	*Machine
	t       *testing.T
	named   map[string]*Request
	version Version
}

// event is one thing that happens to a machine.
type event func(*machineTest) (Effects, error)

func open(token string) event {
	return func(m *machineTest) (Effects, error) {
		m.version = Version{}
		return m.Open(token, "reason", time.UnixMilli(1)), nil
	}
}

func add(name string) event {
	return func(m *machineTest) (Effects, error) {
		_, e := m.Add(mustPath(m.t, "q:"+name), []byte(`{}`))
		return e, nil
	}
}

func remove(id QueryID) event {
	return func(m *machineTest) (Effects, error) { return m.Remove(id), nil }
}

func authenticate(token string) event {
	return func(m *machineTest) (Effects, error) { return m.Authenticate(token), nil }
}

// request is a mutation, or an action if its name begins with a.
func request(name string) event {
	return func(m *machineTest) (Effects, error) {
		r := &Request{Kind: convex.Mutation, Path: mustPath(m.t, "m:"+name), Args: []byte(`{}`)}
		if name[0] == 'a' {
			r.Kind = convex.Action
		}
		m.named[name] = r
		if err := m.Enqueue(r); err != nil {
			return Effects{}, err
		}
		return m.Flush(), nil
	}
}

func abandon(name string) event {
	return func(m *machineTest) (Effects, error) { m.Abandon(m.named[name]); return m.Flush(), nil }
}

// apply is a transition from the version of the last one.
func apply(querySet, identity uint32, at Timestamp, modifications ...Modification) event {
	return func(m *machineTest) (Effects, error) {
		end := Version{querySet, identity, at}
		e, err := m.Apply(&Transition{Start: m.version, End: end, Modifications: modifications})
		if err == nil {
			m.version = end
		}
		return e, err
	}
}

func respond(r *Response) event {
	return func(m *machineTest) (Effects, error) { return m.Respond(r), nil }
}

func closed(end Ending) event {
	return func(m *machineTest) (Effects, error) { return m.Close(end), nil }
}

var (
	lost     = closed(Ending{})
	fatal    = closed(Ending{Err: errors.New("poison"), Fatal: true})
	ownFault = closed(Ending{Err: errors.New("poison")})
)

// text is the effects in one line, in their order.
func (e Effects) text(t *testing.T) string {
	var list []string
	for _, id := range e.Changed {
		list = append(list, fmt.Sprintf("changed %d", id))
	}
	for _, id := range e.Failed {
		list = append(list, fmt.Sprintf("failed %d", id))
	}
	if e.FailedAll {
		list = append(list, "failed all")
	}
	for _, o := range e.Outcomes {
		list = append(list, "ended "+o.text())
	}
	for _, message := range e.Messages {
		list = append(list, messageText(t, message))
	}
	return strings.Join(list, ", ")
}

func messageText(t *testing.T, text []byte) string {
	var m syncfake.Message
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	switch m.Type {
	case "Connect":
		return fmt.Sprintf("connect %d", m.ConnectionCount)
	case "Authenticate":
		return fmt.Sprintf("token %d %s", m.BaseVersion, m.Value)
	case "ModifyQuerySet":
		return strings.TrimSpace(fmt.Sprintf("set %d %s", m.NewVersion, m.Calls()))
	default:
		return m.Calls()
	}
}

// Events in, messages and effects out. `set 2 +1 q:b{}` is a ModifyQuerySet to version 2 that adds query 1.
func TestMachine(t *testing.T) {
	type step struct {
		event event
		want  string
	}
	const unknown = "deployment error: outcome unknown: "
	for name, steps := range map[string][]step{
		"queries of an anonymous client": {
			{add("a"), ""},
			{open(""), "connect 0, set 1 +0 q:a{}"},
			{add("b"), "set 2 +1 q:b{}"},
			{apply(2, 0, 5, updated(0, `1`), updated(1, `2`)), "changed 0, changed 1"},
			{apply(2, 0, 6, updated(0, `1`), updated(1, `3`)), "changed 1"},
			{remove(0), "set 3 -0"},
			{apply(3, 0, 7, updated(0, `4`)), ""},
		},
		"a token, and a newer one": {
			{open("t1"), "connect 0, token 0 t1, set 1"},
			{apply(1, 1, 5), ""},
			{authenticate("t2"), "token 1 t2"},
			{lost, ""},
			{authenticate("t3"), ""},
			{open("t2"), "connect 1, token 0 t2, set 1"},
		},
		"the whole set on a new socket": {
			{open(""), "connect 0, set 1"},
			{add("a"), "set 2 +0 q:a{}"},
			{apply(2, 0, 5, updated(0, `1`)), "changed 0"},
			{lost, ""},
			{add("b"), ""},
			{remove(0), ""},
			{add("c"), ""},
			{open(""), "connect 1, set 1 +1 q:b{} +2 q:c{}"},
		},
		"a transition that the protocol does not allow": {
			{open(""), "connect 0, set 1"},
			{apply(2, 0, 5), "error: sync protocol error: transition to {2 0 5}, which was never sent"},
			{apply(1, 0, 5), ""},
			{apply(1, 0, 4), "error: sync protocol error: transition goes back from {1 0 5} to {1 0 4}"},
		},
		"a mutation ends when the queries reflect it": {
			{add("a"), ""},
			{open(""), "connect 0, set 1 +0 q:a{}"},
			{apply(1, 0, 5), ""},
			{request("m"), "#0 m:m{}"},
			{respond(succeeded(0, `1`, 9)), ""},
			{apply(1, 0, 8), ""},
			{apply(1, 0, 9, updated(0, `1`)), "changed 0, ended m=1"},
		},
		"a mutation on the next socket": {
			{request("m1"), ""},
			{open(""), "connect 0, set 1, #0 m:m1{}"},
			{request("m2"), "#1 m:m2{}"},
			{respond(succeeded(0, `1`, 9)), ""},
			{lost, ""},
			{open(""), "connect 1, set 1, #0 m:m1{}, #1 m:m2{}"},
			{respond(threw(1, "x")), "ended m2=threw x"},
			{apply(1, 0, 9), "ended m1=1"},
		},
		"an action is never sent twice": {
			{open(""), "connect 0, set 1"},
			{request("a1"), "#0 m:a1{}"},
			{request("a2"), "#1 m:a2{}"},
			{respond(succeeded(1, `2`, 0)), "ended a2=2"},
			{lost, "ended a1=" + unknown + "ConnectionLost"},
			{open(""), "connect 1, set 1"},
		},
		"an abandoned request": {
			{request("m1"), ""},
			{abandon("m1"), ""},
			{open(""), "connect 0, set 1"},
			{request("m2"), "#1 m:m2{}"},
			{abandon("m2"), ""},
			{lost, "ended m2=" + unknown + "ConnectionLost"},
			{open(""), "connect 1, set 1"},
		},
		"one of two queries is poison": {
			{add("a"), ""},
			{add("b"), ""},
			{open(""), "connect 0, set 1 +0 q:a{} +1 q:b{}"},
			{fatal, ""},
			{open(""), "connect 1, set 1"},
			{request("m"), ""},
			{add("c"), ""},
			{apply(1, 0, 5), "set 2 +0 q:a{}"},
			{apply(2, 0, 6, updated(0, `1`)), "changed 0, changed 0, set 3 +2 q:c{}"},
			{apply(3, 0, 7), "changed 2, set 4 +1 q:b{}"},
			{fatal, "failed 1"},
			{open(""), "connect 2, set 1 +0 q:a{} +2 q:c{}, #0 m:m{}"},
			{apply(1, 0, 8), ""},
			{respond(succeeded(0, `1`, 8)), "ended m=1"},
		},
		"a mutation is poison": {
			{open(""), "connect 0, set 1"},
			{apply(1, 0, 5), ""},
			{request("m1"), "#0 m:m1{}"},
			{request("m2"), "#1 m:m2{}"},
			{fatal, ""},
			{open(""), "connect 1, set 1"},
			{apply(1, 0, 6), "#0 m:m1{}"},
			{respond(succeeded(0, `1`, 6)), "ended m1=1, #1 m:m2{}"},
			{fatal, "ended m2=" + unknown + "poison"},
			{open(""), "connect 2, set 1"},
		},
		"a fault of the deployment's own, at first": {
			{add("a"), ""},
			{open(""), "connect 0, set 1 +0 q:a{}"},
			{apply(1, 0, 5), ""},
			{add("b"), "set 2 +1 q:b{}"},
			{ownFault, ""},
			{open(""), "connect 1, set 1 +0 q:a{} +1 q:b{}"},
			{ownFault, ""},
			{open(""), "connect 2, set 1 +0 q:a{}"},
			{apply(1, 0, 6), "set 2 +1 q:b{}"},
			{ownFault, ""},
			{open(""), "connect 3, set 1 +0 q:a{}"},
			{apply(1, 0, 7), "set 2 +1 q:b{}"},
			{ownFault, "failed 1"},
		},
		"an empty socket is refused": {
			{request("m1"), ""},
			{open(""), "connect 0, set 1, #0 m:m1{}"},
			{lost, ""},
			{add("a"), ""},
			{open(""), "connect 1, set 1 +0 q:a{}, #0 m:m1{}"},
			{fatal, ""},
			{open(""), "connect 2, set 1"},
			{request("m2"), ""},
			{fatal, "failed all, ended m1=" + unknown + "poison, ended m2=poison"},
			{open(""), "connect 3, set 1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := &machineTest{Machine: NewMachine(testSession), t: t, named: map[string]*Request{}}
			for i, step := range steps {
				effects, err := step.event(m)
				got := effects.text(t)
				if err != nil {
					got = "error: " + err.Error()
				}
				if got != step.want {
					t.Fatalf("step %d: %q; want %q", i, got, step.want)
				}
			}
		})
	}
}

// The predicates of a machine, event by event.
func TestMachineStates(t *testing.T) {
	m := &machineTest{Machine: NewMachine(testSession), t: t, named: map[string]*Request{}}
	for i, step := range []struct {
		event event
		want  string
	}{
		{add("a"), "0"},
		{request("m1"), "awaited, 0"},
		{open("t"), "awaited, 0"},
		{apply(0, 1, 4), "token, awaited, 0"},
		{apply(1, 1, 5), "established, token, caught up, awaited, 5"},
		{add("b"), "established, token, awaited, 5"},
		{apply(2, 1, 6), "established, token, caught up, awaited, 6"},
		{authenticate("t2"), "established, awaited, 6"},
		{apply(2, 2, 7), "established, token, caught up, awaited, 7"},
		{respond(succeeded(0, `1`, 7)), "established, token, caught up, 7"},
		{lost, "7"},
		{open("t2"), "7"},
		{fatal, "7"},
		{open("t2"), "7"},
		{apply(1, 1, 8), "established, token, 7"}, // results of quarantined queries are older
		{apply(2, 1, 9), "established, token, 7"},
		{apply(3, 1, 10), "established, token, caught up, 10"},
	} {
		if _, err := step.event(m); err != nil {
			t.Fatal(err)
		}
		var list []string
		for _, s := range []struct {
			name string
			is   bool
		}{{"established", m.Established()}, {"token", m.TokenAccepted()}, {"caught up", m.CaughtUp()}, {"awaited", m.Awaited()}} {
			if s.is {
				list = append(list, s.name)
			}
		}
		list = append(list, fmt.Sprint(uint64(m.Reached())))
		if got := strings.Join(list, ", "); got != step.want {
			t.Errorf("step %d: %q; want %q", i, got, step.want)
		}
	}
}

func TestAwaitedRequests(t *testing.T) {
	m := &machineTest{Machine: NewMachine(testSession), t: t, named: map[string]*Request{}}
	for _, e := range []event{open(""), request("m1"), request("m2"), request("a3"), abandon("m2")} {
		if _, err := e(m); err != nil {
			t.Fatal(err)
		}
	}
	if got := slices.Collect(m.AwaitedRequests()); !slices.Equal(got, []*Request{m.named["m1"], m.named["a3"]}) {
		t.Errorf("awaited are %v", got)
	}
	for r := range m.AwaitedRequests() {
		if !r.sent {
			t.Error("what is on the socket counts as unsent")
		}
		break
	}
}

// An outcome is known to hold at the time of the socket's last transition if that socket has answered the query, and without a socket if the
// last one had, and nothing newer is known of the others.
func TestHolds(t *testing.T) {
	m := &machineTest{Machine: NewMachine(testSession), t: t, named: map[string]*Request{}}
	result := func(id QueryID, text string) Modification {
		return Modification{ID: id, Result: &convex.Result{Value: []byte(text)}}
	}
	other := NewMachine(testSession)
	elsewhere, _ := other.Add(mustPath(t, "q:c"), []byte(`{}`))
	other.queries.queries[elsewhere].result = &convex.Result{Value: []byte(`1`), Timestamp: 5}
	for i, step := range []struct {
		event event
		at    Timestamp
		holds string // a 0 or 1 for each of the queries
	}{
		{add("a"), 0, "0"},
		{add("b"), 0, "00"},
		{open(""), 0, "00"},
		{apply(0, 0, 9), 9, "00"},
		{apply(1, 0, 10, result(0, `1`)), 10, "10"}, // b is left out
		{apply(1, 0, 20, result(1, `1`)), 20, "11"},
		{func(m *machineTest) (Effects, error) {
			_, e := m.AddFrom(other, []QueryID{elsewhere})
			return e, nil
		}, 20, "110"}, // its result is that of another socket
		{closed(Ending{}), 20, "110"},
		{open(""), 20, "000"},
		{apply(1, 0, 30, result(0, `2`)), 30, "100"}, // b and c are left out
		{closed(Ending{}), 30, "100"},
		{open(""), 30, "000"},
		{apply(0, 0, 40), 40, "000"},
		{apply(1, 0, 41, result(0, `2`), result(1, `1`), result(2, `1`)), 41, "111"},
		{closed(Ending{}), 41, "111"},
	} {
		if _, err := step.event(m); err != nil {
			t.Fatal(err)
		}
		holds := ""
		for id := range m.queries.lastID {
			if m.Holds(id) {
				holds += "1"
			} else {
				holds += "0"
			}
		}
		if m.At() != step.at || holds != step.holds {
			t.Errorf("step %d: at %d %s hold; want %d, %s", i, m.At(), holds, step.at, step.holds)
		}
	}
}
