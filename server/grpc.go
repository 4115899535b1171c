package server

import (
	"context"
	"time"
	"unique"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/tap"

	"convexgateway/server/rpc"
)

// Bounds of a connection. A token has 8 KiB at most, so 32 KiB of headers are plenty. Metadata up to four times as large fails its call
// alone: above that grpc-go resets the stream, without a status.
const (
	maxHeaderBytes   = 32 << 10
	maxReadHeader    = 4 * maxHeaderBytes
	maxStreamsOnConn = 10_000
	handshakeTimeout = 10 * time.Second // until the first request's headers; over gRPC, until the connection is one
)

// Windows of flow control, in bytes. They do not grow with the connection's speed, as grpc-go's would: a client may fill that of each
// stream with what its call never reads. A message that is read has more (package rpc).
const (
	streamWindow = 64 << 10
	connWindow   = 1 << 20
)

// pingPolicy allows clients to ping every 20 s, with some jitter, also while no stream is open: mobile networks drop
// connections that are quiet for longer.
var pingPolicy = keepalive.EnforcementPolicy{MinTime: 15 * time.Second, PermitWithoutStream: true}

// serverPings close connections whose client no longer responds.
var serverPings = keepalive.ServerParameters{Time: time.Minute, Timeout: 20 * time.Second}

// publicOptions returns the options of the server for clients.
func publicOptions(cfg Config, services *rpc.Services) []grpc.ServerOption {
	pings := serverPings
	pings.MaxConnectionAge = cfg.MaxConnectionAge // 0: no limit; streams end by themselves at about that age
	pings.MaxConnectionIdle = cfg.ConnectionIdleTimeout
	return []grpc.ServerOption{
		grpc.KeepaliveEnforcementPolicy(pingPolicy),
		grpc.KeepaliveParams(pings),
		grpc.ConnectionTimeout(handshakeTimeout),
		grpc.MaxConcurrentStreams(maxStreamsOnConn),
		grpc.MaxHeaderListSize(maxReadHeader),
		grpc.StaticStreamWindowSize(streamWindow),
		grpc.StaticConnWindowSize(connWindow),
		grpc.InTapHandle(func(ctx context.Context, call *tap.Info) (context.Context, error) {
			shareToken(call)
			return services.Arriving(ctx, call)
		}),
	}
}

// newGRPC assembles the gRPC server.
func (s *Server) newGRPC(opts ...grpc.ServerOption) *grpc.Server {
	interceptors := s.services.Interceptors()
	opts = append(opts,
		grpc.ForceServerCodecV2(rpc.NewCodec()),
		grpc.ChainStreamInterceptor(interceptors...),
		grpc.UnknownServiceHandler(s.services.UnknownMethod),
	)
	if traces := s.cfg.callTracer(s.services.Exists); traces != nil {
		opts = append(opts, grpc.StatsHandler(traces))
	}
	g := grpc.NewServer(opts...)
	services := rpc.AsStreams(g, interceptors...)
	s.services.Register(services)
	grpc_health_v1.RegisterHealthServer(services, rpc.NewHealth(s.health, s.draining.Done()))
	if !s.cfg.NoReflection {
		s.registerReflection(g)
	}
	s.services.RegisterMethods(g.GetServiceInfo())
	return g
}

// shareToken replaces a call's token by one copy for all calls with that token: each stream holds its metadata until it ends.
func shareToken(call *tap.Info) {
	for i, credential := range call.Header["authorization"] {
		call.Header["authorization"][i] = unique.Make(credential).Value()
	}
}
