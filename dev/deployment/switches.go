package deployment

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"convexgateway/dev/deployment/call"
	"convexgateway/internal/wait"
)

// switches is what tests turn to see how a client takes trouble. Any number of goroutines may use it.
type switches struct {
	gate   *gate
	redact atomic.Bool
	delay  atomic.Int64 // nanoseconds

	mu       sync.Mutex
	calls    planned // HTTP function calls
	upgrades planned // of sync sockets
}

// planned is a failure that the next few requests get.
type planned struct {
	left    int
	failure Failure
}

// Failure is what a request is answered with in place of what it asked for: a status and {"code", "message"}, or without
// both no body. Status 0 drops the connection without an answer.
type Failure struct {
	Status        int
	Code, Message string
}

// Pause stops the deployment from taking anything in, as a process that hangs: requests wait, sync sockets neither read nor
// write. What already runs goes on, and answers over HTTP. Only /dev/ is served meanwhile.
func (d *Deployment) Pause() { d.switches.gate.close() }

// Resume ends a Pause. What waited is served.
func (d *Deployment) Resume() { d.switches.gate.reopen() }

// FailNext answers the next n function calls over HTTP with a failure; none of them runs anything. It replaces what is left
// of an earlier plan.
func (d *Deployment) FailNext(n int, f Failure) { d.switches.plan(&d.switches.calls, n, f) }

// FailNextUpgrades answers the next n attempts to open a sync socket with a status and no body; 0 drops the connection.
func (d *Deployment) FailNextUpgrades(n, status int) {
	d.switches.plan(&d.switches.upgrades, n, Failure{Status: status})
}

// Delay holds every function call back for a while before it runs: over HTTP and sync, queries that run again included, but
// not the calls that actions make. 0 ends it.
func (d *Deployment) Delay(delay time.Duration) { d.switches.delay.Store(int64(delay)) }

// SetRedact turns on or off what Config.Redact says. Results already sent stay as they are.
func (d *Deployment) SetRedact(on bool) { d.switches.redact.Store(on) }

func (d *Deployment) redacts() bool { return d.switches.redact.Load() }

func (s *switches) plan(which *planned, n int, f Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	*which = planned{n, f}
}

func (s *switches) next(which *planned) (f Failure, planned bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if which.left <= 0 {
		return Failure{}, false
	}
	which.left--
	return which.failure, true
}

// hold waits out the delay, or until ctx ends.
func (s *switches) hold(ctx context.Context) {
	_ = wait.For(ctx, time.Duration(s.delay.Load()))
}

// failing serves a planned failure while there is one, and else what is next.
func (d *Deployment) failing(which *planned, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f, ok := d.switches.next(which)
		switch {
		case !ok:
			next(w, r)
		case f.Status == 0:
			panic(http.ErrAbortHandler)
		case f.Code == "" && f.Message == "":
			w.WriteHeader(f.Status)
		default:
			body, _ := json.Marshal(map[string]string{"code": f.Code, "message": f.Message})
			call.WriteJSON(w, f.Status, body)
		}
	}
}

// neverPauses reports whether a request is for what goes on without the deployment: its controls, and Clerk.
func neverPauses(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, "/dev/") || strings.HasPrefix(r.URL.Path, "/clerk/")
}

// gated makes requests wait while the deployment is paused.
func (d *Deployment) gated(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !neverPauses(r) && !d.switches.gate.Pass(r.Context()) {
			panic(http.ErrAbortHandler) // the client is gone, or the deployment going
		}
		next.ServeHTTP(w, r)
	})
}
