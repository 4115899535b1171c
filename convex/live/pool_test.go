package live

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/convex"
	"convexgateway/internal/syncfake"

	"github.com/coder/websocket"
)

// classOf is the class of a deployment's error; -1 for others.
func classOf(err error) convex.Class {
	if e, ok := errors.AsType[*convex.DeploymentError](err); ok {
		return e.Class
	}
	return -1
}

// A mutation whose token ends while it waits for a place ends as one that is to be sent again, and goes on with the token of another call.
func TestTokenEndsInTheLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		p.Serve = func(s *syncfake.Socket) { // never answers mutations; accepts tokens
			for {
				m, err := s.Read()
				if err != nil {
					return
				}
				_ = s.Take(m)
				if m.Type == "ModifyQuerySet" || m.Type == "Authenticate" {
					_ = s.TryAnswer(10)
				}
			}
		}
		c := newClient(t, p.Listener, Options{Silence: time.Hour, MutationSockets: 1})
		short := credential("svc", 1, 20*time.Second)
		var running sync.WaitGroup
		for n := range maxPooled {
			running.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), 25*time.Second)
				defer cancel()
				if _, err := c.RunKeyed(ctx, short, keyedMutation(t, "svc", n), false); classOf(err) != convex.AnswerLost {
					t.Errorf("%d: %v", n, err)
				}
			})
		}
		synctest.Wait()
		late := keyedMutation(t, "svc", 100)
		running.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
			defer cancel()
			_, err := c.RunKeyed(ctx, short, late, false)
			if classOf(err) == convex.Unauthorized {
				t.Errorf("waiting caller: %v after its token ended in the queue", err)
			}
		})
		synctest.Wait()
		running.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
			defer cancel()
			_, err := c.RunKeyed(ctx, credential("svc", 2, time.Hour), late, false)
			if classOf(err) == convex.Unauthorized {
				t.Errorf("joined caller with a good token: %v", err)
			}
		})
		running.Wait()
	})
}

// A mutation that loses all races may have lost them to a copy of its own, so that it does not end as one that is not committed.
func TestConflictOfACopy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		p.Serve = conflicting
		c := newClient(t, p.Listener, Options{Silence: time.Hour})
		call, began := keyedMutation(t, "anonymous", 1), time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		first := make(chan error, 1)
		go func() {
			_, err := c.RunKeyed(ctx, anonymous, call, false)
			first <- err
		}()
		time.Sleep(50 * time.Second)
		longer, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		_, err := c.RunKeyed(longer, anonymous, call, false)
		if took := time.Since(began); classOf(err) != convex.AnswerLost || took < 90*time.Second {
			t.Errorf("a call that has joined: %v after %v", err, took)
		}
		if err := <-first; classOf(err) != convex.AnswerLost {
			t.Errorf("the first call: %v", err)
		}
	})
}

// conflicting is a deployment at which every mutation loses its races.
func conflicting(s *syncfake.Socket) {
	for {
		m, err := s.Read()
		if err != nil {
			return
		}
		switch _ = s.Take(m); m.Type {
		case "ModifyQuerySet":
			_ = s.TryAnswer(10)
		case "Mutation":
			conflict(s)
		}
	}
}

// At the end of the client everybody gets its end.
func TestCloseEndsKeyedMutations(t *testing.T) {
	for _, ordered := range []bool{true, false} {
		bubble(t, fmt.Sprint("ordered ", ordered), func(t *testing.T) {
			p := syncfake.New(t)
			for range 100 {
				p.Refuse <- http.StatusServiceUnavailable
			}
			c := newClient(t, p.Listener, Options{Silence: time.Hour, MutationSockets: 1})
			var running sync.WaitGroup
			for n := range maxPooled + 2 {
				running.Go(func() {
					_, err := c.RunKeyed(t.Context(), anonymous, keyedMutation(t, "anonymous", n), ordered)
					if !errors.Is(err, ErrClosed) {
						t.Errorf("%d: %v", n, err)
					}
				})
				synctest.Wait()
			}
			c.Close()
			running.Wait()
		})
	}
}

// Mutations whose callers have left keep their places while they are on a socket, so that others do not wait behind them.
func TestAbandonedMutationsKeepTheirPlaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t) // answers nothing
		c := newClient(t, p.Listener, Options{Silence: time.Hour, MutationSockets: 2})
		for round := range 60 {
			var running sync.WaitGroup
			for n := range 2 * maxPooled {
				running.Go(func() {
					ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
					defer cancel()
					_, _ = c.RunKeyed(ctx, anonymous, keyedMutation(t, "anonymous", 100*round+n), false)
				})
			}
			running.Wait()
		}
		sent := 0
		for len(p.Sockets) > 0 {
			for s := p.Socket(); len(s.Messages) > 0; {
				if m := <-s.Messages; m.Type == "Mutation" {
					sent++
				}
			}
		}
		if sent > 2*maxPooled {
			t.Errorf("%d mutations are on two sockets", sent)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		began := time.Now()
		if _, err := c.RunKeyed(ctx, anonymous, keyedMutation(t, "anonymous", 9_999), false); classOf(err) != convex.AnswerLost || time.Since(began) < time.Minute { // on a new socket: those have none who waits
			t.Errorf("another one: %v after %v", err, time.Since(began))
		}
	})
}

