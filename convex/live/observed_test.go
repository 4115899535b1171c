package live

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/internal/syncfake"
)

// checksTime is a deployment at a time, which closes a socket whose client has observed a later one: recorded from
// convex-local-backend 94a42c3: 6-ts.json, maxObserved.
func checksTime(s *syncfake.Socket, now syncfake.Timestamp) (closed bool) {
	g := s.Greeting(false)
	if observed := g.Connect.MaxObservedTimestamp; observed != nil && *observed > now {
		s.End(1011, "InternalServerError")
		return true
	}
	s.Answer(now, syncfake.Updated(0, `"old"`))
	return false
}

// A deployment whose time has gone back gets a socket without the observed time after two attempts. What follows has its new times,
// what was under way included, and the log says so.
func TestDeploymentsTimeGoesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		p, c, sub, s := connected(t, Options{Logger: slog.New(slog.NewTextHandler(&log, nil))}, anonymous)
		s.Answer(1000)
		m := mutate(t, c, anonymous, "m:set")
		expectRequests(t, s, "#0 m:set{}")
		s.Respond(0, `1`, 1001) // and no transition comes
		synctest.Wait()
		s.Cut()
		for range 2 {
			if !checksTime(p.Socket(), 500) {
				t.Fatal("the client has forgotten what it observed")
			}
			sub.has(t, `reconnecting confirmed "old"`)
		}
		s = p.Socket()
		if checksTime(s, 500) {
			t.Fatal("the third socket ends as well")
		}
		if state := sub.has(t, `connected confirmed "old"`); state.Result.Timestamp != 500 {
			t.Errorf("the result is of %d", state.Result.Timestamp)
		}
		if n := strings.Count(log.String(), "the deployment's time is behind"); n != 1 {
			t.Errorf("logged %d times:\n%s", n, log.String())
		}
		expectRequests(t, s, "#0 m:set{}")
		s.Respond(0, `2`, 501)
		m.waits(t)
		s.Answer(501)
		m.returns(t, `2`, 501)
		s.Cut()
		if g := p.Socket().Greeting(false); *g.Connect.MaxObservedTimestamp != 501 {
			t.Errorf("it has observed %d", *g.Connect.MaxObservedTimestamp)
		}
	})
}

// Internal errors that are not about the time forget nothing: those after an answer, and those with another end between them.
func TestOtherInternalErrorsForgetNoTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _, _, s := connected(t, Options{}, anonymous)
		for _, answers := range []bool{true, true, true, false, true, false} {
			s.End(1011, "InternalServerError")
			s = p.Socket()
			if g := s.Greeting(false); g.Connect.MaxObservedTimestamp == nil || *g.Connect.MaxObservedTimestamp != 10 {
				t.Errorf("it has observed %v", g.Connect.MaxObservedTimestamp)
			}
			if answers {
				s.Answer(10)
			}
			time.Sleep(time.Second)
		}
		s.Cut()
		s = p.Socket()
		s.Greeting(false)
		s.End(1011, "InternalServerError")
		if g := p.Socket().Greeting(false); g.Connect.MaxObservedTimestamp == nil {
			t.Error("a cut counts as an internal error")
		}
	})
}
