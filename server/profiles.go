package server

import (
	"errors"
	"net"
	"net/http"
	"net/http/pprof"
	"time"
)

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
	s.profiles = &http.Server{Handler: profileRoutes(), ReadHeaderTimeout: 10 * time.Second}
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
	if err := s.profiles.Serve(s.profilesListener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
