package live

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/convex"
	"convexgateway/internal/syncfake"
)

// keyedMutation is a mutation of the model, with a key of its own.
func keyedMutation(t *testing.T, who string, n int) convex.Call {
	return convex.Call{
		Kind: convex.Mutation, Path: mustPath(t, "m:raise"), Args: fmt.Appendf(nil, `{"who":%q,"n":%d}`, who, n),
		Key: &convex.RequestKey{SessionID: fmt.Sprintf("00000000-0000-8000-8000-%012d", n), RequestID: 1<<31 + uint32(n%3)},
	}
}

// Mutations with keys are sent through two clients and again by callers whose answer was lost, while sockets are cut before and after each: each is
// committed once, and every caller of a key gets the same result and time. Callers with an order have it.
func TestKeyedMutationsAreCommittedOnce(t *testing.T) {
	for _, tt := range []struct {
		name               string
		ordered, dedicated bool
	}{{"pool", false, false}, {"first socket", true, false}, {"dedicated sockets", true, true}} {
		bubble(t, tt.name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, 2))
			w := newModel(rand.New(rand.NewPCG(3, 4)))
			p := syncfake.New(t)
			p.Serve = w.serve
			var clients []*Client
			for range 2 {
				clients = append(clients, newClient(t, p.Listener, Options{
					Linger: time.Second, Silence: time.Hour, FailFast: time.Hour, MutationSockets: 4, DedicatedSockets: tt.dedicated, random: rand.Float64,
				}))
			}
			const keys = 300
			var mu sync.Mutex
			answers := map[int][]*convex.Result{}
			var running sync.WaitGroup
			for n := range keys {
				for range 1 + random.IntN(3) {
					c, patience := clients[random.IntN(2)], time.Duration(1+random.IntN(5_000))*time.Millisecond
					who := []string{"ada", "bob"}[n%2]
					running.Go(func() {
						for {
							ctx, cancel := context.WithTimeout(context.Background(), patience)
							result, err := c.RunKeyed(ctx, credential(who, 1, time.Hour), keyedMutation(t, who, n), tt.ordered)
							cancel()
							var e *convex.DeploymentError
							switch {
							case err == nil:
								mu.Lock()
								answers[n] = append(answers[n], result)
								mu.Unlock()
								return
							case errors.Is(err, ErrQueueFull), errors.As(err, &e) && (e.Class == convex.AnswerLost || e.Class == convex.Unavailable):
								patience = time.Minute
								time.Sleep(time.Second) // else time does not pass while it is refused at once
							default:
								t.Errorf("%d: %v", n, err)
								return
							}
						}
					})
				}
				time.Sleep(time.Duration(random.IntN(100)) * time.Millisecond)
				if n%10 == 0 {
					w.cutSome(3)
				}
			}
			running.Wait()
			commits := map[int]int{}
			for session, list := range w.applied {
				if len(list) > 1 {
					t.Errorf("session %s has %v", session, list)
				}
				for _, n := range list {
					commits[n]++
				}
			}
			for n := range keys {
				if commits[n] != 1 {
					t.Errorf("%d was committed %d times", n, commits[n])
				}
				for _, a := range answers[n] {
					if string(a.Value) != string(answers[n][0].Value) || a.Timestamp != answers[n][0].Timestamp || a.Timestamp == 0 {
						t.Errorf("%d was answered %s at %d, and %s at %d", n, a.Value, a.Timestamp, answers[n][0].Value, answers[n][0].Timestamp)
					}
				}
			}
			if w.cutMutations == 0 || len(w.errors) > 0 {
				t.Errorf("%d were cut; %q", w.cutMutations, w.errors)
			}
			time.Sleep(time.Minute)
			synctest.Wait()
			for _, c := range clients {
				if n := c.Stats().Sockets; n != 0 || len(c.pool.members) > 0 || len(c.runs) > 0 || c.others != 0 {
					t.Errorf("%d sockets are left, %d members, %d runs, %d places", n, len(c.pool.members), len(c.runs), c.others)
				}
			}
		})
	}
}

