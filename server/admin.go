package server

import (
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"convexgateway/server/rest"
)

// The admin port serves metrics. It has no authentication, so its address should be a loopback or private one.

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
	hosts := rest.Hosts{}
	if address, ok := s.adminListener.Addr().(*net.TCPAddr); ok && address.IP.IsLoopback() {
		hosts = rest.Hosts{Allowed: s.cfg.AllowedHosts, Local: true}
	}
	s.admin = &http.Server{Handler: hosts.Guard(s.adminRoutes()), ReadHeaderTimeout: 10 * time.Second}
	s.closers.add("admin server", s.admin.Close)
	return nil
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
	return mux
}

func (s *Server) serveAdmin() error {
	if err := s.admin.Serve(s.adminListener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
