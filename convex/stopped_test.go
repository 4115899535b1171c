package convex

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// Answers of a stopped deployment and of one that runs. Recorded from convex-local-backend 94a42c3: 3a-paused.json (query),
// 9b-expiry-usage.json (usageLimit), 3g-redacted.json (plain), 12-stop-probe.json, 3a-paused.json (s5: an action that was running).
const (
	pausedError  = `{"status":"error","errorMessage":"[Request ID: 8f94b806e2a4cca0] Server Error\nCannot run functions while this deployment is paused. Resume the deployment in the dashboard settings to allow functions to run.\n"}`
	usageError   = `{"status":"error","errorMessage":"[Request ID: e98dfe1d59970834] Server Error\nThis deployment has been disabled because it exceeded a configured usage limit. Update or disable the usage limit in the Convex dashboard in deployment settings to resume function execution.\n"}`
	hiddenError  = `{"status":"error","errorMessage":"[Request ID: b81fd01a315226ba] Server Error"}`
	hiddenData   = `{"status":"error","errorMessage":"[Request ID: 68d5a041897c4a5f] Server Error","errorData":{"code":"NOPE","n":{"$integer":"AQAAAAAAAAA="}}}`
	runningError = `{"status":"error","errorMessage":"[Request ID: 3fbc04902e3b1ec9] Server Error\nUncaught Error: Cannot run functions while this deployment is paused. Resume the deployment in the dashboard settings to allow functions to run.\n\n    at async handler (../convex/facts.ts:23:99)\n"}`

	probePaused  = `{"code":"BackendIsNotRunning","message":"Cannot perform this operation when the backend is not running"}`
	probeRunning = `{"code":"FileNotFound","message":"File c774e6f1-41b5-4a43-8c8f-62c05c78c90b not found"}`
)

// probed is a deployment with one answer to calls and another to the probe.
func probed(call string, status int, probe string) *fakeAPI {
	return &fakeAPI{answer: func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/api/storage/") {
			if status == 0 { // never
				<-r.Context().Done()
				return
			}
			w.WriteHeader(status)
			_, _ = io.WriteString(w, probe)
			return
		}
		_, _ = io.WriteString(w, call)
	}}
}

func (a *fakeAPI) probes() (n int) {
	for _, r := range a.requests() {
		if r.method == http.MethodGet {
			n++
		}
	}
	return n
}

func TestStoppedDeployment(t *testing.T) {
	for name, tt := range map[string]struct {
		call   string
		status int
		probe  string
		want   Cause
		probes int
	}{
		"paused":                          {pausedError, 400, probePaused, Stopped, 0},
		"over a usage limit":              {usageError, 400, probePaused, Stopped, 0},
		"paused, hidden":                  {hiddenError, 400, probePaused, Stopped, 1},
		"runs, hidden":                    {hiddenError, 404, probeRunning, Threw, 1},
		"runs, ConvexError, hidden":       {hiddenData, 400, probePaused, ThrewData, 0},
		"paused while an action ran":      {runningError, 400, probePaused, Threw, 0},
		"refused otherwise":               {hiddenError, 400, `{"code":"BadJsonBody","message":""}`, Threw, 1},
		"refused by something in between": {hiddenError, 400, `<html>`, Threw, 1},
		"no answer to the probe":          {hiddenError, 0, "", Threw, 1},
	} {
		for _, kind := range []Kind{Query, Mutation, Action} {
			bubble(t, name+" "+kind.String(), func(t *testing.T) {
				api := probed(tt.call, tt.status, tt.probe)
				_, err := newTestHTTPClient(t, serve(t, api), HTTPOptions{}).Call(t.Context(), testCall(t, kind))
				var e *FunctionError
				if !errors.As(err, &e) || e.Cause() != tt.want {
					t.Fatalf("%v, want %v", err, tt.want)
				}
				if mayHaveRun := tt.want == Stopped && tt.call == hiddenError && kind == Action; e.MayHaveRun != mayHaveRun {
					t.Errorf("may have run: %v", e.MayHaveRun)
				}
				if n := api.probes(); n != tt.probes {
					t.Errorf("%d probes, want %d", n, tt.probes)
				}
			})
		}
	}
}

// All calls share one probe a second; without an answer there is none for half a minute.
func TestStopProbeIsShared(t *testing.T) {
	for name, tt := range map[string]struct {
		status int
		answer string
		hold   time.Duration
	}{
		"paused": {400, probePaused, stopProbeHold}, "runs": {404, probeRunning, stopProbeHold}, "no answer": {0, "", stopProbeSilence},
	} {
		bubble(t, name, func(t *testing.T) {
			api := probed(hiddenError, tt.status, tt.answer)
			c := newTestHTTPClient(t, serve(t, api), HTTPOptions{})
			began := time.Now()
			many := func() {
				var calls sync.WaitGroup
				for range 100 {
					calls.Go(func() { _, _ = c.Call(t.Context(), testCall(t, Query)) })
				}
				calls.Wait()
			}
			many()
			time.Sleep(tt.hold - time.Since(began) - time.Millisecond)
			many()
			if n := api.probes(); n != 1 {
				t.Errorf("%d probes, want 1", n)
			}
			time.Sleep(time.Millisecond)
			many()
			if n := api.probes(); n != 2 {
				t.Errorf("%d probes, want 2", n)
			}
		})
	}
}
