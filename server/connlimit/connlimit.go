package connlimit

import (
	"errors"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// Limit counts and bounds the connections of all ports together. It closes a connection over the limit at once: if it did
// not accept it, the client would wait.
type Limit struct {
	// Max is how many may be open. 0: no limit.
	Max int64
	// Logger gets refusals, at most one line a second.
	Logger *slog.Logger

	open       atomic.Int64
	refused    atomic.Int64
	lastLogged atomic.Int64 // time of the last log line, s since 1970
}

// Listener applies the limit to the connections that l accepts.
func (c *Limit) Listener(l net.Listener) net.Listener { return limitedListener{l, c} }

// Open returns how many connections are open.
func (c *Limit) Open() int64 { return c.open.Load() }

// Refused returns how many connections were closed because of the limit.
func (c *Limit) Refused() int64 { return c.refused.Load() }

// limitedListener is a listener of a port.
type limitedListener struct {
	net.Listener
	limit *Limit
}

// Accept returns the next connection within the limit.
func (l limitedListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if open := l.limit.open.Add(1); open <= l.limit.Max || l.limit.Max == 0 {
			return &limitedConn{Conn: conn, limit: l.limit}, nil
		}
		l.limit.open.Add(-1)
		l.limit.refused.Add(1)
		_ = conn.Close()
		l.limit.logRefusal()
	}
}

// logRefusal logs that a connection was closed, at most once a second.
func (c *Limit) logRefusal() {
	now := time.Now().Unix()
	if before := c.lastLogged.Load(); before != now && c.lastLogged.CompareAndSwap(before, now) {
		c.Logger.Warn("connections are refused", "limit", c.Max)
	}
}

// limitedConn counts as open until it is closed.
type limitedConn struct {
	net.Conn
	limit *Limit
	once  sync.Once
}

func (c *limitedConn) Close() error {
	c.once.Do(func() { c.limit.open.Add(-1) })
	return c.Conn.Close()
}

// CloseWrite ends the output, where the connection can.
func (c *limitedConn) CloseWrite() error {
	if conn, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return conn.CloseWrite()
	}
	return nil
}

// SyscallConn implements [syscall.Conn], by which gRPC waits for data without holding a buffer for each connection.
func (c *limitedConn) SyscallConn() (syscall.RawConn, error) {
	conn, ok := c.Conn.(syscall.Conn)
	if !ok {
		return nil, errors.ErrUnsupported
	}
	return conn.SyscallConn()
}
