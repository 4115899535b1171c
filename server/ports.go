package server

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"

	"golang.org/x/net/http2"
	"google.golang.org/grpc"
	"google.golang.org/grpc/peer"

	"convexgateway/server/certificate"
	"convexgateway/server/connlimit"
	"convexgateway/server/rest"
	"convexgateway/server/rpc"
)

// onePort reports whether gRPC and REST share a port.
func (c Config) onePort() bool {
	_, port, _ := net.SplitHostPort(c.GRPCAddr)
	return c.GRPCAddr == c.HTTPAddr && port != "0"
}

// loadCertificate makes the TLS settings of gRPC and REST, if there is a certificate.
func (s *Server) loadCertificate() error {
	if s.cfg.TLSCert == "" {
		return nil
	}
	pair, err := certificate.Load(s.cfg.TLSCert, s.cfg.TLSKey, s.logger)
	if err != nil {
		return &ConfigError{Field: "TLSCert and TLSKey", Err: err}
	}
	s.tls = &tls.Config{GetCertificate: pair.Get, MinVersion: tls.VersionTLS12}
	if s.cfg.TLSClientCA == "" {
		return nil
	}
	if s.tls.ClientCAs, err = certificate.Authorities(s.cfg.TLSClientCA); err != nil {
		return &ConfigError{Field: "TLSClientCA", Err: err}
	}
	s.tls.ClientAuth = tls.RequireAndVerifyClientCert
	if s.cfg.TLSClientAuth == OptionalClientAuth {
		s.tls.ClientAuth = tls.VerifyClientCertIfGiven
	}
	return nil
}

// newConnections makes the limit of connections.
func (s *Server) newConnections() error {
	s.connections = connlimit.New(connlimit.Options{
		Max: s.cfg.MaxConnections, MaxPerAddress: s.cfg.MaxConnectionsPerAddress, Trusted: s.proxies.Contain, HeaderTimeout: handshakeTimeout,
		Logger: s.logger,
	})
	s.limits.Hides = s.connections.Hides
	registerConnections(s.registry, s.connections)
	return nil
}

// closeConn returns what closes the connection of a call over gRPC, for [rpc.Options]. A trusted proxy's connections, and those of a
// port that REST shares, stay: other clients' calls may be on the former, and the latter have time limits of their own.
func (s *Server) closeConn(ctx context.Context) func() {
	p, ok := peer.FromContext(ctx)
	if !ok {
		return nil
	}
	addr, ok := p.Addr.(*connlimit.Addr)
	if !ok || s.proxies.Contain(addr.IP()) {
		return nil
	}
	return addr.Close
}

// acceptedCall and refusedCall record what has become of the credential of a call over gRPC, for [rpc.Options].
func (s *Server) acceptedCall(ctx context.Context) {
	if addr := connlimit.FromContext(ctx); addr != nil {
		addr.Accepted()
	}
}

// refusedCall leaves a trusted proxy's connections as they are: other clients' calls may be on them.
func (s *Server) refusedCall(ctx context.Context) {
	if addr := connlimit.FromContext(ctx); addr != nil && !s.proxies.Contain(addr.IP()) {
		addr.Refused()
	}
}

// listen opens a port for clients. Its connections count towards Config.MaxConnections.
func (s *Server) listen(field, address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, &ConfigError{Field: field, Err: err}
	}
	s.closers.add(field, l.Close)
	return s.connections.Listener(l), nil
}

func (s *Server) listenHTTP() (err error) {
	s.httpListener, err = s.listen("HTTPAddr", s.cfg.HTTPAddr)
	if err != nil {
		return err
	}
	if s.tls == nil {
		s.httpListener = s.rest.Listener(s.httpListener)
	} else {
		s.httpListener = s.rest.TLSListener(s.httpListener, s.tls)
	}
	return nil
}

func (s *Server) listenGRPC() (err error) {
	if s.cfg.onePort() {
		return nil
	}
	s.grpcListener, err = s.listen("GRPCAddr", s.cfg.GRPCAddr)
	return err
}

