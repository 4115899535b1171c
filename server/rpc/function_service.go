package rpc

import (
	"context"

	"google.golang.org/grpc/codes"

	"convexgateway/auth"
	"convexgateway/convex"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/audit"
	"convexgateway/server/call"
	"convexgateway/server/live"
	"convexgateway/server/protovalue"
)

// FunctionCaller runs functions once; *convex.HTTPClient does.
type FunctionCaller interface {
	Call(ctx context.Context, call convex.Call) (*convex.Result, error)
}

// SessionCaller runs mutations and actions over the caller's sync session, if that is open; *convexlive.Client does.
type SessionCaller interface {
	Run(ctx context.Context, credential convex.Credential, call convex.Call) (result *convex.Result, ran bool, err error)
	RunKeyed(ctx context.Context, credential convex.Credential, call convex.Call, ordered bool) (*convex.Result, error)
}

// functionService is FunctionService; each RPC is in its own file.
type functionService struct {
	gatewayv1.UnsafeFunctionServiceServer // a new RPC breaks the build instead of answering UNIMPLEMENTED

	functions FunctionCaller
	session   SessionCaller
	keys      *requestKeys
	journals  journals
	streams   *live.Streams
	metrics   *callMetrics
	limits    *call.Limits
	check     CallChecker                                         // nil: nothing is checked
	public    convex.PathPatterns                                 // of queries that are always anonymous
	identify  func(context.Context) (*auth.Identity, *auth.Error) // checks the credential of a context
	audit     *audit.Log                                          // of tokens that are refused inside a stream; nil: none
}

// CallChecker returns why a call cannot succeed, before it is made, and nil if it may. The arguments are canonical. Package contract has it.
type CallChecker func(kind convex.Kind, path convex.Path, args []byte) error

// of checks the call of an invocation by a caller.
func (check CallChecker) of(caller *auth.Identity, kind convex.Kind, inv Invocation) error {
	if !caller.Allows(inv.Path.Module() + ":" + inv.Path.Function()) {
		return errFunctionNotAllowed
	}
	if check == nil {
		return nil
	}
	return check(kind, inv.Path, inv.Args)
}

// isAnonymous reports whether a query runs without its caller's identity, because its request or the operator says so.
func (s *functionService) isAnonymous(req interface{ GetAnonymous() bool }, path convex.Path) bool {
	return req.GetAnonymous() || s.public.Match(path)
}

var errFunctionNotAllowed error = &call.RequestError{
	Code: codes.PermissionDenied, Reason: "FUNCTION_NOT_ALLOWED", Text: "the entry of this service does not list the function; nothing was executed",
}

// run calls a function on behalf of the caller.
//
// Over the caller's open sync session a mutation is ordered, applied once over any reconnect, and answered when the caller's
// streams reflect it. Only callers with a session id have a sync session of their own: anonymous callers, and those whose
// tokens have no session id, may share an identity with others, whose calls would wait for each other. They call over HTTP, as
// do all callers without an open stream. A mutation with a request id of any caller runs over a socket, because only there is it committed
// once.
func (s *functionService) run(ctx context.Context, kind convex.Kind, req FunctionRequest) (*convex.Result, Invocation, error) {
	c := call.From(ctx)
	inv, err := ParseInvocation(req, c.ArgsCanonical)
	if err != nil {
		return nil, inv, err
	}
	c.Path = inv.Path.String()
	id, _ := auth.FromContext(ctx)
	if err := s.check.of(id, kind, inv); err != nil {
		return nil, inv, err
	}
	if query, is := req.(*gatewayv1.QueryRequest); is && s.isAnonymous(query, inv.Path) {
		id = nil
	}
	credential := call.CredentialOf(id)
	call := convex.Call{
		Kind: kind, Path: inv.Path, Args: inv.Args, Token: credential.Token,
		ForwardedFor: c.Address, UserAgent: c.UserAgent, RequestID: c.RequestID, Caller: c.Caller(),
		Take: func(bytes int) error { return c.Hold.Take(resultCopies * bytes) },
	}
	ordered := id != nil && id.SessionID != ""
	if mutation, ok := req.(*gatewayv1.MutateRequest); ok {
		key, end, err := s.requestKey(ctx, mutation, id, inv)
		if err != nil {
			return nil, inv, err
		}
		defer end()
		if call.Key = key; key != nil {
			t := newTrip(overKeyed, kind)
			call.Sent = t.send
			result, err := s.session.RunKeyed(ctx, credential, call, ordered)
			s.metrics.ended(ctx, t)
			if err != nil {
				return nil, inv, err
			}
			if err := call.Take(len(result.Value)); err != nil { // unlike others it may be denied: the deployment keeps its answer
				return nil, inv, &convex.DeploymentError{Class: convex.AnswerLost, Kind: kind, Err: err}
			}
			return result, inv, nil
		}
	}
	if kind != convex.Query && ordered {
		t := newTrip(overSession, kind)
		call.Sent = t.send
		if result, ran, err := s.session.Run(ctx, credential, call); ran {
			s.metrics.ended(ctx, t)
			return result, inv, err
		}
	}
	t := newTrip(overHTTP, kind)
	result, err := s.functions.Call(ctx, call)
	s.metrics.ended(ctx, t)
	return result, inv, err
}

// requestKey returns the key of a mutation, nil if it has no request id, and what is to be called when it has ended.
func (s *functionService) requestKey(ctx context.Context, req *gatewayv1.MutateRequest, caller *auth.Identity, inv Invocation) (*convex.RequestKey, func(), error) {
	id, err := requestIDOf(ctx, req.GetRequestId())
	if err != nil {
		return nil, nil, err
	}
	return s.keys.begin(id, caller, inv)
}

// resultCopies is how often a result is in memory: as the deployment sent it, and encoded for the caller.
const resultCopies = 2

// encodeValue returns a result's value in a format: text for the response's value_json, or wire bytes of its field value. In
// JSON both are text.
func encodeValue(ctx context.Context, kind convex.Kind, format Format, value []byte) (text, wire []byte, err error) {
	c := call.From(ctx)
	c.TextValue = c.JSON && format == StructFormat
	if format == JSONFormat || c.TextValue {
		return value, nil, nil
	}
	take := c.Hold.Take
	if kind != convex.Query { // it has run, and that must not be denied
		take = nil
	}
	wire, err = protovalue.AppendBoundedField(nil, responseValueField, value, take)
	return nil, wire, err
}
