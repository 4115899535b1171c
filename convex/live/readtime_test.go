package live

import (
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/internal/syncfake"
)

// asks takes the client's question for the time: recorded from convex-local-backend 94a42c3: ws_basic.json, mqs_empty.
func asks(t *testing.T, s *syncfake.Socket) {
	t.Helper()
	if m := s.Next("ModifyQuerySet"); len(m.Modifications) != 0 {
		t.Errorf("got %s; want an empty change", m.Calls())
	}
	s.Quiet()
}

func readAt(t *testing.T, sub *Subscription, want string, readTime uint64) {
	t.Helper()
	if state := sub.has(t, want); state.ReadTime != readTime {
		t.Errorf("%q is read at %d; want %d", want, state.ReadTime, readTime)
	}
}

// A result is known to hold at the time of its socket's last transition, however long ago it came.
func TestReadTimeIsThatOfTheSocket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, c, sub, s := connected(t, Options{}, anonymous)
		readAt(t, sub, `connected confirmed "old"`, 10)
		other := subscribe(t, c, anonymous, "b:b")
		s.Next("ModifyQuerySet")
		s.Answer(20, syncfake.Updated(1, `1`))
		readAt(t, sub, `connected confirmed "old"`, 20)
		s.Answer(30)
		sub.unchanged(t)
		readAt(t, sub, `connected confirmed "old"`, 30)
		readAt(t, other, `connected confirmed 1`, 30)
		s.Answer(40, syncfake.Updated(0, `"new"`))
		readAt(t, sub, `connected confirmed "new"`, 40)
		s.Cut()
		readAt(t, sub, `reconnecting confirmed "new"`, 40)
		s = p.Socket()
		s.Greeting(false)
		s.Send("%s", syncfake.Transition(syncfake.Version{}, syncfake.At(0, 0, 50))) // before the queries were run on this socket
		s.Version = syncfake.At(0, 0, 50)
		readAt(t, sub, `reconnecting confirmed "new"`, 40)
		s.Answer(60, syncfake.Updated(0, `"new"`), syncfake.Updated(1, `1`))
		readAt(t, sub, `connected confirmed "new"`, 60)
	})
}

// A query that the deployment leaves out of its answer, as while an index is built, has the time of the last socket until it comes.
func TestReadTimeOfAMissingQuery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, c, sub, s := connected(t, Options{}, anonymous)
		other := subscribe(t, c, anonymous, "b:b")
		s.Next("ModifyQuerySet")
		s.Answer(20, syncfake.Updated(1, `1`))
		readAt(t, sub, `connected confirmed "old"`, 20)
		synctest.Wait()
		s.Cut()
		s = p.Socket()
		s.Greeting(false)
		s.Answer(30, syncfake.Updated(1, `1`))
		readAt(t, sub, `connected confirmed "old"`, 20)
		readAt(t, other, `connected confirmed 1`, 30)
		s.Answer(40)
		readAt(t, sub, `connected confirmed "old"`, 20)
		s.Answer(50, syncfake.Updated(0, `"old"`))
		readAt(t, sub, `connected confirmed "old"`, 50)
		readAt(t, subscribe(t, c, anonymous, "a:a"), `connected confirmed "old"`, 50)
	})
}

// Who waits for a time has it asked for, once for all who wait, and gets the result with the answer's time, also if that is earlier.
func TestTimeIsAskedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, c, _, s := connected(t, Options{}, anonymous)
		began := time.Now()
		waiter := func(path string, notBefore uint64) *Subscription {
			sub := subscribeWith(t, c, anonymous, path, `{}`, SubscribeOptions{NotBefore: notBefore})
			sub.has(t, "connected confirmed")
			return sub
		}
		first := waiter("a:a", 20)
		asks(t, s)
		second, forged := waiter("a:a", 15), waiter("a:a", 1<<63) // while the question is under way, which was sent before they came
		s.Quiet()
		s.Answer(20)
		readAt(t, first, `connected confirmed "old"`, 20)
		readAt(t, second, `connected confirmed "old"`, 20) // its time is reached
		forged.has(t, "connected confirmed")
		asks(t, s)
		s.Answer(20) // nothing was committed since
		readAt(t, forged, `connected confirmed "old"`, 20)
		s.Quiet()

		newcomer := waiter("b:b", 30) // its own query's answer is at the latest commit
		s.Next("ModifyQuerySet")
		s.Quiet()
		s.Answer(25, syncfake.Updated(1, `1`))
		readAt(t, newcomer, "connected confirmed 1", 25)
		if time.Since(began) != 0 {
			t.Errorf("it took %v", time.Since(began))
		}
	})
}

// A wait outlives the socket, whose successor's first answer ends it, but not its limit; and a question that is lost is not asked
// again.
func TestWaitForATimeOverSockets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, c, _, s := connected(t, Options{}, anonymous)
		wait := func() *Subscription {
			return subscribeWith(t, c, anonymous, "a:a", `{}`, SubscribeOptions{NotBefore: 100, MaxWait: time.Minute})
		}
		first := wait()
		asks(t, s)
		s.Cut()
		second := wait()
		s = p.Socket()
		s.Greeting(false)
		first.has(t, "reconnecting confirmed")
		s.Answer(50, syncfake.Updated(0, `"old"`))
		for _, sub := range []*Subscription{first, second} {
			readAt(t, sub, `connected confirmed "old"`, 50)
		}
		s.Quiet()
		s.Cut()
		for range 20 {
			p.Refuse <- 502
		}
		late := wait()
		time.Sleep(time.Minute)
		late.changed(t, `reconnecting confirmed "old"`)
	})
}

// In its last second a token is not used for a question: the deployment would end the socket over it.
func TestNoQuestionUnderADyingToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ada := credential("ada", 1, 10*time.Second)
		_, c, _, s := connected(t, Options{}, ada)
		wait := func() *Subscription {
			return subscribeWith(t, c, ada, "a:a", `{}`, SubscribeOptions{NotBefore: 100, MaxWait: time.Second})
		}
		time.Sleep(8999 * time.Millisecond)
		wait()
		asks(t, s)
		s.Answer(20)
		time.Sleep(time.Millisecond)
		late := wait()
		s.Quiet()
		time.Sleep(time.Second)
		late.has(t, `connected confirmed "old"`)
		s.Quiet()
	})
}
