package live

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/convex"
	"convexgateway/internal/syncfake"
)

func watch(t *testing.T, c *Client, who convex.Credential, opts WatchOptions) *Set {
	t.Helper()
	w, err := c.Watch(who, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return w
}

// add adds a target of a query without arguments.
func (w *Set) add(t *testing.T, number, group uint32, path string) {
	t.Helper()
	w.Add(number, group, mustPath(t, path), []byte(`{}`), TargetOptions{})
}

// text is a state in one line: the session's link, and each group's number, link, time and changes.
func (s SetState) text() string {
	text := State{Link: s.Link, Confirmed: s.Confirmed, Err: s.Err}.text()
	for _, g := range s.Groups {
		text += fmt.Sprintf(" | %d %s", g.Group, g.Link)
		if g.ReadTime > 0 {
			text += fmt.Sprintf(" @%d", g.ReadTime)
		}
		if g.Complete {
			text += " complete"
		}
		if g.Checkpoint {
			text += " checkpoint"
		}
		for _, c := range g.Changes {
			switch {
			case c.Err != nil:
				text += fmt.Sprintf(" %d ended: %v", c.Target, c.Err)
			case c.Result.Err != nil:
				text += fmt.Sprintf(" %d threw %s", c.Target, c.Result.Err.Message)
			default:
				text += fmt.Sprintf(" %d=%s", c.Target, c.Result.Value)
			}
		}
	}
	return strings.TrimPrefix(text, "connected confirmed | ")
}

// takes checks what is new once all goroutines wait, and that it was signalled.
func (w *Set) takes(t *testing.T, want string) {
	t.Helper()
	synctest.Wait()
	select {
	case <-w.Ready():
	default:
		t.Errorf("nothing is new; want %q", want)
	}
	if got := w.Take().text(); got != want {
		t.Errorf("got %q; want %q", got, want)
	}
}

// quiet checks that nothing is new.
func (w *Set) quiet(t *testing.T) {
	t.Helper()
	synctest.Wait()
	select {
	case <-w.Ready():
		t.Errorf("new: %q", w.Take().text())
	default:
	}
}

// watched makes a set with targets 1 and 2 in group 0, of queries 0 and 1 of a socket, whose results are 1 and 2, read at 10.
func watched(t *testing.T, opts Options, who convex.Credential, watchOpts WatchOptions) (*syncfake.Endpoint, *Client, *Set, *syncfake.Socket) {
	t.Helper()
	p := syncfake.New(t)
	c := newClient(t, p.Listener, opts)
	w := watch(t, c, who, watchOpts)
	w.add(t, 1, 0, "a:a")
	w.add(t, 2, 0, "b:b")
	s := p.Socket()
	g := s.Greeting(who.Identity != (convex.Identity{}))
	if len(g.Set.Modifications) == 0 {
		s.Next("ModifyQuerySet")
	}
	synctest.Wait()
	for len(s.Messages) > 0 {
		s.Next("ModifyQuerySet")
	}
	s.Answer(10, syncfake.Updated(0, `1`), syncfake.Updated(1, `2`))
	w.takes(t, "0 connected @10 complete 1=1 2=2")
	return p, c, w, s
}

// All that a transition changes in a group is taken at once, with its time.
func TestSetTakesTransitions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, c, w, s := watched(t, Options{}, anonymous, WatchOptions{})
		s.Answer(20, syncfake.Updated(1, `3`), syncfake.Updated(0, `3`))
		w.takes(t, "0 connected @20 complete 1=3 2=3")
		s.Answer(30, syncfake.Updated(0, `3`))
		s.Answer(31)
		w.quiet(t)
		s.Answer(40, syncfake.Failed(1, "boom"))
		w.takes(t, "0 connected @40 complete 2 threw boom")

		w.add(t, 3, 1, "a:a") // in another group, with its query's result
		w.takes(t, "1 connected @40 complete 3=3")
		w.add(t, 4, 1, "c:c")
		w.quiet(t)
		s.Next("ModifyQuerySet")
		s.Answer(50, syncfake.Updated(0, `4`), syncfake.Updated(2, `4`))
		w.takes(t, "0 connected @50 complete 1=4 | 1 connected @50 complete 3=4 4=4")
		w.Remove(3)
		w.Remove(9)
		s.Answer(60, syncfake.Updated(0, `5`))
		w.takes(t, "0 connected @60 complete 1=5")
		if n := c.Stats().Subscriptions; n != 3 {
			t.Errorf("%d subscriptions", n)
		}
		w.Close()
		w.takes(t, "ended: convex: client is closed")
		if n := c.Stats().Subscriptions; n != 0 {
			t.Errorf("%d subscriptions", n)
		}
	})
}

