package deployment

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"convexgateway/dev/deployment/call"
	"convexgateway/internal/wait"
)

// faults are what tests make a deployment do to its clients. Any number of goroutines may use it.
type faults struct {
	pause  *pause
	redact atomic.Bool
	delay  atomic.Pointer[func(call.Kind) time.Duration]

	mu       sync.Mutex
	calls    planned // HTTP function calls
	upgrades planned // of sync sockets
}

// planned is the failure of the next few requests.
type planned struct {
	left    int
	failure Failure
}

// Failure is an answer in place of a request's own: a status and {"code", "message"}, or without both no body. Status 0 drops the
// connection without an answer.
type Failure struct {
	Status        int
	Code, Message string
}

// Pause makes the deployment hang: requests wait, and sync sockets neither read nor write. Calls that run already continue, and
// are answered over HTTP. Only /dev/ and /clerk/ are served meanwhile.
func (d *Deployment) Pause() { d.faults.pause.start() }

// Resume ends a Pause. Requests that waited are served.
func (d *Deployment) Resume() { d.faults.pause.end() }

// FailNext answers the next n function calls over HTTP with a failure; none of them runs anything. It replaces the rest
// of an earlier plan.
func (d *Deployment) FailNext(n int, f Failure) { d.faults.plan(&d.faults.calls, n, f) }

// FailNextUpgrades answers the next n attempts to open a sync socket with a status and no body; 0 drops the connection.
func (d *Deployment) FailNextUpgrades(n, status int) {
	d.faults.plan(&d.faults.upgrades, n, Failure{Status: status})
}

// Delay delays every function call before it runs: over HTTP and sync, also queries that run again, but not the calls that
// actions make. 0 ends the delay.
func (d *Deployment) Delay(delay time.Duration) {
	d.faults.delayBy(func(call.Kind) time.Duration { return delay })
}

func (f *faults) delayBy(kind func(call.Kind) time.Duration) { f.delay.Store(&kind) }

// SetRedact changes Config.Redact. Results already sent stay as they are.
func (d *Deployment) SetRedact(on bool) { d.faults.redact.Store(on) }

func (d *Deployment) redacts() bool { return d.faults.redact.Load() }

func (f *faults) plan(which *planned, n int, failure Failure) {
	f.mu.Lock()
	defer f.mu.Unlock()
	*which = planned{n, failure}
}

func (f *faults) next(which *planned) (failure Failure, planned bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if which.left <= 0 {
		return Failure{}, false
	}
	which.left--
	return which.failure, true
}

// wait blocks for the delay, or until ctx ends.
func (f *faults) wait(ctx context.Context, kind call.Kind) {
	if delay := f.delay.Load(); delay != nil {
		_ = wait.For(ctx, (*delay)(kind))
	}
}

// failing answers with the planned failure while there is one, and otherwise serves next.
func (d *Deployment) failing(which *planned, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f, ok := d.faults.next(which)
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

// pausing makes requests wait while the deployment is paused, but for those to the controls and to Clerk.
func (d *Deployment) pausing(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isOwn(r) && !d.faults.pause.Wait(r.Context()) {
			panic(http.ErrAbortHandler) // the client has disconnected, or the deployment closes
		}
		next.ServeHTTP(w, r)
	})
}
