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

// phonePings permits a ping every 20 s, with some jitter, also while no stream is open: mobile networks drop connections that
// are quiet for longer.
var phonePings = keepalive.EnforcementPolicy{MinTime: 15 * time.Second, PermitWithoutStream: true}

// deadPeers closes the connections of clients that no longer answer pings.
var deadPeers = keepalive.ServerParameters{Time: time.Minute, Timeout: 20 * time.Second}

// publicOptions are the limits of the gRPC server.
func publicOptions(cfg Config) []grpc.ServerOption {
	keepAlive := deadPeers
	keepAlive.MaxConnectionAge = cfg.MaxConnectionAge // 0: no limit. Streams end by themselves at about that age
	return []grpc.ServerOption{
		grpc.KeepaliveEnforcementPolicy(phonePings),
		grpc.KeepaliveParams(keepAlive),
		grpc.ConnectionTimeout(10 * time.Second), // until the handshake is complete
		grpc.MaxConcurrentStreams(maxStreamsOnConn),
		grpc.MaxHeaderListSize(maxHeaderBytes),
		grpc.InTapHandle(shareToken),
		grpc.MaxRecvMsgSize(2 * cfg.MaxRequestBytes), // over MaxRequestBytes the interceptor refuses a message with a reason
	}
}

// newGRPC makes the gRPC server of all services.
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

// shareToken makes all streams with one token refer to one copy of it: each holds its metadata until it ends.
func shareToken(ctx context.Context, call *tap.Info) (context.Context, error) {
	for i, credential := range call.Header["authorization"] {
		call.Header["authorization"][i] = unique.Make(credential).Value()
	}
	return ctx, nil
}

// tokenVerifier returns a nil interface without issuers, not an interface of a nil pointer.
func (s *Server) tokenVerifier() auth.Verifier {
	if s.verifier == nil {
		return nil
	}
	return s.verifier
}