// Two targets of one query in one group are given together, however often the reader looks.
func TestTargetsOfOneQuery(t *testing.T) {
	const changes = 20_000
	p := syncfake.New(t)
	c := newClient(t, p.Listener, Options{})
	w := watch(t, c, anonymous, WatchOptions{})
	w.add(t, 1, 0, "a:a")
	w.add(t, 2, 0, "a:a")
	s := p.Socket()
	s.Greeting(false)
	go func() {
		for n := range changes {
			s.Answer(syncfake.Timestamp(10+n), syncfake.Updated(0, fmt.Sprint(n)))
		}
	}()
	apart := 0
	for last := ""; last != fmt.Sprint(changes-1); {
		for _, g := range w.Take().Groups {
			if len(g.Changes) == 0 {
				continue
			}
			if len(g.Changes) != 2 || string(g.Changes[0].Result.Value) != string(g.Changes[1].Result.Value) {
				apart++
			}
			last = string(g.Changes[0].Result.Value)
		}
	}
	if apart > 0 {
		t.Errorf("%d times one target was ahead of the other", apart)
	}
}

// A state is not complete while a target of the group has no outcome.
func TestSetIsCompleteWithAllOutcomes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, _, w, s := watched(t, Options{}, anonymous, WatchOptions{})
		w.add(t, 3, 0, "c:c")
		w.add(t, 4, 1, "c:c")
		w.add(t, 5, 1, "a:a")
		w.takes(t, "1 connected @10 5=1")
		s.Next("ModifyQuerySet")
		s.Answer(20, syncfake.Updated(0, `3`)) // as while an index is built
		w.takes(t, "0 connected @20 1=3 | 1 connected @20 5=3")
		w.add(t, 6, 2, "a:a")
		w.takes(t, "2 connected @20 complete 6=3")
		s.Answer(30, syncfake.Updated(2, `3`))
		w.takes(t, "0 connected @30 complete 3=3 | 1 connected @30 complete 4=3")
	})
}

// A reader that lags gets the newest of all, at the newest time.
func TestLaggingReaderOfSetSkips(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, c, w, s := watched(t, Options{}, anonymous, WatchOptions{})
		for i := range 5 {
			s.Answer(syncfake.Timestamp(20+2*i), syncfake.Updated(0, fmt.Sprint(i)))
			s.Answer(syncfake.Timestamp(21+2*i), syncfake.Updated(1, fmt.Sprint(i)))
		}
		w.takes(t, "0 connected @29 complete 1=4 2=4")
		w.quiet(t)
		if n := c.Stats().Conflated; n != 8 {
			t.Errorf("%d results were skipped", n)
		}
	})
}

// After a lost socket a group has its link only, until all of its targets are answered again, or for MaxWait.
func TestSetAfterALostSocket(t *testing.T) {
	for _, tt := range []struct {
		name  string
		first []string // answered at once
		then  []string // after half a second; nil: nothing is
		want  []string
	}{
		{"all at once", []string{syncfake.Updated(0, `1`), syncfake.Updated(1, `2`)}, []string{}, []string{"0 connected @20 complete"}},
		{"all equal", []string{syncfake.Updated(0, `1`)}, []string{syncfake.Updated(1, `2`)}, []string{"0 connected @30 complete"}},
		{"one is new", []string{syncfake.Updated(0, `3`)}, []string{syncfake.Updated(1, `2`)}, []string{"0 connected @30 complete 1=3"}},
		{"both are new", []string{syncfake.Updated(0, `3`)}, []string{syncfake.Updated(1, `3`)}, []string{"0 connected @30 complete 1=3 2=3"}},
		{"one is missing", []string{syncfake.Updated(0, `3`)}, nil, []string{"0 connected @20 1=3", "0 connected @40 complete 2=4"}},
		{"one is missing, nothing is new", []string{syncfake.Updated(0, `1`)}, nil, []string{"0 connected", "0 connected @40 complete 2=4"}},
	} {
		bubble(t, tt.name, func(t *testing.T) {
			p, _, w, s := watched(t, Options{}, anonymous, WatchOptions{})
			s.Cut()
			w.takes(t, "reconnecting confirmed | 0 reconnecting")
			s = p.Socket()
			s.Greeting(false)
			s.Answer(20, tt.first...)
			if len(tt.first) == 2 {
				w.takes(t, tt.want[0])
				return
			}
			synctest.Wait()
			<-w.Ready()
			if got := w.Take().text(); got != "connected confirmed" {
				t.Errorf("got %q", got)
			}
			time.Sleep(500 * time.Millisecond)
			w.quiet(t)
			if tt.then != nil {
				s.Answer(30, tt.then...)
				w.takes(t, tt.want[0])
				return
			}
			time.Sleep(500 * time.Millisecond)
			w.takes(t, tt.want[0])
			s.Answer(40, syncfake.Updated(1, `4`))
			w.takes(t, tt.want[1])
		})
	}
}

