package server

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"net/http"
	"os"

	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/health"

	"convexgateway/auth"
	"convexgateway/auth/clerk"
	"convexgateway/auth/lease"
	"convexgateway/auth/service"
	"convexgateway/convex"
	convexlive "convexgateway/convex/live"
	"convexgateway/server/admin"
	"convexgateway/server/audit"
	"convexgateway/server/call"
	"convexgateway/server/certificate"
	"convexgateway/server/connlimit"
	"convexgateway/server/contract"
	"convexgateway/server/live"
	"convexgateway/server/rest"
	"convexgateway/server/rpc"
	"convexgateway/server/ticket"
)

// Server is one gateway. Make it with New, run it once with Serve.
type Server struct {
	cfg     Config // with defaults
	up      Upstream
	logger  *slog.Logger
	closers closers

	functions *convex.HTTPClient
	live      *convexlive.Client
	denied    *auth.DenyList
	verifier  *auth.ClerkVerifier // nil without issuers
	directory *service.Directory  // nil without services
	clerk     *clerk.API          // nil without session renewal
	sessions  *lease.Registry
	webhooks  *rest.Webhooks // nil without a webhook secret
	registry  *prometheus.Registry
	limits    *call.Limits
	audit     *audit.Log
	calls     *rpc.CallLog
	proxies   call.Proxies
	streams   *live.Streams
	services  *rpc.Services
	tickets   *ticket.Sealer
	contract  *contract.Contract
	health    *health.Server
	ready     chan struct{}   // closed once the gateway has been ready
	draining  context.Context // ends when streams have to end
	drain     context.CancelFunc
	stopAsked context.Context // ends when an operator drains
	askStop   context.CancelFunc
	ended     context.Context // of calls over HTTP/1.1: ends when they have to, after the drain
	endCalls  context.CancelFunc

	tls      *tls.Config // of gRPC and REST; nil: plain text
	grpc     *grpc.Server
	rest     *rest.Handler
	http     *http.Server
	admin    *http.Server // nil without an admin port
	guard    admin.Guard
	blocks   admin.Blocks
	pairs    []*certificate.KeyPair // of all ports
	profiles *http.Server           // nil without a port of profiles

	connections      *connlimit.Limit
	grpcListener     net.Listener // nil if both share one port
	httpListener     net.Listener
	adminListener    net.Listener // nil without an admin port
	profilesListener net.Listener // nil without a port of profiles
}

// New makes a gateway and opens its ports, so that their addresses are known before Serve. It sends nothing. If it fails, it
// closes everything that it has made; the error of an unusable setting is a *ConfigError.
func New(cfg Config, up Upstream) (*Server, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	s := newServer(cfg.Resolved(), up)
	if err := s.assemble(s.steps()); err != nil {
		return nil, err
	}
	return s, nil
}

func newServer(cfg Config, up Upstream) *Server {
	s := &Server{
		cfg: cfg, up: up, logger: cfg.Logger, denied: auth.NewDenyList(cfg.Clock),
		health: health.NewServer(), ready: make(chan struct{}),
	}
	s.draining, s.drain = context.WithCancel(context.Background())
	s.stopAsked, s.askStop = context.WithCancel(context.Background()) //nolint:gosec // closers call it
	s.ended, s.endCalls = context.WithCancel(context.Background())
	s.closers.addFunc("calls", s.endCalls)
	s.closers.addFunc("operator", s.askStop)
	s.limits = newLimits(s.cfg)
	s.closers.addFunc("refusals", s.limits.Refusals.Close)
	s.notReady()
	return s
}

// steps returns the functions that make the parts of a gateway, each from those before it. A step adds to s.closers as soon as it
// has made something that has to be closed.
func (s *Server) steps() []func() error {
	return []func() error{
		s.newRecords, s.loadCertificate, s.newProxies, s.newClients, s.newVerifier, s.newDirectory, s.newSessions, s.newWebhooks, s.newStreams, s.newContract, s.newServices,
		s.newTickets, s.newREST, s.newServers, s.newConnections, s.listenHTTP, s.listenAdmin, s.listenProfiles, s.listenGRPC,
	}
}

