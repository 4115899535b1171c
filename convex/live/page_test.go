package live

import (
	"errors"
	"testing"
	"testing/synctest"

	"convexgateway/internal/syncfake"
)

// A page goes on with the journal that its subscriber gives back, unless it is live.
func TestPageGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		c := newClient(t, p.Listener, Options{})
		first := subscribeWith(t, c, anonymous, "a:page", `{}`, SubscribeOptions{Journal: "j1"})
		s := p.Socket()
		if g := s.Greeting(false); g.Set.Modifications[0].Journal == nil || *g.Set.Modifications[0].Journal != "j1" {
			t.Errorf("%+v", g.Set)
		}
		s.Answer(1, `{"type":"QueryUpdated","queryId":0,"value":[1],"logLines":[],"journal":"j2"}`)
		first.changed(t, "connected confirmed [1]")
		if got := first.State().Result.Journal; got == nil || *got != "j2" {
			t.Errorf("the journal is %v", got)
		}
		second := subscribeWith(t, c, anonymous, "a:page", `{}`, SubscribeOptions{Journal: "j1"})
		second.has(t, "connected confirmed [1]")
		s.Quiet()
	})
}

// A page that fails with a journal begins without it. Its own failure is its result; a page that then has one is not the one that was
// asked for.
func TestPageRestarts(t *testing.T) {
	for name, fails := range map[string]bool{"the function's own error": true, "only with the journal": false} {
		bubble(t, name, func(t *testing.T) {
			p := syncfake.New(t)
			c := newClient(t, p.Listener, Options{})
			sub := subscribeWith(t, c, anonymous, "a:page", `{}`, SubscribeOptions{Journal: "j1"})
			other := subscribe(t, c, anonymous, "b:b")
			s := p.Socket()
			s.Next("Connect")
			s.Next("ModifyQuerySet")
			synctest.Wait()
			for len(s.Messages) > 0 {
				s.Next("ModifyQuerySet")
			}
			s.Answer(1, syncfake.Failed(0, "Failed to parse cursor"), syncfake.Updated(1, `1`))
			other.has(t, "connected confirmed 1")
			sub.has(t, "connected confirmed")
			m := s.Next("ModifyQuerySet")
			if len(m.Modifications) != 1 || m.Modifications[0].Type != "Add" || m.Modifications[0].Journal != nil || m.Modifications[0].QueryID != 2 {
				t.Errorf("%+v", m)
			}
			if m = s.Next("ModifyQuerySet"); m.Calls() != "-0" {
				t.Errorf("%+v", m)
			}
			if fails {
				s.Answer(2, syncfake.Failed(2, "boom"))
				sub.has(t, "connected confirmed threw boom")
				return
			}
			s.Answer(2, syncfake.Updated(2, `[1]`))
			synctest.Wait()
			if state := sub.State(); !errors.Is(state.Err, ErrPageRestart) {
				t.Errorf("%s", state.text())
			}
			other.has(t, "connected confirmed 1")
		})
	}
}
