package live

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/convex"
	"convexgateway/internal/syncfake"
)

// countingListener counts its notifications; its test shows the states.
type countingListener struct{ notified int }

func (l *countingListener) Notifier() Notifier { return l }
func (l *countingListener) Notify([]Listener)  { l.notified++ }

// A mutation's answer waits until each listener has shown the state that reflects it, but no longer than 50 ms; a caller whose
// context ends meanwhile has the answer all the same.
func TestAnswerWaitsForListeners(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ada := credential("ada", 1, time.Hour)
		_, c, _, s := connected(t, Options{}, ada)
		l := &countingListener{}
		sub := subscribeWith(t, c, ada, "a:a", `{}`, SubscribeOptions{Listener: l})
		sub.has(t, `connected confirmed "old"`)
		sub.Shown()
		commit := func(id uint32, at syncfake.Timestamp, value string) {
			s.Next("Mutation")
			s.Respond(id, value, at)
			s.Answer(at, syncfake.Updated(0, value))
			synctest.Wait()
		}

		m := mutate(t, c, ada, "m:shown")
		commit(0, 20, `1`)
		m.waits(t)
		sub.has(t, `connected confirmed 1`)
		m.waits(t) // it is under way
		sub.Shown()
		m.returns(t, `1`, 20)

		began := time.Now()
		m = mutate(t, c, ada, "m:stopped")
		commit(1, 30, `2`)
		time.Sleep(showLimit - time.Since(began) - time.Millisecond)
		m.waits(t)
		time.Sleep(time.Millisecond)
		m.returns(t, `2`, 30)

		ctx, cancel := context.WithCancel(t.Context())
		m = run(ctx, t, c, ada, convex.Mutation, "m:cancelled")
		commit(2, 40, `3`)
		m.waits(t)
		cancel()
		m.returns(t, `3`, 40)

		m = mutate(t, c, ada, "m:closed")
		commit(3, 50, `4`)
		m.waits(t)
		sub.Close()
		m.returns(t, `4`, 50)
		if l.notified == 0 {
			t.Error("the listener was not notified")
		}
	})
}

// A state that is replaced while an older one is being shown is waited for, and a newer one that comes later is not.
func TestAnswerWaitsForItsOwnState(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ada := credential("ada", 1, time.Hour)
		_, c, _, s := connected(t, Options{}, ada)
		sub := subscribeWith(t, c, ada, "a:a", `{}`, SubscribeOptions{Listener: &countingListener{}})
		sub.has(t, `connected confirmed "old"`) // and is being shown
		m := mutate(t, c, ada, "m:m")
		s.Next("Mutation")
		s.Respond(0, `1`, 20)
		s.Answer(20, syncfake.Updated(0, `1`))
		synctest.Wait()
		sub.Shown()
		m.waits(t)
		sub.has(t, `connected confirmed 1`)
		s.Answer(21, syncfake.Updated(0, `2`))
		synctest.Wait()
		sub.Shown()
		m.returns(t, `1`, 20)
	})
}
