package rpc

import (
	"context"

	"convexgateway/convex"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// Mutate runs a mutation once.
func (s *functionService) Mutate(ctx context.Context, req *gatewayv1.MutateRequest) (*gatewayv1.MutateResponse, error) {
	result, inv, err := s.run(ctx, convex.Mutation, req)
	if err != nil {
		return nil, err
	}
	text, wire, err := encodeValue(ctx, convex.Mutation, inv.Format, result.Value)
	if err != nil {
		return nil, err
	}
	resp := &gatewayv1.MutateResponse{ValueJson: text, LogLines: result.LogLines, CommitTime: timeOf(result.Timestamp)}
	resp.ProtoReflect().SetUnknown(wire)
	return resp, nil
}
