package convex

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// A deployment that is paused, disabled or suspended runs no function: calls and live queries fail with a function error, whose
// text production hides as it does that of any error. Storage is refused then, too, in the same way for everybody, so that the
// request for a file that does not exist is a probe for it which needs no key.

// stopTexts begin the errors of functions that a stopped deployment does not run. Source: get-convex/convex-backend, seen from
// convex-local-backend 94a42c3 when paused and over a usage limit.
var stopTexts = []string{
	"Cannot run functions while this deployment is ", // paused, suspended
	"This deployment has been disabled because it exceeded a configured usage limit.",
	"You have exceeded the free plan limits, so your deployments have been disabled.",
	"You have exceeded your spending limits,",
}

// MayBeStopped reports whether only a probe can show that the function failed because the deployment is stopped: the text is
// hidden, or is neither the function's own nor a known one.
func (e *FunctionError) MayBeStopped() bool {
	return e.Cause() == Threw && !strings.HasPrefix(withoutRequestID(e.Message), "Uncaught ")
}

// checkStopped probes whether a call failed because the deployment is stopped, if that may be so.
func (c *HTTPClient) checkStopped(ctx context.Context, kind Kind, err error) {
	if failed, is := errors.AsType[*FunctionError](err); is && failed.MayBeStopped() && c.Stopped(ctx) {
		failed.Stopped, failed.MayHaveRun = true, kind == Action
	}
}

const (
	stopProbeHold    = time.Second      // for which an answer holds: there is one probe in it
	stopProbeLimit   = time.Second      // for the answer
	stopProbeSilence = 30 * time.Second // for which nothing is asked after no answer
)

// stopProbe is shared by all who ask. Safe for concurrent use.
type stopProbe struct {
	mu   sync.Mutex
	last *probing // nil before the first
}

// probing is one probe.
type probing struct {
	until   time.Time     // its answer holds; set before done is closed
	stopped bool          // as well
	done    chan struct{} // closed when it has an answer, or gave up
}

// Stopped asks the deployment whether it is stopped; false also if that cannot be found out. It waits for the answer, a second
// at most and no longer than ctx lasts. All calls share one probe a second.
func (c *HTTPClient) Stopped(ctx context.Context) bool {
	p := c.stops.present(c.probeStopped)
	select {
	case <-p.done:
		return p.stopped
	case <-ctx.Done():
		return false
	}
}

// present is the probe under way, or the one whose answer still holds, or a new one.
func (s *stopProbe) present(ask func() (stopped bool, err error)) *probing {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last != nil {
		select {
		case <-s.last.done:
			if time.Now().Before(s.last.until) {
				return s.last
			}
		default:
			return s.last
		}
	}
	p := &probing{done: make(chan struct{})}
	s.last = p
	began := time.Now()
	go func() {
		defer close(p.done)
		stopped, err := ask()
		p.stopped, p.until = stopped, began.Add(stopProbeHold)
		if err != nil {
			p.until = began.Add(stopProbeSilence)
		}
	}()
	return p
}

// probeStopped asks for a file that does not exist: a deployment that runs does not find it.
func (c *HTTPClient) probeStopped() (stopped bool, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), stopProbeLimit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url.JoinPath("api", "storage", RandomUUID()).String(), nil)
	if err != nil {
		return false, err
	}
	req.Header["Convex-Client"] = convexClient
	resp, err := c.transport.RoundTrip(req)
	if err != nil {
		return false, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, 4<<10))
	if err != nil || resp.StatusCode != http.StatusBadRequest {
		return false, err
	}
	var body struct {
		Code string `json:"code"`
	}
	return json.Unmarshal(text, &body) == nil && body.Code == codeNotRunning, nil
}

// codeNotRunning is the code of what a stopped deployment refuses other than by a function error.
const codeNotRunning = "BackendIsNotRunning"
