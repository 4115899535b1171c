package server

import (
	"convexgateway/server/connlimit"

	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"google.golang.org/grpc"

	"convexgateway/server/rpc"
)

// onePort reports whether gRPC and REST share a port.
func (c Config) onePort() bool {
	_, port, _ := net.SplitHostPort(c.GRPCAddr)
	return c.GRPCAddr == c.HTTPAddr && port != "0"
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
	s.connections = &connlimit.Limit{Max: int64(s.cfg.MaxConnections), Logger: s.logger}
	registerConnections(s.registry, s.connections)
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
func (s *Server) newHTTP() *http.Server {
	h := &http.Server{
		Handler: s.rest, Protocols: new(http.Protocols),
		ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: maxReadHeader,
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
			if r.ProtoMajor == 2 && strings.HasPrefix(r.Header.Get("Content-Type"), "application/grpc") {
				rpc.ServeHTTP(s.grpc, w, r)
				return
			}
			s.rest.ServeHTTP(w, r)
		}))
	}
	return h
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
