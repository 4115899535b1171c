package server

import (
	"context"
	"time"

	"google.golang.org/grpc"

	"convexgateway/auth"
	"convexgateway/server/call"
)

// These interceptors stand behind those of the credential: they know who calls, count that, and hold each caller to its rate.

func (s *Server) admitUnary() grpc.UnaryServerInterceptor {
	return func(ctx context.Context, req any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
		if s.policy(info.FullMethod) != auth.Open { // health and reflection
			if err := s.admit(ctx); err != nil {
				return nil, err
			}
		}
		return next(ctx, req)
	}
}

func (s *Server) admitStream() grpc.StreamServerInterceptor {
	return func(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) error {
		if s.policy(info.FullMethod) != auth.Open {
			if err := s.admit(stream.Context()); err != nil {
				return err
			}
		}
		return next(srv, stream)
	}
}

// admit takes a call whose credential has been looked at.
func (s *Server) admit(ctx context.Context) error {
	call.RecordOutcome(ctx)
	if !s.rate.Limits() {
		return nil // before anything is made of the caller's name
	}
	id, _ := auth.FromContext(ctx)
	return s.rate.Allow(call.CallerOf(ctx, id), time.Now())
}