// GRPCAddr returns the address of gRPC, host:port, with the port that is open.
func (s *Server) GRPCAddr() string {
	if s.grpcListener == nil {
		return s.HTTPAddr()
	}
	return s.grpcListener.Addr().String()
}

// HTTPAddr returns the address of REST, host:port, with the port that is open.
func (s *Server) HTTPAddr() string { return s.httpListener.Addr().String() }

// newHTTP makes the HTTP server of REST, and of gRPC if both share a port. Headers have a time limit; handlers have none, because
// they serve streams.
func (s *Server) newHTTP() (*http.Server, error) {
	h := &http.Server{
		Handler: s.rest, Protocols: new(http.Protocols), ConnContext: connlimit.ConnContext,
		ReadHeaderTimeout: handshakeTimeout, IdleTimeout: s.cfg.ConnectionIdleTimeout, MaxHeaderBytes: maxReadHeader,
		HTTP2: &http.HTTP2Config{
			MaxConcurrentStreams: maxStreamsOnConn, SendPingTimeout: serverPings.Time, PingTimeout: serverPings.Timeout,
		},
		DisableGeneralOptionsHandler: true, // OPTIONS * is no route, like any other path
		ErrorLog:                     slog.NewLogLogger(s.logger.Handler(), slog.LevelWarn),
	}
	h.Handler = literalPath(h.Handler)
	h.Protocols.SetHTTP1(true)
	h.Protocols.SetHTTP2(true)
	if s.cfg.onePort() {
		h.Protocols.SetUnencryptedHTTP2(true)
		h.Handler = literalPath(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.ProtoMajor == 2 && rest.IsGRPC(r.Header) {
				rpc.ServeHTTP(s.grpc, rest.Paced(w), r)
				return
			}
			s.rest.ServeHTTP(w, r)
		}))
	}
	return h, boundPings(h)
}

// boundPings ends the connections over HTTP/2 that have too many pings. For that it serves them by a server of golang.org/x/net, as
// net/http has no way to wrap a connection over TLS for its own.
func boundPings(h *http.Server) error {
	var server http2.Server                                   //nolint:staticcheck // deprecated for net/http's, see above
	if err := http2.ConfigureServer(h, &server); err != nil { //nolint:staticcheck // as above
		return err
	}
	serve := func(conn net.Conn, handler http.Handler, prefaced bool) {
		server.ServeConn(connlimit.BoundPings(conn, prefaced), &http2.ServeConnOpts{ //nolint:staticcheck // as above
			Context: contextOf(handler), Handler: handler, BaseConfig: h, SawClientPreface: prefaced,
		})
	}
	h.TLSNextProto["h2"] = func(_ *http.Server, conn *tls.Conn, handler http.Handler) { serve(conn, handler, false) }
	h.TLSNextProto["unencrypted_http2"] = func(_ *http.Server, conn *tls.Conn, handler http.Handler) {
		if plain, ok := conn.NetConn().(interface{ UnencryptedNetConn() net.Conn }); ok {
			serve(plain.UnencryptedNetConn(), handler, true)
		}
	}
	return nil
}

// contextOf returns the context of a connection, which net/http passes on by its handler.
func contextOf(handler http.Handler) context.Context {
	if h, ok := handler.(interface{ BaseContext() context.Context }); ok {
		return h.BaseContext()
	}
	return context.Background()
}

// literalPath passes on paths as they are on the wire. No route and no method of gRPC has characters that are written in
// percent-encoding, so an encoded path is none: otherwise a path that a proxy's rule does not match could be a route here.
func literalPath(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RawPath != "" {
			r.URL.Path, r.URL.RawPath = r.URL.RawPath, ""
		}
		next.ServeHTTP(w, r)
	})
}

func (s *Server) serveGRPC() error {
	if err := s.grpc.Serve(s.grpcListener); !errors.Is(err, grpc.ErrServerStopped) { // it was stopped before it began
		return err
	}
	return nil
}

func (s *Server) serveHTTP() error {
	if err := s.http.Serve(s.httpListener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
