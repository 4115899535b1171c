package rest

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/internal/memnet"
)

// A response may be read slowly, but not stop being read; the connection's next response has its own time.
func TestResponsesMustBeRead(t *testing.T) {
	t.Parallel()
	const size = 1 << 20
	for name, tt := range map[string]struct {
		rate  int // bytes a second; 0: none
		whole bool
	}{"slowly": {4 << 10, true}, "too slowly": {1 << 10, false}, "not": {0, false}} {
		synctest.Test(t, func(t *testing.T) {
			l := memnet.Listen()
			written := make(chan error, 2)
			server := &http.Server{ReadHeaderTimeout: 2 * time.Hour, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				_, err := Paced(w).Write(make([]byte, size))
				written <- err
			})}
			done := make(chan struct{})
			go func() { defer close(done); _ = server.Serve(l) }()
			conn, err := l.Dial(t.Context(), "", "")
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
			slow := &slowConn{conn, tt.rate}
			resp, err := http.ReadResponse(bufio.NewReaderSize(slow, 1<<10), nil)
			var read int64
			if err == nil {
				read, _ = io.Copy(io.Discard, resp.Body)
			}
			failed := <-written
			if whole := read == size && failed == nil; whole != tt.whole || !whole && !errors.Is(failed, os.ErrDeadlineExceeded) {
				t.Errorf("read %s: %d bytes, %v", name, read, failed)
			}
			if tt.whole { // and again
				time.Sleep(time.Hour) //nolint:forbidigo // the bubble's clock
				_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
				if _, err := http.ReadResponse(bufio.NewReader(conn), nil); err != nil {
					t.Errorf("the next response: %v", err)
				}
			}
			_ = conn.Close()
			_ = server.Close()
			<-done
		})
	}
}

// slowConn is a connection that is read at a rate, in bytes a second; at 0 its first read takes an hour.
type slowConn struct {
	net.Conn
	rate int
}

func (c *slowConn) Read(p []byte) (int, error) {
	pause := time.Hour
	if c.rate > 0 {
		p = p[:min(len(p), c.rate)]
		pause = time.Second
	}
	time.Sleep(pause) //nolint:forbidigo // the bubble's clock
	return c.Conn.Read(p)
}
