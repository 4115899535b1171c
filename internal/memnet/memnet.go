package memnet

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"
)

// Listener is a [net.Listener] whose connections are made by Dial. Make one with Listen. Safe for concurrent use.
type Listener struct {
	// Wrap changes the client's end of each new connection, if set. Set it before the first Dial.
	Wrap func(client net.Conn) net.Conn
	// Dials receives the time of each Dial, the newest dropped while it is full (10,000).
	Dials chan time.Time

	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

// Listen makes a listener.
func Listen() *Listener {
	return &Listener{Dials: make(chan time.Time, 10_000), conns: make(chan net.Conn), closed: make(chan struct{})}
}

// Accept implements [net.Listener]. After Close it fails with [net.ErrClosed].
func (l *Listener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close implements [net.Listener]; it may be called more than once. Connections that were accepted stay open.
func (l *Listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr implements [net.Listener]: a loopback address, which nothing real listens on.
func (l *Listener) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

// Dial connects, whatever network and address are named: it has the form of [http.Transport] DialContext. It blocks until
// the connection is accepted, the listener is closed, or ctx ends.
func (l *Listener) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
	select {
	case l.Dials <- time.Now():
	default:
	}
	client, server := net.Pipe()
	if l.Wrap != nil {
		client = l.Wrap(client)
	}
	select {
	case l.conns <- server:
		return client, nil
	case <-l.closed:
		return nil, errors.New("connection refused")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// HTTPClient returns a client that reaches the listener's server whatever URL is asked for. Each request has a connection of
// its own.
func (l *Listener) HTTPClient() *http.Client {
	return &http.Client{Transport: &http.Transport{DialContext: l.Dial, DisableKeepAlives: true}}
}