// Of a caller with an order, mutations with keys and without are committed in the order of the calls.
func TestKeyedMutationsKeepTheirOrder(t *testing.T) {
	bubble(t, "", func(t *testing.T) {
		w := newModel(nil)
		p := syncfake.New(t)
		p.Serve = w.serve
		c := newClient(t, p.Listener, Options{Silence: time.Hour})
		ada := credential("ada", 1, time.Hour)
		subscribe(t, c, ada, "a:a")
		var running sync.WaitGroup
		for n := range 50 {
			running.Go(func() {
				call := keyedMutation(t, "ada", n)
				if n%2 == 0 {
					if _, err := c.RunKeyed(t.Context(), ada, call, true); err != nil {
						t.Error(err)
					}
					return
				}
				call.Key = nil
				if _, ran, err := c.Run(t.Context(), ada, call); !ran || err != nil {
					t.Error(ran, err)
				}
			})
			synctest.Wait()
		}
		running.Wait()
		if !slices.IsSorted(w.order) || len(w.order) != 50 || w.opened != 1 {
			t.Errorf("%v over %d sockets", w.order, w.opened)
		}
	})
}

// The frames of a mutation with a key: recorded from convex-local-backend 94a42c3, ws_dedupe.json.
func TestKeyedFrames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, c, _, s := connected(t, Options{}, anonymous)
		_ = p
		call := keyedMutation(t, "anonymous", 7)
		done := make(chan error, 1)
		go func() {
			_, err := c.RunKeyed(t.Context(), anonymous, call, true)
			done <- err
		}()
		own := s.Next("Connect")
		if own.SessionID != call.Key.SessionID || own.MaxObservedTimestamp != nil || own.ClientTS != 0 {
			t.Errorf("%+v", own)
		}
		if m := s.Next("Mutation"); m.RequestID != call.Key.RequestID {
			t.Errorf("%+v", m)
		}
		if back := s.Next("Connect"); back.SessionID == call.Key.SessionID || back.MaxObservedTimestamp != nil {
			t.Errorf("%+v", back)
		}
		s.Respond(call.Key.RequestID, `1`, 20)
		s.Answer(20)
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// A token that ends while the answer is awaited, and one that the deployment refuses then, leave the caller an error by which to send
// again; an attempt with a newer token goes on with the same mutation.
func TestKeyedMutationOutlivesItsToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newModel(nil)
		p := syncfake.New(t)
		p.Serve = w.serve
		c := newClient(t, p.Listener, Options{Silence: time.Hour})
		call := keyedMutation(t, "ada", 1)
		w.mu.Lock()
		w.cutsAll = true
		w.mu.Unlock()
		first := make(chan error, 1)
		go func() {
			_, err := c.RunKeyed(t.Context(), credential("ada", 1, 5*time.Second), call, true)
			first <- err
		}()
		var e *convex.DeploymentError
		if err := <-first; !errors.As(err, &e) || e.Class != convex.AnswerLost {
			t.Errorf("without another token: %v", err)
		}
		go func() {
			_, err := c.RunKeyed(t.Context(), credential("ada", 2, 5*time.Second), call, true)
			first <- err
		}()
		time.Sleep(6 * time.Second) // its token has ended, and the grace has not
		w.mu.Lock()
		w.cutsAll = false
		w.mu.Unlock()
		if _, err := c.RunKeyed(t.Context(), credential("ada", 3, time.Minute), call, true); err != nil {
			t.Errorf("with another token: %v", err)
		}
		if err := <-first; err != nil {
			t.Errorf("the first attempt: %v", err)
		}
	})
}

// The pool grows with what waits, up to its bound, and shrinks when nothing does. What finds no place until its deadline is refused.
func TestMutationPool(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t) // answers nothing
		c := newClient(t, p.Listener, Options{Silence: time.Hour, MutationSockets: 3})
		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		for n := range 3 * maxPooled {
			running.Go(func() { _, _ = c.RunKeyed(ctx, anonymous, keyedMutation(t, "anonymous", n), false) })
			synctest.Wait()
			if got, want := c.Stats().Sockets, min(n+1, 3); got != want {
				t.Errorf("%d sockets for %d mutations", got, n+1)
			}
		}
		late, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		if _, err := c.RunKeyed(late, anonymous, keyedMutation(t, "anonymous", 100), false); !errors.Is(err, ErrQueueFull) {
			t.Errorf("one more: %v", err)
		}
		cancel()
		running.Wait()
		time.Sleep(time.Minute)
		synctest.Wait()
		if n := c.Stats().Sockets; n != 0 {
			t.Errorf("%d sockets are left", n)
		}
	})
}
