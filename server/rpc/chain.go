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

// Interceptors returns the interceptors of all calls. Their order: the call's first, so that it gets every error and panic;
// the credential's next, so that no handler runs for a caller who is refused; then the caller's rate. maxRequest bounds request
// messages, in bytes; 0: no limit.
func (s *Services) Interceptors(maxRequest int) ([]grpc.UnaryServerInterceptor, []grpc.StreamServerInterceptor) {
	i := &callInterceptor{logger: s.Logger, metrics: s.metrics, proxies: s.Proxies, maxRequest: maxRequest}
	return []grpc.UnaryServerInterceptor{i.unary, auth.UnaryInterceptor(s.Verifier, s.policy), s.limitUnary()},
		[]grpc.StreamServerInterceptor{i.stream(), auth.StreamInterceptor(s.Verifier, s.policy), s.limitStream()}
}

func (s *Services) limitUnary() grpc.UnaryServerInterceptor {
	return func(ctx context.Context, req any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
		if s.policy(info.FullMethod) != auth.Open { // health and reflection
			if err := s.limit(ctx); err != nil {
				return nil, err
			}
		}
		return next(ctx, req)
	}
}

func (s *Services) limitStream() grpc.StreamServerInterceptor {
	return func(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) error {
		if s.policy(info.FullMethod) != auth.Open {
			if err := s.limit(stream.Context()); err != nil {
				return err
			}
		}
		return next(srv, stream)
	}
}

// limit records the outcome of a call's credential, and counts the call against its caller's rate.
func (s *Services) limit(ctx context.Context) error {
	call.RecordOutcome(ctx)
	if !s.Rate.Limits() {
		return nil // without the cost of the caller's key
	}
	id, _ := auth.FromContext(ctx)
	return s.Rate.Allow(call.CallerOf(ctx, id), time.Now())
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
		gatewayv1.FunctionService_Action_FullMethodName, gatewayv1.FunctionService_Subscribe_FullMethodName:
		if !s.RequireAuth {
			return auth.Optional
		}
	}
	if !Exists(fullMethod) && !slices.Contains(s.OtherCalls, fullMethod) {
		return auth.Open // its handler answers that there is no such method
	}
	return auth.Required
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
