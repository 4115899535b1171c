package rpc

import (
	"context"

	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"

	"convexgateway/server/call"
)

// drainingHealth is gRPC health whose watches end when the gateway drains, so that they do not delay its stop.
type drainingHealth struct {
	*health.Server
	draining <-chan struct{}
}

// NewHealth returns gRPC health of a server whose streams end when draining is closed.
func NewHealth(server *health.Server, draining <-chan struct{}) grpc_health_v1.HealthServer {
	return &drainingHealth{server, draining}
}

// Watch streams a service's health.
func (h *drainingHealth) Watch(req *grpc_health_v1.HealthCheckRequest, stream grpc_health_v1.Health_WatchServer) error {
	ctx, cancel := context.WithCancel(stream.Context())
	defer cancel()
	go func() {
		select {
		case <-h.draining:
			cancel()
		case <-ctx.Done():
		}
	}()
	err := h.Server.Watch(req, &watchedHealth{stream, ctx})
	if stream.Context().Err() == nil && ctx.Err() != nil {
		return call.ErrDraining
	}
	return err
}

type watchedHealth struct {
	grpc_health_v1.Health_WatchServer
	ctx context.Context
}

func (s *watchedHealth) Context() context.Context { return s.ctx }
