package live

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/internal/syncfake"
)

func TestLaggingReaderSkips(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		sub := subscribe(t, newClient(t, p.Listener, Options{}), anonymous, "a:a")
		s := p.Socket()
		s.Greeting(false)
		for i := range 10 {
			s.Answer(syncfake.Timestamp(i), syncfake.Updated(0, fmt.Sprint(i)))
		}
		sub.changed(t, "connected confirmed 9")
		sub.unchanged(t)
		s.Answer(20, syncfake.Updated(0, `9`))
		s.Answer(21)
		sub.unchanged(t)
		s.Answer(22, syncfake.Failed(0, "boom"))
		sub.changed(t, "connected confirmed threw boom")
		s.Answer(23, syncfake.Updated(0, `10`))
		sub.changed(t, "connected confirmed 10")
		if ts := sub.State().Result.Timestamp; ts != 23 {
			t.Errorf("the result is of %d", ts)
		}
	})
}

func TestNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		sub := subscribe(t, newClient(t, p.Listener, Options{}), anonymous, "a:a")
		s := p.Socket()
		s.Greeting(false)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if state, err := sub.Next(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s, %v", state.text(), err)
		}
		go func() {
			time.Sleep(time.Second)
			s.Answer(1, syncfake.Updated(0, `1`))
			time.Sleep(time.Second)
			sub.Close()
		}()
		for _, want := range []string{"connected confirmed 1", "ended: convex: client is closed"} {
			if state, err := sub.Next(t.Context()); err != nil || state.text() != want {
				t.Errorf("%s, %v; want %s", state.text(), err, want)
			}
		}
	})
}

func TestNothingChangesAfterClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		c := newClient(t, p.Listener, Options{})
		subscribe(t, c, anonymous, "a:a")
		sub := subscribe(t, c, anonymous, "a:a")
		s := p.Socket()
		s.Greeting(false)
		sub.Close()
		sub.changed(t, "ended: convex: client is closed")
		s.Answer(1, syncfake.Updated(0, `1`))
		s.Cut()
		sub.Close()
		sub.unchanged(t)
		sub.has(t, "ended: convex: client is closed")
	})
}

// Results are held back until the session has reached a time, but for a time at most.
func TestNotBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		c := newClient(t, p.Listener, Options{})
		free := subscribe(t, c, anonymous, "a:a")
		s := p.Socket()
		s.Greeting(false)
		s.Answer(100, syncfake.Updated(0, `1`))
		free.changed(t, "connected confirmed 1")

		reached := subscribeWith(t, c, anonymous, "a:a", `{}`, SubscribeOptions{NotBefore: 100})
		reached.has(t, "connected confirmed 1")
		ahead := subscribeWith(t, c, anonymous, "a:a", `{}`, SubscribeOptions{NotBefore: 150})
		never := subscribeWith(t, c, anonymous, "a:a", `{}`, SubscribeOptions{NotBefore: 1 << 63, MaxWait: 3 * time.Second})
		ahead.changed(t, "connected confirmed")
		never.changed(t, "connected confirmed")

		s.Answer(149, syncfake.Updated(0, `2`))
		free.changed(t, "connected confirmed 2")
		ahead.unchanged(t)
		time.Sleep(900 * time.Millisecond)
		s.Answer(150)
		ahead.changed(t, "connected confirmed 2")
		never.unchanged(t)
		s.Answer(151, syncfake.Updated(0, `3`))
		ahead.changed(t, "connected confirmed 3")
		time.Sleep(2099 * time.Millisecond)
		never.unchanged(t)
		time.Sleep(time.Millisecond)
		never.changed(t, "connected confirmed 3")
		ahead.unchanged(t)

		late := subscribeWith(t, c, anonymous, "a:a", `{}`, SubscribeOptions{NotBefore: 1 << 63})
		late.changed(t, "connected confirmed")
		time.Sleep(time.Second)
		late.changed(t, "connected confirmed 3")
		s.Cut() // NotBefore never reaches the deployment
		s = p.Socket()
		if g := s.Greeting(false); *g.Connect.MaxObservedTimestamp != 151 {
			t.Errorf("the deployment gets %d", *g.Connect.MaxObservedTimestamp)
		}
	})
}

func TestHeldSubscriptionCloses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		c := newClient(t, p.Listener, Options{Linger: -1})
		subscribe(t, c, anonymous, "a:a")
		s := p.Socket()
		s.Greeting(false)
		held := subscribeWith(t, c, anonymous, "b:b", `{}`, SubscribeOptions{NotBefore: 50})
		s.Next("ModifyQuerySet")
		held.Close()
		s.Next("ModifyQuerySet")
		s.Answer(60)
		time.Sleep(2 * time.Second)
		held.has(t, "ended: convex: client is closed")
	})
}
