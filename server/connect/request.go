package connect

import (
	"context"
	"fmt"
	"net/http"
	"regexp"

	"connectrpc.com/connect/v2"
	"google.golang.org/grpc/codes"

	"convexgateway/server/call"
	"convexgateway/server/rest"
	"convexgateway/server/typed"
)

// request is a request for a procedure, and its response. Codecs and handlers have it from the context.
type request struct {
	form
	*response
	request    *http.Request // as the library reads it
	call       *call.Call
	compressed string        // the coding of its message; empty: none
	buffered   int           // bytes that are held while the message is read
	maxMessage int           // bytes of the message
	typed      *typed.Method // nil: one of the gateway's own

	get         bool
	ifNoneMatch []string // of a GET
}

type requestKey struct{}

// requestFrom returns the request of a context that Serve has made.
func requestFrom(ctx context.Context) *request { return ctx.Value(requestKey{}).(*request) }

// newRequest checks a request as far as the library would refuse it without a reason. It hides from the library how messages are compressed,
// and that the response may be: what is inflated is taken from the caller's budget, see codec; responses are compressed as all are, and
// events, which many streams share, are not.
func (h *Handler) newRequest(w http.ResponseWriter, r *http.Request) (*request, error) {
	if !h.hasService(r.URL.Path) {
		return nil, call.ErrNoRoute
	}
	f := h.formOf(r)
	if f.codec == "" {
		return nil, h.formError(w, r)
	}
	if err := checkHeaders(r, f); err != nil {
		return nil, err
	}
	q := &request{form: f, response: newResponse(w, h.IsStream(r.URL.Path)), call: call.From(r.Context()), maxMessage: h.MaxMessage, typed: h.current().api.Method(r.URL.Path)}
	header := r.Header
	r = r.WithContext(context.WithValue(r.Context(), requestKey{}, q))
	r.Header = keptHeader(header)
	coding := header.Get(f.coding)
	if r.Method == http.MethodGet {
		q.get, q.ifNoneMatch = true, header.Values("If-None-Match")
		coding = takeCoding(r)
		r.Body, r.ContentLength = http.NoBody, 0 // one has no meaning, as in REST
	} else {
		r.Header["Content-Type"] = []string{contentType(header)}
		r.Body = &body{ReadCloser: r.Body, q: q}
	}
	if coding != connect.CompressionNameIdentity {
		q.compressed = coding
	}
	q.request = r
	return q, nil
}

// keptHeader returns what the library reads of a header. It keeps two copies while the call lasts.
func keptHeader(header http.Header) http.Header {
	kept := make(http.Header, 4)
	for _, name := range []string{"Connect-Timeout-Ms", "Grpc-Timeout"} {
		if values := header[name]; values != nil {
			kept[name] = values
		}
	}
	return kept
}

// takeCoding returns the coding of the message in a URL, and removes it there.
func takeCoding(r *http.Request) string {
	query := r.URL.Query()
	coding := query.Get("compression")
	if coding == "" {
		return ""
	}
	query.Del("compression")
	u := *r.URL
	u.RawQuery = query.Encode()
	r.URL = &u
	return coding
}

// formError returns the error of a request that is neither Connect's nor gRPC-Web's.
func (h *Handler) formError(w http.ResponseWriter, r *http.Request) error {
	method, known := h.method(r.URL.Path)
	allowed := "POST"
	if method.IdempotencyLevel == connect.IdempotencyNoSideEffects {
		allowed = "GET, HEAD, POST"
	}
	get := r.Method == http.MethodGet || r.Method == http.MethodHead
	if r.Method != http.MethodPost && (!get || allowed == "POST") {
		w.Header().Set("Allow", allowed)
		return call.ErrMethodNotAllowed
	}
	types := "application/proto, application/json, application/grpc-web+proto, application/grpc-web+json"
	if method.StreamType == connect.StreamTypeServer {
		types = "application/connect+proto, application/connect+json, application/grpc-web+proto, application/grpc-web+json"
	}
	w.Header().Set("Accept-Post", types)
	text := fmt.Sprintf("Content-Type %.100q: requests for this method are one of %s", r.Header.Get("Content-Type"), types)
	switch {
	case get:
		text = "the query parameter encoding must be proto or json"
	case !known:
		text = fmt.Sprintf("Content-Type %.100q is neither of Connect nor of gRPC-Web", r.Header.Get("Content-Type"))
	}
	return &call.RequestError{Code: codes.InvalidArgument, Reason: "UNSUPPORTED_MEDIA_TYPE", Text: text}
}

var (
	connectTimeout = regexp.MustCompile(`^[0-9]{1,10}$`) // milliseconds, of the Connect protocol
	grpcTimeout    = regexp.MustCompile(`^[0-9]{1,8}[HMSmun]$`)
)

// checkHeaders checks the protocol's own headers, or query parameters.
func checkHeaders(r *http.Request, f form) error {
	timeout, timeoutForm := "Grpc-Timeout", grpcTimeout
	if f.protocol == call.Connect {
		timeout, timeoutForm = "Connect-Timeout-Ms", connectTimeout
	}
	if text := r.Header.Get(timeout); text != "" && !timeoutForm.MatchString(text) {
		return call.InvalidRequest(fmt.Sprintf("invalid %s: %.40q", timeout, text))
	}
	if version := r.Header.Get("Connect-Protocol-Version"); version != "" && version != "1" {
		return call.InvalidRequest(fmt.Sprintf("Connect-Protocol-Version %.40q: it must be 1", version))
	}
	if r.Method != http.MethodGet {
		return nil
	}
	query := r.URL.Query()
	if version := query.Get("connect"); version != "" && version != "v1" {
		return call.InvalidRequest(fmt.Sprintf("query parameter connect is %.40q: it must be v1", version))
	}
	if !query.Has("message") {
		return call.InvalidRequest("query parameter message is missing")
	}
	return nil
}

// response is the response to a request for a procedure. Of a stream, writes are between Begin and End.
type response struct {
	http.ResponseWriter
	rest.OpenResponse
	conn        *http.ResponseController
	streams     bool
	notModified bool  // the caller has the value already
	failed      error // of a write
}

func newResponse(w http.ResponseWriter, streams bool) *response {
	p := &response{ResponseWriter: w, conn: http.NewResponseController(w), streams: streams}
	if streams {
		w.Header()["X-Accel-Buffering"] = rest.NoBuffering
	}
	return p
}

// Unwrap is for [http.ResponseController].
func (p *response) Unwrap() http.ResponseWriter { return p.ResponseWriter }

func (p *response) Write(data []byte) (int, error) {
	n, err := p.ResponseWriter.Write(data)
	if err != nil {
		p.failed = err
	}
	return n, err
}

// Flush implements [http.Flusher].
func (p *response) Flush() {
	if err := p.conn.Flush(); err != nil {
		p.failed = err
	}
}
