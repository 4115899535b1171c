package server

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unique"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/reflection"
	"google.golang.org/grpc/tap"

	"google.golang.org/grpc/health/grpc_health_v1"

	"convexgateway/auth"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
)

// Bounds of a connection. A token has 8 KiB at most, so 32 KiB of headers are plenty.
const (
	maxHeaderBytes   = 32 << 10
	maxStreamsOnConn = 10_000
)

// phonePings lets clients ping every 20 s, with some jitter, also while no stream is open: mobile networks drop
// connections that are quiet for longer.
var phonePings = keepalive.EnforcementPolicy{MinTime: 15 * time.Second, PermitWithoutStream: true}

// deadPeers finds clients that went away without a word.
var deadPeers = keepalive.ServerParameters{Time: time.Minute, Timeout: 20 * time.Second}

// publicOptions are those of the server that the world can reach.
func publicOptions(cfg Config) []grpc.ServerOption {
	lives := deadPeers
	lives.MaxConnectionAge = cfg.MaxConnectionAge // 0: for ever; streams end by themselves at about that age
	return []grpc.ServerOption{
		grpc.KeepaliveEnforcementPolicy(phonePings),
		grpc.KeepaliveParams(lives),
		grpc.ConnectionTimeout(10 * time.Second), // for those who say nothing
		grpc.MaxConcurrentStreams(maxStreamsOnConn),
		grpc.MaxHeaderListSize(maxHeaderBytes),
		grpc.InTapHandle(shareToken),
		grpc.MaxRecvMsgSize(2 * cfg.MaxRequestBytes), // the border refuses what is over the limit, and says so
	}
}

// locks are the interceptors that all calls pass. Their order: the border first, so that it sees every error and panic; the
// credential next, so that no handler runs for a caller who is refused.
func (s *Server) locks(maxRequest int) ([]grpc.UnaryServerInterceptor, []grpc.StreamServerInterceptor) {
	b := &border{logger: s.logger, metrics: s.metrics, proxies: s.proxies, maxRequest: maxRequest}
	verifier := s.tokenVerifier()
	return []grpc.UnaryServerInterceptor{b.unary, auth.UnaryInterceptor(verifier, s.policy), s.admitUnary()},
		[]grpc.StreamServerInterceptor{b.stream(), auth.StreamInterceptor(verifier, s.policy), s.admitStream()}
}

// newInProcess makes the REST face's way in. The face has bounds of its own: what JSON takes on the wire says little about
// what it takes here, so nothing is bounded twice.
func (s *Server) newInProcess() *inProcess {
	unary, stream := s.locks(0)
	return &inProcess{unary: unary, stream: stream, traces: s.cfg.callTracer()}
}

// newGRPC assembles the server that the world can reach.
func (s *Server) newGRPC(opts ...grpc.ServerOption) *grpc.Server {
	unary, stream := s.locks(s.cfg.MaxRequestBytes)
	opts = append(opts,
		grpc.ForceServerCodecV2(newCodec()),
		grpc.ChainUnaryInterceptor(unary...), grpc.ChainStreamInterceptor(stream...),
		grpc.UnknownServiceHandler(unknownMethod),
	)
	if traces := s.cfg.callTracer(); traces != nil {
		opts = append(opts, grpc.StatsHandler(traces))
	}
	g := grpc.NewServer(opts...)
	gatewayv1.RegisterFunctionServiceServer(g, s.functionService())
	gatewayv1.RegisterAuthServiceServer(g, s.authService())
	grpc_health_v1.RegisterHealthServer(g, &drainingHealth{s.health, s.drain})
	reflection.Register(g)
	s.metrics.know(g.GetServiceInfo())
	return g
}

func (s *Server) functionService() *functionService {
	return &functionService{functions: s.functions, session: s.live, streams: s.streams, metrics: s.metrics}
}

func (s *Server) authService() *authService {
	verifier := s.tokenVerifier()
	identify := func(ctx context.Context) (*auth.Identity, *auth.Error) { return auth.Identify(ctx, verifier) }
	return &authService{streams: s.streams, identify: identify}
}

// shareToken keeps a token once, however many streams have come with it: each keeps its metadata for as long as it lives.
func shareToken(ctx context.Context, call *tap.Info) (context.Context, error) {
	for i, credential := range call.Header["authorization"] {
		call.Header["authorization"][i] = unique.Make(credential).Value()
	}
	return ctx, nil
}

// tokenVerifier is nil without issuers, which a nil *ClerkVerifier in it would not be.
func (s *Server) tokenVerifier() auth.Verifier {
	if s.verifier == nil {
		return nil
	}
	return s.verifier
}

// unknownMethod answers for methods that do not exist, past the interceptors as every other method.
func unknownMethod(_ any, stream grpc.ServerStream) error {
	method, _ := grpc.MethodFromServerStream(stream)
	return &call.RequestError{Code: codes.Unimplemented, Reason: "UNIMPLEMENTED", Text: fmt.Sprintf("there is no method %.200q", method)}
}

// policy says what each method does with the caller's credential. A method that is not listed wants a good one.
func (s *Server) policy(fullMethod string) auth.Policy {
	switch fullMethod {
	case grpc_health_v1.Health_Check_FullMethodName, grpc_health_v1.Health_Watch_FullMethodName,
		grpc_health_v1.Health_List_FullMethodName,
		"/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
		"/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo":
		return auth.Open
	case ticketRoute:
		return auth.Required
	case gatewayv1.AuthService_AuthState_FullMethodName, gatewayv1.AuthService_RefreshAuth_FullMethodName:
		return auth.Observed
	case gatewayv1.FunctionService_Query_FullMethodName, gatewayv1.FunctionService_Mutate_FullMethodName,
		gatewayv1.FunctionService_Action_FullMethodName, gatewayv1.FunctionService_Subscribe_FullMethodName:
		if !s.cfg.RequireAuth {
			return auth.Optional
		}
	}
	if !exists(fullMethod) {
		return auth.Open // to hear that there is no such method
	}
	return auth.Required
}

// exists reports whether one of the gateway's own services has a method.
func exists(fullMethod string) bool {
	for _, service := range []grpc.ServiceDesc{gatewayv1.FunctionService_ServiceDesc, gatewayv1.AuthService_ServiceDesc} {
		method, found := strings.CutPrefix(fullMethod, "/"+service.ServiceName+"/")
		if found && (slices.ContainsFunc(service.Methods, func(m grpc.MethodDesc) bool { return m.MethodName == method }) ||
			slices.ContainsFunc(service.Streams, func(s grpc.StreamDesc) bool { return s.StreamName == method })) {
			return true
		}
	}
	return false
}
