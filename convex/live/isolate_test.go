package live

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/convex"
	"convexgateway/convex/websocket"
	"convexgateway/internal/syncfake"
)

// deployment drives the pure machines as a deployment does that cannot bear some of the queries and requests. Names with
// ! are hostile.
type deployment struct {
	t     *testing.T
	qs    *querySet
	rq    *requestQueue
	names map[queryID]string
	fatal bool // how it ends sockets
	log   []string
}

func newDeployment(t *testing.T, fatal bool) *deployment {
	return &deployment{t: t, qs: newQuerySet(testSession), rq: &requestQueue{}, names: map[queryID]string{}, fatal: fatal}
}

func (d *deployment) query(names ...string) {
	for _, name := range names {
		id, _ := d.qs.add(mustPath(d.t, "m:f"), []byte(`{}`))
		d.names[id] = name
	}
}

func (d *deployment) mutation(names ...string) {
	for _, name := range names {
		r := &request{kind: convex.Mutation, path: mustPath(d.t, "m:"+strings.TrimSuffix(name, "!")), done: func(_ *convex.Result, err error) {
			if err != nil {
				name += " " + err.Error()
			}
			d.log = append(d.log, name)
		}}
		if strings.HasSuffix(name, "!") {
			r.args = []byte(`{"hostile":1}`)
		} else {
			r.args = []byte(`{}`)
		}
		if err := d.rq.add(r); err != nil {
			d.t.Fatal(err)
		}
	}
}

func (d *deployment) hostileRequest() bool {
	return slices.ContainsFunc(d.rq.underWay(), func(r *request) bool { return len(r.args) > 2 })
}

func (d *deployment) hostileQuery() bool {
	for id := range d.qs.unanswered {
		if strings.HasSuffix(d.names[id], "!") {
			return true
		}
	}
	return false
}

// socket is the life of one: until everything is answered, or it ends over something hostile.
func (d *deployment) socket() (ended bool) {
	d.qs.connect("", "x", time.UnixMilli(1))
	for range 1000 {
		if !d.qs.isolating() && (!d.rq.isolating() || d.qs.confirmed()) {
			d.rq.release()
		}
		if d.hostileQuery() || d.hostileRequest() {
			return true
		}
		under := d.rq.underWay()
		if d.qs.confirmed() && !d.qs.isolating() && len(under) == 0 {
			return false
		}
		if _, err := d.qs.apply(&transition{start: d.qs.remote, end: version{d.qs.sentQuerySet, 0, 1}}); err != nil {
			d.t.Fatal(err)
		}
		for _, r := range under {
			d.rq.respond(succeeded(r.id, `1`, 0), 0)
		}
		d.qs.try()
	}
	d.t.Fatal("it does not end")
	return false
}

// settle makes sockets until one lasts, and returns how many ended before.
func (d *deployment) settle() int {
	for n := range 100 {
		if !d.socket() {
			return n
		}
		v := judge(d.qs, d.rq, d.fatal)
		d.qs.disconnect()
		d.rq.disconnect()
		for _, id := range v.queries {
			d.log = append(d.log, d.names[id]+" guilty")
			d.qs.remove(id)
		}
		d.rq.fail(errors.New("guilty"), func(r *request) bool { return slices.Contains(v.requests, r) })
		if v.all {
			d.log = append(d.log, "all")
			return n
		}
	}
	return 100
}

