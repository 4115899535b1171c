package server

import (
	"context"
	"time"
	"unique"

	"google.golang.org/grpc"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/reflection"
	"google.golang.org/grpc/tap"

	"google.golang.org/grpc/health/grpc_health_v1"

	"convexgateway/auth"
)

// Bounds of a connection. A token has 8 KiB at most, so 32 KiB of headers are plenty.
const (
	maxHeaderBytes   = 32 << 10
	maxStreamsOnConn = 10_000
)

// phonePings lets clients ping every 20 s, with some jitter, also while no stream is open: mobile networks drop
// connections that are quiet for longer.
var phonePings = keepalive.EnforcementPolicy{MinTime: 15 * time.Second, PermitWithoutStream: true}

// deadPeers finds clients that went away without a word.
var deadPeers = keepalive.ServerParameters{Time: time.Minute, Timeout: 20 * time.Second}

// publicOptions are those of the server that the world can reach.
func publicOptions(cfg Config) []grpc.ServerOption {
	lives := deadPeers
	lives.MaxConnectionAge = cfg.MaxConnectionAge // 0: for ever; streams end by themselves at about that age
	return []grpc.ServerOption{
		grpc.KeepaliveEnforcementPolicy(phonePings),
		grpc.KeepaliveParams(lives),
		grpc.ConnectionTimeout(10 * time.Second), // for those who say nothing
		grpc.MaxConcurrentStreams(maxStreamsOnConn),
		grpc.MaxHeaderListSize(maxHeaderBytes),
		grpc.InTapHandle(shareToken),
		grpc.MaxRecvMsgSize(2 * cfg.MaxRequestBytes), // the interceptor refuses what is over the limit, and says so
	}
}

// newREST makes the HTTP side. Its bounds are its own: what JSON takes on the wire says little about what it takes here, so
// the interceptors bound nothing a second time.
func (s *Server) newREST() (err error) {
	unary, stream := s.services.Interceptors(0)
	conn := NewConn(unary, stream, s.cfg.callTracer())
	s.services.Register(conn)
	routes := s.probes()
	if s.webhooks != nil {
		routes = append(routes, s.webhooks.route())
	}
	if s.cfg.Console {
		routes = append(routes, consolePage{s.GRPCAddr, s.cfg.ConsoleTokens}.routes()...)
	}
	s.rest, err = NewREST(RESTOptions{
		Functions: s.services.Functions(), Auth: s.services.Auth(), Conn: conn, Tickets: s.tickets, Routes: routes, Proxies: s.proxies,
		Origins: Origins{s.cfg.AllowedOrigins, s.cfg.LoopbackOrigins}, MaxBody: int64(s.cfg.MaxRequestBytes),
		Logger: s.logger,
	})
	return err
}

// newGRPC assembles the server that the world can reach.
func (s *Server) newGRPC(opts ...grpc.ServerOption) *grpc.Server {
	unary, stream := s.services.Interceptors(s.cfg.MaxRequestBytes)
	opts = append(opts,
		grpc.ForceServerCodecV2(NewCodec()),
		grpc.ChainUnaryInterceptor(unary...), grpc.ChainStreamInterceptor(stream...),
		grpc.UnknownServiceHandler(UnknownMethod),
	)
	if traces := s.cfg.callTracer(); traces != nil {
		opts = append(opts, grpc.StatsHandler(traces))
	}
	g := grpc.NewServer(opts...)
	s.services.Register(g)
	grpc_health_v1.RegisterHealthServer(g, NewHealth(s.health, s.drain))
	reflection.Register(g)
	s.services.RegisterMethods(g.GetServiceInfo())
	return g
}

// shareToken keeps a token once, however many streams have come with it: each keeps its metadata for as long as it lives.
func shareToken(ctx context.Context, call *tap.Info) (context.Context, error) {
	for i, credential := range call.Header["authorization"] {
		call.Header["authorization"][i] = unique.Make(credential).Value()
	}
	return ctx, nil
}

// tokenVerifier is nil without issuers, which a nil *ClerkVerifier in it would not be.
func (s *Server) tokenVerifier() auth.Verifier {
	if s.verifier == nil {
		return nil
	}
	return s.verifier
}
