package server

import (
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
	"golang.org/x/net/netutil"

	"convexgateway/server/admin"
	"convexgateway/server/certificate"
	"convexgateway/server/rest"
)

// The admin port serves metrics, and an operator's commands. Metrics have no authentication, so its address should be a loopback or private one.

// Bounds of the connections of the admin port, and of those of the port of profiles. The next one waits.
const (
	maxAdminConnections = 64
	adminIdle           = 2 * time.Minute
)

// listenAdmin opens the admin port, if there is one. With Config.AdminOptional an address that cannot be opened is only
// logged.
func (s *Server) listenAdmin() (err error) {
	if s.cfg.AdminAddr == "" {
		return nil
	}
	s.adminListener, err = net.Listen("tcp", s.cfg.AdminAddr)
	switch {
	case err == nil:
	case s.cfg.AdminOptional:
		s.logger.Warn("no admin port: set --admin-addr", "error", err)
		return nil
	default:
		return &ConfigError{Field: "AdminAddr", Err: err}
	}
	s.closers.add("AdminAddr", s.adminListener.Close)
	settings, err := s.adminTLS()
	if err != nil {
		return err
	}
	s.admin = &http.Server{
		TLSConfig: settings, Handler: s.guardLoopback(s.adminListener, s.adminRoutes()), ReadHeaderTimeout: handshakeTimeout, WriteTimeout: time.Minute, IdleTimeout: adminIdle,
		ErrorLog: slog.NewLogLogger(s.logger.Handler(), slog.LevelWarn),
	}
	s.closers.add("admin server", s.admin.Close)
	return nil
}

// guardLoopback refuses requests to a loopback address that name another host: a page of the web may reach it by a name of its own.
func (s *Server) guardLoopback(listener net.Listener, routes http.Handler) http.Handler {
	hosts := rest.Hosts{}
	if address, ok := listener.Addr().(*net.TCPAddr); ok && address.IP.IsLoopback() {
		hosts = rest.Hosts{Allowed: s.cfg.AllowedHosts, Local: true}
	}
	return hosts.Guard(routes)
}

// AdminAddr returns the address of the admin port, host:port, with the port that is open; empty if there is no admin port.
func (s *Server) AdminAddr() string {
	if s.adminListener == nil {
		return ""
	}
	return s.adminListener.Addr().String()
}

func (s *Server) adminRoutes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.registry, promhttp.HandlerOpts{}))
	s.guard.SetToken(s.cfg.AdminToken)
	if s.cfg.AdminToken == "" && s.cfg.AdminClientCA == "" {
		return mux
	}
	commands := admin.New(admin.Options{
		Streams: s.streams, Blocks: &s.blocks, Guard: &s.guard, Drain: s.askStop, Exchange: s.cfg.Exchange, Logger: s.logger,
	})
	s.closers.addFunc("commands", commands.Close)
	mux.Handle("/admin/", commands)
	return mux
}

// adminTLS returns the TLS settings of the admin port; nil without a certificate. A client without a certificate may read metrics, or have
// the token.
func (s *Server) adminTLS() (*tls.Config, error) {
	if s.cfg.AdminTLSCert == "" {
		return nil, nil
	}
	pair, err := certificate.Load(s.cfg.AdminTLSCert, s.cfg.AdminTLSKey, s.logger)
	if err != nil {
		return nil, &ConfigError{Field: "AdminTLSCert and AdminTLSKey", Err: err}
	}
	settings := &tls.Config{GetCertificate: pair.Get, MinVersion: tls.VersionTLS12}
	if s.cfg.AdminClientCA == "" {
		return settings, nil
	}
	if settings.ClientCAs, err = certificate.Authorities(s.cfg.AdminClientCA); err != nil {
		return nil, &ConfigError{Field: "AdminClientCA", Err: err}
	}
	settings.ClientAuth = tls.VerifyClientCertIfGiven
	return settings, nil
}

func (s *Server) serveAdmin() (err error) {
	limited := netutil.LimitListener(s.adminListener, maxAdminConnections)
	if s.admin.TLSConfig != nil {
		err = s.admin.ServeTLS(limited, "", "")
	} else {
		err = s.admin.Serve(limited)
	}
	if !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Profiles have a port of their own, apart from metrics, which are often reachable in a whole cluster: a profile shows what the
// process does, and taking one costs processor time. It has no authentication, so its address should be a loopback one.

// listenProfiles opens the port of profiles, if there is one.
func (s *Server) listenProfiles() (err error) {
	if s.cfg.PprofAddr == "" {
		return nil
	}
	if s.profilesListener, err = net.Listen("tcp", s.cfg.PprofAddr); err != nil {
		return &ConfigError{Field: "PprofAddr", Err: err}
	}
	s.closers.add("PprofAddr", s.profilesListener.Close)
	s.profiles = &http.Server{
		Handler: s.guardLoopback(s.profilesListener, profileRoutes()), ReadHeaderTimeout: handshakeTimeout, IdleTimeout: adminIdle,
	}
	s.closers.add("profiles server", s.profiles.Close)
	return nil
}

// PprofAddr returns the address of the port of profiles, host:port, with the port that is open; empty if there is none.
func (s *Server) PprofAddr() string {
	if s.profilesListener == nil {
		return ""
	}
	return s.profilesListener.Addr().String()
}

func profileRoutes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	return mux
}

func (s *Server) serveProfiles() error {
	if err := s.profiles.Serve(netutil.LimitListener(s.profilesListener, maxAdminConnections)); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
