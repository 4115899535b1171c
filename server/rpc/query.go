package rpc

import (
	"context"

	"convexgateway/convex"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
)

// Query runs a query once, over the deployment's HTTP API.
func (s *functionService) Query(ctx context.Context, req *gatewayv1.QueryRequest) (*gatewayv1.QueryResponse, error) {
	if _, err := parseTime("min_read_time", req.GetMinReadTime()); err != nil { // it reads at the newest time
		return nil, err
	}
	result, inv, err := s.run(ctx, convex.Query, req)
	if err != nil {
		return nil, err
	}
	call.From(ctx).Result = result
	text, wire, err := encodeValue(ctx, convex.Query, inv.Format, result.Value)
	if err != nil {
		return nil, err
	}
	resp := &gatewayv1.QueryResponse{ValueJson: text, LogLines: result.LogLines}
	resp.ProtoReflect().SetUnknown(wire)
	return resp, nil
}
