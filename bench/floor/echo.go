package floor

import (
	"context"

	"google.golang.org/grpc"

	"convexgateway/bench/wire"
)

// newEcho returns a server that responds to every unary call with its own request.
func newEcho() *grpc.Server {
	s := grpc.NewServer(grpc.ForceServerCodecV2(wire.Raw{}))
	s.RegisterService(&grpc.ServiceDesc{
		ServiceName: "bench.Echo", HandlerType: (*any)(nil),
		Methods: []grpc.MethodDesc{{MethodName: "Echo", Handler: echo}},
	}, nil)
	return s
}

func echo(_ any, _ context.Context, //nolint:revive // the order that gRPC calls it with
	decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
	var b []byte
	err := decode(&b)
	return b, err
}
