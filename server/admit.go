package server

import (
	"context"
	"time"

	"google.golang.org/grpc"

	"convexgateway/auth"
)

// These interceptors stand behind those of the credential: they know who calls, count that, and hold each caller to its rate.

func (s *Server) admitUnary(ctx context.Context, req any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	if err := s.admit(ctx, info.FullMethod); err != nil {
		return nil, err
	}
	return next(ctx, req)
}

func (s *Server) admitStream(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) error {
	if err := s.admit(stream.Context(), info.FullMethod); err != nil {
		return err
	}
	return next(srv, stream)
}

func (s *Server) admit(ctx context.Context, fullMethod string) error {
	if s.policy(fullMethod) == auth.Open { // health and reflection
		return nil
	}
	noteOutcome(ctx)
	id, _ := auth.FromContext(ctx)
	return s.rate.admit(callerOf(ctx, id), time.Now())
}
