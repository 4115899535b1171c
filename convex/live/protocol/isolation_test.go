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

// deployment is the other end of a machine: one that ends each socket on which it gets a query or request whose name ends
// with !.
type deployment struct {
	t     *testing.T
	m     *Machine
	names map[QueryID]string
	fatal bool // how it ends sockets
	log   []string

	version    Version  // of the last transition
	arrived    [][]byte // messages that it has not read
	unanswered []uint32 // requests
}

func newDeployment(t *testing.T, fatal bool) *deployment {
	return &deployment{t: t, m: NewMachine(testSession), names: map[QueryID]string{}, fatal: fatal}
}

func (d *deployment) query(names ...string) {
	for _, name := range names {
		id, e := d.m.Add(mustPath(d.t, "m:f"), []byte(`{}`))
		d.names[id] = name
		d.take(e)
	}
}

func (d *deployment) mutation(names ...string) {
	for _, name := range names {
		args := fmt.Appendf(nil, `{"name":%q}`, name)
		if err := d.m.Enqueue(&Request{Kind: convex.Mutation, Path: mustPath(d.t, "m:f"), Args: args}); err != nil {
			d.t.Fatal(err)
		}
		d.take(d.m.Flush())
	}
}

// take does what an event asks for.
func (d *deployment) take(e Effects) {
	d.arrived = append(d.arrived, e.Messages...)
	for _, id := range e.Failed {
		d.log = append(d.log, d.names[id]+" fails")
	}
	for _, o := range e.Outcomes {
		var args struct{ Name string }
		_ = json.Unmarshal(o.Request.Args, &args)
		if o.Err != nil {
			args.Name += " " + o.Err.Error()
		}
		d.log = append(d.log, args.Name)
	}
	if e.FailedAll {
		d.log = append(d.log, "all fail")
	}
}

// read reads the messages that have arrived. It reports whether one is poison.
func (d *deployment) read() (poison bool) {
	for _, text := range d.arrived {
		var m syncfake.Message
		if err := json.Unmarshal(text, &m); err != nil {
			d.t.Fatal(err)
		}
		switch m.Type {
		case "ModifyQuerySet":
			d.version.QuerySet = m.NewVersion
			for _, mod := range m.Modifications {
				poison = poison || mod.Type == "Add" && strings.HasSuffix(d.names[mod.QueryID], "!")
			}
		case "Mutation":
			d.unanswered = append(d.unanswered, m.RequestID)
			poison = poison || strings.Contains(string(m.Args[0]), "!")
		}
	}
	d.arrived = nil
	return poison
}

// answer answers everything that was read.
func (d *deployment) answer(start Version) {
	d.version.TS++
	e, err := d.m.Apply(&Transition{Start: start, End: d.version})
	if err != nil {
		d.t.Fatal(err)
	}
	d.take(e)
	for _, id := range d.unanswered {
		d.take(d.m.Respond(succeeded(id, `1`, 0)))
	}
	d.unanswered = nil
}

// socket opens one. It reports whether it ended over poison; otherwise everything is answered.
func (d *deployment) socket() (ended bool) {
	d.version, d.unanswered, d.arrived = Version{}, nil, nil
	d.take(d.m.Open("", "x", time.UnixMilli(1)))
	for range 1000 {
		start := d.version
		if d.read() {
			return true
		}
		if d.m.CaughtUp() && !d.m.Awaited() {
			return false
		}
		d.answer(start)
	}
	d.t.Fatal("it does not end")
	return false
}

// untilStable opens sockets until one lasts, and returns how many ended before.
func (d *deployment) untilStable() int {
	for n := range 100 {
		if !d.socket() {
			return n
		}
		d.take(d.m.Close(Ending{Err: errors.New("poison"), Fatal: d.fatal}))
	}
	return 100
}

