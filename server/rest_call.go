package server

import (
	"context"
	"io"
	"net/http"
	"time"
)

// restCall is what the REST face knows of a request. One goroutine uses it.
type restCall struct {
	started    time.Time
	body       *countedBody
	get        bool     // whether its answer can be conditional
	conditions []string // If-None-Match
}

type restCallKey struct{}

// newRESTCall gives a copy of a request its restCall.
func newRESTCall(r *http.Request) *http.Request {
	c := &restCall{started: time.Now(), body: &countedBody{ReadCloser: r.Body}}
	if c.get = r.Method == http.MethodGet || r.Method == http.MethodHead; c.get {
		c.conditions = r.Header.Values("If-None-Match")
	}
	r = r.WithContext(context.WithValue(r.Context(), restCallKey{}, c))
	r.Body = c.body
	return r
}

func restCallFrom(ctx context.Context) *restCall {
	c, _ := ctx.Value(restCallKey{}).(*restCall)
	if c == nil {
		return &restCall{started: time.Now(), body: &countedBody{}}
	}
	return c
}

// countedBody remembers what became of a body, because generated code turns its error into text.
type countedBody struct {
	io.ReadCloser
	bytes int
	err   error // the first one, io.EOF included
}

func (b *countedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.bytes += n
	if b.err == nil {
		b.err = err
	}
	return n, err
}
