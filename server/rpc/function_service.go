package rpc

import (
	"context"

	"convexgateway/auth"
	"convexgateway/convex"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
	"convexgateway/server/live"
)

// FunctionCaller runs functions once; *convex.HTTPClient does.
type FunctionCaller interface {
	Call(ctx context.Context, call convex.Call) (*convex.Result, error)
}

// SessionCaller runs mutations and actions over the caller's sync session, if that is open; *convexlive.Client does.
type SessionCaller interface {
	Run(ctx context.Context, credential convex.Credential, call convex.Call) (result *convex.Result, ran bool, err error)
}

// functionService is FunctionService; each RPC stands in its own file.
type functionService struct {
	gatewayv1.UnsafeFunctionServiceServer // a new RPC must break the build, not answer UNIMPLEMENTED

	functions FunctionCaller
	session   SessionCaller
	streams   *live.Streams
	metrics   *callMetrics
}

// run calls a function on behalf of the caller.
//
// Over the caller's open session a mutation is ordered, applied once over any reconnect, and answered when the caller's
// streams reflect it. Only callers with a session id have such a session to themselves: anonymous ones, and tokens without
// a session id, may be many callers behind one identity, who would wait for each other. They, and everybody without an open
// stream, call over HTTP.
func (s *functionService) run(ctx context.Context, kind convex.Kind, req FunctionRequest) (*convex.Result, Invocation, error) {
	c := call.From(ctx)
	inv, err := ParseInvocation(req, c.ArgsCanonical)
	if err != nil {
		return nil, inv, err
	}
	c.Path = inv.Path.String()
	id, _ := auth.FromContext(ctx)
	credential := call.CredentialOf(id)
	call := convex.Call{
		Kind: kind, Path: inv.Path, Args: inv.Args, Token: credential.Token,
		ForwardedFor: c.Address, UserAgent: c.UserAgent, RequestID: c.RequestID,
	}
	if kind != convex.Query && id != nil && id.SessionID != "" {
		if result, ran, err := s.session.Run(ctx, credential, call); ran {
			return result, inv, err
		}
	}
	result, err := s.functions.Call(ctx, call)
	return result, inv, err
}

// carry puts a result into the lane that was asked for: text into a bytes field, or wire bytes for a Value field. Over REST both
// are text.
func carry(ctx context.Context, lane Format, value []byte) (text, wire []byte, err error) {
	c := call.From(ctx)
	c.TextValue = c.OverREST && lane == StructFormat
	if lane == JSONFormat || c.TextValue {
		return value, nil, nil
	}
	wire, err = appendValueField(nil, responseValueField, value)
	return nil, wire, err
}
