package server

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// wire is an HTTP/1.1 connection whose bytes a test writes itself.
type wire struct {
	t *testing.T
	*net.TCPConn
	r *bufio.Reader
}

// dialREST connects to REST.
func (g *gateway) dialREST() *wire {
	g.t.Helper()
	conn, err := net.Dial("tcp", g.HTTPAddr())
	if err != nil {
		g.t.Fatal(err)
	}
	g.t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(patience))
	return &wire{g.t, conn.(*net.TCPConn), bufio.NewReader(conn)}
}

// send writes the head of a request, whose lines end in CRLF, and the beginning of its body.
func (w *wire) send(lines []string, body string) {
	w.t.Helper()
	if _, err := io.WriteString(w, strings.Join(lines, "\r\n")+"\r\nHost: localhost\r\n\r\n"+body); err != nil {
		w.t.Fatal(err)
	}
}

// answer reads a response.
func (w *wire) answer() answer {
	w.t.Helper()
	began := time.Now()
	resp, err := http.ReadResponse(w.r, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(text), time.Since(began)}
}

// atOnce is how long a response may take that waits for nothing.
const atOnce = 10 * time.Second

// A request that is refused by its head is answered at once: with Expect: 100-continue its client does not send the body.
func TestRefusalsDoNotWaitForTheBody(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.MaxRequestBytes = 4096 })
	for head, status := range map[string]int{
		"POST /v2/query HTTP/1.1": 404, "PUT /v1/query HTTP/1.1": 405, "POST /openapi.json HTTP/1.1": 405,
		"POST /v1/query HTTP/1.1\r\nContent-Type: text/xml":     415,
		"POST /v1/tickets HTTP/1.1\r\nContent-Type: text/xml":   415,
		"POST /v1/subscribe HTTP/1.1\r\nContent-Encoding: gzip": 415,
		"POST /v1/mutate?x=1 HTTP/1.1":                          400,
		"POST /v1/query HTTP/1.1\r\nGrpc-Timeout: soon":         400,
		"POST /v1/query HTTP/1.1\r\nAuthorization: Bearer \xe9": 401,
	} {
		for _, more := range []string{
			"Expect: 100-continue\r\nContent-Length: 1000", "Expect: 100-Continue\r\nTransfer-Encoding: chunked",
			"Content-Length: 1000000\r\nExpect: 100-continue",
		} {
			t.Run(head+" "+more, func(t *testing.T) {
				t.Parallel()
				w := g.dialREST()
				w.send([]string{head, more}, "")
				if got := w.answer(); got.status != status || got.took > atOnce || !strings.Contains(got.body, "ErrorInfo") {
					t.Errorf("HTTP %d after %v: %s", got.status, got.took, got.body)
				}
			})
		}
	}
	t.Run("taken", func(t *testing.T) {
		t.Parallel()
		for _, body := range []string{`{"path":"users:me"}`, `{"path":"values:echo","args":{"value":"` + strings.Repeat("x", 3000) + `"}}`} {
			w := g.dialREST()
			w.send([]string{"POST /v1/query HTTP/1.1", "Expect: 100-continue", fmt.Sprintf("Content-Length: %d", len(body))}, "")
			if got := w.answer(); got.status != 100 {
				t.Fatalf("HTTP %d, want 100", got.status)
			}
			_, _ = io.WriteString(w, body)
			if got := w.answer(); got.status != 200 {
				t.Errorf("HTTP %d %s", got.status, got.body)
			}
		}
	})
	t.Run("too large", func(t *testing.T) {
		t.Parallel()
		w := g.dialREST()
		w.send([]string{"POST /v1/query HTTP/1.1", "Content-Length: 100000"}, strings.Repeat("x", 8000))
		if got := w.answer(); got.status != 413 || got.took > atOnce {
			t.Errorf("HTTP %d after %v: %s", got.status, got.took, got.body)
		}
	})
}
