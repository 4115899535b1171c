package server

import (
	"context"
	"time"

	"google.golang.org/grpc/health/grpc_health_v1"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// A gateway is ready once it has fetched the issuers' keys and the deployment has answered. After that it stays ready
// until it drains: trouble of the deployment is told call by call, and taking every replica out would help nobody.

// healthServices are the names that gRPC health answers to.
var healthServices = []string{"", gatewayv1.FunctionService_ServiceDesc.ServiceName, gatewayv1.AuthService_ServiceDesc.ServiceName}

// becomeReady tries until the gateway is ready or ctx ends.
func (s *Server) becomeReady(ctx context.Context) {
	const pause, attempt = time.Second, 5 * time.Second
	for told := ""; ; {
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
		if text := err.Error(); text != told {
			told = text
			s.logger.Warn("not ready", "error", text)
		}
		wait := time.NewTimer(pause)
		select {
		case <-wait.C:
		case <-ctx.Done():
			wait.Stop()
			return
		}
	}
}

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

// WaitReady returns when the gateway is ready, or with the context's error.
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
