package convex

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"convexgateway/convex/jsonscan"
	"convexgateway/internal/wait"
)

// Kind is what a function may do.
type Kind int

// Kinds of functions.
const (
	Query    Kind = iota // reads; may be run again at will
	Mutation             // reads and writes in one transaction
	Action               // anything, outside transactions
)

func (k Kind) String() string { return [...]string{"query", "mutation", "action"}[k] }

// maxResponse bounds an answer of the HTTP API, in bytes of JSON text. A return value has at most 16 MiB in Convex's own
// measure, which escapes can make six times as long.
const maxResponse = 128 << 20

// HTTPOptions configure an HTTPClient. The zero value is good.
type HTTPOptions struct {
	Transport http.RoundTripper // nil: NewTransport(MaxConns)
	// MaxConns is how many connections to the deployment may be open, and how many calls may be under way: over HTTP/1.1 each has a
	// connection. A call over it fails, and is tried again, as if the deployment was overloaded. 0: no limit.
	MaxConns int
	Attempts int // how often one call is tried where trying again is safe; 0 means 3
}

// HTTPClient calls functions over the deployment's HTTP API. It may be used concurrently.
type HTTPClient struct {
	url       *url.URL
	functions [3]*http.Request // by Kind: what all requests have in common
	transport http.RoundTripper
	attempts  int
	maxConns  int64
	calls     atomic.Int64 // under way
	stops     stopProbe
	random    func() float64 // for the jitter after lost races; nil means math/rand
}

// NewHTTPClient makes a client for the deployment at an http or https URL.
func NewHTTPClient(deploymentURL string, opts HTTPOptions) (*HTTPClient, error) {
	u, err := ParseURL(deploymentURL)
	if err != nil {
		return nil, err
	}
	c := &HTTPClient{url: u, transport: opts.Transport, attempts: opts.Attempts, maxConns: int64(opts.MaxConns)}
	for kind := range c.functions {
		c.functions[kind] = &http.Request{
			Method: http.MethodPost, Host: u.Host, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			URL: &url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path + "/api/" + Kind(kind).String()},
		}
	}
	if c.transport == nil {
		c.transport = NewTransport(opts.MaxConns)
	}
	if c.attempts == 0 {
		c.attempts = 3
	}
	return c, nil
}

// NewTransport makes the transport of a client that is given none. It uses HTTP/2 where the deployment can, with further
// connections when one is full. Over HTTP/1.1 it keeps many connections to its one host: the default of two would dial again
// and again under load.
//
// maxConns bounds the connections, with those that are being dialled; 0: no limit.
func NewTransport(maxConns int) *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConns, t.MaxIdleConnsPerHost, t.MaxConnsPerHost = 512, 512, maxConns
	t.IdleConnTimeout = 55 * time.Second // below the 60 s of common load balancers, which cut without a close
	t.DisableCompression = true
	t.HTTP2 = &http.HTTP2Config{SendPingTimeout: pingAfter, PingTimeout: pingTimeout}
	return t
}

// All calls share an HTTP/2 connection, so one that receives nothing for a time is probed with pings.
const pingAfter, pingTimeout = 10 * time.Second, 5 * time.Second

// Close drops idle connections.
func (c *HTTPClient) Close() {
	if t, ok := c.transport.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// Call names one run of a function.
type Call struct {
	Kind Kind
	Path Path
	Args []byte // canonical named arguments, as CanonicalArguments returns them

	Token        string // JWT of the caller; empty for anonymous
	DeployKey    string // of the caller, in place of a token: an admin, who may call functions of the deployment's own; empty: none
	ForwardedFor string // the caller's address, which functions can read; empty: none
	UserAgent    string // the caller's program, which functions can read; empty: none
	RequestID    string // appears in the deployment's error texts and logs; empty: the deployment picks one

	Caller string      // who asks, however that is named: mutations with keys of different callers take turns
	Key    *RequestKey // of a mutation that is committed once however often it is sent, over sockets only; nil: none

	// Sent is called when the call is first sent over a socket, for which it may have waited: on any goroutine, also after its caller has
	// given it up. It must not block. nil: nothing is.
	Sent func()

	// Take is called with a number of bytes of the answer before they are read. If it fails they are not: a query fails with that
	// error, and anything else with an unknown outcome, because it has run. nil: there is no bound.
	Take func(bytes int) error
}

// Call runs a function once. It tries again, with backoff, only what cannot have run; a mutation that loses races with other
// writes until its deadline. Errors are *FunctionError, *DeploymentError, or the context's.
func (c *HTTPClient) Call(ctx context.Context, call Call) (*Result, error) {
	body := call.body()
	retry := wait.Backoff{Max: 2 * time.Second}
	contention := NewContention(ctx, c.random)
	for attempt := 1; ; {
		result, err := c.try(ctx, call, body)
		var pause time.Duration
		var again bool
		switch {
		case err == nil:
			return result, nil
		case isConflict(err):
			pause, again = contention.Next()
		case attempt < c.attempts && mayRetry(err):
			attempt++
			pause, again = max(retry.Next(100*time.Millisecond), retryAfterOf(err)), true
		}
		if !again {
			c.checkStopped(ctx, call.Kind, err)
		}
		if !again || wait.For(ctx, pause) != nil {
			return nil, err
		}
	}
}

func isConflict(err error) bool {
	e, ok := errors.AsType[*DeploymentError](err)
	return ok && e.Class == WriteConflict
}

// body is the request's JSON. It always names the format: without it the deployment answers in a lossy one.
func (call Call) body() []byte {
	path := call.Path.String()
	b := make([]byte, 0, len(call.Args)+len(path)+64)
	b = jsonscan.AppendString(append(b, `{"path":`...), path)
	b = append(append(b, `,"args":`...), call.Args...)
	return append(b, `,"format":"convex_encoded_json"}`...)
}

func (c *HTTPClient) try(ctx context.Context, call Call, body []byte) (*Result, error) {
	defer c.calls.Add(-1)
	if n := c.calls.Add(1); c.maxConns > 0 && n > c.maxConns {
		return nil, &DeploymentError{Class: Unavailable, Kind: call.Kind, Err: errNoConnection}
	}
	var sent atomic.Bool
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn:      func(string) { sent.Store(false) }, // the transport takes a second connection only if nothing went out on the first
		WroteHeaders: func() { sent.Store(true) },
	})
	resp, err := c.transport.RoundTrip(c.request(traced, call, body))
	if err == nil {
		var text []byte
		text, err = readBody(resp, call.Take)
		if err == nil {
			return decodeResponse(call.Kind, resp, text)
		}
	}
	if refused, ok := errors.AsType[*takeError](err); ok && call.Kind == Query {
		return nil, refused.error
	}
	return nil, transportError(ctx, call.Kind, sent.Load(), err)
}

