package server

import (
	"bufio"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"convexgateway/dev/deployment"
)

// sseStreams is how many streams TestManySSEStreams opens, each on a socket of its own.
const sseStreams = 1000

// TestManySSEStreams opens a thousand streams over HTTP/1.1. Each gets each value, and when the clients have closed them there
// are as many goroutines, and as much is on the heap, as before.
func TestManySSEStreams(t *testing.T) {
	d := startDeployment(t, deployment.Config{})
	g := startBefore(t, d, func(c *Config) { c.Logger, c.Linger = slog.New(slog.DiscardHandler), -1 })
	idle := func() bool { return d.Stats().Sockets == 0 }
	g.manySSE(10) // what is made once
	eventually(t, "the socket is closed", idle)
	goroutines, before := runtime.NumGoroutine(), heap()
	open := g.manySSE(sseStreams)
	eventually(t, "the socket is closed", idle)
	eventually(t, fmt.Sprintf("goroutines are back to %d", goroutines), func() bool { return runtime.NumGoroutine() <= goroutines+5 })
	after := checkGrown(t, before, 4<<20)
	t.Logf("%d streams: %d goroutines before, %d while open, %d after; heap %d KiB before, %d KiB after",
		sseStreams, goroutines, open, runtime.NumGoroutine(), before>>10, after>>10)
	if open < goroutines+sseStreams {
		t.Error("the streams were not open")
	}
}

// manySSE opens n streams, makes two changes that all of them get, and closes them. It returns how many goroutines there were
// while they were open.
func (g *gateway) manySSE(n int) (goroutines int) {
	g.t.Helper()
	streams := make([]*socketStream, n)
	opened := make(chan struct{}, 50) // at most so many at once
	var work sync.WaitGroup
	for i := range streams {
		opened <- struct{}{}
		work.Go(func() {
			streams[i] = g.openSocketStream("many")
			streams[i].awaitValue()
			<-opened
		})
	}
	work.Wait()
	goroutines = runtime.NumGoroutine()
	for range 2 {
		g.add("many")
		for _, s := range streams {
			s.awaitValue()
		}
	}
	for i, s := range streams {
		s.close(i%2 == 0)
	}
	return goroutines
}

// socketStream is a stream of server-sent events on a socket, without a client's goroutines.
type socketStream struct {
	t    *testing.T
	conn net.Conn
	body *bufio.Reader
}

func (g *gateway) openSocketStream(counter string) *socketStream {
	s := &socketStream{t: g.t}
	var err error
	if s.conn, err = net.DialTimeout("tcp", g.HTTPAddr(), patience); err != nil {
		g.t.Error(err)
		return s
	}
	_ = s.conn.SetDeadline(time.Now().Add(4 * patience))
	fmt.Fprintf(s.conn, "GET %s HTTP/1.1\r\nHost: gateway\r\nAccept: text/event-stream\r\n\r\n", counterRoute+counterArgs(counter))
	resp, err := http.ReadResponse(bufio.NewReader(s.conn), nil)
	if err != nil || resp.StatusCode != http.StatusOK {
		g.t.Errorf("%v: %v", resp, err)
		return s
	}
	s.body = bufio.NewReader(resp.Body)
	return s
}

// awaitValue reads up to the end of the next value.
func (s *socketStream) awaitValue() {
	for inValue := false; s.body != nil; {
		line, err := s.body.ReadString('\n')
		switch {
		case err != nil:
			s.t.Errorf("the stream ended: %v", err)
			s.body = nil
		case strings.HasPrefix(line, "event: "):
			inValue = line == "event: value\n"
		case line == "\n" && inValue:
			return
		}
	}
}

// close closes the connection, or resets it.
func (s *socketStream) close(reset bool) {
	if conn, ok := s.conn.(*net.TCPConn); ok {
		if reset {
			_ = conn.SetLinger(0)
		}
		_ = conn.Close()
	}
}
