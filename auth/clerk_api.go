package auth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/clerk/clerk-sdk-go/v2"
	clerksession "github.com/clerk/clerk-sdk-go/v2/session"
	"golang.org/x/time/rate"
)

// Defaults and bounds of [ClerkAPI].
const (
	DefaultClerkAPIURL    = "https://api.clerk.com/v1"
	DefaultClerkAPIBudget = rate.Limit(50) // half of what Clerk allows a production instance

	clerkAPITimeout  = 5 * time.Second
	maxClerkAPIBytes = 64 << 10
	minExpiresIn     = 30 * time.Second // (clerk/openapi-specs bapi/2026-05-12.yml)
)

// ClerkAPIConfig configures a [ClerkAPI]. Only SecretKey is required.
type ClerkAPIConfig struct {
	// URL is that of Clerk's Backend API; default https://api.clerk.com/v1. Plain http is for
	// loopback hosts only.
	URL string
	// SecretKey is one of the instance whose tokens are accepted.
	SecretKey string
	// TokenLifetime is asked for when a token is minted, in whole seconds from 30 s; 0 leaves it to
	// the instance.
	TokenLifetime time.Duration
	// Budget is how many requests a second may be made; default 50. Clerk counts per instance: 100
	// a second, and a tenth of that for a development instance.
	Budget rate.Limit
	// HTTPClient replaces the client; redirects, the size of answers and a timeout of 5 s unless it has
	// its own are seen to in any case.
	HTTPClient *http.Client
}

// String hides the secret key.
func (c ClerkAPIConfig) String() string { return "Clerk Backend API at " + c.URL }

// Format prints String for every verb.
func (c ClerkAPIConfig) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, c.String()) }

// ClerkAPI is what the gateway asks of Clerk's Backend API: tokens for sessions that are still open.
// Safe for concurrent use.
type ClerkAPI struct {
	sessions  *clerksession.Client
	expiresIn *int64 // seconds
	budget    *budget
	client    *http.Client
}

// NewClerkAPI makes a client; it asks Clerk nothing yet. An error names the setting and never holds
// the key.
func NewClerkAPI(c ClerkAPIConfig) (*ClerkAPI, error) {
	if c.URL == "" {
		c.URL = DefaultClerkAPIURL
	}
	if c.Budget == 0 {
		c.Budget = DefaultClerkAPIBudget
	}
	if err := c.validate(); err != nil {
		return nil, err
	}
	client := clerkHTTPClient(c.HTTPClient)
	base := strings.TrimRight(c.URL, "/")
	// The SDK keeps what it is given and writes defaults into it, so this config is used once.
	sdk := &clerk.ClientConfig{BackendConfig: clerk.BackendConfig{HTTPClient: client, URL: &base, Key: &c.SecretKey}}
	a := &ClerkAPI{sessions: clerksession.NewClient(sdk), budget: newBudget(c.Budget), client: client}
	if c.TokenLifetime > 0 {
		a.expiresIn = clerk.Int64(int64(c.TokenLifetime / time.Second))
	}
	return a, nil
}

func (c ClerkAPIConfig) validate() error {
	u, err := url.Parse(c.URL)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return errors.New("Clerk API URL: not a URL such as " + DefaultClerkAPIURL)
	case u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())):
		return errors.New("Clerk API URL: must begin with https:// (http is for loopback hosts)")
	case !isSecretKey(c.SecretKey):
		return errors.New("Clerk secret key: not of the form sk_test_… or sk_live_…")
	case c.Budget < 0:
		return errors.New("Clerk API budget: must not be negative")
	case c.TokenLifetime != 0 && c.TokenLifetime < minExpiresIn || c.TokenLifetime%time.Second != 0:
		return fmt.Errorf("Clerk token lifetime %v: must be whole seconds and at least %v", c.TokenLifetime, minExpiresIn)
	}
	return nil
}

// isSecretKey also keeps out what cannot stand in a header.
func isSecretKey(key string) bool {
	return isID(key, "sk_test_") || isID(key, "sk_live_")
}

// Close lets go of idle connections.
func (a *ClerkAPI) Close() { a.client.CloseIdleConnections() }

// String and Format hide the secret key, which is somewhere below.
func (a *ClerkAPI) String() string { return "Clerk Backend API" }

// Format prints String for every verb.
func (a *ClerkAPI) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, a.String()) }

// Mint makes the next token of a session. An error is either an *[Error] that says why the session
// is over (or that the id is none), or a *[ClerkAPIError], which says nothing about the session. A
// *ClerkAPIError is an *Error, too, of class Unavailable: [errors.As] finds it.
func (a *ClerkAPI) Mint(ctx context.Context, sessionID string) (token string, err error) {
	if !isID(sessionID, "sess_") { // it becomes a part of a URL
		return "", NewError(ReasonMalformed, errors.New("not a session id"))
	}
	var minted *clerk.SessionToken
	failed := a.call(ctx, func(ctx context.Context) (err error) {
		minted, err = a.sessions.CreateToken(ctx, &clerksession.CreateTokenParams{ID: sessionID, ExpiresInSeconds: a.expiresIn})
		return err
	})
	switch {
	case failed == nil && minted.JWT != "":
		return minted.JWT, nil
	case failed == nil:
		return "", &ClerkAPIError{Status: http.StatusOK, cause: errors.New("an answer without a token")}
	case failed.aboutSession():
		return "", a.whyNot(ctx, sessionID, failed)
	}
	return "", failed
}

