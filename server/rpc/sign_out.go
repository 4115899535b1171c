package rpc

import (
	"context"

	"convexgateway/auth"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// SignOut refuses the session's tokens that were issued until now, and ends its streams.
func (s *authService) SignOut(ctx context.Context, _ *gatewayv1.SignOutRequest) (*gatewayv1.SignOutResponse, error) {
	id, _ := auth.FromContext(ctx)
	if err := auth.CheckSignOut(id); err != nil {
		return nil, err
	}
	s.streams.Sessions.SignOut(id)
	return &gatewayv1.SignOutResponse{}, nil
}
