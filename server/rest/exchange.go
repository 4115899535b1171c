package rest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"google.golang.org/protobuf/proto"

	"convexgateway/convex"
	"convexgateway/server/call"
	"convexgateway/server/call/limit"
)

// exchange is what REST needs of a request besides its call. Only the goroutine of the request may use it.
type exchange struct {
	request     *http.Request // with the call in its context
	call        *call.Call
	run         func() // runs a stream, after the route's handler; nil for other routes
	started     time.Time
	body        requestBody
	get         bool     // GET or HEAD
	ifNoneMatch []string // of a GET
	notModified bool     // the caller has the value already
	called      bool     // the RPC was called, so that errors are its own
	refreshKey  string   // of a redeemed ticket
	refused     error    // why a function's own route has no response but an error; nil otherwise
}

// newExchange makes the exchange and the call of a request with a body. The context of exchange.request has the call, and that the exchange.
func (h *Handler) newExchange(r *http.Request, body io.ReadCloser, procedure bool) *exchange {
	r, function, refused := h.toGeneric(r)
	c := &call.Call{
		RequestID: call.RequestIDOf(r.Header.Get("X-Request-Id")), UserAgent: r.Header.Get("User-Agent"), Protocol: call.REST, JSON: true,
		Peer: r.RemoteAddr, Address: h.Proxies.Caller(call.HostOf(r.RemoteAddr), r.Header["X-Forwarded-For"], r.Header["Forwarded"]),
	}
	if procedure {
		c.Protocol, c.JSON = h.Procedures.Protocol(r)
	}
	if !call.IsPrintable(c.UserAgent) {
		c.UserAgent = ""
	}
	parameters := ""
	if function != "" && r.Method == http.MethodPost && r.URL.Path == genericRoutes[convex.Query] {
		parameters = r.URL.RawQuery
	}
	x := &exchange{call: c, started: time.Now(), refused: refused, body: requestBody{ReadCloser: body, call: c, function: function, parameters: parameters}}
	if x.get = r.Method == http.MethodGet || r.Method == http.MethodHead; x.get {
		x.ifNoneMatch = r.Header.Values("If-None-Match")
	}
	c.Transport = x
	x.request = r.WithContext(call.With(r.Context(), c))
	x.request.Body = &x.body
	return x
}

// exchangeFrom returns the exchange that a request's context has; nil if there is none.
func exchangeFrom(ctx context.Context) *exchange {
	x, _ := call.From(ctx).Transport.(*exchange)
	return x
}

// requestBody is the body of a request. It counts the bytes that are read.
type requestBody struct {
	io.ReadCloser
	call *call.Call
	// function is the path of the function whose arguments the body is; empty if it is a message.
	function string
	// parameters are those of a query's own route beside the body, which has no room for them.
	parameters string
	// deferred makes the body end at once, until decode reads it.
	deferred bool
}

func (b *requestBody) Read(p []byte) (int, error) {
	if b.deferred {
		return 0, io.EOF
	}
	n, err := b.ReadCloser.Read(p)
	b.call.Received += n
	return n, err
}

// decode reads the whole body into a message.
func (b *requestBody) decode(m proto.Message) error {
	b.deferred = false
	text, err := readBody(b, b.call.Hold)
	if err != nil {
		return err
	}
	if b.function != "" {
		b.call.ArgsCanonical = true
		if err := readFunctionBody(text, b.function, m, b.call.Hold); err != nil || b.parameters == "" {
			return err
		}
		return readRawParameters(b.parameters, m)
	}
	b.call.ArgsCanonical, err = reader{}.readInto(text, m, b.call.Hold)
	return err
}

// readBody reads the whole body, without a byte order mark: text after the JSON is an error, and net/http notices the end of a
// connection only after the end of the body. It takes the bytes from the budget before it reads them.
func readBody(r io.Reader, hold *limit.Hold) ([]byte, error) {
	var text []byte
	for {
		if len(text) == cap(text) {
			size := max(2*cap(text), bytes.MinRead)
			if err := hold.Take(size); err != nil {
				return nil, err
			}
			hold.Give(cap(text))
			text = append(make([]byte, 0, size), text...)
		}
		n, err := r.Read(text[len(text):cap(text)])
		text = text[:len(text)+n]
		switch {
		case errors.Is(err, io.EOF):
			return bytes.TrimPrefix(text, byteOrderMark), nil
		case err != nil:
			return nil, call.InvalidBody(err)
		}
	}
}

// byteOrderMark is what some programs write before JSON (RFC 8259, 8.1).
var byteOrderMark = []byte("\ufeff")
