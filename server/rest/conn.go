package rest

import (
	"context"
	"slices"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/stats"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// Conn is a connection to the gateway's services within the process: a call runs on its caller's goroutine, through the same
// interceptors as over gRPC. It is a [grpc.ClientConnInterface] for grpc-gateway's generated handlers, and a
// [grpc.ServiceRegistrar] for the services. Safe for concurrent use once all services are registered.
type Conn struct {
	unary   grpc.UnaryServerInterceptor
	stream  []grpc.StreamServerInterceptor // the first is the outermost
	traces  stats.Handler                  // nil: calls are not traced
	methods map[string]unaryMethod         // by full name
}

type unaryMethod struct {
	service any
	desc    *grpc.MethodDesc
}

// NewConn makes a connection without services. Of each list of interceptors the first is the outermost. traces is nil if calls
// are not traced.
func NewConn(unary []grpc.UnaryServerInterceptor, stream []grpc.StreamServerInterceptor, traces stats.Handler) *Conn {
	return &Conn{unary: chainUnary(unary), stream: stream, traces: traces, methods: map[string]unaryMethod{}}
}

// chainUnary returns one interceptor that runs several, the first as the outermost.
func chainUnary(interceptors []grpc.UnaryServerInterceptor) grpc.UnaryServerInterceptor {
	if len(interceptors) == 0 {
		return func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
			return handler(ctx, req)
		}
	}
	outer, inner := interceptors[0], chainUnary(interceptors[1:])
	if len(interceptors) == 1 {
		return outer
	}
	return func(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		return outer(ctx, req, info, func(ctx context.Context, req any) (any, error) { return inner(ctx, req, info, handler) })
	}
}

// RegisterService implements [grpc.ServiceRegistrar].
func (c *Conn) RegisterService(desc *grpc.ServiceDesc, service any) {
	for i, method := range desc.Methods {
		c.methods["/"+desc.ServiceName+"/"+method.MethodName] = unaryMethod{service, &desc.Methods[i]}
	}
}

// Invoke implements [grpc.ClientConnInterface]. ctx has the incoming metadata, as on the server's side. The handler's request
// shares the fields of req, and resp those of the handler's response: none of them may be changed.
func (c *Conn) Invoke(ctx context.Context, method string, req, resp any, _ ...grpc.CallOption) (err error) {
	m, ok := c.methods[method]
	if !ok {
		return status.Errorf(codes.Unimplemented, "there is no method %s", method)
	}
	if x := exchangeFrom(ctx); x != nil {
		x.called = true
	}
	if c.traces != nil {
		var end func(error)
		ctx, end = c.trace(ctx, method)
		defer func() { end(err) }()
	}
	decode := func(into any) error { return share(into, req) }
	result, err := m.desc.Handler(m.service, ctx, decode, c.unary)
	if err != nil {
		return err
	}
	return share(resp, result)
}

// share sets the fields of a message to those of another of the same type, without a deep copy.
func share(to, from any) error {
	dst, src := to.(proto.Message).ProtoReflect(), from.(proto.Message).ProtoReflect()
	src.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		dst.Set(field, value)
		return true
	})
	dst.SetUnknown(src.GetUnknown())
	return nil
}

// NewStream implements [grpc.ClientConnInterface]. Streams over HTTP have handlers of their own, see streamHandler.
func (c *Conn) NewStream(context.Context, *grpc.StreamDesc, string, ...grpc.CallOption) (grpc.ClientStream, error) {
	return nil, status.Error(codes.Unimplemented, "streams are not generated")
}

// runCall runs a call that is no RPC through the interceptors of one.
func (c *Conn) runCall(ctx context.Context, method string, req any, handler grpc.UnaryHandler) (resp any, err error) {
	if c.traces != nil {
		var end func(error)
		ctx, end = c.trace(ctx, method)
		defer func() { end(err) }()
	}
	return c.unary(ctx, req, &grpc.UnaryServerInfo{FullMethod: method}, handler)
}

// streamHandler returns the handler of a streaming method behind the interceptors. Its streams must be *httpStream.
func (c *Conn) streamHandler(method string, handler grpc.StreamHandler) grpc.StreamHandler {
	info := &grpc.StreamServerInfo{FullMethod: method, IsServerStream: true}
	for _, interceptor := range slices.Backward(c.stream) {
		next := handler
		handler = func(srv any, stream grpc.ServerStream) error { return interceptor(srv, stream, info, next) }
	}
	if c.traces == nil {
		return handler
	}
	return func(srv any, stream grpc.ServerStream) (err error) {
		s := stream.(*httpStream)
		var end func(error)
		s.ctx, end = c.trace(s.ctx, method)
		defer func() { end(err) }()
		return handler(srv, s)
	}
}

// trace starts the span of a call; end ends it.
func (c *Conn) trace(ctx context.Context, method string) (traced context.Context, end func(error)) {
	began := time.Now()
	traced = c.traces.TagRPC(ctx, &stats.RPCTagInfo{FullMethodName: method})
	c.traces.HandleRPC(traced, &stats.Begin{BeginTime: began})
	return traced, func(err error) {
		c.traces.HandleRPC(traced, &stats.End{BeginTime: began, EndTime: time.Now(), Error: err})
	}
}
