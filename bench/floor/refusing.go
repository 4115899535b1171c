package floor

import (
	"context"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/tap"
)

// newRefusing returns a server that refuses all calls for want of a credential, before they take a goroutine: no server in Go over
// grpc-go does it for less.
func newRefusing() (*grpc.Server, error) {
	refusal, err := status.New(codes.Unauthenticated, "this call needs a credential").WithDetails(&errdetails.ErrorInfo{Reason: "NO_CREDENTIALS"})
	if err != nil {
		return nil, err
	}
	return grpc.NewServer(grpc.MaxConcurrentStreams(maxStreams), grpc.InTapHandle(func(context.Context, *tap.Info) (context.Context, error) {
		return nil, refusal.Err()
	})), nil
}

// maxStreams are those of a connection, as the gateway has them.
const maxStreams = 10_000
