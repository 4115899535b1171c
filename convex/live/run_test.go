package live

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/convex"
	"convexgateway/convex/live/protocol"
	"convexgateway/internal/syncfake"
)

// running is a Run under way.
type running struct {
	name  string
	ended chan outcome
}

func run(ctx context.Context, t *testing.T, c *Client, who convex.Credential, kind convex.Kind, path string) running {
	t.Helper()
	call := convex.Call{Kind: kind, Path: mustPath(t, path), Args: []byte(`{}`)}
	r := running{path, make(chan outcome, 1)}
	go func() {
		result, ran, err := c.Run(ctx, who, call)
		r.ended <- outcome{result, ran, err}
	}()
	synctest.Wait() // so that calls reach the session in the order of the test
	return r
}

func mutate(t *testing.T, c *Client, who convex.Credential, path string) running {
	t.Helper()
	return run(t.Context(), t, c, who, convex.Mutation, path)
}

// waits checks that it has not ended.
func (r running) waits(t *testing.T) {
	t.Helper()
	synctest.Wait()
	select {
	case o := <-r.ended:
		t.Fatalf("%s has ended with %+v", r.name, o)
	default:
	}
}

// outcome is what it ends with, once all goroutines wait.
func (r running) outcome(t *testing.T) outcome {
	t.Helper()
	synctest.Wait()
	select {
	case o := <-r.ended:
		return o
	default:
		t.Fatalf("%s has not ended", r.name)
		return outcome{}
	}
}

func (r running) returns(t *testing.T, value string, committed protocol.Timestamp) {
	t.Helper()
	o := r.outcome(t)
	if o.err != nil || !o.ran || string(o.result.Value) != value || o.result.Timestamp != uint64(committed) {
		t.Errorf("%s ends with %+v; want %s at %d", r.name, o, value, committed)
	}
}

// fails checks the class of a *DeploymentError.
func (r running) fails(t *testing.T, class convex.Class) {
	t.Helper()
	o := r.outcome(t)
	var e *convex.DeploymentError
	if !o.ran || !errors.As(o.err, &e) || e.Class != class {
		t.Errorf("%s ends with %+v; want %v", r.name, o, class)
	}
}

func (r running) failsWith(t *testing.T, want error) {
	t.Helper()
	var e *convex.DeploymentError
	if o := r.outcome(t); !o.ran || !errors.Is(o.err, want) || errors.As(o.err, &e) {
		t.Errorf("%s ends with %+v; want %v", r.name, o, want)
	}
}

// connected is a client with a subscriber of a:a at time 10, and its socket.
func connected(t *testing.T, opts Options, who convex.Credential) (*syncfake.Endpoint, *Client, *Subscription, *syncfake.Socket) {
	t.Helper()
	p := syncfake.New(t)
	c := newClient(t, p.Listener, opts)
	sub := subscribe(t, c, who, "a:a")
	s := p.Socket()
	s.Greeting(who.Identity != (convex.Identity{}))
	s.Answer(10, syncfake.Updated(0, `"old"`))
	sub.changed(t, `connected confirmed "old"`)
	return p, c, sub, s
}

// expectRequests checks the next requests of a socket.
func expectRequests(t *testing.T, s *syncfake.Socket, calls ...string) {
	t.Helper()
	for _, want := range calls {
		kind := "Mutation"
		if want[:2] == "A:" {
			kind, want = "Action", want[2:]
		}
		if got := s.Next(kind).Calls(); got != want {
			t.Errorf("got %s; want %s", got, want)
		}
	}
	s.Quiet()
}

func TestRunWithoutSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ada := credential("ada", 1, time.Hour)
		p, c, sub, s := connected(t, Options{Linger: 5 * time.Second}, ada)
		notRun := func(r running) {
			t.Helper()
			if o := r.outcome(t); o.ran || o.err != nil || o.result != nil {
				t.Errorf("%s ends with %+v", r.name, o)
			}
		}
		notRun(mutate(t, c, credential("bob", 1, time.Hour), "m:bobs"))
		notRun(mutate(t, c, anonymous, "m:anonymous"))
		notRun(run(t.Context(), t, c, ada, convex.Action, "_system/x:y"))
		notRun(run(t.Context(), t, c, ada, convex.Query, "a:a"))
		start := time.Now()
		sub.Close()
		time.Sleep(4 * time.Second)
		notRun(mutate(t, c, ada, "m:lingering"))
		s.Quiet()
		s.Gone()
		if time.Since(start) != 5*time.Second {
			t.Errorf("the session retires after %v", time.Since(start))
		}
		notRun(mutate(t, c, ada, "m:retired"))
		p.NoSocket(time.Minute)
		c.Close()
		mutate(t, c, ada, "m:closed").failsWith(t, ErrClosed)
	})
}

