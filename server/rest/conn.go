package rest

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"convexgateway/server/call"
	"convexgateway/server/rpc"
)

// Conn is a connection to the gateway's services within the process: a call runs on its caller's goroutine, through the same
// interceptors as over gRPC. It is a [grpc.ClientConnInterface] for grpc-gateway's generated handlers, and a
// [grpc.ServiceRegistrar] for the services. Safe for concurrent use once all services are registered.
type Conn struct {
	rpc.InProcess
	unary map[string]unaryMethod // by full name
}

// unaryMethod is a unary method that is registered as a stream.
type unaryMethod struct {
	service any
	handler grpc.StreamHandler // behind the interceptors
}

// NewConn makes a connection without services.
func NewConn(p rpc.InProcess) *Conn { return &Conn{InProcess: p, unary: map[string]unaryMethod{}} }

// RegisterService implements [grpc.ServiceRegistrar], for services as [rpc.AsStreams] registers them.
func (c *Conn) RegisterService(desc *grpc.ServiceDesc, service any) {
	for _, method := range desc.Streams {
		if name := "/" + desc.ServiceName + "/" + method.StreamName; !method.ServerStreams {
			c.unary[name] = unaryMethod{service, c.Handler(name, unary, method.Handler)}
		}
	}
}

// Invoke implements [grpc.ClientConnInterface]. ctx has the incoming metadata, as on the server's side. The handler's request
// shares the fields of req, and resp those of the handler's response: none of them may be changed.
func (c *Conn) Invoke(ctx context.Context, method string, req, resp any, _ ...grpc.CallOption) error {
	m, ok := c.unary[method]
	if !ok {
		return status.Errorf(codes.Unimplemented, "there is no method %s", method)
	}
	s := &unaryStream{ctx: ctx, req: req, resp: resp}
	if x := exchangeFrom(ctx); x != nil {
		x.called = true
		if x.body.deferred {
			s.body = &x.body
		}
		s.query = len(x.request.URL.RawQuery)
	}
	return m.handler(m.service, s)
}

// unaryStream is a unary call as a stream of one message each way. The other methods of a stream have no use here.
type unaryStream struct {
	grpc.ServerStream
	ctx       context.Context
	req, resp any
	body      *requestBody // that the rest of req is read from; nil: req is complete
	query     int          // bytes of the query parameters that are in req
}

const (
	usualQuery  = 1 << 10 // bytes of query parameters that are not counted
	queryMemory = 64      // bytes of memory of each further one: a number of two characters may be a google.protobuf.Value
)

// Context implements [grpc.ServerStream].
func (s *unaryStream) Context() context.Context { return s.ctx }

// RecvMsg implements [grpc.ServerStream].
func (s *unaryStream) RecvMsg(message any) error {
	if s.body != nil {
		return s.body.decode(message.(proto.Message))
	}
	if err := call.From(s.ctx).Hold.Take(queryMemory * max(0, s.query-usualQuery)); err != nil {
		return err
	}
	return share(message, s.req)
}

// SetContext replaces the context, before the interceptors run.
func (s *unaryStream) SetContext(ctx context.Context) { s.ctx = ctx }

// SendMsg implements [grpc.ServerStream].
func (s *unaryStream) SendMsg(message any) error { return share(s.resp, message) }

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

const (
	unary     = false
	streaming = true
)
