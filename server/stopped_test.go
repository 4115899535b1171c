package server

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"google.golang.org/grpc/codes"

	"convexgateway/convex"
)

// stoppable is a deployment that can be paused. What it answers is recorded from convex-local-backend 94a42c3: 3a-paused.json
// (query), 3g-redacted.json (plain), 12-stop-probe.json.
type stoppable struct{ paused, redacts atomic.Bool }

func (d *stoppable) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == "/version":
		fmt.Fprint(w, "unknown")
	case r.Method == http.MethodGet && d.paused.Load():
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"code":"BackendIsNotRunning","message":"Cannot perform this operation when the backend is not running"}`)
	case r.Method == http.MethodGet:
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"code":"FileNotFound","message":"File c774e6f1-41b5-4a43-8c8f-62c05c78c90b not found"}`)
	case d.redacts.Load():
		fmt.Fprint(w, `{"status":"error","errorMessage":"[Request ID: b81fd01a315226ba] Server Error"}`)
	default:
		fmt.Fprint(w, `{"status":"error","errorMessage":"[Request ID: 8f94b806e2a4cca0] Server Error\nCannot run functions while this deployment is paused. Resume the deployment in the dashboard settings to allow functions to run.\n"}`)
	}
}

// A stopped deployment is no fault of the function, also where production hides the text; readiness stays and states it.
func TestDeploymentStopped(t *testing.T) {
	t.Parallel()
	for _, redacts := range []bool{false, true} {
		d := &stoppable{}
		d.paused.Store(true)
		d.redacts.Store(redacts)
		upstream := httptest.NewServer(d)
		defer upstream.Close()
		g := startUpstream(t, Upstream{ConvexURL: upstream.URL})
		want := failure{codes.Unavailable, "DEPLOYMENT_STOPPED", http.StatusServiceUnavailable, true, true}
		g.fails(t, convex.Query, "some:query", `{}`, want)
		g.fails(t, convex.Mutation, "some:mutation", `{}`, want)
		want.retry = !redacts // an action may have begun before, where its text is hidden
		g.fails(t, convex.Action, "some:action", `{}`, want)
		if err := g.WaitReady(g.context()); err != nil {
			t.Fatal(err)
		}
		eventually(t, "/readyz states that the deployment is stopped", func() bool { // it waits for 200 ms to learn it
			got := g.rest("GET", "/readyz", "")
			if got.status != http.StatusOK || !strings.HasPrefix(got.body, "ready\n") {
				t.Errorf("/readyz: %d %q", got.status, got.body)
			}
			return strings.Contains(got.body, "the deployment is stopped")
		})
		d.paused.Store(false)
		eventually(t, "it runs again", func() bool { return g.rest("GET", "/readyz", "").body == "ready\n" })
		d.redacts.Store(true)
		g.fails(t, convex.Query, "some:query", `{}`, failure{codes.Unknown, "FUNCTION_FAILED", http.StatusInternalServerError, false, true})
	}
}
