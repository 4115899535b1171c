package connlimit

import (
	"context"
	"io"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/peer"
)

// place is what a connection counts as.
type place int

const (
	refused place = iota
	within        // the limit
	probeOnly
)

// Conn is a connection that counts as open until it is closed.
type Conn struct {
	net.Conn
	limit    *Limit
	place    place
	remote   Addr
	networks []netip.Prefix
	rest     []byte      // read already, and not yet by Read
	timer    *time.Timer // to the end of a probe-only connection; nil for others
	once     sync.Once
	accepted atomic.Bool  // the credential of a call
	refusals atomic.Int32 // calls whose credential was refused, until one was accepted
}

// RemoteAddr returns the peer's address as an *[Addr]: of the client that a PROXY header names, if there was one.
func (c *Conn) RemoteAddr() net.Addr { return &c.remote }

func (c *Conn) Read(p []byte) (int, error) {
	if len(c.rest) > 0 {
		n := copy(p, c.rest)
		if c.rest = c.rest[n:]; len(c.rest) == 0 {
			c.rest = nil
		}
		return n, nil
	}
	return c.Conn.Read(p)
}

// Close closes the connection and frees its place.
func (c *Conn) Close() error {
	c.once.Do(func() { c.limit.release(c) })
	return c.Conn.Close()
}

// CloseWrite ends the output, where the connection can.
func (c *Conn) CloseWrite() error {
	if conn, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return conn.CloseWrite()
	}
	return nil
}

// abort closes the connection, and drops what its client has not yet received.
func (c *Conn) abort() {
	if conn, ok := c.Conn.(interface{ SetLinger(sec int) error }); ok {
		_ = conn.SetLinger(0)
	}
	_ = c.Close()
}

// ReadOnReady implements an interface of gRPC's, by which it waits for data without holding a buffer for each connection: it takes
// one from the pool only when there is something to read.
func (c *Conn) ReadOnReady(size int, pool mem.BufferPool) (buffer *[]byte, n int, err error) {
	source, ok := c.Conn.(syscall.Conn)
	if !ok || len(c.rest) > 0 {
		buffer = pool.Get(size)
		n, err = c.Read(*buffer)
		return kept(buffer, n, err, pool)
	}
	raw, err := source.SyscallConn()
	if err != nil {
		return nil, 0, err
	}
	var failure error
	err = raw.Read(func(fd uintptr) (done bool) {
		buffer = pool.Get(size)
		n, failure = syscall.Read(int(fd), *buffer)
		for failure == syscall.EINTR {
			n, failure = syscall.Read(int(fd), *buffer)
		}
		if failure == syscall.EAGAIN {
			pool.Put(buffer)
			buffer = nil
			return false
		}
		return true
	})
	switch {
	case err != nil:
	case failure != nil:
		err = failure
	case n == 0:
		err = io.EOF
	}
	return kept(buffer, n, err, pool)
}

// kept returns a buffer with what was read, or puts it back if that is nothing.
func kept(buffer *[]byte, n int, err error, pool mem.BufferPool) (*[]byte, int, error) {
	if n > 0 {
		return buffer, n, err
	}
	if buffer != nil {
		pool.Put(buffer)
	}
	return nil, 0, err
}

// Addr is the address of a connection's peer. It is [peer.Peer]'s Addr in calls over gRPC, but for those on a port that gRPC and REST
// share; [FromContext] returns it for all.
type Addr struct {
	net.Addr
	conn *Conn
}

// IP returns the peer's address without its port; the zero address if it has none.
func (a *Addr) IP() netip.Addr { return addressOf(a.Addr) }

// Close closes the connection at once. What has been sent, but has not been received, is dropped.
func (a *Addr) Close() { a.conn.abort() }

// ProbeOnly reports whether the connection is over the limit, and open for probes of health only.
func (a *Addr) ProbeOnly() bool { return a.conn.place == probeOnly }

// maxRefusedCalls is how many calls of a connection may have their credential refused before one is accepted.
const maxRefusedCalls = 256

// Accepted records that the credential of a call on the connection has been accepted.
func (a *Addr) Accepted() {
	if !a.conn.accepted.Load() { // many calls write to no shared memory
		a.conn.accepted.Store(true)
	}
}

// Refused records that the credential of a call on the connection has been refused. It closes the connection if all its calls were, and
// they are too many: each costs its caller less than the gateway.
func (a *Addr) Refused() {
	if !a.conn.accepted.Load() && a.conn.refusals.Add(1) == maxRefusedCalls {
		a.conn.limit.log(time.Second, "a connection is closed, because no call on it had a credential that could be accepted", "address", addressOf(a.Addr))
		a.Close()
	}
}

type addrKey struct{}

// ConnContext returns a context with a connection's address. It is for [http.Server]'s ConnContext.
func ConnContext(ctx context.Context, conn net.Conn) context.Context {
	return context.WithValue(ctx, addrKey{}, conn.RemoteAddr())
}

// FromContext returns the address of the connection of a call over gRPC, or of a request over HTTP; nil if it is not limited.
func FromContext(ctx context.Context) *Addr {
	if a, ok := ctx.Value(addrKey{}).(*Addr); ok {
		return a
	}
	if p, ok := peer.FromContext(ctx); ok {
		a, _ := p.Addr.(*Addr)
		return a
	}
	return nil
}

// ProbeOnly reports whether the connection of a call or of a request is open for probes of health only.
func ProbeOnly(ctx context.Context) bool {
	a := FromContext(ctx)
	return a != nil && a.ProbeOnly()
}
