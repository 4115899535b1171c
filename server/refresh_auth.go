package server

import (
	"context"

	"google.golang.org/protobuf/types/known/timestamppb"

	"convexgateway/auth"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// RefreshAuth hands the call's own token to the streams with the same refresh key.
func (s *authService) RefreshAuth(ctx context.Context, req *gatewayv1.RefreshAuthRequest) (*gatewayv1.RefreshAuthResponse, error) {
	id, _ := auth.FromContext(ctx)
	adopted, err := s.streams.sessions.Refresh(id, req.GetRefreshKey())
	if err != nil {
		return nil, err
	}
	return &gatewayv1.RefreshAuthResponse{ExpiresAt: timestamppb.New(id.ExpiresAt), AdoptedStreams: int32(adopted)}, nil
}