// A session that would have retired while a call was joining retires later, even if the call is refused.
func TestSessionRetiresAfterRefusedRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, c, sub, s := connected(t, Options{Linger: 5 * time.Second}, anonymous)
		sub.Close()
		synctest.Wait()
		session, err := c.existingSession(convex.Identity{})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(6 * time.Second)
		session.joining.Add(-1)
		if o := mutate(t, c, anonymous, "m:a").outcome(t); o.ran {
			t.Errorf("%+v", o)
		}
		start := time.Now()
		s.Gone()
		if time.Since(start) != 5*time.Second {
			t.Errorf("it retires after %v", time.Since(start))
		}
	})
}

func TestMutationWaitsForItsTransition(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, c, sub, s := connected(t, Options{}, credential("ada", 1, time.Hour))
		m := mutate(t, c, credential("ada", 2, time.Minute), "m:set")
		expectRequests(t, s, "#0 m:set{}")
		s.Respond(0, `"done"`, 20)
		m.waits(t)
		s.Answer(19, syncfake.Updated(0, `"older"`))
		m.waits(t)
		s.Answer(20)
		m.returns(t, `"done"`, 20)
		sub.changed(t, `connected confirmed "older"`)

		early := mutate(t, c, credential("ada", 1, time.Hour), "m:set")
		expectRequests(t, s, "#1 m:set{}")
		s.Answer(31, syncfake.Updated(0, `"new"`))
		early.waits(t)
		s.Respond(1, `null`, 30)
		early.returns(t, `null`, 30)
		s.Respond(1, `null`, 30)
		sub.changed(t, `connected confirmed "new"`)
	})
}

// A caller reads its own write: at Run's return the subscribers have the result.
func TestReadYourWrites(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, c, sub, s := connected(t, Options{}, anonymous)
		for i := range 50 {
			seen := make(chan string, 1)
			go func() {
				_, _, err := c.Run(t.Context(), anonymous, convex.Call{Kind: convex.Mutation, Path: mustPath(t, "m:set"), Args: []byte(`{}`)})
				if err != nil {
					t.Error(err)
				}
				seen <- sub.State().text()
			}()
			s.Next("Mutation")
			at := syncfake.Timestamp(20 + i)
			s.Respond(uint32(i), `1`, at)
			s.Answer(at, syncfake.Updated(0, fmt.Sprint(i)))
			if got, want := <-seen, fmt.Sprintf("connected confirmed %d", i); got != want {
				t.Fatalf("at its return the state is %q; want %q", got, want)
			}
		}
	})
}

func TestAnswersThatEndAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, c, _, s := connected(t, Options{}, anonymous)
		fails, acts, throws := mutate(t, c, anonymous, "m:a"), run(t.Context(), t, c, anonymous, convex.Action, "m:b"), run(t.Context(), t, c, anonymous, convex.Action, "m:c")
		expectRequests(t, s, "#0 m:a{}", "A:#1 m:b{}", "A:#2 m:c{}")
		s.Send(`{"type":"ActionResponse","requestId":2,"success":false,"result":"[Request ID: 1] Server Error\nboom","logLines":["l"]}`)
		var e *convex.FunctionError
		if o := throws.outcome(t); !errors.As(o.err, &e) || e.Cause() != convex.Threw || e.LogLines[0] != "l" {
			t.Errorf("%+v", o)
		}
		acts.waits(t)
		s.Send(`{"type":"MutationResponse","requestId":0,"success":false,"result":"x","ts":null,"logLines":[],"errorData":{"code":"FULL"}}`)
		if o := fails.outcome(t); !errors.As(o.err, &e) || string(e.Data) != `{"code":"FULL"}` || e.Cause() != convex.ThrewData {
			t.Errorf("%+v", o)
		}
		s.Send(`{"type":"ActionResponse","requestId":1,"success":true,"result":{"sent":true},"logLines":[]}`)
		acts.returns(t, `{"sent":true}`, 0)
	})
}

// The order of calls is the order on the wire, and a slow one does not delay the sending of the next.
func TestOrderOfMutations(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, c, _, s := connected(t, Options{}, anonymous)
		var all []running
		for i := range 20 {
			all = append(all, mutate(t, c, anonymous, fmt.Sprintf("m:f%d", i)))
			expectRequests(t, s, fmt.Sprintf("#%d m:f%d{}", i, i))
		}
		for i, m := range all {
			m.waits(t)
			s.Respond(uint32(i), fmt.Sprint(i), syncfake.Timestamp(20+i))
			s.Answer(syncfake.Timestamp(20 + i))
			m.returns(t, fmt.Sprint(i), protocol.Timestamp(20+i))
		}
	})
}