// Changes that were not taken before the socket was lost are not mixed with newer ones.
func TestLaggingReaderAfterALostSocket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _, w, s := watched(t, Options{}, anonymous, WatchOptions{})
		w.add(t, 3, 0, "c:c")
		s.Next("ModifyQuerySet")
		s.Answer(15, syncfake.Updated(2, `3`))
		w.takes(t, "0 connected @15 complete 3=3")
		s.Answer(20, syncfake.Updated(0, `3`), syncfake.Updated(1, `3`))
		synctest.Wait()
		s.Cut()
		s = p.Socket()
		s.Greeting(false)
		s.Answer(30, syncfake.Updated(0, `4`))
		time.Sleep(time.Second)
		w.takes(t, "0 connected @30 1=4") // and not 2=3
		s.Answer(40, syncfake.Updated(1, `3`))
		w.takes(t, "0 connected @40 2=3")
		s.Answer(50, syncfake.Updated(2, `3`))
		w.takes(t, "0 connected @50 complete")
	})
}

func TestSetNotBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, _, w, s := watched(t, Options{}, anonymous, WatchOptions{})
		hold := func(number uint32, path string, notBefore uint64) {
			w.Add(number, 0, mustPath(t, path), []byte(`{}`), TargetOptions{NotBefore: notBefore})
		}
		hold(3, "a:a", 10)
		w.takes(t, "0 connected @10 complete 3=1")
		hold(4, "a:a", 25)
		w.quiet(t)
		asks(t, s)
		s.Answer(20, syncfake.Updated(0, `3`))
		w.takes(t, "0 connected @20 complete 1=3 3=3 4=3") // 20 is the latest commit
		hold(5, "a:a", 40)
		asks(t, s)
		time.Sleep(999 * time.Millisecond)
		w.quiet(t)
		time.Sleep(time.Millisecond)
		w.takes(t, "0 connected @20 complete 5=3")
	})
}

func TestCheckpoints(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _, w, s := watched(t, Options{}, anonymous, WatchOptions{})
		w.Checkpoint(7, 50)
		w.takes(t, "7 connected checkpoint") // it has no targets
		w.Checkpoint(0, 10)
		w.takes(t, "0 connected @10 complete checkpoint")
		w.Checkpoint(0, 0)
		w.Checkpoint(0, 15)
		w.quiet(t)
		asks(t, s)
		s.Answer(20, syncfake.Updated(0, `3`))
		w.takes(t, "0 connected @20 complete 1=3 | 0 connected @20 complete checkpoint | 0 connected @20 complete checkpoint")
		w.Checkpoint(0, 30)
		asks(t, s)
		s.Cut()
		w.takes(t, "reconnecting confirmed | 0 reconnecting")
		s = p.Socket()
		s.Greeting(false)
		s.Answer(30, syncfake.Updated(0, `4`))
		synctest.Wait()
		<-w.Ready()
		if got := w.Take().text(); got != "connected confirmed" { // the other target's result may be older
			t.Errorf("got %q", got)
		}
		s.Answer(31, syncfake.Updated(1, `4`))
		w.takes(t, "0 connected @31 complete 1=4 2=4 | 0 connected @31 complete checkpoint")

		s.Cut()
		w.takes(t, "reconnecting confirmed | 0 reconnecting")
		w.Checkpoint(0, 0)
		w.quiet(t)
		for range 20 {
			p.Refuse <- 502
		}
		time.Sleep(time.Second)
		w.takes(t, "reconnecting confirmed | 0 reconnecting @31 complete checkpoint")
		w.Checkpoint(0, 0)
		w.Remove(1)
		w.Remove(2)
		w.takes(t, "reconnecting confirmed | 0 reconnecting checkpoint")
	})
}

