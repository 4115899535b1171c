package rpc

import (
	"context"

	"google.golang.org/protobuf/types/known/timestamppb"

	"convexgateway/auth"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// RefreshAuth passes the call's own token to the streams with the same refresh key. If the token cannot be checked, the streams
// that it claims to be for end with that as the reason, and not with TOKEN_EXPIRED.
func (s *authService) RefreshAuth(ctx context.Context, req *gatewayv1.RefreshAuthRequest) (*gatewayv1.RefreshAuthResponse, error) {
	if problem := auth.ErrorFromContext(ctx); problem != nil {
		if problem.Class == auth.Unavailable {
			s.streams.Sessions.RefreshFailed(req.GetRefreshKey(), problem)
		}
		return nil, problem
	}
	id, _ := auth.FromContext(ctx)
	if err := auth.CheckRefreshable(id); err != nil {
		return nil, err
	}
	adopted, err := s.streams.Sessions.Refresh(id, req.GetRefreshKey())
	if err != nil {
		return nil, err
	}
	return &gatewayv1.RefreshAuthResponse{
		ExpiresAt: timestamppb.New(id.ExpiresAt), AdoptedStreams: int32(adopted), IdentityTag: id.Tag(),
	}, nil
}
