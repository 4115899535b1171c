package rest

import (
	"net/http"
	"time"
)

const (
	writePiece    = 64 << 10         // bytes
	writePatience = 30 * time.Second // in which a client has to take each piece
)

// pacedWriter writes a response in pieces, each of which the client has to take in time. Otherwise net/http ends the connection, or
// over HTTP/2 the stream.
type pacedWriter struct {
	http.ResponseWriter
	conn  *http.ResponseController
	timed bool // there is a deadline
}

func newPacedWriter(w http.ResponseWriter) *pacedWriter {
	return &pacedWriter{ResponseWriter: w, conn: http.NewResponseController(w)}
}

// Unwrap is for [http.ResponseController].
func (w *pacedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *pacedWriter) Write(body []byte) (written int, err error) {
	for err == nil && written < len(body) {
		w.timed = w.conn.SetWriteDeadline(time.Now().Add(writePatience)) == nil
		piece := body[written:min(len(body), written+writePiece)]
		var n int
		n, err = w.ResponseWriter.Write(piece)
		written += n
	}
	return written, err
}

// done ends the time limit, for the connection's next response.
func (w *pacedWriter) done() {
	if w.timed {
		_ = w.conn.SetWriteDeadline(time.Time{})
	}
}