func TestMutationIsResent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ada := credential("ada", 1, time.Hour)
		p, c, sub, s := connected(t, Options{}, ada)
		first, second := mutate(t, c, ada, "m:first"), mutate(t, c, ada, "m:second")
		expectRequests(t, s, "#0 m:first{}", "#1 m:second{}")
		s.Respond(0, `1`, 77)
		first.waits(t)
		s.Cut()
		synctest.Wait()
		third := mutate(t, c, ada, "m:third")
		s = p.Socket()
		g := s.Greeting(true)
		if g.Connect.MaxObservedTimestamp == nil || *g.Connect.MaxObservedTimestamp != 77 || g.Token != ada.Token || g.Set.Calls() != "+0 a:a{}" {
			t.Errorf("%+v", g)
		}
		expectRequests(t, s, "#0 m:first{}", "#1 m:second{}", "#2 m:third{}")
		s.Respond(0, `1`, 77)
		// A time alone is not enough: the queries must have been run on this socket.
		s.Send("%s", syncfake.Transition(syncfake.Version{}, syncfake.At(0, 1, 78)))
		s.Version = syncfake.At(0, 1, 78)
		first.waits(t)
		sub.changed(t, `reconnecting confirmed "old"`)
		s.Answer(79, syncfake.Updated(0, `"new"`))
		first.returns(t, `1`, 77)
		sub.changed(t, `connected confirmed "new"`)
		s.Respond(1, `2`, 79)
		second.returns(t, `2`, 79)
		third.waits(t)
		s.Cut()
		s = p.Socket()
		s.Greeting(true)
		expectRequests(t, s, "#2 m:third{}")
		s.Respond(2, `3`, 80)
		s.Answer(80)
		third.returns(t, `3`, 80)
	})
}

func TestActionIsNotResent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, c, _, s := connected(t, Options{}, anonymous)
		inFlight := run(t.Context(), t, c, anonymous, convex.Action, "m:a")
		expectRequests(t, s, "A:#0 m:a{}")
		s.Cut()
		inFlight.fails(t, convex.OutcomeUnknown)
		never := run(t.Context(), t, c, anonymous, convex.Action, "m:b")
		s = p.Socket()
		s.Greeting(false)
		expectRequests(t, s, "A:#1 m:b{}")
		s.Send(`{"type":"ActionResponse","requestId":1,"success":true,"result":1,"logLines":[]}`)
		never.returns(t, `1`, 0)
	})
}

func TestDuplicateResponse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, c, sub, s := connected(t, Options{}, anonymous)
		m, next := mutate(t, c, anonymous, "m:a"), mutate(t, c, anonymous, "m:b")
		for range 3 {
			s.Respond(0, `1`, 20)
		}
		s.Answer(20)
		m.returns(t, `1`, 20)
		s.Respond(0, `2`, 21)
		s.Send(`{"type":"MutationResponse","requestId":0,"success":false,"result":"x","ts":null,"logLines":[]}`)
		next.waits(t)
		sub.has(t, `connected confirmed "old"`)
	})
}

func TestQueueFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, c, _, s := connected(t, Options{}, anonymous)
		for i := range protocol.MaxPendingMutations {
			mutate(t, c, anonymous, fmt.Sprintf("m:f%d", i))
		}
		mutate(t, c, anonymous, "m:more").failsWith(t, ErrQueueFull)
		run(t.Context(), t, c, anonymous, convex.Action, "m:action").waits(t)
		s.Respond(0, `1`, 10)
		synctest.Wait()
		mutate(t, c, anonymous, "m:again").waits(t)
		mutate(t, c, anonymous, "m:more").failsWith(t, ErrQueueFull)
		c.Close()
	})
}

func TestRunsContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, c, sub, s := connected(t, Options{Linger: 5 * time.Second}, anonymous)
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		run(ended, t, c, anonymous, convex.Mutation, "m:never").failsWith(t, context.Canceled)
		s.Quiet()

		sent, cancelSent := context.WithCancel(t.Context())
		m := run(sent, t, c, anonymous, convex.Mutation, "m:sent")
		expectRequests(t, s, "#0 m:sent{}")
		cancelSent()
		m.fails(t, convex.OutcomeUnknown)

		s.Cut()
		synctest.Wait()
		waiting, cancelWaiting := context.WithCancel(t.Context())
		m = run(waiting, t, c, anonymous, convex.Mutation, "m:waiting")
		cancelWaiting()
		m.failsWith(t, context.Canceled)
		s = p.Socket()
		s.Greeting(false)
		s.Quiet() // neither of them
		s.Answer(11)

		sub.Close()
		start := time.Now()
		s.Gone()
		if time.Since(start) != 5*time.Second {
			t.Errorf("the session retires after %v", time.Since(start))
		}
	})
}

func TestRunWhileDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, c, sub, s := connected(t, Options{FailFast: 10 * time.Second}, anonymous)
		for range 8 {
			p.Refuse <- 502
		}
		s.Cut()
		synctest.Wait()
		waiting := mutate(t, c, anonymous, "m:waiting")
		time.Sleep(9 * time.Second)
		late := mutate(t, c, anonymous, "m:late")
		time.Sleep(2 * time.Second)
		mutate(t, c, anonymous, "m:more").fails(t, convex.Unavailable)
		run(t.Context(), t, c, anonymous, convex.Action, "m:action").fails(t, convex.Unavailable)
		waiting.waits(t)
		late.waits(t)
		sub.changed(t, `reconnecting confirmed "old"`)
		s = p.Socket()
		s.Greeting(false)
		expectRequests(t, s, "#0 m:waiting{}", "#1 m:late{}")
		mutate(t, c, anonymous, "m:more").fails(t, convex.Unavailable) // the socket is not established yet
		s.Respond(0, `1`, 20)
		s.Respond(1, `2`, 21)
		s.Answer(21)
		waiting.returns(t, `1`, 20)
		late.returns(t, `2`, 21)
		mutate(t, c, anonymous, "m:again").waits(t)
		expectRequests(t, s, "#2 m:again{}")
	})
}

// A session stays until its requests have ended, and takes more of them meanwhile: over HTTP they would overtake.
func TestSessionWaitsForItsRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, c, sub, s := connected(t, Options{Linger: 5 * time.Second, Silence: time.Hour}, anonymous)
		m := mutate(t, c, anonymous, "m:a")
		expectRequests(t, s, "#0 m:a{}")
		sub.Close()
		time.Sleep(time.Minute)
		if got := s.Next("ModifyQuerySet").Calls(); got != "-0" {
			t.Errorf("got %s", got)
		}
		next := mutate(t, c, anonymous, "m:b")
		expectRequests(t, s, "#1 m:b{}")
		s.Cut()
		s = p.Socket()
		if g := s.Greeting(false); g.Set.Calls() != "" {
			t.Errorf("%+v", g)
		}
		expectRequests(t, s, "#0 m:a{}", "#1 m:b{}")
		s.Respond(0, `1`, 20)
		s.Respond(1, `2`, 21)
		s.Answer(21)
		m.returns(t, `1`, 20)
		next.returns(t, `2`, 21)
		start := time.Now()
		for range 3 {
			time.Sleep(time.Second)
			s.Answer(30) // results do not prolong it
		}
		s.Gone()
		if time.Since(start) != 5*time.Second {
			t.Errorf("the session retires after %v", time.Since(start))
		}
		p.NoSocket(time.Minute)
	})
}

// A mutation without subscribers, whose context ends, leaves nothing behind: neither on the socket nor without a token.
func TestSessionRetiresWithoutWaitingCallers(t *testing.T) {
	for _, name := range []string{"sent", "waiting", "parked"} {
		bubble(t, name, func(t *testing.T) {
			p, c, sub, s := connected(t, Options{Linger: 5 * time.Second}, credential("ada", 1, time.Minute))
			if name == "parked" {
				time.Sleep(30 * time.Second)
				s.Send(`{"type":"Ping"}`)
				time.Sleep(29 * time.Second)
			}
			if name == "waiting" {
				p.Refuse <- 500
				s.Cut()
				synctest.Wait()
			}
			ctx, cancel := context.WithCancel(t.Context())
			m := run(ctx, t, c, credential("ada", 1, time.Second), convex.Mutation, "m:a")
			if name == "parked" {
				time.Sleep(2 * time.Second)
				s.Send(expiredJSON, 1)
				s.End(1005, "")
			}
			sub.Close()
			time.Sleep(20 * time.Millisecond)
			m.waits(t)
			cancel()
			m.outcome(t)
			time.Sleep(5 * time.Second)
			synctest.Wait()
			c.mu.Lock()
			defer c.mu.Unlock()
			if len(c.sessions) != 0 {
				t.Error("the session is left")
			}
		})
	}
}

