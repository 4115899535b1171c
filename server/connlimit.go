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

// connLimit counts and bounds the connections of all ports together. One that is too many is closed at once: a listener that
// waits instead would leave its client without an answer.
type connLimit struct {
	most   int64 // 0: no limit
	logger *slog.Logger

	open    atomic.Int64
	refused atomic.Int64
	told    atomic.Int64 // when it was last logged, s since 1970
}

// listener makes the limit apply to what l accepts.
func (c *connLimit) listener(l net.Listener) net.Listener { return limitedListener{l, c} }

type limitedListener struct {
	net.Listener
	limit *connLimit
}

// Accept returns the next connection that there is room for.
func (l limitedListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if open := l.limit.open.Add(1); open <= l.limit.most || l.limit.most == 0 {
			return &limitedConn{Conn: conn, limit: l.limit}, nil
		}
		l.limit.open.Add(-1)
		l.limit.refused.Add(1)
		_ = conn.Close()
		l.limit.tell()
	}
}

// tell logs a refusal, at most once a second.
func (c *connLimit) tell() {
	now := time.Now().Unix()
	if before := c.told.Load(); before != now && c.told.CompareAndSwap(before, now) {
		c.logger.Warn("connections are refused", "limit", c.most)
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
