package rpc

import (
	"context"
	"fmt"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"convexgateway/auth"
	"convexgateway/server/call"
)

// callInterceptor is the outermost interceptor. It is one piece, because its parts have one order: it opens the call's record,
// runs the call, turns a panic into an error, every error into a status, and writes one log line. The credential interceptors
// run inside it, so that refusals are logged and become statuses like all other errors.
type callInterceptor struct {
	log        *CallLog
	metrics    *callMetrics
	proxies    call.Proxies
	maxMessage func(fullMethod string) int // bytes
	typed      TypedMethod
	checkConn  func(ctx context.Context, fullMethod string) error

	maxMetadata int // bytes; 0: no limit

	closeConn func(ctx context.Context) (closing func()) // as Options.CloseConn
	refused   func(ctx context.Context)                  // as Options.Refused
}

// intercept returns the interceptor. A method value would add a frame to the stack of each open stream.
func (i *callInterceptor) intercept() grpc.StreamServerInterceptor {
	return func(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) error {
		if m := i.typed.find(info.FullMethod); m != nil && info.IsClientStream { // grpc-go takes all unknown methods as streams in both directions
			info.IsClientStream, info.IsServerStream = false, m.Stream
		}
		s := &callStream{ServerStream: stream, interceptor: i, started: time.Now(), unary: !info.IsServerStream, single: !info.IsClientStream}
		s.maxMessage = i.maxMessage(info.FullMethod)
		s.ctx, s.call = call.Open(stream.Context(), i.proxies)
		s.call.Method, s.call.Sent = info.FullMethod, &s.sent
		if s.call.Protocol == call.GRPC { // otherwise it is a header already
			_ = stream.SetHeader(metadata.Pairs(call.RequestIDHeader, s.call.RequestID))
		}
		if !s.unary {
			defer i.metrics.began(info.FullMethod)()
		}
		err := windowFrom(s.ctx).refusal()
		if err == nil {
			err = i.checkConn(s.ctx, info.FullMethod)
		}
		if err == nil {
			err = i.guard(srv, s, next)
		}
		return i.finish(s, info.FullMethod, err)
	}
}

// finish handles the end of a call. It is not a part of intercept, whose frame is on the stack for as long as a stream lasts.
func (i *callInterceptor) finish(s *callStream, method string, err error) error {
	c := s.call
	if c.Protocol == call.GRPC { // otherwise it is released when the response has been written
		windowFrom(s.ctx).admitted() // if it was refused before
		c.Release()
	}
	st, p := i.toStatus(c, err, s.format)
	if p != nil && c.Protocol.HasTrailers() {
		s.SetTrailer(trailerOf(p.Reason, p.RetryAfter))
	}
	i.metrics.finished(method, c, st.Code(), !s.unary, time.Since(s.started))
	i.log.annotate(s.ctx, c, p)
	if i.refused != nil && c.Protocol == call.GRPC && (refusedCredential(c.Failure) || uncheckedCredential(c.Failure)) {
		i.refused(s.ctx)
	}
	e := CallEnd{method, st, p, s.started, c.Received, int(s.sent.Load()), s.events}
	i.log.Ended(s.ctx, c, e)
	if s.unary {
		i.metrics.calledFunction(c, e)
	}
	i.audit(s, p)
	if st != nil {
		return st.Err()
	}
	return nil
}

func (i *callInterceptor) guard(srv any, stream grpc.ServerStream, next grpc.StreamHandler) (err error) {
	ctx := stream.Context()
	defer call.Recover(ctx, i.log.Logger, &err)
	if i.maxMetadata > 0 && call.From(ctx).Protocol == call.GRPC && metadataSize(ctx) > i.maxMetadata {
		return call.TooLarge(fmt.Sprintf("the metadata is larger than %d bytes", i.maxMetadata))
	}
	return next(srv, stream)
}

// audit writes the audit line of a refused credential, and of the first success of a sign-in.
func (i *callInterceptor) audit(s *callStream, p *call.Problem) {
	switch reason := s.call.RefusedCredential(p); {
	case reason != "":
		i.log.Audit.Refused(s.ctx, reason)
	case p == nil && s.unary && s.call.Path != "": // the deployment has run a function for it
		id, _ := auth.FromContext(s.ctx)
		i.log.Audit.SignedIn(s.ctx, id)
	}
}

// toStatus returns the status and the problem of an error; nil for nil. It records the error in the call.
func (i *callInterceptor) toStatus(c *call.Call, err error, format Format) (*status.Status, *call.Problem) {
	if err == nil {
		return nil, nil
	}
	c.Failure = err
	p := call.ProblemOf(err)
	if st, ok := status.FromError(err); ok && st.Code() != codes.OK {
		p = call.TransportProblem(st)
	}
	limit := maxHTTPDetails
	if c.Protocol.BoundsDetails() {
		limit = maxDetails
	}
	return statusOf(p, format, limit), &p
}

// closing returns what closes the connection of a call; nil if that must stay.
func (i *callInterceptor) closing(ctx context.Context) func() {
	if i.closeConn == nil {
		return nil
	}
	return i.closeConn(ctx)
}

// headerOverhead is what HTTP/2 counts for each header besides its name and value, in bytes (RFC 9113, 6.5.2).
const headerOverhead = 32

// metadataSize returns the size of a call's metadata as HTTP/2 counts it, in bytes.
func metadataSize(ctx context.Context) (size int) {
	md, _ := metadata.FromIncomingContext(ctx)
	for name, values := range md {
		for _, value := range values {
			size += len(name) + len(value) + headerOverhead
		}
	}
	return size
}
