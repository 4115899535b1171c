package server

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"time"

	"convexgateway/server/call"
)

// exchange is what REST needs of a request besides its call. One goroutine uses it.
type exchange struct {
	request    *http.Request // with call and exchange in its context
	call       *call.Call
	stream     *httpStream // nil unless it is to be one
	started    time.Time
	body       countedBody
	get        bool     // whether its answer can be conditional
	conditions []string // If-None-Match
}

type exchangeKey struct{}

// newExchange makes the call of a request, and puts it into the context of a copy of the request, where the interceptors
// find it.
func (f *restFace) newExchange(r *http.Request) *exchange {
	c := &call.Call{
		RequestID: call.RequestIDOf(r.Header.Get("X-Request-Id")), UserAgent: r.Header.Get("User-Agent"), OverREST: true,
		Address: f.server.proxies.Caller(call.HostOf(r.RemoteAddr), r.Header["X-Forwarded-For"]),
	}
	if !call.IsPrintable(c.UserAgent) {
		c.UserAgent = ""
	}
	x := &exchange{call: c, started: time.Now(), body: countedBody{ReadCloser: r.Body}}
	if x.get = r.Method == http.MethodGet || r.Method == http.MethodHead; x.get {
		x.conditions = r.Header.Values("If-None-Match")
	}
	x.request = r.WithContext(context.WithValue(call.With(r.Context(), c), exchangeKey{}, x))
	x.request.Body = &x.body
	return x
}

// exchangeFrom returns the exchange of a request that newExchange has returned.
func exchangeFrom(ctx context.Context) *exchange {
	x, _ := ctx.Value(exchangeKey{}).(*exchange)
	return x
}

// countedBody remembers what became of a body, for logs.
type countedBody struct {
	io.ReadCloser
	bytes int
}

func (b *countedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.bytes += n
	return n, err
}

// readBody reads the whole body: text behind the JSON is an error, and only at a body's end does net/http watch for a client
// that goes.
func readBody(r *http.Request) ([]byte, error) {
	expected := min(max(r.ContentLength, 0), 64<<10)
	text := bytes.NewBuffer(make([]byte, 0, expected+bytes.MinRead))
	if _, err := text.ReadFrom(r.Body); err != nil {
		return nil, invalidBody(err)
	}
	return text.Bytes(), nil
}
