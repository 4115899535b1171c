// Package server is the gateway itself: the gRPC services, the REST face in front of them, and their life from listening
// to the last drained stream.
package server

import (
	convexlive "convexgateway/convex/live"

	"convexgateway/server/live"

	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/health"

	"convexgateway/auth"
	"convexgateway/auth/clerk"
	"convexgateway/auth/lease"
	"convexgateway/convex"
	"convexgateway/server/call"
)

// Server is one gateway. Make it with New, run it once with Serve.
type Server struct {
	cfg       Config
	logger    *slog.Logger
	functions *convex.HTTPClient
	live      *convexlive.Client
	verifier  *auth.ClerkVerifier // nil without issuers
	clerk     *clerk.API          // nil without session renewal
	webhooks  *webhooks           // nil without a webhook secret
	metrics   *metrics
	rate      *call.Rate
	proxies   call.Proxies // whose word about addresses is believed
	streams   *live.Streams
	sessions  *lease.Registry
	tickets   *tickets
	health    *health.Server
	ready     chan struct{} // closed once the gateway has been ready
	drain     chan struct{} // closed when streams have to end

	grpc  *grpc.Server
	rest  *restFace
	http  *http.Server
	admin *http.Server // nil without an admin port

	grpcListener  net.Listener // nil if both share one port
	httpListener  net.Listener
	adminListener net.Listener // nil without an admin port
}

