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

// bodyTimeout is the default of Options.BodyTimeout.
const bodyTimeout = 30 * time.Second

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
	if conn.SetReadDeadline(time.Now().Add(limit)) == nil {
		body = &timedBody{body, conn, limit}
	}
	return http.MaxBytesReader(w, body, bytes)
}

// timedBody is a body that must arrive before the connection's read deadline.
type timedBody struct {
	io.ReadCloser
	conn  *http.ResponseController
	limit time.Duration
}

// Read clears the deadline at the end of the body, for the connection's next request. A deadline that has passed stays:
// otherwise net/http would wait for the rest of the body before it responds.
func (b *timedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err == io.EOF { //nolint:errorlint // as io.Reader has it
		_ = b.conn.SetReadDeadline(time.Time{})
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = call.RequestTimeout(fmt.Sprintf("the body has not come within %v; nothing was executed", b.limit))
	}
	return n, err
}
