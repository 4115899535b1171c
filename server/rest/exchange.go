package rest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"time"

	"google.golang.org/protobuf/proto"

	"convexgateway/server/call"
)

// exchange is what REST needs of a request besides its call. One goroutine uses it.
type exchange struct {
	request     *http.Request // with call and exchange in its context
	call        *call.Call
	stream      *httpStream // nil unless it is to be one
	started     time.Time
	body        requestBody
	get         bool     // the answer can be conditional
	conditions  []string // If-None-Match
	notModified bool     // the caller has the answer already
	called      bool     // the RPC has been called: errors are its own
}

// newExchange makes the call of a request, and puts it into the context of a copy of the request, where the interceptors
// find it.
func (h *Handler) newExchange(r *http.Request) *exchange {
	c := &call.Call{
		RequestID: call.RequestIDOf(r.Header.Get("X-Request-Id")), UserAgent: r.Header.Get("User-Agent"), OverREST: true,
		Address: h.Proxies.Caller(call.HostOf(r.RemoteAddr), r.Header["X-Forwarded-For"]),
	}
	if !call.IsPrintable(c.UserAgent) {
		c.UserAgent = ""
	}
	x := &exchange{call: c, started: time.Now(), body: requestBody{ReadCloser: r.Body, call: c}}
	if x.get = r.Method == http.MethodGet || r.Method == http.MethodHead; x.get {
		x.conditions = r.Header.Values("If-None-Match")
	}
	c.Transport = x
	x.request = r.WithContext(call.With(r.Context(), c))
	x.request.Body = &x.body
	return x
}

// exchangeFrom returns the exchange of a request that newExchange has returned.
func exchangeFrom(ctx context.Context) *exchange {
	x, _ := call.From(ctx).Transport.(*exchange)
	return x
}

// requestBody is the body of a request.
type requestBody struct {
	io.ReadCloser
	call  *call.Call
	bytes int   // that have been read
	err   error // of decode
}

func (b *requestBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.bytes += n
	return n, err
}

// decode reads the whole body into a message.
func (b *requestBody) decode(m proto.Message) error {
	text, err := readBody(b)
	if err != nil {
		return err
	}
	b.call.ArgsCanonical, err = readBodyInto(text, m)
	return err
}

// readBody reads the whole body: text behind the JSON is an error, and only at a body's end does net/http watch for a client
// that goes.
func readBody(r io.Reader) ([]byte, error) {
	text := bytes.NewBuffer(make([]byte, 0, bytes.MinRead))
	if _, err := text.ReadFrom(r); err != nil {
		return nil, call.InvalidBody(err)
	}
	return text.Bytes(), nil
}