// A set with more checkpoints than it takes ends.
func TestTooManyCheckpoints(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, _, w, _ := watched(t, Options{}, anonymous, WatchOptions{})
		for i := range uint32(maxCheckpoints) {
			w.Checkpoint(i+1, 0)
		}
		synctest.Wait()
		<-w.Ready()
		if n := len(w.Take().Groups); n != maxCheckpoints {
			t.Errorf("%d are taken", n)
		}
		for i := range uint32(maxCheckpoints + 1) {
			w.Checkpoint(i+1, 0)
		}
		w.takes(t, "ended: "+ErrTooManyCheckpoints.Error())
		w.add(t, 9, 0, "a:a")
		w.quiet(t)
	})
}

// What ends a target ends no other.
func TestTargetEndsAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &budget{limit: 1_000, held: map[string]int{}}
		_, _, w, s := watched(t, Options{Hold: b.open}, anonymous, WatchOptions{Caller: "ada"})
		w.Add(3, 0, mustPath(t, "a:a"), []byte(`{"a":"`+strings.Repeat("x", 1000)+`"}`), TargetOptions{})
		w.takes(t, "0 connected 3 ended: over the budget")
		w.Add(4, 0, mustPath(t, "a:page"), []byte(`{}`), TargetOptions{Journal: "j1"})
		if m := s.Next("ModifyQuerySet"); *m.Modifications[0].Journal != "j1" {
			t.Errorf("%+v", m)
		}
		s.Answer(20, syncfake.Updated(0, `"`+strings.Repeat("x", 1000)+`"`), syncfake.Updated(1, `3`), syncfake.Failed(2, "cursor"))
		w.takes(t, "0 connected @20 1 ended: over the budget 2=3")
		synctest.Wait()
		for len(s.Messages) > 0 {
			s.Next("ModifyQuerySet")
		}
		s.Answer(30, syncfake.Updated(3, `[1]`))
		w.takes(t, "0 connected @30 complete 4 ended: "+ErrPageRestart.Error())
		w.Close()
	})
}

// A poison query ends its target, and those that follow it later, and the others go on.
func TestPoisonTargetEndsAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newModel(nil)
		p := syncfake.New(t)
		p.Serve = m.serve
		c := newClient(t, p.Listener, Options{Silence: time.Hour})
		w := watch(t, c, anonymous, WatchOptions{})
		w.add(t, 1, 0, "a:a")
		w.add(t, 2, 0, "poison:q")
		w.add(t, 3, 0, "b:b")
		time.Sleep(time.Minute)
		synctest.Wait()
		got := map[uint32]TargetState{}
		for _, g := range w.Take().Groups {
			for _, change := range g.Changes {
				got[change.Target] = change
			}
			if g.Link != Connected || !g.Complete {
				t.Errorf("%+v", g)
			}
		}
		if got[1].Result == nil || got[3].Result == nil || got[2].Err == nil {
			t.Errorf("%+v", got)
		}
		<-w.Ready()
		w.add(t, 4, 0, "poison:q")
		synctest.Wait()
		if state := w.Take(); state.Groups[0].Changes[0].Err == nil {
			t.Error(state.text())
		}
	})
}

// Refused tokens, and the client's end, end a set.
func TestSetEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ada := credential("ada", 1, time.Hour)
		p, c, w, s := watched(t, Options{Silence: 9 * time.Hour}, ada, WatchOptions{})
		other := watch(t, c, credential("ada", 2, 2*time.Hour), WatchOptions{})
		time.Sleep(50 * time.Minute)
		s.Next("Authenticate")
		s.Send(`{"type":"AuthError","error":"revoked","baseVersion":1,"authUpdateAttempted":true}`)
		synctest.Wait()
		var refusal *convex.DeploymentError
		if err := other.Take().Err; !errors.As(err, &refusal) || refusal.Class != convex.Unauthorized {
			t.Errorf("the set with the refused token ends with %v", err)
		}
		s = p.Socket()
		if g := s.Greeting(true); g.Token != "ada#1" {
			t.Errorf("%+v", g)
		}
		w.Renew(credential("bob", 1, 3*time.Hour)) // of another identity: it is ignored
		w.Renew(credential("ada", 3, 3*time.Hour))
		s.Answer(20, syncfake.Updated(0, `1`), syncfake.Updated(1, `2`))
		time.Sleep(5 * time.Minute)
		if got := s.Next("Authenticate").Value; got != "ada#3" {
			t.Errorf("the newer token is %s", got)
		}
		_ = c.Close()
		w.takes(t, "ended: convex: client is closed")
		w.add(t, 3, 0, "a:a")
		w.Close()
		if _, err := c.Watch(ada, WatchOptions{}); !errors.Is(err, ErrClosed) {
			t.Error(err)
		}
	})
}