func TestIsolation(t *testing.T) {
	for _, tt := range []struct {
		name     string
		answered []string
		queries  []string
		mutated  []string
		fatal    bool
		sockets  int // that end
		log      []string
	}{
		{name: "no poison", queries: []string{"a", "b"}, mutated: []string{"m"}, fatal: true, log: []string{"m"}},
		{name: "alone", queries: []string{"a!"}, fatal: true, sockets: 1, log: []string{"a! fails"}},
		{name: "first of two", queries: []string{"a!", "b"}, fatal: true, sockets: 2, log: []string{"a! fails"}},
		{name: "last of three", queries: []string{"a", "b", "c!"}, fatal: true, sockets: 2, log: []string{"c! fails"}},
		{name: "two of four", queries: []string{"a!", "b", "c!", "d"}, fatal: true, sockets: 3, log: []string{"a! fails", "c! fails"}},
		{name: "all", queries: []string{"a!", "b!"}, fatal: true, sockets: 3, log: []string{"a! fails", "b! fails"}},
		{name: "newcomer among answered ones", answered: []string{"a", "b"}, queries: []string{"c!"}, fatal: true, sockets: 2, log: []string{"c! fails"}},
		{name: "mutation alone", mutated: []string{"m!"}, fatal: true, sockets: 1, log: []string{"m! deployment error: outcome unknown: poison"}},
		{
			name: "mutation among mutations", answered: []string{"a"}, mutated: []string{"m1", "m2!", "m3"}, fatal: true, sockets: 2,
			log: []string{"m1", "m2! deployment error: outcome unknown: poison", "m3"},
		},
		{
			name: "mutation and query", queries: []string{"a!", "b"}, mutated: []string{"m1", "m2!"}, fatal: true, sockets: 3,
			log: []string{"a! fails", "m1", "m2! deployment error: outcome unknown: poison"},
		},
		{name: "an answered query turns to poison", answered: []string{"a", "b turns!", "c"}, fatal: true, sockets: 2, log: []string{"b turns! fails"}},

		{name: "own fault with the only one", queries: []string{"a!"}, sockets: 100},
		{name: "own fault with one of two", queries: []string{"a!", "b"}, sockets: 5, log: []string{"a! fails"}},
		{name: "own fault with a newcomer", answered: []string{"a"}, queries: []string{"b!", "c"}, sockets: 4, log: []string{"b! fails"}},
		{name: "own fault with an answered one", answered: []string{"a", "b turns!"}, sockets: 100},
		{
			name: "own fault with a mutation", answered: []string{"a"}, mutated: []string{"m1!", "m2"}, sockets: 4,
			log: []string{"m1! deployment error: outcome unknown: poison", "m2"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := newDeployment(t, tt.fatal)
			for _, name := range tt.answered {
				d.query(strings.TrimSuffix(name, "!"))
			}
			if d.untilStable() != 0 {
				t.Fatal("sockets end without poison")
			}
			for id, name := range d.names {
				if strings.HasSuffix(name, " turns") {
					d.names[id] += "!"
				}
			}
			d.take(d.m.Close(Ending{}))
			d.query(tt.queries...)
			d.mutation(tt.mutated...)
			if n := d.untilStable(); n != tt.sockets || !slices.Equal(d.log, tt.log) {
				t.Errorf("%d sockets have ended, and %q; want %d, %q", n, d.log, tt.sockets, tt.log)
			}
			if tt.sockets < 100 && (!d.m.CaughtUp() || d.m.Awaited()) {
				t.Error("something is still quarantined or unanswered")
			}
		})
	}
}

// A deployment that refuses even a socket without queries.
func TestFatalErrorOnEmptySocketFailsAll(t *testing.T) {
	m := NewMachine(testSession)
	m.Add(mustPath(t, "m:f"), []byte(`{}`))
	m.Add(mustPath(t, "m:g"), []byte(`{}`))
	m.Open("", "x", time.UnixMilli(1))
	fatal := Ending{Err: errors.New("x"), Fatal: true}
	if e := m.Close(fatal); e.FailedAll || len(e.Failed) != 0 || !m.Quarantined(0) || !m.Quarantined(1) {
		t.Errorf("first: %+v", e)
	}
	wantMessages(t, "the second socket", m.Open("", "x", time.UnixMilli(1)).Messages[1:],
		`{"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":[]}`)
	if e := m.Close(fatal); !e.FailedAll {
		t.Errorf("second: %+v", e)
	}
	wantMessages(t, "the third socket", m.Open("", "x", time.UnixMilli(1)).Messages[1:],
		`{"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":[]}`)
}

// What is added or removed while there are quarantined queries.
func TestQuerySetChangesWhileIsolating(t *testing.T) {
	qs := newQuerySetWith(t, 3)
	classify(qs, &requestQueue{}, Ending{Fatal: true})
	qs.disconnect(0)
	qs.connect("", "x", time.UnixMilli(1))
	if id, messages := qs.add(mustPath(t, "m:new"), []byte(`{}`), nil); id != 3 || messages != nil {
		t.Errorf("add is %d and sends %s", id, messages)
	}
	wantMessages(t, "remove of a quarantined one", qs.remove(1))
	wantMessages(t, "probe, too early", qs.probe())
	answer := func() []QueryID {
		changed, err := qs.apply(&Transition{Start: qs.remote, End: Version{qs.sentQuerySet, 0, 1}})
		if err != nil {
			t.Fatal(err)
		}
		return changed
	}
	answer()
	wantMessages(t, "probe", qs.probe(), `{"type":"ModifyQuerySet","baseVersion":1,"newVersion":2,"modifications":[{"type":"Add","queryId":0,"udfPath":"m:f","args":[{"i":0}]}]}`)
	wantMessages(t, "probe again", qs.probe())
	wantMessages(t, "remove of the one that is probed", qs.remove(0), `{"type":"ModifyQuerySet","baseVersion":2,"newVersion":3,"modifications":[{"type":"Remove","queryId":0}]}`)
	if changed := answer(); len(changed) != 0 {
		t.Errorf("changed are %v", changed)
	}
	for _, want := range []QueryID{3, 2} { // a newcomer's turn comes after that of the one that was probed
		qs.probe()
		if changed := answer(); !slices.Equal(changed, []QueryID{want}) {
			t.Errorf("changed are %v; want %d", changed, want)
		}
	}
	if _, messages := qs.add(mustPath(t, "m:new"), []byte(`{}`), nil); qs.isolating() || len(messages) != 1 {
		t.Error("it is still isolating")
	}
}

// A query that was removed before its answer may still be the one at which the deployment ends the socket.
func TestRemovedQueryMayBePoison(t *testing.T) {
	m := NewMachine(convex.RandomUUID())
	poison, _ := m.Add(mustPath(t, "a:a"), []byte(`{}`))
	m.Open("", "InitialConnect", time.UnixMilli(1))
	m.Remove(poison)
	other, _ := m.Add(mustPath(t, "b:b"), []byte(`{}`))
	if e := m.Close(Ending{Err: ErrProtocol, Fatal: true}); len(e.Failed) > 0 || e.FailedAll || !m.Quarantined(other) {
		t.Errorf("%+v, %t", e, m.Quarantined(other))
	}
}
