package rpc

import (
	"context"
	"errors"
	"slices"
	"time"

	"google.golang.org/grpc"
)

// AsStreams returns a registrar that registers the unary methods of services with r as streams of one message each way, behind
// interceptors. What clients see is the same; but the interceptors run before the request is read, and not after. grpc-go runs its
// server's interceptors for streams only.
func AsStreams(r grpc.ServiceRegistrar, interceptors ...grpc.StreamServerInterceptor) grpc.ServiceRegistrar {
	return asStreams{r, interceptors}
}

type asStreams struct {
	grpc.ServiceRegistrar
	interceptors []grpc.StreamServerInterceptor
}

// RegisterService implements [grpc.ServiceRegistrar].
func (a asStreams) RegisterService(desc *grpc.ServiceDesc, service any) {
	converted := *desc
	converted.Methods, converted.Streams = nil, slices.Clone(desc.Streams)
	for _, method := range desc.Methods {
		info := &grpc.StreamServerInfo{FullMethod: "/" + desc.ServiceName + "/" + method.MethodName}
		converted.Streams = append(converted.Streams, grpc.StreamDesc{
			StreamName: method.MethodName, Handler: Intercepted(info, unaryHandler(method), a.interceptors),
		})
	}
	a.ServiceRegistrar.RegisterService(&converted, service)
}

// Intercepted returns a handler behind interceptors, of which the first is the outermost.
func Intercepted(info *grpc.StreamServerInfo, handler grpc.StreamHandler, interceptors []grpc.StreamServerInterceptor) grpc.StreamHandler {
	for _, interceptor := range slices.Backward(interceptors) {
		next := handler
		handler = func(srv any, stream grpc.ServerStream) error { return interceptor(srv, stream, info, next) }
	}
	return handler
}

// maxUnaryTime is how long a unary call may take: longer than an action, which has 10 minutes at most.
const maxUnaryTime = 15 * time.Minute

// withLongest ends the context of a unary call that takes too long. Over grpc-go's own transport the call's window does that, when the
// message has arrived.
func withLongest(ctx context.Context) (context.Context, context.CancelFunc) {
	if w := windowFrom(ctx); w != nil && !w.ahead {
		return ctx, w.arrived
	}
	return context.WithTimeout(ctx, maxUnaryTime)
}

// unaryHandler returns a unary method as the handler of a stream.
func unaryHandler(method grpc.MethodDesc) grpc.StreamHandler {
	return func(service any, stream grpc.ServerStream) error {
		return runUnary(stream, func(ctx context.Context) (any, error) { return method.Handler(service, ctx, stream.RecvMsg, nil) })
	}
}

// runUnary runs a unary call, which receives one message, and sends its response.
func runUnary(stream grpc.ServerStream, run func(context.Context) (any, error)) error {
	ctx, end := withLongest(stream.Context())
	defer end()
	resp, err := run(ctx)
	switch {
	case err == nil:
		return stream.SendMsg(resp)
	case errors.Is(err, context.Canceled) && windowFrom(ctx).late():
		return context.DeadlineExceeded
	}
	return err
}
