package server

import (
	"convexgateway/server/live"

	"context"

	"convexgateway/auth"
	"convexgateway/convex"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
)

// functionCaller runs functions once; *convex.HTTPClient does.
type functionCaller interface {
	Call(ctx context.Context, call convex.Call) (*convex.Result, error)
}

// sessionCaller runs mutations and actions over the caller's open session, if there is one; *convexlive.Client does.
type sessionCaller interface {
	Run(ctx context.Context, credential convex.Credential, call convex.Call) (result *convex.Result, ran bool, err error)
}

// functionService is FunctionService; each RPC stands in its own file.
type functionService struct {
	gatewayv1.UnsafeFunctionServiceServer // a new RPC must break the build, not answer UNIMPLEMENTED

	functions functionCaller
	session   sessionCaller
	streams   *live.Streams
	metrics   *metrics
}

// run calls a function on behalf of the caller.
//
// Over the caller's open session a mutation is ordered, applied once over any reconnect, and answered when the caller's
// streams reflect it. Only callers with a session id have such a session to themselves: anonymous ones, and tokens without
// a session id, may be many callers behind one identity, who would wait for each other. They, and everybody without an open
// stream, call over HTTP.
func (s *functionService) run(ctx context.Context, kind convex.Kind, req functionRequest) (*convex.Result, invocation, error) {
	inv, err := parseInvocation(req)
	if err != nil {
		return nil, inv, err
	}
	c := call.From(ctx)
	c.Path = inv.path.String()
	id, _ := auth.FromContext(ctx)
	credential := call.CredentialOf(id)
	call := convex.Call{
		Kind: kind, Path: inv.path, Args: inv.args, Token: credential.Token,
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

// carry puts a result into the lane that was asked for: text into a bytes field, or wire bytes for a Value field.
func carry(lane lane, value []byte) (text, wire []byte, err error) {
	if lane == jsonLane {
		return value, nil, nil
	}
	wire, err = appendValueField(nil, responseValueField, value)
	return nil, wire, err
}
