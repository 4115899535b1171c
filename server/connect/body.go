package connect

import (
	"errors"
	"io"
	"net/http"

	"connectrpc.com/connect/v2"

	"convexgateway/server/call"
)

// body is the body of a request. What is read of it is held for the call, until the message has been decoded.
type body struct {
	io.ReadCloser
	q    *request
	read bool // its first byte
}

// copies is how much memory the library takes for what it reads: a buffer that grows.
const copies = 2

// flagCompressed is set in the first byte of an envelope whose message is compressed.
const flagCompressed = 1

func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if _, large := errors.AsType[*http.MaxBytesError](err); large { // of which the library keeps no more than a text
		err = call.RequestTooLarge(b.q.maxMessage)
	}
	if n > 0 && !b.read {
		b.read = true
		b.clearFlag(p)
	}
	if err := b.q.hold(copies * n); err != nil {
		return 0, err
	}
	return n, err
}

// clearFlag hides from the library that a message in an envelope is compressed, if that is a coding which codecs know. Of others the flag is
// an error, or stays as it is.
func (b *body) clearFlag(p []byte) {
	q := b.q
	if !q.enveloped || q.compressed != connect.CompressionNameGzip {
		return
	}
	if p[0]&flagCompressed == 0 {
		q.compressed = ""
	}
	p[0] &^= flagCompressed
}

// hold takes bytes from the caller's budget until the message has been decoded.
func (q *request) hold(n int) error {
	err := q.call.Hold.Take(n)
	if err == nil {
		q.buffered += n
	}
	return err
}

// decoded gives back what was held for the message's buffers.
func (q *request) decoded() {
	q.call.Hold.Give(q.buffered)
	q.buffered = 0
}
