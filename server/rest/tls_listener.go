package rest

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"time"

	"convexgateway/server/call"
)

// handshakeTimeout is how long a handshake of TLS may take.
const handshakeTimeout = 10 * time.Second

// TLSListener is Listener for TLS. The server that serves its connections needs no TLSConfig. Close it, or l, in the end.
func (h *Handler) TLSListener(l net.Listener, config *tls.Config) net.Listener {
	config = config.Clone()
	config.NextProtos = []string{"h2", "http/1.1"}
	secure := &tlsListener{Listener: l, handler: h, config: config, accepted: make(chan acceptance)}
	secure.open, secure.end = context.WithCancel(context.Background())
	go secure.run()
	return secure
}

// tlsListener accepts connections after their handshakes, which decide on the protocol: net/http serves HTTP/2 on a *tls.Conn alone,
// and refusals over HTTP/1.1 can be replaced only on another type.
type tlsListener struct {
	net.Listener
	handler  *Handler
	config   *tls.Config
	accepted chan acceptance
	open     context.Context // until the listener is closed
	end      context.CancelFunc
}

// acceptance is what Accept returns.
type acceptance struct {
	conn net.Conn
	err  error
}

// run accepts connections until the listener is closed.
func (l *tlsListener) run() {
	defer l.end()
	for {
		conn, err := l.Listener.Accept()
		switch {
		case err == nil:
			go l.handshake(conn)
		case errors.Is(err, net.ErrClosed) || !l.deliver(nil, err):
			return
		}
	}
}

// handshake makes a connection ready to be accepted, or closes it.
func (l *tlsListener) handshake(conn net.Conn) {
	ctx, cancel := context.WithTimeout(l.open, handshakeTimeout)
	defer cancel()
	secure := tls.Server(conn, l.config)
	if err := secure.HandshakeContext(ctx); err != nil {
		l.refuse(conn, err)
		return
	}
	conn = secure
	if secure.ConnectionState().NegotiatedProtocol != "h2" {
		conn = tlsRefusalConn{refusalConn{secure, l.handler}, secure}
	}
	if !l.deliver(conn, nil) {
		_ = conn.Close()
	}
}

// refuse closes a connection whose handshake has failed. A client that does not speak TLS gets a response in plain HTTP.
func (l *tlsListener) refuse(conn net.Conn, err error) {
	defer func() { _ = conn.Close() }()
	peer := conn.RemoteAddr().String()
	if record, ok := errors.AsType[tls.RecordHeaderError](err); ok && record.Conn != nil {
		_ = conn.SetWriteDeadline(time.Now().Add(time.Second))
		_, _ = conn.Write(l.handler.refusal(http.StatusBadRequest, "the port speaks TLS", peer))
		return
	}
	if l.open.Err() == nil && l.handler.Limits.Refusals.Add(call.HostOf(peer), "TLS_HANDSHAKE") {
		l.handler.Logger.Warn("a TLS handshake failed", "address", peer, "error", err)
	}
}

// deliver passes a connection or an error to Accept. It reports false if the listener was closed first.
func (l *tlsListener) deliver(conn net.Conn, err error) bool {
	select {
	case l.accepted <- acceptance{conn, err}:
		return true
	case <-l.open.Done():
		return false
	}
}

// Accept returns the next connection whose handshake is complete.
func (l *tlsListener) Accept() (net.Conn, error) {
	select {
	case a := <-l.accepted:
		return a.conn, a.err
	case <-l.open.Done():
		return nil, net.ErrClosed
	}
}

// Close ends handshakes, too.
func (l *tlsListener) Close() error {
	l.end()
	return l.Listener.Close()
}

// tlsRefusalConn has the state from which net/http sets [http.Request.TLS].
type tlsRefusalConn struct {
	refusalConn
	secure *tls.Conn
}

// ConnectionState returns the state of TLS.
func (c tlsRefusalConn) ConnectionState() tls.ConnectionState { return c.secure.ConnectionState() }
