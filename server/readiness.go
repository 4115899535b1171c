package server

import (
	"context"
	"time"

	"google.golang.org/grpc/health/grpc_health_v1"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/internal/wait"
)

// A gateway is ready once it has fetched the main issuer's keys and the deployment has responded. After that it stays ready until it
// drains: if the deployment is unreachable, calls fail with that reason, which is better than no replica at all.

// healthServices are the names of services in gRPC health.
var healthServices = []string{"", gatewayv1.FunctionService_ServiceDesc.ServiceName, gatewayv1.AuthService_ServiceDesc.ServiceName}

// becomeReady checks until the gateway is ready or ctx ends. It logs an error once while the text stays the same.
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

// checkOnce fetches the main issuer's keys and the deployment's version, within the limit.
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

// WaitReady blocks until the gateway has been ready, or ctx ends, whose error it then returns.
func (s *Server) WaitReady(ctx context.Context) error {
	select {
	case <-s.ready:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Ready reports whether the gateway is ready for calls.
func (s *Server) Ready() bool {
	resp, err := s.health.Check(context.Background(), &grpc_health_v1.HealthCheckRequest{})
	return err == nil && resp.GetStatus() == grpc_health_v1.HealthCheckResponse_SERVING
}
