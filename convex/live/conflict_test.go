package live

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/convex"
	"convexgateway/internal/syncfake"
)

// conflict ends a socket as a deployment does whose mutation has lost its last race: recorded from convex-local-backend 94a42c3:
// 3f-occ.json.
func conflict(s *syncfake.Socket) { s.End(1013, "OptimisticConcurrencyControlFailure") }

// established takes the greeting of the next socket and answers it.
func established(p *syncfake.Endpoint, at syncfake.Timestamp) *syncfake.Socket {
	s := p.Socket()
	s.Greeting(false)
	s.Answer(at, syncfake.Updated(0, `"old"`))
	return s
}

// A mutation that loses its races, or comes when the deployment has too much to do, is sent again, later each time, until it is
// answered. The live queries have their socket again before that.
func TestRolledBackMutationIsSentAgain(t *testing.T) {
	for _, reason := range []string{"OptimisticConcurrencyControlFailure", "TooManyWrites", "TooManyConcurrentRequests", "CommitterFullError"} {
		bubble(t, reason, func(t *testing.T) {
			p, c, sub, s := connected(t, Options{}, anonymous)
			m := mutate(t, c, anonymous, "m:set")
			expectRequests(t, s, "#0 m:set{}")
			for range 6 {
				s.End(1013, reason)
				s = established(p, 10)
				if reason == "OptimisticConcurrencyControlFailure" {
					s.Quiet()
				}
				sub.has(t, `connected confirmed "old"`)
				expectRequests(t, s, "#0 m:set{}")
				m.waits(t)
			}
			s.Respond(0, `1`, 20)
			s.Answer(20)
			m.returns(t, `1`, 20)
		})
	}
}

// How a mutation ends that never wins: with the conflict, before its deadline or after 30 s, and not as unknown.
func TestMutationThatLosesEveryRace(t *testing.T) {
	for _, deadline := range []time.Duration{0, 10 * time.Second, 300 * time.Millisecond} {
		bubble(t, deadline.String(), func(t *testing.T) {
			p := syncfake.New(t)
			var last time.Time
			p.Serve = func(s *syncfake.Socket) {
				for {
					m, err := s.Read()
					if err != nil {
						return
					}
					switch _ = s.Take(m); m.Type {
					case "ModifyQuerySet":
						_ = s.TryAnswer(10, syncfake.Updated(0, `1`))
					case "Mutation":
						last = time.Now()
						conflict(s)
					}
				}
			}
			c := newClient(t, p.Listener, Options{})
			subscribe(t, c, anonymous, "a:a").has(t, "connected confirmed 1")
			ctx, limit := t.Context(), 30*time.Second
			if deadline > 0 {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, deadline)
				defer cancel()
				limit = deadline - 200*time.Millisecond
			}
			began := time.Now()
			m := run(ctx, t, c, anonymous, convex.Mutation, "m:set")
			o := <-m.ended
			var e *convex.DeploymentError
			if !errors.As(o.err, &e) || e.Class != convex.WriteConflict || e.Code != "OptimisticConcurrencyControlFailure" {
				t.Errorf("it ends with %v", o.err)
			}
			if tried := last.Sub(began); tried > limit || limit > time.Second && tried < limit/2 {
				t.Errorf("the last attempt is after %v", tried)
			}
		})
	}
}

// Of several mutations on a lost socket the first may be committed without an answer, so it alone is sent again at first.
func TestConflictBehindALostAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, c, _, s := connected(t, Options{}, anonymous)
		first, second := mutate(t, c, anonymous, "m:first"), mutate(t, c, anonymous, "m:second")
		action := run(t.Context(), t, c, anonymous, convex.Action, "m:action")
		expectRequests(t, s, "#0 m:first{}", "#1 m:second{}", "A:#2 m:action{}")
		conflict(s)
		action.fails(t, convex.OutcomeUnknown)
		s = established(p, 10)
		expectRequests(t, s, "#0 m:first{}")
		s.Respond(0, `1`, 10)
		first.returns(t, `1`, 10)
		expectRequests(t, s, "#1 m:second{}")
		conflict(s)
		s = established(p, 10)
		expectRequests(t, s, "#1 m:second{}")
		s.Respond(1, `2`, 10)
		second.returns(t, `2`, 10)
	})
}