func TestIsolation(t *testing.T) {
	for _, tt := range []struct {
		name    string
		proven  []string
		queries []string
		mutated []string
		fatal   bool
		sockets int // that end
		log     []string
	}{
		{name: "nothing hostile", queries: []string{"a", "b"}, mutated: []string{"m"}, fatal: true, log: []string{"m"}},
		{name: "alone", queries: []string{"a!"}, fatal: true, sockets: 1, log: []string{"a! guilty"}},
		{name: "first of two", queries: []string{"a!", "b"}, fatal: true, sockets: 2, log: []string{"a! guilty"}},
		{name: "last of three", queries: []string{"a", "b", "c!"}, fatal: true, sockets: 2, log: []string{"c! guilty"}},
		{name: "two of four", queries: []string{"a!", "b", "c!", "d"}, fatal: true, sockets: 3, log: []string{"a! guilty", "c! guilty"}},
		{name: "all", queries: []string{"a!", "b!"}, fatal: true, sockets: 3, log: []string{"a! guilty", "b! guilty"}},
		{name: "newcomer among proven", proven: []string{"a", "b"}, queries: []string{"c!"}, fatal: true, sockets: 2, log: []string{"c! guilty"}},
		{name: "mutation alone", mutated: []string{"m!"}, fatal: true, sockets: 1, log: []string{"m! deployment error: outcome unknown: guilty"}},
		{
			name: "mutation among mutations", proven: []string{"a"}, mutated: []string{"m1", "m2!", "m3"}, fatal: true, sockets: 2,
			log: []string{"m1", "m2! deployment error: outcome unknown: guilty", "m3"},
		},
		{
			name: "mutation and query", queries: []string{"a!", "b"}, mutated: []string{"m1", "m2!"}, fatal: true, sockets: 3,
			log: []string{"a! guilty", "m1", "m2! deployment error: outcome unknown: guilty"},
		},
		{name: "a proven query turns hostile", proven: []string{"a", "b turns!", "c"}, fatal: true, sockets: 2, log: []string{"b turns! guilty"}},

		{name: "trouble with the only one", queries: []string{"a!"}, sockets: 100},
		{name: "trouble with one of two", queries: []string{"a!", "b"}, sockets: 5, log: []string{"a! guilty"}},
		{name: "trouble with a newcomer", proven: []string{"a"}, queries: []string{"b!", "c"}, sockets: 4, log: []string{"b! guilty"}},
		{name: "trouble with a proven one", proven: []string{"a", "b turns!"}, sockets: 100},
		{
			name: "trouble with a mutation", proven: []string{"a"}, mutated: []string{"m1!", "m2"}, sockets: 4,
			log: []string{"m1! deployment error: outcome unknown: guilty", "m2"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := newDeployment(t, tt.fatal)
			for _, name := range tt.proven {
				d.query(strings.TrimSuffix(name, "!"))
			}
			if d.settle() != 0 {
				t.Fatal("sockets end without reason")
			}
			for id, name := range d.names {
				if strings.HasSuffix(name, " turns") {
					d.names[id] += "!"
				}
			}
			d.qs.disconnect()
			d.query(tt.queries...)
			d.mutation(tt.mutated...)
			if n := d.settle(); n != tt.sockets || !slices.Equal(d.log, tt.log) {
				t.Errorf("%d sockets have ended, and %q; want %d, %q", n, d.log, tt.sockets, tt.log)
			}
			if tt.sockets < 100 && (d.qs.isolating() || d.rq.isolating() || len(d.rq.pending) > 0) {
				t.Error("there are suspects left")
			}
		})
	}
}

// A deployment that takes not even a bare socket.
func TestNobodyIsGuilty(t *testing.T) {
	qs := newQuerySet(testSession)
	qs.add(mustPath(t, "m:f"), []byte(`{}`))
	qs.add(mustPath(t, "m:g"), []byte(`{}`))
	qs.connect("", "x", time.UnixMilli(1))
	if v := judge(qs, &requestQueue{}, true); v.all || len(v.queries) != 0 || len(qs.suspects) != 2 {
		t.Errorf("first: %+v, suspects %v", v, qs.suspects)
	}
	qs.disconnect()
	wantMessages(t, "the second connect", qs.connect("", "x", time.UnixMilli(1))[1:],
		`{"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":[]}`)
	if v := judge(qs, &requestQueue{}, true); !v.all {
		t.Errorf("second: %+v", v)
	}
}

// What joins or leaves while there are suspects.
func TestQuerySetChangesWhileIsolating(t *testing.T) {
	qs := newQuerySetWith(t, 3)
	judge(qs, &requestQueue{}, true)
	qs.disconnect()
	qs.connect("", "x", time.UnixMilli(1))
	if id, messages := qs.add(mustPath(t, "m:new"), []byte(`{}`)); id != 3 || messages != nil {
		t.Errorf("add is %d and sends %s", id, messages)
	}
	wantMessages(t, "remove of a suspect", qs.remove(1))
	wantMessages(t, "try, too early", qs.try())
	answer := func() []queryID {
		changed, err := qs.apply(&transition{start: qs.remote, end: version{qs.sentQuerySet, 0, 1}})
		if err != nil {
			t.Fatal(err)
		}
		return changed
	}
	answer()
	wantMessages(t, "try", qs.try(), `{"type":"ModifyQuerySet","baseVersion":1,"newVersion":2,"modifications":[{"type":"Add","queryId":0,"udfPath":"m:f","args":[{"i":0}]}]}`)
	wantMessages(t, "try again", qs.try())
	wantMessages(t, "remove of the one on trial", qs.remove(0), `{"type":"ModifyQuerySet","baseVersion":2,"newVersion":3,"modifications":[{"type":"Remove","queryId":0}]}`)
	if changed := answer(); len(changed) != 0 {
		t.Errorf("changed are %v", changed)
	}
	for _, want := range []queryID{2, 3} {
		qs.try()
		if changed := answer(); !slices.Equal(changed, []queryID{want}) {
			t.Errorf("changed are %v; want %d", changed, want)
		}
	}
	if _, messages := qs.add(mustPath(t, "m:new"), []byte(`{}`)); qs.isolating() || len(messages) != 1 {
		t.Error("it is still isolating")
	}
}

