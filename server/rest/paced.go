package rest

import (
	"net/http"
	"time"
)

const (
	writePiece    = 64 << 10         // bytes
	writePatience = 30 * time.Second // in which a client has to take each piece
)

// Paced returns a writer of a response that writes in pieces, each of which the client has to take in time. Otherwise net/http ends
// the connection, or over HTTP/2 the stream.
func Paced(w http.ResponseWriter) http.ResponseWriter {
	return &pacedWriter{ResponseWriter: w, conn: http.NewResponseController(w)}
}

type pacedWriter struct {
	http.ResponseWriter
	conn *http.ResponseController
}

// Unwrap is for [http.ResponseController].
func (w *pacedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *pacedWriter) Write(body []byte) (written int, err error) {
	for err == nil && written < len(body) {
		piece := body[written:min(len(body), written+writePiece)]
		var n int
		err = w.within(func() (err error) {
			n, err = w.ResponseWriter.Write(piece)
			return err
		})
		written += n
	}
	return written, err
}

// Flush implements [http.Flusher].
func (w *pacedWriter) Flush() { _ = w.within(w.conn.Flush) }

// within writes with a time limit, which it ends: over HTTP/2 a deadline that passes ends the stream even if nothing is being written.
func (w *pacedWriter) within(write func() error) error {
	timed := w.conn.SetWriteDeadline(time.Now().Add(writePatience)) == nil
	err := write()
	if timed && err == nil {
		_ = w.conn.SetWriteDeadline(time.Time{})
	}
	return err
}
