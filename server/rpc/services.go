package rpc

import (
	"cmp"
	"context"
	"fmt"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	"convexgateway/auth"
	"convexgateway/convex"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/internal/keyring"
	"convexgateway/server/call"
	"convexgateway/server/live"
)

// Options are what the services need.
type Options struct {
	// Caller runs functions over HTTP.
	Caller FunctionCaller
	// Session runs mutations and actions over the caller's sync session.
	Session SessionCaller
	Streams *live.Streams
	// Check checks each call before it is made; nil checks nothing.
	Check CallChecker
	// Typed finds the methods of the app's contract; nil: there are none.
	Typed TypedMethod
	// Verifier verifies tokens; nil refuses all.
	Verifier auth.Verifier
	// RequireAuth refuses calls of functions without a token.
	RequireAuth bool
	// Public are the queries that Query and Subscribe run without the caller's identity, whether or not the request asks for it.
	Public convex.PathPatterns
	// OtherCalls are names of calls that are no RPC, and require a token.
	OtherCalls []string
	// Proxies are those whose X-Forwarded-For or Forwarded states the caller's address.
	Proxies call.Proxies
	// ProbeOnly reports whether a call's connection is one over the limit, which is open for calls of health only. nil: none is.
	ProbeOnly func(ctx context.Context) bool
	// CloseConn returns what closes the connection of a call over gRPC if its client does not take an answer; nil for connections of
	// several clients, as proxies have. nil: all connections are kept.
	CloseConn func(ctx context.Context) (closing func())
	// Accepted and Refused record what has become of the credential of a call over gRPC. nil: nothing is recorded.
	Accepted, Refused func(ctx context.Context)
	// MaxRequest is the size of the largest request over gRPC, in bytes. REST has a limit of its own: a message is not as large in
	// protobuf as in JSON.
	MaxRequest int
	// MaxMetadata bounds the metadata of a call over gRPC, in bytes as HTTP/2 counts them. 0: no limit.
	MaxMetadata int
	// RequestIDSecret is what the names of mutations with a request id are derived from: 32 bytes, the same for all replicas. nil: request ids
	// are refused.
	RequestIDSecret []byte
	// JournalKeys seal the journals of pages in resume tokens, 32 bytes each, the same for all replicas: the first seals, all open. Empty:
	// tokens have none.
	JournalKeys [][]byte
	// Limits are what calls are admitted by. nil: there are none.
	Limits *call.Limits
	// Registry is where the metrics of calls are registered.
	Registry prometheus.Registerer
	// Functions have metrics of their own from the start, and those that Function reports from their first call; nil: none has. Of all, 200
	// at most have.
	Functions []string
	Function  func(path string) bool
	// Log writes the lines of calls.
	Log *CallLog
}

// Services are FunctionService and AuthService, with the interceptors in front of them.
type Services struct {
	Options
	metrics   *callMetrics
	functions *functionService
	auth      *authService
	begun     atomic.Uint64 // calls over gRPC
}

// New makes the services.
func New(o Options) *Services {
	o.Limits = cmp.Or(o.Limits, &call.Limits{})
	if o.Verifier != nil {
		o.Verifier = &limitedVerifier{o.Verifier, o.Limits.Refused}
	}
	s := &Services{Options: o, metrics: newCallMetrics(o.Registry)}
	s.metrics.typed, s.metrics.functions = s.Typed, newFunctionMetrics(o.Registry, o.Functions, o.Function)
	for _, name := range o.OtherCalls {
		s.metrics.methods[name] = true
	}
	identify := func(ctx context.Context) (*auth.Identity, *auth.Error) { return auth.Identify(ctx, o.Verifier) }
	journalKeys, err := keyring.New(o.JournalKeys)
	if err != nil {
		panic(err) // of 32 bytes all are good
	}
	s.functions = &functionService{journals: journals{journalKeys}, functions: o.Caller, session: o.Session, keys: newRequestKeys(o.RequestIDSecret), streams: o.Streams, metrics: s.metrics, check: o.Check, public: o.Public, identify: identify, limits: o.Limits, audit: o.Log.Audit}
	s.auth = &authService{streams: o.Streams, identify: identify}
	return s
}

// ReplaceJournalKeys has others seal and open the journals of pages from now on, as Options.JournalKeys.
func (s *Services) ReplaceJournalKeys(keys [][]byte) error {
	return s.functions.journals.keys.Replace(keys)
}

// Functions returns FunctionService.
func (s *Services) Functions() gatewayv1.FunctionServiceServer { return s.functions }

// Auth returns AuthService.
func (s *Services) Auth() gatewayv1.AuthServiceServer { return s.auth }

// Register registers both services, with a registrar of [AsStreams].
func (s *Services) Register(r grpc.ServiceRegistrar) {
	gatewayv1.RegisterFunctionServiceServer(r, s.functions)
	gatewayv1.RegisterAuthServiceServer(r, s.auth)
}

// RegisterMethods gives the methods of a gRPC server labels in the metrics. Call it before the first call.
func (s *Services) RegisterMethods(services map[string]grpc.ServiceInfo) {
	s.metrics.registerMethods(services)
}

// UnknownMethod is the handler of methods that no service has which was registered: those of the app's contract, which changes while the
// server runs, and those that do not exist. Their calls pass the interceptors like all others.
func (s *Services) UnknownMethod(_ any, stream grpc.ServerStream) error {
	method, _ := grpc.MethodFromServerStream(stream)
	if m := s.Typed.find(method); m != nil {
		return s.TypedHandler(m)(nil, stream)
	}
	return &call.RequestError{Code: codes.Unimplemented, Reason: "UNIMPLEMENTED", Text: fmt.Sprintf("there is no method %.200q", method)}
}
