package rest

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

// bodyTimeout is how long a request's body may take to come.
const bodyTimeout = 30 * time.Second

// limitBody bounds a request's body in size and in time. A stream's request ends before its answer begins, so the time bounds
// no stream.
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

type timedBody struct {
	io.ReadCloser
	conn  *http.ResponseController
	limit time.Duration
}

// Read lifts the deadline when the body has ended, and the connection goes on. One that has passed stays: net/http would
// wait for the rest of the body before it answers.
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
