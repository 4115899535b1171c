package live

import (
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/convex"
	"convexgateway/internal/syncfake"
)

// losesAnswer ends a socket on which a mutation was committed after its token's end: recorded from convex-local-backend 94a42c3:
// 9c-mutation-expiry.json.
func losesAnswer(s *syncfake.Socket) {
	s.Send(`{"type":"AuthError","error":"Convex token identity expired","baseVersion":1,"authUpdateAttempted":false}`)
	s.End(1005, "")
}

// replays takes the mutations again, under a token, and answers the first as the deployment has recorded it.
func replays(t *testing.T, p *syncfake.Endpoint, token string) *syncfake.Socket {
	t.Helper()
	s := p.Socket()
	if g := s.Greeting(true); g.Token != token {
		t.Errorf("%+v", g)
	}
	expectRequests(t, s, "#0 m:first{}", "#1 m:second{}")
	s.Respond(0, `1`, 20)
	s.Answer(20)
	return s
}

// A mutation whose answer was lost at its token's end is sent again with the same id, under another live token of the same user: of
// another subscriber at once, or of a newer one that comes within the grace.
func TestMutationsAnswerIsLostAtExpiry(t *testing.T) {
	for _, name := range []string{"another token", "a newer token"} {
		bubble(t, name, func(t *testing.T) {
			dying := credential("ada", 1, time.Minute)
			p, c, sub, s := connected(t, Options{Silence: time.Hour}, dying)
			if name == "another token" {
				defer subscribe(t, c, credential("ada", 2, time.Minute-time.Second), "").Close()
			}
			time.Sleep(57 * time.Second)
			first, second := mutate(t, c, dying, "m:first"), mutate(t, c, dying, "m:second")
			expectRequests(t, s, "#0 m:first{}", "#1 m:second{}")
			losesAnswer(s)
			token := "ada#2"
			if name == "a newer token" {
				first.waits(t)
				p.NoSocket(9 * time.Second)
				sub.Renew(credential("ada", 3, time.Minute))
				token = "ada#3"
			}
			s = replays(t, p, token)
			first.returns(t, `1`, 20)
			second.waits(t)
			s.Respond(1, `2`, 21)
			s.Answer(21)
			second.returns(t, `2`, 21)
		})
	}
}

// Without another token the outcome is unknown after the grace, and that of an action at once. What was never sent has not run.
func TestNoTokenAfterALostAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dying := credential("ada", 1, time.Minute)
		p, c, sub, s := connected(t, Options{Silence: time.Hour}, dying)
		time.Sleep(57 * time.Second)
		sent, action := mutate(t, c, dying, "m:first"), run(t.Context(), t, c, dying, convex.Action, "m:action")
		expectRequests(t, s, "#0 m:first{}", "A:#1 m:action{}")
		losesAnswer(s)
		action.fails(t, convex.OutcomeUnknown)
		mutate(t, c, dying, "m:more").fails(t, convex.Unauthorized)
		time.Sleep(10 * time.Second)
		sent.waits(t)
		time.Sleep(100 * time.Millisecond) // the pause before the token is looked for
		sent.fails(t, convex.OutcomeUnknown)
		p.NoSocket(time.Minute)
		sub.Renew(credential("ada", 2, time.Minute))
		s = p.Socket()
		s.Greeting(true)
		s.Answer(30)
		s.Quiet()
		mutate(t, c, credential("ada", 2, time.Minute), "m:later").waits(t)
		expectRequests(t, s, "#2 m:later{}")
	})
}

// A mutation that waits for a deployment out of reach until its token expires has not run.
func TestTokenOfAnUnsentMutationExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dying := credential("ada", 1, 5*time.Second)
		p, c, _, s := connected(t, Options{FailFast: time.Hour}, dying)
		for range 10 {
			p.Refuse <- 502
		}
		s.Cut()
		synctest.Wait()
		m := mutate(t, c, dying, "m:first")
		time.Sleep(time.Minute)
		m.fails(t, convex.Unauthorized)
	})
}
