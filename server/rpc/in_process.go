package rpc

import (
	"context"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/stats"
)

// InProcess is what calls pass that run on their caller's goroutine: the same interceptors as over gRPC, and traces.
type InProcess struct {
	Interceptors []grpc.StreamServerInterceptor // the first is the outermost
	Traces       stats.Handler                  // nil: calls are not traced
}

// InProcessStream is the stream of such a call.
type InProcessStream interface {
	grpc.ServerStream
	// SetContext replaces the context, before the interceptors run.
	SetContext(context.Context)
}

// Handler returns the handler of a method, or of a call that is no RPC, behind the interceptors and with a span. Its streams are
// InProcessStreams. streams is set if the call may send more than one message.
func (p InProcess) Handler(method string, streams bool, handler grpc.StreamHandler) grpc.StreamHandler {
	info := &grpc.StreamServerInfo{FullMethod: method, IsServerStream: streams}
	handler = Intercepted(info, handler, p.Interceptors)
	if p.Traces == nil {
		return handler
	}
	return func(srv any, stream grpc.ServerStream) (err error) {
		ctx, end := p.trace(stream.Context(), method)
		stream.(InProcessStream).SetContext(ctx)
		defer func() { end(err) }()
		return handler(srv, stream)
	}
}

// trace starts the span of a call; end ends it.
func (p InProcess) trace(ctx context.Context, method string) (traced context.Context, end func(error)) {
	began := time.Now()
	traced = p.Traces.TagRPC(ctx, &stats.RPCTagInfo{FullMethodName: method})
	p.Traces.HandleRPC(traced, &stats.Begin{BeginTime: began})
	return traced, func(err error) {
		p.Traces.HandleRPC(traced, &stats.End{BeginTime: began, EndTime: time.Now(), Error: err})
	}
}
