package server

import (
	"context"
	"time"

	"google.golang.org/grpc/health/grpc_health_v1"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/internal/wait"
)

// A gateway is ready once it has fetched the issuers' keys and the deployment has answered. After that it stays ready until
// it drains: in an outage of the deployment each call fails by itself, and no replica would be better than another.

// healthServices are the names of services in gRPC health.
var healthServices = []string{"", gatewayv1.FunctionService_ServiceDesc.ServiceName, gatewayv1.AuthService_ServiceDesc.ServiceName}

// becomeReady tries until the gateway is ready or ctx ends.
func (s *Server) becomeReady(ctx context.Context) {
	const pause, attempt = time.Second, 5 * time.Second
	for lastLogged := ""; ; {
		err := s.checkOnce(ctx, attempt)
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			s.logger.Info("ready", "grpc", s.GRPCAddr(), "http", s.HTTPAddr())
			s.setHealth(grpc_health_v1.HealthCheckResponse_SERVING)
			close(s.ready)
			return
		}
		if text := err.Error(); text != lastLogged {
			lastLogged = text
			s.logger.Warn("not ready", "error", text)
		}
		if wait.For(ctx, pause) != nil {
			return
		}
	}
}

// checkOnce returns an error unless the keys are fetched and the deployment answers within a time limit.
func (s *Server) checkOnce(ctx context.Context, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if s.verifier != nil {
		if err := s.verifier.Prefetch(ctx); err != nil {
			return err
		}
	}
	_, err := s.functions.Version(ctx)
	return err
}

func (s *Server) setHealth(status grpc_health_v1.HealthCheckResponse_ServingStatus) {
	for _, name := range healthServices {
		s.health.SetServingStatus(name, status)
	}
}

func (s *Server) notReady() { s.setHealth(grpc_health_v1.HealthCheckResponse_NOT_SERVING) }

// WaitReady blocks until the gateway is ready or ctx ends, whose error it then returns.
func (s *Server) WaitReady(ctx context.Context) error {
	select {
	case <-s.ready:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Ready reports whether the gateway is ready, and not draining.
func (s *Server) Ready() bool {
	resp, err := s.health.Check(context.Background(), &grpc_health_v1.HealthCheckRequest{})
	return err == nil && resp.GetStatus() == grpc_health_v1.HealthCheckResponse_SERVING
}
