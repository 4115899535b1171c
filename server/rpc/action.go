package rpc

import (
	"context"

	"convexgateway/convex"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// Action runs an action once.
func (s *functionService) Action(ctx context.Context, req *gatewayv1.ActionRequest) (*gatewayv1.ActionResponse, error) {
	if err := refuseRequestID(ctx); err != nil {
		return nil, err
	}
	result, inv, err := s.run(ctx, convex.Action, req)
	if err != nil {
		return nil, err
	}
	text, wire, err := encodeValue(ctx, convex.Action, inv.Format, result.Value)
	if err != nil {
		return nil, err
	}
	resp := &gatewayv1.ActionResponse{ValueJson: text, LogLines: result.LogLines}
	resp.ProtoReflect().SetUnknown(wire)
	return resp, nil
}
