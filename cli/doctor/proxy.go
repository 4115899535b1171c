package doctor

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// DefaultQuiet is the default of --quiet. Common proxies close idle connections after 60 s.
const DefaultQuiet = 75 * time.Second

// maxSilence is more than twice the time between the lines that a gateway writes to keep a stream alive.
const maxSilence = 35 * time.Second

const urlFix = "give the gateway's own public URL to --through, and see where the proxy sends its requests"

// alive requests /healthz through the proxy.
func (r *runner) alive(ctx context.Context) Finding {
	status, text, err := r.through(ctx, "/healthz")
	switch {
	case err != nil:
		return fail(err.Error(), urlFix)
	case status != http.StatusOK || text != "ok":
		return fail(fmt.Sprintf("HTTP %d, but not from a gateway", status), urlFix)
	}
	return ok("the gateway answers")
}

// ready requests /readyz through the proxy.
func (r *runner) ready(ctx context.Context) Finding {
	status, text, err := r.through(ctx, "/readyz")
	switch {
	case err != nil:
		return fail(err.Error(), urlFix)
	case status == http.StatusServiceUnavailable:
		return fail("the gateway is not ready", "see its log: it waits for the issuer's keys or for the deployment")
	case status != http.StatusOK || text != "ready":
		return fail(fmt.Sprintf("HTTP %d, but not from a gateway", status), urlFix)
	}
	return ok("the gateway is ready")
}

// through returns the response of a route behind the proxy.
func (r *runner) through(ctx context.Context, route string) (status int, text string, err error) {
	resp, err := r.get(ctx, route)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<10))
	return resp.StatusCode, strings.TrimSpace(string(body)), err
}

func (r *runner) get(ctx context.Context, route string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(r.Through, "/")+route, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "text/event-stream")
	return r.client.Do(req)
}

const (
	bufferFix = "switch off buffering and compression of text/event-stream in the proxy (nginx: proxy_buffering off; gzip off)"
	cutFix    = "raise the proxy's idle and request timeouts (nginx: proxy_read_timeout; HAProxy: timeout tunnel and timeout server; Envoy: timeout 0s and stream_idle_timeout)"
)

// stream opens a stream of one event, the state of an anonymous caller. The event must arrive at once, and then the stream
// must stay open.
func (r *runner) stream(ctx context.Context) Finding {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	tooLate := time.AfterFunc(r.Limit, cancel) // for the first event
	defer tooLate.Stop()
	resp, err := r.get(ctx, "/v1/auth/state")
	switch {
	case err != nil && ctx.Err() != nil:
		return fail(fmt.Sprintf("no answer within %v", r.Limit), bufferFix)
	case err != nil:
		return fail(err.Error(), urlFix)
	}
	defer resp.Body.Close()
	if kind := resp.Header.Get("Content-Type"); resp.StatusCode != http.StatusOK || !strings.HasPrefix(kind, "text/event-stream") {
		return fail(fmt.Sprintf("HTTP %d %s", resp.StatusCode, kind), urlFix)
	}
	lines := make(chan string) // closed at the stream's end
	go read(ctx, resp.Body, lines)
	for line := range lines {
		if strings.HasPrefix(line, "data:") {
			tooLate.Stop()
			return r.staysOpen(lines, resp.Proto)
		}
	}
	if ctx.Err() != nil {
		return fail(fmt.Sprintf("no event within %v: the proxy holds it back", r.Limit), bufferFix)
	}
	return fail("cut before the first event", cutFix)
}

// staysOpen waits until the stream has been open for Config.Quiet.
func (r *runner) staysOpen(lines <-chan string, proto string) Finding {
	opened, enough, silence := time.Now(), time.NewTimer(r.Quiet), time.NewTimer(maxSilence)
	defer enough.Stop()
	defer silence.Stop()
	for {
		select {
		case _, open := <-lines:
			if !open {
				return fail(fmt.Sprintf("cut after %v", time.Since(opened).Round(time.Second)), cutFix)
			}
			silence.Reset(maxSilence)
		case <-silence.C:
			return fail(fmt.Sprintf("silent for %v: the proxy holds back the lines that keep streams alive", maxSilence), bufferFix)
		case <-enough.C:
			return ok(fmt.Sprintf("events at once, and open after %v; %s", r.Quiet, proto))
		}
	}
}

// read sends lines to a channel until the stream or ctx ends.
func read(ctx context.Context, body io.Reader, to chan<- string) {
	defer close(to)
	for lines := bufio.NewScanner(body); lines.Scan(); {
		select {
		case to <- lines.Text():
		case <-ctx.Done():
			return
		}
	}
}
