package rest

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"convexgateway/server/call"
)

const (
	bodyTimeout = 30 * time.Second // the default of Options.BodyTimeout
	bodyRate    = 16 << 10         // bytes a second in which a body has to arrive after that time
	bodyPiece   = 16 << 10         // bytes after which the time is extended
)

// limitBody returns a request's body, bounded in size and in time. A stream's request ends before its response begins, so that
// the time does not bound the stream.
//
// The request itself keeps its body: net/http looks there for one that Expect: 100-continue has announced, and sends a response
// at once if it has not been read.
func limitBody(w http.ResponseWriter, r *http.Request, bytes int64, limit time.Duration) io.ReadCloser {
	if r.Body == nil || r.Body == http.NoBody {
		return r.Body
	}
	body, conn := r.Body, http.NewResponseController(w)
	if begun := time.Now(); conn.SetReadDeadline(begun.Add(limit)) == nil {
		body = &timedBody{ReadCloser: body, conn: conn, limit: limit, begun: begun}
	}
	return http.MaxBytesReader(w, body, bytes)
}

// timedBody is a body that must begin to arrive within a time, and then go on at bodyRate.
type timedBody struct {
	io.ReadCloser
	conn     *http.ResponseController
	limit    time.Duration
	begun    time.Time
	read     int // bytes
	extended int // bytes that had been read when the deadline was set
}

// Read clears the deadline at the end of the body, for the connection's next request. A deadline that has passed stays:
// otherwise net/http would wait for the rest of the body before it responds.
func (b *timedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.read += n
	if err == nil && b.read-b.extended >= bodyPiece {
		b.extended = b.read
		_ = b.conn.SetReadDeadline(b.begun.Add(b.limit + time.Duration(b.read)*time.Second/bodyRate))
	}
	if err == io.EOF { //nolint:errorlint // as io.Reader has it
		_ = b.conn.SetReadDeadline(time.Time{})
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = call.RequestTimeout(fmt.Sprintf(
			"the body does not arrive: it must begin within %v, and have at least %d bytes a second then; nothing was executed", b.limit, bodyRate))
	}
	return n, err
}
