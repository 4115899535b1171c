package connlimit

import (
	"errors"
	"net"
	"sync"
)

// maxPending is how many connections of trusted proxies may have sent nothing yet, on each listener.
const maxPending = 1024

// Listener applies the limit to the connections that a listener accepts.
func (l *Limit) Listener(inner net.Listener) net.Listener {
	return &listener{Listener: inner, limit: l, ready: make(chan accepted), closed: make(chan struct{}), pending: map[net.Conn]bool{}}
}

// listener is the listener of a port. Connections of trusted proxies are accepted when their first bytes have been read, and do not
// delay others meanwhile.
type listener struct {
	net.Listener
	limit  *Limit
	start  sync.Once
	ready  chan accepted
	stop   sync.Once
	closed chan struct{}

	mu      sync.Mutex
	pending map[net.Conn]bool // whose first bytes have not been read; nil once the listener is closed
}

// accepted is a result of Accept.
type accepted struct {
	conn *Conn
	err  error
}

// Accept returns the next connection within the limit, or that is probe only.
func (l *listener) Accept() (net.Conn, error) {
	l.start.Do(func() { go l.run() })
	select {
	case next := <-l.ready:
		if next.err != nil {
			return nil, next.err
		}
		return next.conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close closes the listener, and the connections that it has not returned yet.
func (l *listener) Close() error {
	l.stop.Do(func() {
		close(l.closed)
		l.mu.Lock()
		defer l.mu.Unlock()
		for conn := range l.pending {
			_ = conn.Close()
		}
		l.pending = nil
	})
	return l.Listener.Close()
}

// run accepts connections until the listener is closed.
func (l *listener) run() {
	for {
		conn, err := l.Listener.Accept()
		switch {
		case errors.Is(err, net.ErrClosed):
			_ = l.Close()
			return
		case err != nil:
			l.pass(accepted{err: err})
		case !l.limit.isTrusted(addressOf(conn.RemoteAddr())):
			l.admit(conn, conn.RemoteAddr(), nil)
		case l.await(conn):
			go l.readHeader(conn)
		default:
			_ = conn.Close()
		}
	}
}

// readHeader admits a trusted proxy's connection by the address in its PROXY header, if it has one.
func (l *listener) readHeader(conn net.Conn) {
	remote, rest, err := readHeader(conn, l.limit.HeaderTimeout)
	l.mu.Lock()
	delete(l.pending, conn)
	l.mu.Unlock()
	if err != nil {
		_ = conn.Close()
		return
	}
	l.admit(conn, remote, rest)
}

// await adds a connection to the pending ones, if there is room.
func (l *listener) await(conn net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.pending == nil || len(l.pending) >= maxPending {
		return false
	}
	l.pending[conn] = true
	return true
}

func (l *listener) admit(conn net.Conn, remote net.Addr, rest []byte) {
	if c := l.limit.admit(conn, remote, rest); c != nil {
		l.pass(accepted{conn: c})
	}
}

// pass makes Accept return a result.
func (l *listener) pass(next accepted) {
	select {
	case l.ready <- next:
	case <-l.closed:
		if next.conn != nil {
			_ = next.conn.Close()
		}
	}
}