// told collects what a subscriber is told, in order, until it is closed.
func told(t *testing.T, sub *Subscription) func() []string {
	var list []string
	var last State
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			state, err := sub.Next(t.Context())
			if err != nil || errors.Is(state.Err, ErrClosed) {
				return
			}
			if state == last {
				continue // it was signalled while the reader was on its way
			}
			last, list = state, append(list, state.text())
			if state.Err != nil {
				return
			}
		}
	}()
	return func() []string {
		synctest.Wait()
		sub.Close()
		<-ended
		return list
	}
}

// One of those who share an identity asks for what ends the socket. The hundred others lose it and have it again.
func TestHostileAmongInnocents_item46(t *testing.T) {
	closing := func(code int, reason string) func(*syncfake.Socket) {
		return func(s *syncfake.Socket) { s.End(code, reason) }
	}
	for _, tt := range []struct {
		name  string
		fate  func(*syncfake.Socket) // nil: FatalError
		early bool                   // the hostile is there before the first socket
		class convex.Class
		ends  int // sockets that end over it
	}{
		{name: "FatalError", class: convex.Refused, ends: 1},
		{name: "FatalError from the start", class: convex.Refused, early: true, ends: 2},
		{name: "1013", fate: closing(1013, "TooManyConcurrentRequests"), class: convex.Unavailable, ends: 4},
		{name: "1011", fate: closing(1011, "InternalServerError"), class: convex.Unavailable, ends: 4},
		{name: "1011 from the start", fate: closing(1011, "InternalServerError"), early: true, class: convex.Unavailable, ends: 4},
	} {
		bubble(t, tt.name, func(t *testing.T) {
			w := newWorld(nil)
			if tt.fate != nil {
				w.fate = tt.fate
			}
			p := syncfake.New(t)
			p.Serve = w.serve
			c := newClient(t, p.Listener, Options{Silence: time.Hour})
			ada := credential("ada", 1, time.Hour)
			var innocents []func() []string
			var hostile *Subscription
			for i := range 100 {
				if i == 50 && tt.early {
					hostile = subscribe(t, c, ada, "hostile:q")
				}
				sub := subscribe(t, c, ada, fmt.Sprintf("m:f%d", i))
				innocents = append(innocents, told(t, sub))
			}
			time.Sleep(time.Second / 2)
			if !tt.early {
				hostile = subscribe(t, c, ada, "hostile:q")
			}
			time.Sleep(2 * time.Minute)
			synctest.Wait()
			var e *convex.DeploymentError
			if state := hostile.State(); !errors.As(state.Err, &e) || e.Class != tt.class {
				t.Errorf("the hostile is at %q", state.text())
			}
			if w.opened != tt.ends+1 {
				t.Errorf("%d sockets were opened; want %d", w.opened, tt.ends+1)
			}
			for i, list := range innocents {
				checkInnocent(t, i, list())
			}
			for _, e := range w.errors {
				t.Error(e)
			}
		})
	}
}

// checkInnocent checks that one got its value once, and lost the link only to have it again.
func checkInnocent(t *testing.T, i int, list []string) {
	t.Helper()
	value := fmt.Sprintf(`"ada m:f%d 0"`, i)
	valued := false
	for _, text := range list {
		switch {
		case strings.HasSuffix(text, value):
			valued = true
		case strings.HasPrefix(text, "ended"), valued:
			t.Errorf("innocent %d is told %q", i, list)
			return
		}
	}
	if last := list[len(list)-1]; last != "connected confirmed "+value {
		t.Errorf("innocent %d ends with %q", i, last)
	}
	for n := 1; n < len(list); n++ {
		if list[n] == list[n-1] {
			t.Errorf("innocent %d is told twice: %q", i, list)
		}
	}
}

// suspected is a session with two suspect queries, and a mutation that was answered and not covered.
func suspected(t *testing.T) (sub, b, d *Subscription, m running, s *syncfake.Socket) {
	t.Helper()
	p, c, sub, s := connected(t, Options{Linger: -1}, anonymous)
	m = mutate(t, c, anonymous, "m:a")
	noted(t, s, "#0 m:a{}")
	s.Respond(0, `1`, 20)
	b, d = subscribe(t, c, anonymous, "b:b"), subscribe(t, c, anonymous, "d:d")
	s.Next("ModifyQuerySet")
	s.Next("ModifyQuerySet")
	s.Send(`{"type":"FatalError","error":"x"}`)
	s.Gone()
	s = p.Socket()
	if g := s.Greeting(false); g.Set.Calls() != "+0 a:a{}" {
		t.Errorf("%+v", g)
	}
	s.Quiet()
	return sub, b, d, m, s
}