// Values of headers, which transports only read.
var contentType, convexClient = []string{"application/json"}, []string{ClientName}

// request is made by hand, with names of headers as they are on the wire: to parse and format them again for each call would
// take a tenth of its time.
func (c *HTTPClient) request(ctx context.Context, call Call, body []byte) *http.Request {
	values := [...]string{call.UserAgent, call.ForwardedFor, call.RequestID, ""}
	h := http.Header{
		"Content-Type": contentType, "Convex-Client": convexClient,
		"User-Agent": values[:1:1], // empty: no header at all
	}
	if call.ForwardedFor != "" {
		h["X-Forwarded-For"] = values[1:2:2]
	}
	if call.RequestID != "" {
		h["Convex-Request-Id"] = values[2:3:3]
	}
	switch {
	case call.Token != "":
		values[3] = "Bearer " + call.Token
		h["Authorization"] = values[3:]
	case call.DeployKey != "":
		values[3] = "Convex " + call.DeployKey
		h["Authorization"] = values[3:]
	}
	r := c.functions[call.Kind].WithContext(ctx)
	r.Header, r.ContentLength = h, int64(len(body))
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	r.Body, _ = r.GetBody()
	return r
}

// takeError is the error of a [Call]'s Take.
type takeError struct{ error }

// readBody reads an answer, of which each byte is taken before it is read.
func readBody(resp *http.Response, take func(bytes int) error) ([]byte, error) {
	defer resp.Body.Close()
	if resp.ContentLength > maxResponse {
		return nil, errResponseTooLarge
	}
	if n := int(resp.ContentLength); n >= 0 {
		text, err := room(nil, n, take)
		if err == nil {
			text = text[:n]
			_, err = io.ReadFull(resp.Body, text)
		}
		return text, err
	}
	for text := []byte(nil); ; {
		if len(text) == cap(text) {
			var err error
			if text, err = room(text, max(2*cap(text), minResponse), take); err != nil {
				return nil, err
			}
		}
		n, err := resp.Body.Read(text[len(text):cap(text)])
		text = text[:len(text)+n]
		switch {
		case len(text) > maxResponse:
			return nil, errResponseTooLarge
		case errors.Is(err, io.EOF):
			return text, nil
		case err != nil:
			return nil, err
		}
	}
}

// minResponse is the room for an answer of unknown size at first, in bytes.
const minResponse = 512

// room returns a text with room for size bytes in all, after the bytes that it has not yet been taken for have been.
func room(text []byte, size int, take func(bytes int) error) ([]byte, error) {
	if take != nil {
		if err := take(size - cap(text)); err != nil {
			return nil, &takeError{err}
		}
	}
	return append(make([]byte, 0, size), text...), nil
}

var errNoConnection = errors.New("all connections to the deployment are in use")

var errResponseTooLarge = errors.New("answer is larger than 128 MiB")