// New makes a gateway and opens its ports, so that addresses are known before Serve. Errors name the setting.
func New(cfg Config, up Upstream) (*Server, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	s := &Server{cfg: cfg, logger: cfg.Logger, health: health.NewServer(), ready: make(chan struct{}), drain: make(chan struct{})}
	tlsConfig, err := cfg.tls()
	if err != nil {
		return nil, err
	}
	if s.proxies, err = call.ParseProxies(cfg.TrustedProxies); err != nil {
		return nil, &ConfigError{Field: "TrustedProxies", Err: err}
	}
	s.rate = call.NewRate(cfg.MaxCallsPerSecond)
	s.notReady()
	if err := s.connect(up); err != nil {
		return nil, err
	}
	if s.tickets, err = newTickets(cfg.TicketKey, cfg.Exchange); err != nil {
		return nil, err
	}
	if s.rest, err = newRESTFace(s); err != nil {
		return nil, err
	}
	options := publicOptions(cfg)
	if tlsConfig != nil && !cfg.onePort() {
		options = append(options, grpc.Creds(credentials.NewTLS(tlsConfig)))
	}
	s.grpc = s.newGRPC(options...)
	s.http = s.newHTTP(tlsConfig)
	if err := s.listen(); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// connect makes the clients of the deployment and of the issuers. Nothing is sent yet.
func (s *Server) connect(up Upstream) (err error) {
	if s.functions, err = convex.NewHTTPClient(up.ConvexURL, convex.HTTPOptions{Transport: s.cfg.tracedTransport()}); err != nil {
		return &ConfigError{Field: "ConvexURL", Err: err}
	}
	linger := s.cfg.Linger
	if linger == 0 {
		linger = -1 // not at all: there 0 is the default
	}
	s.live, err = convexlive.New(up.ConvexURL, convexlive.Options{
		Linger: linger, FailFast: s.cfg.FailFastAfter, Compress: s.cfg.UpstreamCompression,
		MaxSessions: s.cfg.MaxUpstreamSockets, Logger: s.logger,
	})
	if err != nil {
		return &ConfigError{Field: "ConvexURL", Err: err}
	}
	s.metrics = newMetrics(s.live)
	deny := auth.NewDenyList(s.cfg.Clock)
	if err := s.trust(up, deny); err != nil {
		return err
	}
	sessions, err := s.newSessions(up, deny)
	if err != nil {
		return err
	}
	s.sessions = sessions
	s.streams = live.New(live.Options{
		Queries: s.live, Sessions: sessions, Draining: s.drain, DrainPeriod: s.cfg.DrainPeriod, MaxAge: s.cfg.MaxConnectionAge,
		Unreachable: s.cfg.UpstreamPatience, RefusalWait: lease.DefaultGrace,
		MaxPerCaller: s.cfg.MaxStreamsPerCaller, MaxInAll: s.cfg.MaxStreams, Logger: s.logger,
	})
	return s.listenToClerk(up)
}

// newSessions makes the registry of sessions, which renews them if that is asked for.
func (s *Server) newSessions(up Upstream, deny *auth.DenyList) (*lease.Registry, error) {
	c := lease.Config{
		Grace: s.cfg.RefreshGrace, Verifier: s.tokenVerifier(), Exchange: s.cfg.Exchange, DenyList: deny, Logger: s.logger,
	}
	if s.cfg.SessionRenewal {
		if up.ClerkSecretKey == "" || s.verifier == nil {
			return nil, invalid("SessionRenewal", "needs an issuer and its", "ClerkSecretKey")
		}
		var err error
		s.clerk, err = clerk.NewAPI(clerk.APIConfig{URL: up.ClerkAPIURL, SecretKey: up.ClerkSecretKey})
		if err != nil {
			return nil, &ConfigError{Field: "SessionRenewal", Err: err}
		}
		c.Minter = s.clerk
	}
	return lease.NewRegistry(c), nil
}

// listenToClerk makes the verifier of its webhooks.
func (s *Server) listenToClerk(up Upstream) error {
	if len(up.WebhookSecrets) == 0 {
		return nil
	}
	verifier, err := clerk.NewWebhookVerifier(clerk.WebhookConfig{Secrets: up.WebhookSecrets})
	if err != nil {
		return &ConfigError{Field: "WebhookSecrets", Err: err}
	}
	s.webhooks = &webhooks{verifier: verifier, issuers: up.Issuers, sessions: s.sessions}
	return nil
}

// trust makes the verifier of the issuers' tokens. Nothing is fetched yet.
func (s *Server) trust(up Upstream, deny *auth.DenyList) (err error) {
	if len(up.Issuers)+len(up.OtherIssuers) == 0 {
		return nil
	}
	s.verifier, err = auth.NewClerkVerifier(auth.Config{
		Issuers: up.Issuers, PublicKey: up.ClerkPublicKey, OtherIssuers: up.OtherIssuers,
		AuthorizedParties: s.cfg.AuthorizedParties, AllowTemplateTokens: s.cfg.AllowTemplateTokens,
		AllowMachineTokens: s.cfg.AllowMachineTokens, RefuseImpersonation: s.cfg.RefuseImpersonation,
		DenyList: deny, Clock: s.cfg.Clock, Logger: slog.New(call.LogHandler{Handler: s.logger.Handler()}),
	})
	if err != nil {
		return &ConfigError{Field: "Issuers, ClerkPublicKey, OtherIssuers", Err: err}
	}
	s.metrics.watchKeys(s.verifier)
	return nil
}

func (s *Server) listen() (err error) {
	if s.httpListener, err = net.Listen("tcp", s.cfg.HTTPAddr); err != nil {
		return &ConfigError{Field: "HTTPAddr", Err: err}
	}
	limit := &connLimit{most: int64(s.cfg.MaxConnections), logger: s.logger}
	s.metrics.watchConnections(limit)
	s.httpListener = limit.listener(s.httpListener)
	if err := s.listenAdmin(); err != nil || s.cfg.onePort() {
		return err
	}
	if s.grpcListener, err = net.Listen("tcp", s.cfg.GRPCAddr); err != nil {
		return &ConfigError{Field: "GRPCAddr", Err: err}
	}
	s.grpcListener = limit.listener(s.grpcListener)
	return nil
}

// GRPCAddr is where gRPC is really served, host:port.
func (s *Server) GRPCAddr() string {
	if s.grpcListener == nil {
		return s.HTTPAddr()
	}
	return s.grpcListener.Addr().String()
}

// HTTPAddr is where REST is really served, host:port.
func (s *Server) HTTPAddr() string { return s.httpListener.Addr().String() }

// newHTTP makes the HTTP server. With one port for both faces it hands gRPC calls on. A handler has no time limit: streams
// last; but headers must come soon.
func (s *Server) newHTTP(tlsConfig *tls.Config) *http.Server {
	h := &http.Server{
		Handler: s.rest, TLSConfig: tlsConfig, Protocols: new(http.Protocols),
		ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: maxHeaderBytes,
		HTTP2: &http.HTTP2Config{
			MaxConcurrentStreams: maxStreamsOnConn, SendPingTimeout: deadPeers.Time, PingTimeout: deadPeers.Timeout,
		},
		ErrorLog: slog.NewLogLogger(s.logger.Handler(), slog.LevelWarn),
	}
	h.Protocols.SetHTTP1(true)
	h.Protocols.SetHTTP2(true)
	if s.cfg.onePort() {
		h.Protocols.SetUnencryptedHTTP2(true)
		h.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.ProtoMajor == 2 && strings.HasPrefix(r.Header.Get("Content-Type"), "application/grpc") {
				s.grpc.ServeHTTP(w, r)
				return
			}
			s.rest.ServeHTTP(w, r)
		})
	}
	return h
}

