package server

import (
	"context"
	"time"
	"unique"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/reflection"
	"google.golang.org/grpc/tap"

	"convexgateway/auth"
	"convexgateway/server/rpc"
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

// newGRPC assembles the server that the world can reach.
func (s *Server) newGRPC(opts ...grpc.ServerOption) *grpc.Server {
	unary, stream := s.services.Interceptors(s.cfg.MaxRequestBytes)
	opts = append(opts,
		grpc.ForceServerCodecV2(rpc.NewCodec()),
		grpc.ChainUnaryInterceptor(unary...), grpc.ChainStreamInterceptor(stream...),
		grpc.UnknownServiceHandler(rpc.UnknownMethod),
	)
	if traces := s.cfg.callTracer(); traces != nil {
		opts = append(opts, grpc.StatsHandler(traces))
	}
	g := grpc.NewServer(opts...)
	s.services.Register(g)
	grpc_health_v1.RegisterHealthServer(g, rpc.NewHealth(s.health, s.drain))
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
