package convex

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"convexgateway/internal/memnet"
)

// tlsServer is a server with HTTP/2, and the transport that clients have by default, with the server's certificate.
func tlsServer(t *testing.T, handler http.Handler, opts *http.HTTP2Config) (*httptest.Server, *http.Transport) {
	t.Helper()
	s := httptest.NewUnstartedServer(handler)
	s.EnableHTTP2, s.Config.HTTP2 = true, opts
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // connections that turn out not to be needed
	s.StartTLS()
	t.Cleanup(s.Close)
	transport := NewTransport(0)
	t.Cleanup(transport.CloseIdleConnections)
	transport.TLSClientConfig = &tls.Config{RootCAs: x509.NewCertPool(), MinVersion: tls.VersionTLS12}
	transport.TLSClientConfig.RootCAs.AddCert(s.Certificate())
	return s, transport
}

// Calls share HTTP/2 connections, and do not wait for a place on one: when it is full there is another.
func TestHTTP2CallsDoNotWaitForEachOther(t *testing.T) {
	const calls = 20
	var connections sync.Map
	var here sync.WaitGroup
	s, transport := tlsServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 2 {
			t.Errorf("called over %s", r.Proto)
		}
		connections.Store(r.RemoteAddr, nil)
		here.Done()
		here.Wait()
		_, _ = io.WriteString(w, success)
	}), &http.HTTP2Config{MaxConcurrentStreams: 5})
	c, err := NewHTTPClient(s.URL, HTTPOptions{Transport: transport})
	if err != nil {
		t.Fatal(err)
	}
	call := func() {
		if _, err := c.Call(t.Context(), testCall(t, Mutation)); err != nil {
			t.Error(err)
		}
	}
	here.Add(1)
	call() // after which the client has the server's limit
	here.Add(calls)
	var callers sync.WaitGroup
	for range calls {
		callers.Go(call)
	}
	callers.Wait()
	count := 0
	connections.Range(func(any, any) bool { count++; return true })
	if count >= calls {
		t.Errorf("%d calls took %d connections", calls, count)
	}
}

// silentConn accepts everything and passes nothing on once it is cut, as a dead network does.
type silentConn struct {
	net.Conn
	cut atomic.Bool
}

func (c *silentConn) Write(p []byte) (int, error) {
	if c.cut.Load() {
		return len(p), nil
	}
	return c.Conn.Write(p)
}

// A connection that has died without a close costs a query some seconds and a mutation its certainty, and later calls nothing.
func TestDeadHTTP2ConnectionIsReplaced(t *testing.T) {
	for _, kind := range []Kind{Query, Mutation} {
		t.Run(kind.String(), func(t *testing.T) {
			s, transport := tlsServer(t, http.NotFoundHandler(), nil) // for its certificate
			synctest.Test(t, func(t *testing.T) { deadConnection(t, kind, s.TLS.Clone(), transport.TLSClientConfig.Clone()) })
		})
	}
}

func deadConnection(t *testing.T, kind Kind, serverTLS, clientTLS *tls.Config) {
	l := memnet.Listen()
	server := &http.Server{Handler: answering(200, success), ReadHeaderTimeout: time.Minute, TLSConfig: serverTLS}
	done := make(chan struct{})
	go func() { defer close(done); _ = server.ServeTLS(l, "", "") }()
	t.Cleanup(func() { _ = server.Close(); <-done })
	transport := NewTransport(0)
	transport.TLSClientConfig = clientTLS
	var conns []*silentConn
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := l.Dial(ctx, network, address)
		conns = append(conns, &silentConn{Conn: conn})
		return conns[len(conns)-1], err
	}
	c, err := NewHTTPClient("https://example.com", HTTPOptions{Transport: transport})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	if _, err := c.Call(t.Context(), testCall(t, kind)); err != nil {
		t.Fatal(err)
	}
	synctest.Wait()
	conns[0].cut.Store(true)
	start := time.Now()
	_, err = c.Call(t.Context(), testCall(t, kind))
	var e *DeploymentError
	if kind == Mutation && (!errors.As(err, &e) || e.Class != OutcomeUnknown) || kind == Query && err != nil {
		t.Errorf("%v", err)
	}
	if took := time.Since(start); took > pingAfter+pingTimeout+time.Second {
		t.Errorf("it took %v", took)
	}
	if _, err := c.Call(t.Context(), testCall(t, kind)); err != nil || len(conns) != 2 {
		t.Errorf("the next call: %v, on connection %d", err, len(conns))
	}
}