// Serve runs the gateway until ctx ends, then drains and stops it: health says not serving, streams end with UNAVAILABLE
// (DRAINING), calls under way finish, all within Config.DrainTimeout. It returns nil after an orderly stop, and may be
// called once.
func (s *Server) Serve(ctx context.Context) error {
	defer s.close()
	var group errgroup.Group
	failed := make(chan struct{}, 3)
	start := func(serve func() error) {
		group.Go(func() error {
			err := serve()
			failed <- struct{}{}
			return err
		})
	}
	if s.grpcListener != nil {
		start(func() error { return s.grpc.Serve(s.grpcListener) })
	}
	start(s.serveHTTP)
	if s.admin != nil {
		start(s.serveAdmin)
	}
	checking, stopChecking := context.WithCancel(ctx)
	group.Go(func() error { s.becomeReady(checking); return nil })
	select {
	case <-ctx.Done():
	case <-failed:
	}
	stopChecking()
	s.stop()
	return group.Wait()
}

func (s *Server) serveHTTP() error {
	serve := s.http.Serve
	if s.http.TLSConfig != nil {
		serve = func(l net.Listener) error { return s.http.ServeTLS(l, "", "") }
	}
	if err := serve(s.httpListener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// stop drains. Each step is bounded by what is left of the time.
func (s *Server) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), s.cfg.DrainTimeout)
	defer cancel()
	s.logger.Info("draining")
	s.health.Shutdown() // for good: a late check cannot undo it
	close(s.drain)
	var doors sync.WaitGroup
	doors.Go(func() { s.shutDownHTTP(ctx) })
	if !s.cfg.onePort() { // on one port the HTTP server waits for the gRPC calls, too
		doors.Go(func() { s.gracefulStop(ctx) })
	}
	doors.Wait()
	s.grpc.Stop()
	if s.admin != nil {
		_ = s.admin.Close()
	}
}

// shutDownHTTP waits for the HTTP server's calls until ctx ends.
func (s *Server) shutDownHTTP(ctx context.Context) {
	if err := s.http.Shutdown(ctx); err != nil {
		s.logger.Warn("HTTP calls did not end in time")
		_ = s.http.Close()
	}
}

// gracefulStop waits for the gRPC server's calls until ctx ends.
func (s *Server) gracefulStop(ctx context.Context) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.grpc.GracefulStop()
	}()
	select {
	case <-done:
	case <-ctx.Done():
		s.logger.Warn("gRPC calls did not end in time")
		s.grpc.Stop()
		<-done
	}
}

// close lets go of everything that New made.
func (s *Server) close() {
	for _, l := range []net.Listener{s.httpListener, s.grpcListener, s.adminListener} {
		if l != nil {
			_ = l.Close()
		}
	}
	s.tickets.close()
	s.sessions.Close()
	_ = s.live.Close()
	s.functions.Close()
	if s.verifier != nil {
		s.verifier.Close()
	}
	if s.clerk != nil {
		s.clerk.Close()
	}
}
