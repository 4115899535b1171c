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

// connLimit counts and bounds the connections of all its listeners. A connection over the limit is closed at once: a listener
// that waited instead would leave the client without an answer. Safe for concurrent use.
type connLimit struct {
	max    int64 // 0: none
	logger *slog.Logger

	open       atomic.Int64
	refused    atomic.Int64
	lastLogged atomic.Int64 // when a refusal was logged, s since 1970
}

// listener returns l with the limit.
func (c *connLimit) listener(l net.Listener) net.Listener { return limitedListener{l, c} }

type limitedListener struct {
	net.Listener
	limit *connLimit
}

// Accept returns the next connection within the limit, and closes those over it.
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

// logRefusal logs a refusal, at most once a second.
func (c *connLimit) logRefusal() {
	now := time.Now().Unix()
	if before := c.lastLogged.Load(); before != now && c.lastLogged.CompareAndSwap(before, now) {
		c.logger.Warn("connections are refused", "limit", c.max)
	}
}

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