// assemble runs steps. If one fails, it closes what they have made.
func (s *Server) assemble(steps []func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			s.close()
			return err
		}
	}
	return nil
}

// close closes everything that New made, the newest first. It may be called more than once.
func (s *Server) close() {
	if err := s.closers.close(); err != nil {
		s.logger.Warn("closing the gateway", "error", err)
	}
}

func (s *Server) newProxies() (err error) {
	if s.proxies, err = call.ParseProxies(s.cfg.TrustedProxies); err != nil {
		return &ConfigError{Field: "TrustedProxies", Err: err}
	}
	return nil
}

func (s *Server) newStreams() error {
	s.streams = live.New(live.Options{
		Queries: s.live, Sessions: s.sessions, Draining: s.draining, DrainPeriod: s.cfg.DrainPeriod, MaxAge: s.cfg.MaxConnectionAge,
		MaxReadWait: s.cfg.MaxReadWait, Heartbeat: s.cfg.Heartbeat,
		UnreachableWait: s.cfg.UpstreamPatience, RefusalWait: lease.DefaultGrace,
		Began: s.calls.Began, Accepted: s.audit.SignedIn, Logger: s.logger,
	})
	return nil
}

// newContract reads the files of the app's contract, if there are any.
func (s *Server) newContract() (err error) {
	files := s.cfg.APIFiles
	if s.cfg.API != "" {
		files = os.DirFS(s.cfg.API)
	}
	if s.cfg.StrictAPI && files == nil {
		return invalid("StrictAPI", "needs", "API")
	}
	if s.contract, err = contract.Open(contract.Options{Files: files, Strict: s.cfg.StrictAPI, Logger: s.logger}); err != nil {
		return &ConfigError{Field: "API", Err: err}
	}
	return nil
}

func (s *Server) newServices() error {
	secret, err := s.cfg.requestIDSecret()
	if err != nil {
		return err
	}
	journalKeys, err := s.cfg.ClusterKeys.Derive(journalPurpose)
	if err != nil {
		return &ConfigError{Field: "ClusterKeys", Err: err}
	}
	public, err := convex.ParsePathPatterns(s.cfg.PublicFunctions)
	if err != nil {
		return &ConfigError{Field: "PublicFunctions", Err: err}
	}
	s.services = rpc.New(rpc.Options{
		RequestIDSecret: secret, JournalKeys: journalKeys, Caller: s.functions, Session: s.live, Streams: s.streams, Check: s.checkCall, Typed: s.contract.Method, Verifier: s.tokenVerifier(), RequireAuth: s.cfg.RequireAuth, Public: public,
		OtherCalls: []string{rest.TicketRoute}, Proxies: s.proxies, ProbeOnly: connlimit.ProbeOnly, CloseConn: s.closeConn,
		Accepted: s.acceptedCall, Refused: s.refusedCall, MaxRequest: s.cfg.MaxRequestBytes, MaxMetadata: maxHeaderBytes,
		Limits: s.limits, Registry: s.registry, Functions: s.measuredFunctions(), Function: s.isMeasured, Log: s.calls,
	})
	return nil
}

// checkCall returns why a call cannot succeed, before it is made.
func (s *Server) checkCall(kind convex.Kind, path convex.Path, args []byte) error {
	if err := s.blocks.Check(path); err != nil {
		return err
	}
	return s.contract.Check(kind, path, args)
}

func (s *Server) newTickets() (err error) {
	if s.tickets, err = ticket.New(s.cfg.ClusterKeys, s.cfg.Exchange); err != nil {
		return &ConfigError{Field: "ClusterKeys", Err: err}
	}
	s.closers.addFunc("tickets", s.tickets.Close)
	return nil
}

// newServers makes the gRPC and the HTTP server.
func (s *Server) newServers() error {
	options := publicOptions(s.cfg, s.services)
	if s.tls != nil && !s.cfg.onePort() {
		options = append(options, grpc.Creds(credentials.NewTLS(s.tls)))
	}
	s.grpc = s.newGRPC(options...)
	s.closers.addFunc("gRPC server", s.grpc.Stop)
	var err error
	if s.http, err = s.newHTTP(); err != nil {
		return err
	}
	s.closers.add("HTTP server", s.http.Close)
	return nil
}
