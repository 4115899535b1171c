package connlimit_test

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/internal/leaktest"
	"convexgateway/server/connlimit"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

// headerTimeout is how long the first bytes of a proxy may take in these tests.
const headerTimeout = 10 * time.Second

// port is a limited listener of connections in memory, whose peers have any addresses. It is used within a bubble.
type port struct {
	inner    *pipes
	limit    *connlimit.Limit
	logs     *bytes.Buffer // to be read while all goroutines wait
	accepted chan *connlimit.Conn
}

// listen opens a port, and accepts connections until the test ends.
func listen(t *testing.T, o connlimit.Options) *port {
	t.Helper()
	p := &port{inner: &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}, logs: &bytes.Buffer{}, accepted: make(chan *connlimit.Conn, 10_000)}
	o.Logger, o.HeaderTimeout = slog.New(slog.NewTextHandler(p.logs, nil)), headerTimeout
	p.limit = connlimit.New(o)
	p.listen(t)
	return p
}

// listen opens a further listener of the same limit.
func (p *port) listen(t *testing.T) {
	l := p.limit.Listener(p.inner)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			p.accepted <- conn.(*connlimit.Conn)
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-done
	})
}

// dial connects from an address.
func (p *port) dial(t *testing.T, from string) net.Conn {
	t.Helper()
	client, server := net.Pipe()
	t.Cleanup(func() { _ = client.Close() })
	p.inner.conns <- &peerConn{server, &net.TCPAddr{IP: net.ParseIP(from), Port: 1}}
	return client
}

// connect connects from an address, and returns both ends. server is nil if none was accepted.
func (p *port) connect(t *testing.T, from string) (client net.Conn, server *connlimit.Conn) {
	t.Helper()
	client = p.dial(t, from)
	return client, p.next(t)
}

// next returns the next accepted connection; nil if there is none.
func (p *port) next(t *testing.T) *connlimit.Conn {
	t.Helper()
	synctest.Wait()
	select {
	case conn := <-p.accepted:
		t.Cleanup(func() { _ = conn.Close() })
		return conn
	default:
		return nil
	}
}

// within connects from an address, and fails the test unless the connection is within the limit.
func (p *port) within(t *testing.T, from string) *connlimit.Conn {
	t.Helper()
	_, conn := p.connect(t, from)
	if conn == nil || probeOnly(conn) {
		t.Fatalf("%s: %v is not within the limit", from, conn)
	}
	return conn
}

// over connects from an address, and fails the test unless the connection is over the limit.
func (p *port) over(t *testing.T, from string) {
	t.Helper()
	if _, conn := p.connect(t, from); conn != nil && !probeOnly(conn) {
		t.Fatalf("%s is within the limit", from)
	}
}

func probeOnly(conn net.Conn) bool { return conn.RemoteAddr().(*connlimit.Addr).ProbeOnly() }

// pass moves the bubble's clock.
func pass(d time.Duration) { time.Sleep(d) } //nolint:forbidigo // the bubble's clock

// ended reports whether the other end of a connection is closed.
func ended(conn net.Conn) bool {
	_ = conn.SetReadDeadline(time.Now())
	_, err := conn.Read(make([]byte, 1))
	return errors.Is(err, io.EOF)
}

// trusted are the addresses that begin with 192.0.2.
func trusted(address netip.Addr) bool { return netip.MustParsePrefix("192.0.2.0/24").Contains(address) }

// pipes is a listener of the connections that a test makes.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (l *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipes) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *pipes) Addr() net.Addr { return &net.TCPAddr{} }

// peerConn is a connection from an address.
type peerConn struct {
	net.Conn
	remote net.Addr
}

func (c *peerConn) RemoteAddr() net.Addr { return c.remote }
