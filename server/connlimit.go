package server

import (
	"errors"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// connLimit counts and bounds the connections of all ports together. It closes a connection over the limit at once: if it did
// not accept it, the client would wait.
type connLimit struct {
	max    int64 // 0: no limit
	logger *slog.Logger

	open       atomic.Int64
	refused    atomic.Int64
	lastLogged atomic.Int64 // time of the last log line, s since 1970
}

// listener applies the limit to the connections that l accepts.
func (c *connLimit) listener(l net.Listener) net.Listener { return limitedListener{l, c} }

// limitedListener is a listener of a port.
type limitedListener struct {
	net.Listener
	limit *connLimit
}

// Accept returns the next connection within the limit.
func (l limitedListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if open := l.limit.open.Add(1); open <= l.limit.max || l.limit.max == 0 {
			return &limitedConn{Conn: conn, limit: l.limit}, nil
		}
		l.limit.open.Add(-1)
		l.limit.refused.Add(1)
		_ = conn.Close()
		l.limit.logRefusal()
	}
}

// logRefusal logs that a connection was closed, at most once a second.
func (c *connLimit) logRefusal() {
	now := time.Now().Unix()
	if before := c.lastLogged.Load(); before != now && c.lastLogged.CompareAndSwap(before, now) {
		c.logger.Warn("connections are refused", "limit", c.max)
	}
}

// limitedConn counts as open until it is closed.
type limitedConn struct {
	net.Conn
	limit *connLimit
	once  sync.Once
}

func (c *limitedConn) Close() error {
	c.once.Do(func() { c.limit.open.Add(-1) })
	return c.Conn.Close()
}

// SyscallConn implements [syscall.Conn], by which gRPC waits for data without holding a buffer for each connection.
func (c *limitedConn) SyscallConn() (syscall.RawConn, error) {
	conn, ok := c.Conn.(syscall.Conn)
	if !ok {
		return nil, errors.ErrUnsupported
	}
	return conn.SyscallConn()
}