// Suspects count as not connected, and nobody's write is called readable, until all are back.
func TestSuspectsComeBackOneByOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sub, b, d, m, s := suspected(t)
		b.told(t, "reconnecting confirmed")
		s.Answer(25, syncfake.Updated(0, `"new"`))
		sub.told(t, `connected confirmed "new"`)
		b.notTold(t)
		if got := s.Next("ModifyQuerySet").Calls(); got != "+1 b:b{}" {
			t.Errorf("got %s", got)
		}
		s.Quiet()
		s.Answer(26, syncfake.Updated(1, `1`))
		b.told(t, "connected confirmed 1")
		d.told(t, "reconnecting confirmed")
		m.waits(t)
		if got := s.Next("ModifyQuerySet").Calls(); got != "+2 d:d{}" {
			t.Errorf("got %s", got)
		}
		s.Quiet()
		s.Answer(27)
		d.told(t, "connected confirmed")
		m.returns(t, `1`, 20)
		s.Quiet()
	})
}

// Requests wait for no suspects that have gone.
func TestSuspectsLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, b, d, m, s := suspected(t)
		b.Close()
		s.Quiet()
		d.Close()
		noted(t, s, "#0 m:a{}")
		s.Answer(25)
		m.returns(t, `1`, 20)
	})
}

// Whoever asks again and again for what is known to end the socket does so once in a while only.
func TestHostileComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(nil)
		p := syncfake.New(t)
		p.Serve = w.serve
		c := newClient(t, p.Listener, Options{Silence: time.Hour})
		innocent := told(t, subscribe(t, c, anonymous, "m:f0"))
		start := time.Now()
		for time.Since(start) < 10*time.Minute {
			sub := subscribe(t, c, anonymous, "hostile:q")
			for sub.State().Err == nil {
				if _, err := sub.Next(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			time.Sleep(10 * time.Millisecond)
		}
		if w.opened < 5 || w.opened > 12 {
			t.Errorf("%d sockets in ten minutes", w.opened)
		}
		if list := innocent(); len(list) > 30 {
			t.Errorf("the innocent is told %q", list)
		}
	})
}

func TestHostileMutation(t *testing.T) {
	for _, fatal := range []bool{true, false} {
		bubble(t, fmt.Sprint("fatal ", fatal), func(t *testing.T) {
			w := newWorld(nil)
			if !fatal {
				w.fate = func(s *syncfake.Socket) { s.End(1013, "OptimisticConcurrencyControlFailure") }
			}
			p := syncfake.New(t)
			p.Serve = w.serve
			c := newClient(t, p.Listener, Options{Silence: time.Hour})
			innocent := told(t, subscribe(t, c, anonymous, "m:f0"))
			time.Sleep(time.Second)
			var runs []running
			for i, path := range []string{"m:a", "hostile:m", "m:b", "m:c"} {
				call := convex.Call{Kind: convex.Mutation, Path: mustPath(t, path), Args: fmt.Appendf(nil, `{"who":"nobody","n":%d}`, i)}
				r := running{path, make(chan outcome, 1)}
				go func() {
					time.Sleep(time.Duration(i)) // in this order, and all under way at once
					result, ran, err := c.Run(t.Context(), anonymous, call)
					r.ended <- outcome{result, ran, err}
				}()
				runs = append(runs, r)
			}
			time.Sleep(time.Minute)
			for i, r := range runs {
				if o := r.outcome(t); i == 1 {
					var e *convex.DeploymentError
					if !errors.As(o.err, &e) || e.Class != convex.OutcomeUnknown {
						t.Errorf("the hostile ends with %+v", o)
					}
				} else if o.err != nil {
					t.Errorf("%s ends with %+v", r.name, o)
				}
			}
			for _, list := range w.applied {
				if !slices.Equal(list, []int{0, 2, 3}) {
					t.Errorf("applied are %v", list)
				}
			}
			list := innocent()
			if last := list[len(list)-1]; last != `connected confirmed "nobody m:f0 3"` {
				t.Errorf("the innocent ends with %q", last)
			}
		})
	}
}

func TestWhichEndsCondemn(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want bool
	}{
		{websocket.CloseError{Code: 1011, Reason: "InternalServerError"}, true},
		{fmt.Errorf("x: %w", websocket.CloseError{Code: 1013, Reason: "TooManyConcurrentRequests"}), true},
		{websocket.CloseError{Code: 1013, Reason: "AuthProviderDiscoveryFailed"}, false},
		{websocket.CloseError{Code: 1000, Reason: "NotFound"}, false},
		{websocket.CloseError{Code: 1012}, false},
		{errSilence, false},
		{errProtocol, false},
	} {
		if got := condemns(tt.err, closeReason(tt.err)); got != tt.want {
			t.Errorf("%v: %t", tt.err, got)
		}
	}
}