// whyNot finds out why a session gets no token. What Clerk answers then is not documented, so its
// status is what counts.
func (a *ClerkAPI) whyNot(ctx context.Context, sessionID string, refusal *ClerkAPIError) error {
	var s *clerk.Session
	failed := a.call(ctx, func(ctx context.Context) (err error) {
		s, err = a.sessions.Get(ctx, sessionID)
		return err
	})
	switch {
	case failed == nil:
		if reason, over := sessionOver[s.Status]; over {
			return NewError(reason, nil)
		}
		return refusal
	case failed.unknownSession() && refusal.unknownSession():
		return NewError(ReasonSessionEnded, errors.New("Clerk knows no such session"))
	}
	return failed
}

// sessionOver are the statuses in which a session is not for use
// (clerk/openapi-specs bapi/2026-05-12.yml, clerk/javascript packages/shared/src/types/session.ts).
var sessionOver = map[string]Reason{
	"pending":   ReasonSessionPending,
	"revoked":   ReasonSessionRevoked,
	"ended":     ReasonSessionEnded,
	"removed":   ReasonSessionEnded,
	"replaced":  ReasonSessionEnded,
	"expired":   ReasonSessionExpired,
	"abandoned": ReasonSessionExpired,
}

// call makes one request within the budget and classifies how it failed.
func (a *ClerkAPI) call(ctx context.Context, do func(context.Context) error) *ClerkAPIError {
	if err := a.budget.wait(ctx); err != nil {
		return err
	}
	seen := &attempt{}
	err := do(context.WithValue(ctx, attemptKey{}, seen))
	if err == nil {
		return nil
	}
	failed := seen.failure(err)
	if failed.Status == http.StatusTooManyRequests {
		a.budget.hold(failed.RetryAfter)
	}
	return failed
}

// ClerkAPIError is a failed request to Clerk's Backend API from which nothing follows about the
// session or its user.
type ClerkAPIError struct {
	// Status is the HTTP status of the answer; 0 if there was none.
	Status int
	// RetryAfter is how long to wait before any other request; 0 if nobody said.
	RetryAfter time.Duration
	// KeyRefused: the secret key is not accepted. Somebody has to repair the configuration.
	KeyRefused bool

	code  string // the first of Clerk's error codes
	cause error  // nothing of an answer's body
}

func (e *ClerkAPIError) Error() string {
	s := "Clerk Backend API"
	switch {
	case e.KeyRefused:
		s += ": the secret key is refused"
	case e.Status != 0:
		s += fmt.Sprintf(": HTTP status %d", e.Status)
	}
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

// Unwrap makes it an *Error with [ReasonAuthBackendUnavailable]; a context's error is found as well.
func (e *ClerkAPIError) Unwrap() []error {
	all := []error{NewError(ReasonAuthBackendUnavailable, nil)}
	if e.cause != nil {
		all = append(all, e.cause)
	}
	return all
}

// aboutSession reports whether the answer may mean that the session is over.
func (e *ClerkAPIError) aboutSession() bool {
	return e.Status/100 == 4 && e.Status != http.StatusTooManyRequests && !e.KeyRefused
}

// unknownSession wants Clerk's own code: a proxy or a wrong URL answers 404, too.
func (e *ClerkAPIError) unknownSession() bool {
	return e.Status == http.StatusNotFound && e.code == "resource_not_found"
}

// attempt is what the transport saw of a request. The SDK does not tell the status of an answer that
// is not Clerk's JSON.
type attempt struct {
	status     int
	retryAfter string
}

type attemptKey struct{}

// failure classifies what the SDK returned. Its text is left out where it is the body of an answer.
func (x *attempt) failure(err error) *ClerkAPIError {
	failed := &ClerkAPIError{Status: x.status, RetryAfter: retryAfter(x.retryAfter)}
	if answer, ok := errors.AsType[*clerk.APIErrorResponse](err); ok {
		if len(answer.Errors) > 0 {
			failed.code = answer.Errors[0].Code
		}
		failed.KeyRefused = x.status == http.StatusUnauthorized && failed.code == "clerk_key_invalid"
		return failed
	}
	switch sent, ok := errors.AsType[*url.Error](err); {
	case ok:
		failed.cause = sent.Err
	case x.status/100 == 2:
		failed.cause = errors.New("an answer that cannot be read")
	}
	return failed
}

// retryAfter reads whole seconds, which is what Clerk sends.
func retryAfter(header string) time.Duration {
	seconds, err := strconv.Atoi(header)
	if err != nil || seconds < 0 {
		return 0
	}
	return min(time.Duration(seconds)*time.Second, maxHold)
}

// clerkHTTPClient is the given client, or a new one, that follows no redirect and bounds answers.
func clerkHTTPClient(given *http.Client) *http.Client {
	client := http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()}
	if given != nil {
		client = *given
		if client.Transport == nil {
			client.Transport = http.DefaultTransport
		}
	}
	if client.Timeout == 0 {
		client.Timeout = clerkAPITimeout
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return errors.New("redirected, which is not followed") }
	client.Transport = boundedTransport{client.Transport}
	return &client
}

// boundedTransport limits answers and notes their status in the request's attempt.
type boundedTransport struct{ next http.RoundTripper }

func (t boundedTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := t.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if x, ok := r.Context().Value(attemptKey{}).(*attempt); ok {
		x.status, x.retryAfter = res.StatusCode, res.Header.Get("Retry-After")
	}
	res.Body = http.MaxBytesReader(nil, res.Body, maxClerkAPIBytes)
	return res, nil
}

// CloseIdleConnections is what http.Client.CloseIdleConnections looks for.
func (t boundedTransport) CloseIdleConnections() {
	if closer, ok := t.next.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}
