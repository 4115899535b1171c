package server

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"time"
)

// restCall is what the REST face knows of a request. That a context has one proves that the call came over REST: nothing
// that a caller sends can put it there. One goroutine uses it.
type restCall struct {
	request    *http.Request
	stream     *httpStream // nil unless it is to be one
	started    time.Time
	requestID  string
	address    string // of the caller, without port
	userAgent  string
	body       countedBody
	get        bool     // whether its answer can be conditional
	conditions []string // If-None-Match
}

type restCallKey struct{}

// newRESTCall is that of a request, of which it has a copy.
func (f *restFace) newRESTCall(r *http.Request) *restCall {
	c := &restCall{
		started: time.Now(), requestID: r.Header.Get("X-Request-Id"), userAgent: r.Header.Get("User-Agent"),
		address: f.server.proxies.caller(hostOf(r.RemoteAddr), r.Header["X-Forwarded-For"]),
		body:    countedBody{ReadCloser: r.Body},
	}
	if !validRequestID(c.requestID) {
		c.requestID = newRequestID()
	}
	if !isPrintable(c.userAgent) {
		c.userAgent = ""
	}
	if c.get = r.Method == http.MethodGet || r.Method == http.MethodHead; c.get {
		c.conditions = r.Header.Values("If-None-Match")
	}
	c.request = r.WithContext(context.WithValue(r.Context(), restCallKey{}, c))
	c.request.Body = &c.body
	return c
}

// restCallFrom is nil for a call over gRPC.
func restCallFrom(ctx context.Context) *restCall {
	c, _ := ctx.Value(restCallKey{}).(*restCall)
	return c
}

// isPrintable reports whether a text may be a header of gRPC.
func isPrintable(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
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
