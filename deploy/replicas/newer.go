package main

import (
	"context"
	"fmt"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protowire"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// newer calls each replica as clients of a later release do: it refuses a method that it does not have as UNIMPLEMENTED, and
// ignores a field that it does not have.
func (cs *clients) newer(ctx context.Context) error {
	for i, g := range cs.cluster.gateways {
		conn, err := grpc.NewClient(g.grpc, grpc.WithTransportCredentials(insecure.NewCredentials()))
		if err != nil {
			return err
		}
		err = callAsNewer(cs.users[0].as(ctx), conn)
		_ = conn.Close()
		if err != nil {
			return fmt.Errorf("replica %d: %w", i+1, err)
		}
	}
	return nil
}

// futureField is the number of a field that no message has.
const futureField = 20_000

func callAsNewer(ctx context.Context, conn *grpc.ClientConn) error {
	for _, method := range []string{"/convexgateway.v1.FunctionService/MethodOfTheFuture", "/convexgateway.v9.Service/Method"} {
		if err := conn.Invoke(ctx, method, &gatewayv1.QueryRequest{}, &gatewayv1.QueryResponse{}); status.Code(err) != codes.Unimplemented {
			return fmt.Errorf("%s: %w, want UNIMPLEMENTED", method, err)
		}
	}
	unknown := protowire.AppendString(protowire.AppendTag(nil, futureField, protowire.BytesType), "value")
	functions := gatewayv1.NewFunctionServiceClient(conn)
	query := &gatewayv1.QueryRequest{Path: "messages:list"}
	query.ProtoReflect().SetUnknown(unknown)
	if _, err := functions.Query(ctx, query); err != nil {
		return fmt.Errorf("a query with a field of the future: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	subscribe := &gatewayv1.SubscribeRequest{Path: "messages:list"}
	subscribe.ProtoReflect().SetUnknown(unknown)
	events, err := functions.Subscribe(ctx, subscribe)
	if err != nil {
		return err
	}
	if _, err := events.Recv(); err != nil {
		return fmt.Errorf("a stream with a field of the future: %w", err)
	}
	return nil
}