// A session that waits for a token, however long, connects with that of a mutation.
func TestMutationConnectsSessionWithoutToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, c, sub, s := connected(t, Options{}, credential("ada", 1, time.Minute))
		time.Sleep(30 * time.Second)
		s.Send(`{"type":"Ping"}`)
		time.Sleep(31 * time.Second)
		s.Send(expiredJSON, 1)
		s.End(1005, "")
		sub.changed(t, `reconnecting confirmed "old"`)
		p.NoSocket(10 * time.Minute)
		mutate(t, c, credential("ada", 1, -time.Second), "m:expired").fails(t, convex.Unauthorized)
		m := mutate(t, c, credential("ada", 2, time.Minute), "m:a")
		another := mutate(t, c, credential("ada", 3, time.Second), "m:b")
		s = p.Socket()
		if g := s.Greeting(true); g.Token != "ada#2" {
			t.Errorf("%+v", g)
		}
		expectRequests(t, s, "#0 m:a{}", "#1 m:b{}")
		s.Respond(0, `1`, 20)
		s.Respond(1, `2`, 21)
		s.Answer(21, syncfake.Updated(0, `"new"`))
		m.returns(t, `1`, 20)
		another.returns(t, `2`, 21)
		sub.changed(t, `connected confirmed "new"`)
	})
}

// A mutation's newer token is sent before it, when the one in force is about to expire.
func TestMutationsTokenIsSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, c, _, s := connected(t, Options{Silence: time.Hour}, credential("ada", 1, time.Minute))
		time.Sleep(55 * time.Second)
		mutate(t, c, credential("ada", 2, time.Minute), "m:a")
		if token := s.Next("Authenticate").Value; token != "ada#2" {
			t.Errorf("token is %s", token)
		}
		expectRequests(t, s, "#0 m:a{}")
	})
}

func TestRefusedTokenOfAMutation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		c := newClient(t, p.Listener, Options{})
		good, bad := credential("ada", 1, time.Hour), credential("ada", 2, 2*time.Hour)
		sub := subscribe(t, c, good, "a:a")
		s := p.Socket()
		s.Greeting(true)
		s.Answer(10)
		s.Cut()
		synctest.Wait()
		refused, kept := mutate(t, c, bad, "m:bad"), mutate(t, c, good, "m:good")
		s = p.Socket()
		if g := s.Greeting(true); g.Token != bad.Token {
			t.Errorf("%+v", g)
		}
		expectRequests(t, s, "#0 m:bad{}", "#1 m:good{}")
		s.Send(refusedJSON, 0)
		s.End(1005, "")
		refused.fails(t, convex.OutcomeUnknown)
		mutate(t, c, bad, "m:again").fails(t, convex.Unauthorized)
		kept.waits(t)
		s = p.Socket()
		if g := s.Greeting(true); g.Token != good.Token {
			t.Errorf("%+v", g)
		}
		expectRequests(t, s, "#1 m:good{}")
		s.Respond(1, `1`, 20)
		s.Answer(20)
		kept.returns(t, `1`, 20)
		sub.has(t, "connected confirmed")
	})
}

func TestCloseWithPendingRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, c, _, s := connected(t, Options{}, anonymous)
		sent, action := mutate(t, c, anonymous, "m:a"), run(t.Context(), t, c, anonymous, convex.Action, "m:b")
		expectRequests(t, s, "#0 m:a{}", "A:#1 m:b{}")
		subscribe(t, c, credential("ada", 1, time.Hour), "a:a")
		never := mutate(t, c, credential("ada", 1, time.Hour), "m:c")
		p.Socket().Next("Connect")
		c.Close()
		sent.fails(t, convex.OutcomeUnknown)
		action.fails(t, convex.OutcomeUnknown)
		if o := never.outcome(t); o.err == nil {
			t.Errorf("%+v", o)
		}
	})
}

func TestRequestsOfTwoIdentities(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		c := newClient(t, p.Listener, Options{})
		for _, name := range []string{"ada", "bob"} {
			who := credential(name, 1, time.Hour)
			subscribe(t, c, who, "a:a")
			s := p.Socket()
			if g := s.Greeting(true); g.Token != who.Token {
				t.Errorf("%+v", g)
			}
			s.Answer(10)
			m := mutate(t, c, who, "m:of_"+name)
			expectRequests(t, s, "#0 m:of_"+name+"{}")
			s.Respond(0, `"`+name+`"`, 10)
			m.returns(t, `"`+name+`"`, 10)
		}
	})
}
