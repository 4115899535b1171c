package syncfake

import (
	"net/http"
	"testing"
	"time"

	"github.com/coder/websocket"

	"convexgateway/internal/memnet"
)

// Timeout is how long a test waits for something that must come, on its bubble's clock if it runs in one.
const Timeout = 5 * time.Minute

// Endpoint accepts sockets and does nothing by itself but keep what it is sent. Set its fields before the first dial.
type Endpoint struct {
	*memnet.Listener

	// Sockets receives each accepted socket, in order.
	Sockets chan *Socket
	// Refuse holds HTTP statuses to answer the coming requests with, instead of a socket.
	Refuse chan int
	// Serve reads a socket until it ends, on a goroutine of the socket's own. Nil keeps its messages for Socket.Next.
	Serve func(*Socket)

	t testing.TB
}

// New starts an endpoint that is closed when the test ends.
func New(t testing.TB) *Endpoint {
	t.Helper()
	e := &Endpoint{Listener: memnet.Listen(), Sockets: make(chan *Socket, 10_000), Refuse: make(chan int, 100), t: t}
	server := &http.Server{Handler: http.HandlerFunc(e.accept), ReadHeaderTimeout: Timeout}
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(e.Listener) }()
	t.Cleanup(func() { _ = server.Close(); <-done })
	return e
}

func (e *Endpoint) accept(w http.ResponseWriter, r *http.Request) {
	select {
	case status := <-e.Refuse:
		w.WriteHeader(status)
		return
	default:
	}
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer func() { _ = conn.CloseNow() }()
	conn.SetReadLimit(-1)
	s := &Socket{Header: r.Header, Conn: conn, Messages: make(chan Message, 10_000), closed: make(chan struct{}), t: e.t}
	defer close(s.closed)
	e.Sockets <- s
	if e.Serve != nil {
		e.Serve(s)
		return
	}
	s.keep()
}

// Socket waits for the next socket that a client opens.
func (e *Endpoint) Socket() *Socket {
	e.t.Helper()
	late := time.NewTimer(Timeout)
	defer late.Stop()
	select {
	case s := <-e.Sockets:
		return s
	case <-late.C:
		e.t.Fatal("no socket came")
		return nil
	}
}

// NoSocket fails the test if a socket is opened within d.
func (e *Endpoint) NoSocket(d time.Duration) {
	e.t.Helper()
	over := time.NewTimer(d)
	defer over.Stop()
	select {
	case <-e.Sockets:
		e.t.Fatal("a socket was opened")
	case <-over.C:
	}
}
