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

// Conn is a connection to the gateway's services within the process: a call runs on the caller's goroutine, through the
// same interceptors as a call over gRPC. It is a [grpc.ClientConnInterface] for grpc-gateway's generated handlers, and a
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

func NewConn(unary []grpc.UnaryServerInterceptor, stream []grpc.StreamServerInterceptor, traces stats.Handler) *Conn {
	return &Conn{unary: chainUnary(unary), stream: stream, traces: traces, methods: map[string]unaryMethod{}}
}

// chainUnary makes one interceptor of several, of which the first is the outermost.
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
func (p *Conn) RegisterService(desc *grpc.ServiceDesc, service any) {
	for i, method := range desc.Methods {
		p.methods["/"+desc.ServiceName+"/"+method.MethodName] = unaryMethod{service, &desc.Methods[i]}
	}
}

// Invoke implements [grpc.ClientConnInterface]. ctx is that of the server's side: it has the incoming metadata. Fields of req
// and of the handler's response are shared with what they are copied to, and not to be changed.
func (p *Conn) Invoke(ctx context.Context, method string, req, resp any, _ ...grpc.CallOption) (err error) {
	m, ok := p.methods[method]
	if !ok {
		return status.Errorf(codes.Unimplemented, "there is no method %s", method)
	}
	if x := exchangeFrom(ctx); x != nil {
		x.called = true
	}
	if p.traces != nil {
		var end func(error)
		ctx, end = p.trace(ctx, method)
		defer func() { end(err) }()
	}
	decode := func(into any) error { return share(into, req) }
	result, err := m.desc.Handler(m.service, ctx, decode, p.unary)
	if err != nil {
		return err
	}
	return share(resp, result)
}

// share gives one message the fields of another of the same type, without copying their contents.
func share(to, from any) error {
	dst, src := to.(proto.Message).ProtoReflect(), from.(proto.Message).ProtoReflect()
	src.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		dst.Set(field, value)
		return true
	})
	dst.SetUnknown(src.GetUnknown())
	return nil
}

// NewStream implements [grpc.ClientConnInterface]: streams over HTTP have handlers of their own, see serve.
func (p *Conn) NewStream(context.Context, *grpc.StreamDesc, string, ...grpc.CallOption) (grpc.ClientStream, error) {
	return nil, status.Error(codes.Unimplemented, "streams are not generated")
}

// run runs a call that is no RPC as if it were one.
func (p *Conn) run(ctx context.Context, method string, req any, handler grpc.UnaryHandler) (resp any, err error) {
	if p.traces != nil {
		var end func(error)
		ctx, end = p.trace(ctx, method)
		defer func() { end(err) }()
	}
	return p.unary(ctx, req, &grpc.UnaryServerInfo{FullMethod: method}, handler)
}

// serve puts the interceptors in front of a streaming method, whose streams are *httpStream.
func (p *Conn) serve(method string, handler grpc.StreamHandler) grpc.StreamHandler {
	info := &grpc.StreamServerInfo{FullMethod: method, IsServerStream: true}
	for _, interceptor := range slices.Backward(p.stream) {
		next := handler
		handler = func(srv any, stream grpc.ServerStream) error { return interceptor(srv, stream, info, next) }
	}
	if p.traces == nil {
		return handler
	}
	return func(srv any, stream grpc.ServerStream) (err error) {
		s := stream.(*httpStream)
		var end func(error)
		s.ctx, end = p.trace(s.ctx, method)
		defer func() { end(err) }()
		return handler(srv, s)
	}
}

// trace begins the trace of a call; end ends it.
func (p *Conn) trace(ctx context.Context, method string) (traced context.Context, end func(error)) {
	began := time.Now()
	traced = p.traces.TagRPC(ctx, &stats.RPCTagInfo{FullMethodName: method})
	p.traces.HandleRPC(traced, &stats.Begin{BeginTime: began})
	return traced, func(err error) {
		p.traces.HandleRPC(traced, &stats.End{BeginTime: began, EndTime: time.Now(), Error: err})
	}
}