// After a cut a copy of the mutation may still run on the lost socket, and win: what loses to it is not reported as
// rolled back.
func TestConflictAfterACut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, c, _, s := connected(t, Options{}, anonymous)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		m := run(ctx, t, c, anonymous, convex.Mutation, "m:set")
		expectRequests(t, s, "#0 m:set{}")
		s.Cut()
		for range 2 {
			s = established(p, 10)
			expectRequests(t, s, "#0 m:set{}")
			conflict(s)
		}
		time.Sleep(time.Second)
		m.fails(t, convex.OutcomeUnknown)
	})
}

// A deadline that passes while a mutation waits for its next attempt: nothing of it is committed.
func TestDeadlineBetweenAttempts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, c, _, s := connected(t, Options{}, anonymous)
		ctx, cancel := context.WithCancel(t.Context())
		m := run(ctx, t, c, anonymous, convex.Mutation, "m:set")
		expectRequests(t, s, "#0 m:set{}")
		conflict(s)
		s = established(p, 10)
		cancel()
		m.fails(t, convex.WriteConflict)
		time.Sleep(time.Minute / 2)
		s.Quiet()
	})
}

// counter is a deployment whose mutations all raise one number, and take 10 to 30 ms: one that began before the last commit loses,
// and is run four times again, later each time, before its socket ends.
type counter struct {
	mu      sync.Mutex
	number  int
	done    map[string]int // the number after each mutation, by session and request
	clashes int
}

func (d *counter) serve(s *syncfake.Socket) {
	session := ""
	for {
		m, err := s.Read()
		if err != nil {
			return
		}
		switch _ = s.Take(m); m.Type {
		case "Connect":
			session = m.SessionID
		case "ModifyQuerySet":
			_ = s.TryAnswer(syncfake.Timestamp(d.now()+1), syncfake.Updated(0, `1`))
		case "Mutation":
			if !d.add(s, session, m.RequestID) {
				conflict(s)
				return
			}
		}
	}
}

func (d *counter) now() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.number
}

func (d *counter) add(s *syncfake.Socket, session string, request uint32) bool {
	key := fmt.Sprint(session, request)
	for attempt := range 5 {
		time.Sleep(time.Duration(attempt) * 50 * time.Millisecond)
		began := d.now()
		time.Sleep(time.Duration(10+rand.IntN(20)) * time.Millisecond)
		d.mu.Lock()
		n, recorded := d.done[key]
		if !recorded && began == d.number {
			d.number++
			n, recorded = d.number, true
			d.done[key] = n
		}
		latest := d.number
		d.mu.Unlock()
		if recorded {
			s.Respond(request, fmt.Sprint(n), syncfake.Timestamp(n+1))
			_ = s.TryAnswer(syncfake.Timestamp(latest + 1))
			return true
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.clashes++
	return false
}

// Ten users with two mutations at a time each, which all conflict: none fails, each counts once, and there is progress.
func TestManyConflicts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &counter{done: map[string]int{}}
		p := syncfake.New(t)
		p.Serve = d.serve
		c := newClient(t, p.Listener, Options{random: nil})
		var users sync.WaitGroup
		var mu sync.Mutex
		returned := 0
		began := time.Now()
		for i := range 10 {
			who := credential(fmt.Sprintf("user%d", i), 1, time.Hour)
			subscribe(t, c, who, "a:a")
			for range 2 {
				users.Go(func() {
					for time.Since(began) < 20*time.Second {
						_, ran, err := c.Run(t.Context(), who, convex.Call{Kind: convex.Mutation, Path: mustPath(t, "m:add"), Args: []byte(`{}`)})
						if err != nil || !ran {
							t.Errorf("after %v: %v", time.Since(began), err)
							return
						}
						mu.Lock()
						returned++
						mu.Unlock()
					}
				})
			}
		}
		users.Wait()
		t.Logf("%d mutations, %d lost every race at first", returned, d.clashes)
		if returned != d.number || d.clashes == 0 || returned < 400 { // one after the other it would be 1,000
			t.Errorf("%d have returned, %d are committed, %d lost", returned, d.number, d.clashes)
		}
	})
}
