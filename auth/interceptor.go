package auth

import (
	"context"
	"errors"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
)

// Policy is how a method treats the caller's credential. The zero value is the strictest.
type Policy int

const (
	// Required: a call without a good credential fails.
	Required Policy = iota
	// Optional: a call without a credential is anonymous; one with a bad credential fails.
	Optional
	// Observed: the handler runs in any case and finds the outcome with [FromContext] and
	// [ErrorFromContext]; both are empty for a call without a credential.
	Observed
	// Open: the credential is ignored.
	Open
)

const (
	authorization = "authorization"
	bearer        = "bearer"
)

// Interceptor puts the caller of a call into its context, or fails with an *Error: an outer interceptor has to turn that into a
// status. The tokens of streams must be valid for 2 s more; a call that is neither a client's nor a server's stream is unary. The
// policy gets full method names (/package.Service/Method). A nil Verifier means that no issuer is configured: every credential is
// refused.
func Interceptor(v Verifier, policy func(fullMethod string) Policy) grpc.StreamServerInterceptor {
	return func(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
		ctx := stream.Context()
		if info.IsServerStream || info.IsClientStream {
			ctx = context.WithValue(ctx, streamKey{}, true)
		}
		ctx, err := authenticate(ctx, v, policy(info.FullMethod))
		if err != nil {
			return err
		}
		return handler(srv, withContext(ctx, stream))
	}
}

// streamKey marks the context of a stream.
type streamKey struct{}

func isStream(ctx context.Context) bool { return ctx.Value(streamKey{}) != nil }

// withContext replaces the context of a stream: in place if an outer interceptor's stream has SetContext, which saves a
// wrapper for each of many streams.
func withContext(ctx context.Context, stream grpc.ServerStream) grpc.ServerStream {
	if s, ok := stream.(interface{ SetContext(context.Context) }); ok {
		s.SetContext(ctx)
		return stream
	}
	return &callerStream{stream, ctx}
}

// callerStream is a stream with the caller in its context.
type callerStream struct {
	grpc.ServerStream
	ctx context.Context
}

func (s *callerStream) Context() context.Context { return s.ctx }

func authenticate(ctx context.Context, v Verifier, policy Policy) (context.Context, error) {
	if policy == Open {
		return ctx, nil
	}
	id, err := Identify(ctx, v)
	switch {
	case err != nil && err.Class == Unavailable && ctx.Err() != nil:
		return nil, ctx.Err() // the call ended before its token was verified
	case policy == Observed:
		return context.WithValue(ctx, contextKey{}, caller{id, err}), nil
	case err != nil:
		return nil, err
	case id == nil && policy != Optional:
		return nil, NewError(ReasonNoCredentials, nil)
	}
	return NewContext(ctx, id), nil
}

// Identify returns the caller of a call: nil and no error for one without a credential. The interceptors do this for all
// calls; it is for [Observed] ones whose credential could not be checked, to try again.
func Identify(ctx context.Context, v Verifier) (*Identity, *Error) {
	caller, err := identify(ctx, v)
	if err != nil {
		return nil, err
	}
	return actingFor(ctx, caller)
}

// identify returns whose credential a call has: a token, or else a certificate.
func identify(ctx context.Context, v Verifier) (*Identity, *Error) {
	values := metadata.ValueFromIncomingContext(ctx, authorization)
	switch len(values) {
	case 0:
		return identifyCertificate(ctx, v)
	case 1:
	default:
		return nil, NewError(ReasonAmbiguousCredentials, nil)
	}
	raw, err := bearerToken(values[0])
	if err != nil {
		return nil, err
	}
	if v == nil {
		return nil, errNoIssuer()
	}
	id, verr := v.Verify(ctx, raw)
	return id, asError(verr)
}

// asError returns the error of a verifier as an *Error; nil for nil.
func asError(err error) *Error {
	if err == nil {
		return nil
	}
	if known, ok := errors.AsType[*Error](err); ok {
		return known
	}
	return NewError(ReasonAuthBackendUnavailable, err)
}

// bearerToken accepts no other scheme, and any number of spaces behind it. Convex itself accepts "Convex <key>" with an
// administrator's key.
func bearerToken(credential string) (string, *Error) {
	scheme, raw, _ := strings.Cut(credential, " ")
	raw = strings.TrimLeft(raw, " ")
	if !strings.EqualFold(scheme, bearer) || raw == "" {
		return "", NewError(ReasonMalformed, errors.New("not of the form Bearer <token>"))
	}
	return raw, nil
}

func errNoIssuer() *Error {
	err := NewError(ReasonIssuer, nil)
	err.Message = "no token issuer is configured here, so no credential can be accepted"
	return err
}