// transportError classifies a failure without an answer. The context's own end is reported as such for what can be run again;
// the rest fails with an unknown outcome.
func transportError(ctx context.Context, kind Kind, sent bool, err error) error {
	if sent && kind != Query {
		return &DeploymentError{Class: OutcomeUnknown, Kind: kind, Err: err}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return &DeploymentError{Class: Unavailable, Kind: kind, Err: err}
}

// statusFunctionFailed is a status that get-convex/convex-js (src/browser/http_client.ts) still takes for 200.
const statusFunctionFailed = 560

func decodeResponse(kind Kind, resp *http.Response, text []byte) (*Result, error) {
	status := resp.StatusCode
	if status != http.StatusOK && status != statusFunctionFailed {
		e := systemError(kind, status, text)
		e.RetryAfter = parseRetryAfter(resp.Header.Get("Retry-After"), time.Now())
		return nil, e
	}
	result, err := parseFunctionResponse(text)
	if err != nil {
		return nil, &DeploymentError{Class: lost(kind), Kind: kind, Status: status, Err: err}
	}
	if result.Err != nil {
		return nil, result.Err
	}
	return result, nil
}

// parseFunctionResponse reads `{"status", "value" or "errorMessage" and "errorData", "logLines"}`. The value stays text.
func parseFunctionResponse(text []byte) (*Result, error) {
	var r Result
	var status, message, data []byte
	s := jsonscan.NewScanner(text)
	err := s.Fields(func(name []byte) (err error) {
		switch string(name) {
		case "status":
			status, err = s.Text()
		case "value":
			r.Value, err = s.Raw()
		case "errorMessage":
			message, err = s.Text()
		case "errorData":
			data, err = s.Raw()
		case "logLines":
			r.LogLines, err = s.Strings()
		default:
			_, err = s.Raw()
		}
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case !s.AtEnd():
		return nil, jsonscan.ErrSyntax
	case string(status) == "error":
		r.Err = &FunctionError{Message: string(message), Data: data, LogLines: r.LogLines}
		r.LogLines, r.Value = nil, nil
	case string(status) != "success" || r.Value == nil:
		return nil, errors.New("answer has no status and value")
	}
	return &r, nil
}

// notExecuted are the codes of 503 after which the function has never started. Source: get-convex/convex-backend
// crates/errors/src/lib.rs, RejectedBeforeExecution.
var notExecuted = []string{
	"ExpiredInQueue", "WorkerOverloaded", "ExecuteFullError", "IsolateNotClean", "InitialPermitTimeoutError", "UpstreamConnectError",
}

// rolledBack reports whether a code of 503 is one after which nothing is committed: a mutation may run again, an action's body may have run.
func rolledBack(code string) bool {
	return code == conflictCode || code == "CommitterFullError" ||
		strings.HasSuffix(code, "IndexTooLarge") || strings.HasSuffix(code, "Unavailable")
}

// systemError classifies an answer other than 200 by what may have happened.
func systemError(kind Kind, status int, text []byte) *DeploymentError {
	var body struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	}
	_ = json.Unmarshal(text, &body) // an answer of a proxy in between has another body, or none
	if !isCode(body.Code) {
		body.Code = ""
	}
	e := &DeploymentError{Kind: kind, Status: status, Code: body.Code, Message: body.Message}
	switch {
	case IssuerUnreachable(body.Code, body.Message):
		e.Class = AuthUnavailable
	case status == http.StatusTooManyRequests:
		e.Class = RateLimited
	case body.Code == codeNotRunning:
		e.Class = NotRunning
	case status == http.StatusUnauthorized && body.Code != "": // without a code it is a proxy's
		e.Class = Unauthorized
	case status == http.StatusRequestTimeout:
		e.Class = lost(kind)
	case status < 500:
		e.Class = Refused
	case status == http.StatusServiceUnavailable && slices.Contains(notExecuted, body.Code):
		e.Class = Unavailable
	case status == http.StatusServiceUnavailable && body.Code == conflictCode && kind == Mutation:
		e.Class = WriteConflict
	case status == http.StatusServiceUnavailable && rolledBack(body.Code) && kind != Action:
		e.Class = Unavailable
	default:
		e.Class = lost(kind)
	}
	return e
}

// lost is the class of a run whose answer was lost.
func lost(kind Kind) Class {
	if kind == Query {
		return Unavailable
	}
	return OutcomeUnknown
}

// mayRetry reports whether trying a call again can help, and cannot make it run twice.
func mayRetry(err error) bool {
	var e *DeploymentError
	switch {
	case !errors.As(err, &e) || errors.Is(err, errResponseTooLarge):
		return false
	case e.RetryAfter > maxRetryAfter:
		return false
	case e.Class == Unavailable:
		return true
	default: // a deployment that is stopped stays so for a while; without a code it is a proxy's answer, made at an unknown time
		return e.Class == RateLimited && (e.Code != "" || e.Kind == Query)
	}
}

// Version returns the deployment's version, and so checks that it is reachable.
func (c *HTTPClient) Version(ctx context.Context) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url.JoinPath("version").String(), nil)
	if err != nil {
		return "", err
	}
	resp, err := c.transport.RoundTrip(req)
	if err != nil {
		return "", &DeploymentError{Class: Unavailable, Err: err}
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, 1<<10))
	if err != nil || resp.StatusCode != http.StatusOK {
		return "", &DeploymentError{Class: Unavailable, Status: resp.StatusCode, Message: string(text), Err: err}
	}
	return string(text), nil
}