// A member of the pool that cannot connect does not fail the calls for which others have room.
func TestPoolMemberWithoutSocket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		p.Serve = func(s *syncfake.Socket) {
			for len(p.Refuse) < 90 {
				p.Refuse <- http.StatusServiceUnavailable // no more sockets
			}
			answerAfter(50 * time.Millisecond)(s)
		}
		c := newClient(t, p.Listener, Options{Silence: time.Hour, MutationSockets: 2})
		var running sync.WaitGroup
		var mu sync.Mutex
		failed, fine := 0, 0
		end := time.Now().Add(30 * time.Second)
		for w := range 3 {
			running.Go(func() {
				for i := 0; time.Now().Before(end); i++ {
					ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
					_, err := c.RunKeyed(ctx, anonymous, keyedMutation(t, "anonymous", w*10_000+i), false)
					cancel()
					mu.Lock()
					if err == nil {
						fine++
					} else {
						failed++
					}
					mu.Unlock()
					time.Sleep(10 * time.Millisecond)
				}
			})
			synctest.Wait()
		}
		running.Wait()
		if fine < 400 || failed > 10 {
			t.Errorf("%d were answered, %d failed", fine, failed)
		}
	})
}

// answerAfter is a deployment that takes so long for a mutation.
func answerAfter(d time.Duration) func(*syncfake.Socket) {
	return func(s *syncfake.Socket) {
		for {
			m, err := s.Read()
			if err != nil {
				return
			}
			_ = s.Take(m)
			switch m.Type {
			case "ModifyQuerySet":
				_ = s.TryAnswer(10)
			case "Mutation":
				time.Sleep(d)
				_ = s.Conn.Write(context.Background(), websocket.MessageText, []byte(syncfake.Committed(m.RequestID, "1", 10)))
			}
		}
	}
}

// Callers take turns, so that one with many calls does not keep the places from others.
func TestCallersTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		p.Serve = answerAfter(time.Second)
		c := newClient(t, p.Listener, Options{Silence: time.Hour, MutationSockets: 4})
		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		by := func(caller string, n int) convex.Call {
			call := keyedMutation(t, "anonymous", n)
			call.Caller = caller
			return call
		}
		for w := range 500 {
			running.Go(func() {
				for i := 0; ctx.Err() == nil; i++ {
					_, _ = c.RunKeyed(ctx, anonymous, by("many", w*1_000+i), false)
				}
			})
		}
		time.Sleep(20 * time.Second)
		var others sync.WaitGroup
		for i := range 20 {
			others.Go(func() {
				late, stop := context.WithTimeout(t.Context(), 15*time.Second)
				defer stop()
				if _, err := c.RunKeyed(late, anonymous, by(fmt.Sprint(i), 900_000+i), false); err != nil {
					t.Errorf("%d: %v", i, err)
				}
			})
		}
		others.Wait()
		cancel()
		running.Wait()
		_ = c.Close()
		time.Sleep(time.Minute)
	})
}

// A success that the deployment has answered is one, also where the socket ends before its queries reflect it.
func TestAnswerIsNotLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, c, _, s := connected(t, Options{}, anonymous)
		call := keyedMutation(t, "anonymous", 7)
		done := make(chan error, 1)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		go func() {
			_, err := c.RunKeyed(ctx, anonymous, call, true)
			done <- err
		}()
		s.Next("Connect")
		s.Next("Mutation")
		s.Next("Connect")
		s.Respond(call.Key.RequestID, `1`, 20)
		synctest.Wait()
		c.Close()
		if err := <-done; err != nil {
			t.Errorf("the answer had come: %v", err)
		}
	})
}

// Dedicated sockets have the bound of the pool.
func TestDedicatedSocketsHaveABound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		c := newClient(t, p.Listener, Options{Silence: time.Hour, MutationSockets: 3, DedicatedSockets: true})
		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		for n := range 200 {
			running.Go(func() { _, _ = c.RunKeyed(ctx, anonymous, keyedMutation(t, "anonymous", n), false) })
		}
		synctest.Wait()
		if got := c.Stats().Sockets; got != 3 {
			t.Errorf("%d sockets of one anonymous caller", got)
		}
		cancel()
		running.Wait()
	})
}
