package floor

import (
	"fmt"
	"io"
	"net/http"
	"sync"
)

// sse serves server-sent events by hand: an update is one frame of bytes, and each stream's goroutine writes it.
type sse struct {
	mux *http.ServeMux

	mu      sync.Mutex
	frame   []byte        // of the newest update
	changed chan struct{} // closed when the next update is published
}

func newSSE() *sse {
	s := &sse{mux: http.NewServeMux(), changed: make(chan struct{})}
	s.mux.HandleFunc("GET /v1/subscribe", s.subscribe)
	s.mux.HandleFunc("POST /bench/publish", s.publish)
	return s
}

// ServeHTTP implements http.Handler.
func (s *sse) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

func (s *sse) newest() ([]byte, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.frame, s.changed
}

func (s *sse) subscribe(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	flush := http.NewResponseController(w)
	for {
		frame, changed := s.newest()
		if _, err := w.Write(frame); err != nil {
			return
		}
		if err := flush.Flush(); err != nil {
			return
		}
		select {
		case <-changed:
		case <-r.Context().Done():
			return
		}
	}
}

func (s *sse) publish(_ http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.frame = fmt.Appendf(nil, "event: value\ndata: {\"value\":%s}\n\n", text)
	close(s.changed)
	s.changed = make(chan struct{})
}
