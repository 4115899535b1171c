package clerk

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Endpoint is a group of routes that is counted and can fail.
type Endpoint string

// The endpoints.
const (
	Discovery   Endpoint = "openid-configuration"
	Keys        Endpoint = "jwks"         // of the issuer
	BackendKeys Endpoint = "backend-jwks" // GET /v1/jwks
	GetSession  Endpoint = "session"
	Tokens      Endpoint = "tokens" // with and without a template
	Revoke      Endpoint = "revoke"
	Users       Endpoint = "users"
	M2MTokens   Endpoint = "m2m_tokens"
	M2MVerify   Endpoint = "m2m_verify"
)

// Always, as a number of requests, is without end, until Fail(endpoint, 0, nil).
const Always = -1

// Failure answers a request in place of the endpoint.
type Failure = http.HandlerFunc

// fault is what happens to an endpoint's next requests.
type fault struct {
	left   int // requests; < 0: without end
	answer func(http.ResponseWriter, *http.Request) (answered bool)
}

// Requests is the number of requests for the endpoint, failed ones included.
func (c *Instance) Requests(e Endpoint) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.requests[e]
}

// Fail makes the endpoint's next n requests fail, or, with Always, all of them. It replaces an earlier fault; n = 0
// ends it.
func (c *Instance) Fail(e Endpoint, n int, failure Failure) {
	c.setFault(e, n, func(w http.ResponseWriter, r *http.Request) bool { failure(w, r); return true })
}

// Hang makes the endpoint's next n requests wait until release is called; then they are served. A request whose client
// disconnects ends without an answer. release may be called more than once, and must be before the server is closed.
func (c *Instance) Hang(e Endpoint, n int) (release func()) {
	released := make(chan struct{})
	c.setFault(e, n, func(_ http.ResponseWriter, r *http.Request) bool {
		select {
		case <-released:
			return false
		case <-r.Context().Done():
			return true
		}
	})
	return sync.OnceFunc(func() { close(released) })
}

func (c *Instance) setFault(e Endpoint, n int, answer func(http.ResponseWriter, *http.Request) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.faults[e] = &fault{n, answer}
}

// at counts the endpoint's requests and applies its fault.
func (c *Instance) at(e Endpoint, serve http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		c.requests[e]++
		f := c.faults[e]
		due := f != nil && f.left != 0
		if due && f.left > 0 {
			f.left--
		}
		c.mu.Unlock()
		if due && f.answer(w, r) {
			return
		}
		serve(w, r)
	}
}

// Status is an error with that HTTP status, shaped like Clerk's.
func Status(status int) Failure {
	return func(w http.ResponseWriter, _ *http.Request) {
		writeError(w, status, "injected_failure", http.StatusText(status))
	}
}

// TooManyRequests is a 429 with a Retry-After of whole seconds; 0 leaves the header out.
func TooManyRequests(after time.Duration) Failure {
	return func(w http.ResponseWriter, _ *http.Request) {
		if after > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(int(after/time.Second)))
		}
		writeError(w, http.StatusTooManyRequests, "rate_limit_exceeded", "Too many requests. Please try again in a bit.")
	}
}

// KeyInvalid is the answer to a wrong secret key.
func KeyInvalid() Failure { return func(w http.ResponseWriter, _ *http.Request) { refuseKey(w) } }

// Garbage is a body that is no JSON, under that status.
func Garbage(status int) Failure {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "<html>upstream connect error</html>")
	}
}

// Oversized is a JSON body of that many bytes, with status 200.
func Oversized(bytes int) Failure {
	return func(w http.ResponseWriter, _ *http.Request) {
		const around = len(`{"jwt":""}`)
		_, _ = io.WriteString(w, `{"jwt":"`+strings.Repeat("x", max(0, bytes-around))+`"}`)
	}
}

// RedirectTo redirects the request to another URL, with the same method and body.
func RedirectTo(url string) Failure {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, url, http.StatusTemporaryRedirect) }
}