// A mutation's answer waits until the listener of a set has shown what reflects it.
func TestAnswerWaitsForSets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ada := credential("ada", 1, time.Hour)
		_, c, _, s := connected(t, Options{}, ada)
		l := &countingListener{}
		w := watch(t, c, ada, WatchOptions{Listener: l})
		w.add(t, 1, 0, "a:a")
		synctest.Wait()
		if got := w.Take().text(); got != `0 connected @10 complete 1="old"` || l.notified != 1 || w.Ready() != nil {
			t.Errorf("%q, %d notifications", got, l.notified)
		}
		w.Shown()
		m := mutate(t, c, ada, "m:m")
		s.Next("Mutation")
		s.Respond(0, `1`, 20)
		s.Answer(20, syncfake.Updated(0, `1`))
		m.waits(t)
		if got := w.Take().text(); got != `0 connected @20 complete 1=1` || l.notified != 2 {
			t.Errorf("%q, %d notifications", got, l.notified)
		}
		m.waits(t)
		w.Shown()
		m.returns(t, `1`, 20)
	})
}

// Where the deployment's own time has gone back, a set goes on from its new times.
func TestSetWhenTheTimeGoesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _, w, s := watched(t, Options{}, anonymous, WatchOptions{})
		s.Cut()
		for range 2 { // as if it were given a time that it has not reached
			s = p.Socket()
			s.Greeting(false)
			s.End(1011, "InternalServerError")
		}
		w.takes(t, "reconnecting confirmed | 0 reconnecting")
		s = p.Socket()
		if g := s.Greeting(false); g.Connect.MaxObservedTimestamp != nil {
			t.Errorf("%+v", g.Connect)
		}
		s.Answer(5, syncfake.Updated(0, `1`), syncfake.Updated(1, `3`))
		w.takes(t, "0 connected @5 complete 2=3")
		s.Answer(6, syncfake.Updated(0, `3`))
		w.takes(t, "0 connected @6 complete 1=3")
	})
}

// A set that is opened, or gets a target, while the socket is away has what its queries had last together.
func TestSetWhileTheSocketIsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, c, w, s := watched(t, Options{FailFast: time.Minute}, anonymous, WatchOptions{})
		s.Cut()
		w.takes(t, "reconnecting confirmed | 0 reconnecting")
		for range 100 {
			p.Refuse <- 502
		}
		other := watch(t, c, anonymous, WatchOptions{})
		other.add(t, 1, 0, "a:a")
		other.add(t, 2, 0, "b:b")
		synctest.Wait()
		if got := other.Take().text(); got != "reconnecting confirmed | 0 reconnecting @10 complete 1=1 2=2" {
			t.Errorf("got %q", got)
		}
		w.add(t, 3, 0, "a:a")
		w.takes(t, "reconnecting confirmed | 0 reconnecting @10 complete 3=1")
		w.add(t, 4, 1, "c:c")
		w.takes(t, "reconnecting confirmed | 1 reconnecting")

		time.Sleep(2 * time.Minute)
		late := watch(t, c, anonymous, WatchOptions{})
		var down *convex.DeploymentError
		if err := late.Take().Err; !errors.As(err, &down) || down.Class != convex.Unavailable {
			t.Errorf("a set that is opened after two minutes has %v", err)
		}
		for len(p.Refuse) > 0 {
			<-p.Refuse
		}
		s = p.Socket()
		s.Greeting(false)
		s.Answer(20, syncfake.Updated(0, `1`), syncfake.Updated(1, `3`), syncfake.Updated(2, `3`))
		w.takes(t, "0 connected @20 complete 2=3 | 1 connected @20 complete 4=3")
		other.takes(t, "0 connected @20 complete 2=3")
	})
}
