package deployment

import (
	"net/http"
	"strings"

	"convexgateway/dev/deployment/app"
	"convexgateway/dev/deployment/call"
	"convexgateway/dev/deployment/store"
)

// StopState is [store.StopState].
type StopState = store.StopState

// The states of a deployment.
const (
	Running        = store.Running
	Paused         = store.Paused
	OverUsageLimit = store.OverUsageLimit
	DisabledFree   = store.DisabledFree
	DisabledPaid   = store.DisabledPaid
	Suspended      = store.Suspended
)

// Stop makes every function fail with the state's text, as Convex does with a deployment that its user has paused, for example. Live
// queries fail at once, and recover with Running. Sockets, tokens, and recorded mutations go on. (Pause is another thing: a hanging
// server.)
func (d *Deployment) Stop(state StopState) error { return d.db.SetStopState(state) }

// servePause is POST /api/v1/pause_deployment.
func (d *Deployment) servePause(w http.ResponseWriter, r *http.Request) {
	d.serveStop(w, r, Paused)
}

// serveUnpause is POST /api/v1/unpause_deployment.
func (d *Deployment) serveUnpause(w http.ResponseWriter, r *http.Request) {
	d.serveStop(w, r, Running)
}

func (d *Deployment) serveStop(w http.ResponseWriter, r *http.Request, state StopState) {
	err := d.checkAdmin(r)
	if err == nil && state == Running && d.db.StopState() != Paused {
		err = call.NewBadRequest("UnpauseDeploymentFailed", "Deployment is not currently paused.")
	}
	if err == nil {
		err = d.Stop(state)
	}
	if err != nil {
		call.WriteError(w, err)
		return
	}
	w.WriteHeader(http.StatusOK)
}

// whileRunning refuses requests while the deployment is stopped.
func (d *Deployment) whileRunning(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if d.db.StopState() != Running {
			call.WriteError(w, call.NewBadRequest("BackendIsNotRunning", "Cannot perform this operation when the backend is not running"))
			return
		}
		next(w, r)
	}
}

// serveHTTPAction answers requests for HTTP actions, of which there are none.
func (d *Deployment) serveHTTPAction(w http.ResponseWriter, r *http.Request) {
	text := app.StopText(d.db.StopState())
	if text == "" {
		noRoute(w, r)
		return
	}
	failed := struct {
		Code  string `json:"code"`
		Trace string `json:"trace,omitempty"`
	}{"[Request ID: " + call.NewRequestID() + "] Server Error: " + text, text + "\n"}
	if d.redacts() {
		failed.Code, failed.Trace = strings.TrimSuffix(failed.Code, ": "+text), ""
	}
	body, _ := call.Marshal(failed)
	call.WriteJSON(w, http.StatusInternalServerError, body)
}
