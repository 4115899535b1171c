package server

import (
	"context"
	"net/http"
	"time"

	"convexgateway/server/connect"
	"convexgateway/server/connlimit"
	"convexgateway/server/console"
	"convexgateway/server/rest"
	"convexgateway/server/rpc"
)

// newREST makes the REST handler.
func (s *Server) newREST() (err error) {
	within := rpc.InProcess{Interceptors: s.services.Interceptors(), Traces: s.cfg.callTracer(s.services.Exists)}
	conn := rest.NewConn(within)
	s.services.Register(rpc.AsStreams(conn))
	procedures := connect.New(connect.Options{Calls: within, Contract: s.contract.Methods, Typed: s.services.TypedHandler, MaxMessage: s.cfg.MaxRequestBytes})
	s.services.Register(rpc.AsStreams(procedures))
	procedures.Mount()
	s.rest, err = rest.New(rest.Options{
		Functions: s.services.Functions(), Auth: s.services.Auth(), Conn: conn, Procedures: procedures, GRPCAddr: s.GRPCAddr, Tickets: s.tickets, Contract: s.contract, HideContract: s.cfg.NoReflection,
		Routes: s.routes(), Proxies: s.proxies, ProbeOnly: connlimit.ProbeOnly,
		Origins: rest.Origins{Allowed: s.cfg.AllowedOrigins, Loopback: s.cfg.LoopbackOrigins, Headers: s.cfg.AllowedHeaders}, MaxBody: int64(s.cfg.MaxRequestBytes), MaxHeader: maxHeaderBytes,
		Hosts: rest.Hosts{Allowed: s.cfg.AllowedHosts, Local: s.cfg.LocalHosts}, Ended: s.ended, Limits: s.limits, Log: s.calls, Logger: s.logger,
	})
	return err
}

// routes returns the routes that REST serves besides its own.
func (s *Server) routes() []rest.Route {
	routes := []rest.Route{
		{Method: "GET", Path: "/healthz", AnyHost: true, Handle: healthz},
		{Method: "GET", Path: "/readyz", AnyHost: true, Handle: s.readyz},
	}
	if s.webhooks != nil {
		routes = append(routes, s.webhooks.Route())
	}
	if s.cfg.Console {
		routes = append(routes, s.consoleRoutes()...)
	}
	return routes
}

func (s *Server) consoleRoutes() []rest.Route {
	page := console.Page{GRPCAddr: s.GRPCAddr, Token: s.cfg.ConsoleTokens}
	routes := []rest.Route{
		{Method: "GET", Path: "/", Handle: page.File},
		{Method: "GET", Path: "/console/{name}", Handle: page.File},
	}
	if page.Token != nil {
		routes = append(routes, rest.Route{Method: "POST", Path: "/console/token", Handle: page.SignIn})
	}
	return routes
}

func healthz(w http.ResponseWriter, _ *http.Request, _ map[string]string) error {
	_, _ = w.Write([]byte("ok\n"))
	return nil
}

// stoppedWait is how long readiness waits to learn whether the deployment is stopped: probes of orchestrators wait for a second.
const stoppedWait = 200 * time.Millisecond

// readyz also states whether the deployment is stopped. The gateway is ready all the same: no other replica could do more.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request, _ map[string]string) error {
	if !s.Ready() {
		http.Error(w, "not ready", http.StatusServiceUnavailable)
		return nil
	}
	_, _ = w.Write([]byte("ready\n"))
	ctx, cancel := context.WithTimeout(r.Context(), stoppedWait)
	defer cancel()
	if s.functions.Stopped(ctx) {
		_, _ = w.Write([]byte("the deployment is stopped: paused, disabled or suspended\n"))
	}
	return nil
}
