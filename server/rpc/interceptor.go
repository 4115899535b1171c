package rpc

import (
	"context"
	"log/slog"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"convexgateway/server/call"
)

// callInterceptor is the outermost interceptor. It is one piece, because its parts have one order: it opens the call's record,
// runs the call, turns a panic into an error, every error into a status, and writes one log line. The credential interceptors
// run inside it, so that refusals are logged and become statuses like all other errors.
type callInterceptor struct {
	logger     *slog.Logger
	metrics    *callMetrics
	proxies    call.Proxies
	maxRequest int // bytes; 0: no limit
}

// checkSize fails for a request over the limit.
func (i *callInterceptor) checkSize(size int) error {
	if i.maxRequest > 0 && size > i.maxRequest {
		return call.RequestTooLarge(i.maxRequest)
	}
	return nil
}

func (i *callInterceptor) unary(ctx context.Context, req any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	started := time.Now()
	ctx, c := call.Open(ctx, i.proxies)
	if !c.OverREST { // there it is a header already
		_ = grpc.SetHeader(ctx, metadata.Pairs(call.RequestIDHeader, c.RequestID))
	}
	in := sizeOf(req)
	resp, err := i.guardUnary(ctx, req, in, next)
	st, p := i.toStatus(c, err, formatOf(req))
	if p != nil && !c.OverREST {
		_ = grpc.SetTrailer(ctx, trailerOf(*p))
	}
	i.metrics.finished(info.FullMethod, c, st.Code(), false, time.Since(started))
	annotate(ctx, c, p)
	CallLog{info.FullMethod, st, p, started, in, sizeOf(resp)}.Write(ctx, i.logger, c)
	if st != nil {
		return nil, st.Err()
	}
	return resp, nil
}

// stream returns the interceptor of streams. A method value would add a frame to the stack of each open stream.
func (i *callInterceptor) stream() grpc.StreamServerInterceptor {
	return func(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) error {
		s := &callStream{ServerStream: stream, interceptor: i, started: time.Now()}
		s.ctx, s.call = call.Open(stream.Context(), i.proxies)
		_ = stream.SetHeader(metadata.Pairs(call.RequestIDHeader, s.call.RequestID))
		defer i.metrics.began(info.FullMethod)()
		return i.finish(s, info.FullMethod, i.guardStream(srv, s, next))
	}
}

// finish handles the end of a stream. It is not a part of stream, whose frame is on the stack for as long as the stream lasts.
func (i *callInterceptor) finish(s *callStream, method string, err error) error {
	c := s.call
	st, p := i.toStatus(c, err, s.format)
	if p != nil {
		s.SetTrailer(trailerOf(*p))
	}
	i.metrics.finished(method, c, st.Code(), true, time.Since(s.started))
	annotate(s.ctx, c, p)
	CallLog{method, st, p, s.started, s.received, s.sent}.Write(s.ctx, i.logger, c)
	if st != nil {
		return st.Err()
	}
	return nil
}

func (i *callInterceptor) guardUnary(ctx context.Context, req any, size int, next grpc.UnaryHandler) (resp any, err error) {
	defer call.Recover(ctx, i.logger, &err)
	if err := i.checkSize(size); err != nil {
		return nil, err
	}
	return next(ctx, req)
}

func (i *callInterceptor) guardStream(srv any, stream grpc.ServerStream, next grpc.StreamHandler) (err error) {
	defer call.Recover(stream.Context(), i.logger, &err)
	return next(srv, stream)
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
	limit := maxDetails
	if c.OverREST {
		limit = maxRESTDetails
	}
	return statusOf(p, format, limit), &p
}
