package rpc

import (
	"context"
	"slices"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health/grpc_health_v1"

	"convexgateway/auth"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
)

// Interceptors returns the interceptors of all calls; unary ones must be registered by [AsStreams]. They run before the request is
// read. Their order: the call's first, so that it gets every error and panic; the credential's next, so that no handler runs for a
// caller who is refused; then the limits. Connections that are over theirs are refused before the credential is looked at.
func (s *Services) Interceptors() []grpc.StreamServerInterceptor {
	i := &callInterceptor{
		log: s.Log, metrics: s.metrics, proxies: s.Proxies, maxMessage: s.maxMessage, maxMetadata: s.MaxMetadata, closeConn: s.CloseConn,
		checkConn: s.checkConn, refused: s.Refused, typed: s.Typed,
	}
	return []grpc.StreamServerInterceptor{i.intercept(), auth.Interceptor(s.Verifier, s.policy), s.admit()}
}

// checkConn refuses calls on connections that are open for health only.
func (s *Services) checkConn(ctx context.Context, fullMethod string) error {
	isHealth := strings.HasPrefix(fullMethod, "/"+grpc_health_v1.Health_ServiceDesc.ServiceName+"/")
	if s.ProbeOnly != nil && !isHealth && s.ProbeOnly(ctx) {
		return call.ErrTooManyConnections
	}
	return nil
}

// admit returns the interceptor that counts calls against the limits. A method value would add a frame to the stack of each open
// stream.
func (s *Services) admit() grpc.StreamServerInterceptor {
	return func(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) error {
		if err := s.count(stream.Context(), info); err != nil {
			return err
		}
		return next(srv, stream)
	}
}

// count records the outcome of a call's credential, and counts the call against the limits.
func (s *Services) count(ctx context.Context, info *grpc.StreamServerInfo) error {
	kind, policy := call.Unary, s.policy(info.FullMethod)
	switch {
	case policy == auth.Open:
		kind = call.Probe
		if !info.IsServerStream && !info.IsClientStream {
			kind = call.Check
		}
	case info.IsServerStream:
		kind = call.Stream
	}
	if kind == call.Unary || kind == call.Stream {
		call.RecordOutcome(ctx)
	}
	id, _ := auth.FromContext(ctx)
	c := call.From(ctx)
	if s.Accepted != nil && c.Protocol == call.GRPC && (id != nil || policy == auth.Optional) {
		s.Accepted(ctx)
	}
	defer windowFrom(ctx).admitted()
	return s.Limits.Admit(c, s.Limits.CallerOf(c, id), kind, time.Now())
}

// maxProbe bounds the messages of health and reflection, in bytes.
const maxProbe = 4 << 10

// maxMessage returns the size of a method's largest request, in bytes.
func (s *Services) maxMessage(fullMethod string) int {
	if s.policy(fullMethod) == auth.Open {
		return maxProbe
	}
	return s.MaxRequest
}

// policy returns how each method treats the caller's credential. A method that is not listed requires a valid one.
func (s *Services) policy(fullMethod string) auth.Policy {
	switch fullMethod {
	case grpc_health_v1.Health_Check_FullMethodName, grpc_health_v1.Health_Watch_FullMethodName,
		grpc_health_v1.Health_List_FullMethodName,
		"/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
		"/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo":
		return auth.Open
	case gatewayv1.AuthService_AuthState_FullMethodName, gatewayv1.AuthService_RefreshAuth_FullMethodName:
		return auth.Observed
	case gatewayv1.FunctionService_Query_FullMethodName, gatewayv1.FunctionService_Mutate_FullMethodName,
		gatewayv1.FunctionService_Action_FullMethodName, gatewayv1.FunctionService_Subscribe_FullMethodName,
		gatewayv1.FunctionService_Watch_FullMethodName, gatewayv1.FunctionService_WatchSet_FullMethodName:
		if !s.RequireAuth {
			return auth.Optional
		}
	}
	switch {
	case !s.RequireAuth && s.Typed.find(fullMethod) != nil:
		return auth.Optional
	case !s.Exists(fullMethod) && !slices.Contains(s.OtherCalls, fullMethod):
		return auth.Open // its handler answers that there is no such method
	}
	return auth.Required
}

// Exists reports whether one of the gateway's own services, or the app's contract, has a method.
func (s *Services) Exists(fullMethod string) bool {
	return Exists(fullMethod) || s.Typed.find(fullMethod) != nil
}

// Exists reports whether one of the gateway's own services has a method.
func Exists(fullMethod string) bool {
	for _, service := range []grpc.ServiceDesc{gatewayv1.FunctionService_ServiceDesc, gatewayv1.AuthService_ServiceDesc} {
		method, found := strings.CutPrefix(fullMethod, "/"+service.ServiceName+"/")
		if found && (slices.ContainsFunc(service.Methods, func(m grpc.MethodDesc) bool { return m.MethodName == method }) ||
			slices.ContainsFunc(service.Streams, func(s grpc.StreamDesc) bool { return s.StreamName == method })) {
			return true
		}
	}
	return false
}
