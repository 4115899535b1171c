package rest

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

// bodyTimeout is how long a request's body may take to arrive.
const bodyTimeout = 30 * time.Second

// limitBody bounds a request's body in size and in time. A stream's request ends before its response begins, so that the time
// does not bound the stream.
func limitBody(w http.ResponseWriter, r *http.Request, bytes int64, limit time.Duration) {
	if r.Body == nil || r.Body == http.NoBody {
		return
	}
	conn := http.NewResponseController(w)
	if conn.SetReadDeadline(time.Now().Add(limit)) == nil {
		r.Body = &timedBody{r.Body, conn, limit}
	}
	r.Body = http.MaxBytesReader(w, r.Body, bytes)
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
		err = fmt.Errorf("the body has not come within %v", b.limit)
	}
	return n, err
}
