package rpc

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"convexgateway/server/call"
)

// The outermost interceptor is one piece, because its parts have one order: it names the call, runs it, turns a panic
// into an error, every error into a status, and writes one log line. The credential interceptors stand inside it, so that
// refusals are logged and become statuses as everything else does.

// callInterceptor is the interceptor between handlers and the wire.
type callInterceptor struct {
	logger     *slog.Logger
	metrics    *callMetrics
	proxies    call.Proxies
	maxRequest int // bytes; 0: no limit
}

// checkSize holds a request of so many bytes to the limit.
func (b *callInterceptor) checkSize(size int) error {
	if b.maxRequest > 0 && size > b.maxRequest {
		return call.RequestTooLarge(b.maxRequest)
	}
	return nil
}

func (b *callInterceptor) unary(ctx context.Context, req any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	started := time.Now()
	ctx, c := call.Open(ctx, b.proxies)
	if !c.OverREST { // there it is a header already
		_ = grpc.SetHeader(ctx, metadata.Pairs(call.RequestIDHeader, c.RequestID))
	}
	in := sizeOf(req)
	resp, err := b.guardUnary(ctx, req, in, next)
	st, p := b.settle(c, err, formatOf(req))
	if p != nil && !c.OverREST {
		_ = grpc.SetTrailer(ctx, trailerOf(*p))
	}
	b.metrics.finished(info.FullMethod, c, st.Code(), false, time.Since(started))
	annotate(ctx, c, p)
	b.log(ctx, info.FullMethod, c, st, p, started, in, sizeOf(resp))
	if st != nil {
		return nil, st.Err()
	}
	return resp, nil
}

// stream is the interceptor of streams: one that returns it, for a method as a value would have a frame more on each stack.
func (b *callInterceptor) stream() grpc.StreamServerInterceptor {
	return func(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) error {
		s := &namedStream{ServerStream: stream, outer: b, started: time.Now()}
		s.ctx, s.call = call.Open(stream.Context(), b.proxies)
		_ = stream.SetHeader(metadata.Pairs(call.RequestIDHeader, s.call.RequestID))
		defer b.metrics.began(info.FullMethod)()
		return b.ended(s, info.FullMethod, b.guardStream(srv, s, next))
	}
}

// ended takes the end of a stream. It is not a part of stream, whose stack waits for as long as the stream lasts.
func (b *callInterceptor) ended(s *namedStream, method string, err error) error {
	c := s.call
	st, p := b.settle(c, err, s.Format)
	if p != nil {
		s.SetTrailer(trailerOf(*p))
	}
	b.metrics.finished(method, c, st.Code(), true, time.Since(s.started))
	annotate(s.ctx, c, p)
	b.log(s.ctx, method, c, st, p, s.started, s.received, s.sent)
	if st != nil {
		return st.Err()
	}
	return nil
}

func (b *callInterceptor) guardUnary(ctx context.Context, req any, size int, next grpc.UnaryHandler) (resp any, err error) {
	defer call.Recover(ctx, b.logger, &err)
	if err := b.checkSize(size); err != nil {
		return nil, err
	}
	return next(ctx, req)
}

func (b *callInterceptor) guardStream(srv any, stream grpc.ServerStream, next grpc.StreamHandler) (err error) {
	defer call.Recover(stream.Context(), b.logger, &err)
	return next(srv, stream)
}

// settle makes a status of an error; both are nil for success.
func (b *callInterceptor) settle(c *call.Call, err error, lane Format) (*status.Status, *call.Problem) {
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
	return statusOf(p, lane, limit), &p
}

// log writes the one line of a call: names, sizes and time, never an argument, a result or a token.
func (b *callInterceptor) log(ctx context.Context, method string, c *call.Call, st *status.Status, p *call.Problem, started time.Time, in, out int) {
	level := slog.LevelInfo
	attrs := []slog.Attr{
		slog.String("method", method), slog.String("code", st.Code().String()),
		slog.Duration("took", time.Since(started)), slog.Int("in_bytes", in), slog.Int("out_bytes", out),
		slog.String("caller", c.Address), slog.Bool("rest", c.OverREST),
	}
	attrs = append(attrs, c.LogAttrs(ctx)...)
	if c.Path != "" {
		attrs = append(attrs, slog.String("path", c.Path))
	}
	if c.Events > 0 {
		attrs = append(attrs, slog.Int("events", c.Events))
	}
	if p != nil {
		attrs = append(attrs, slog.String("reason", p.Reason))
		if p.Code == codes.Internal {
			level = slog.LevelError
			attrs = append(attrs, slog.String("error", fmt.Sprintf("%T", c.Failure)))
		}
	}
	b.logger.LogAttrs(ctx, level, "call", attrs...)
}

// LogRefusal writes the log line of a call that was refused before it reached the interceptor. in is what was read of it, in
// bytes.
func LogRefusal(ctx context.Context, logger *slog.Logger, method string, c *call.Call, st *status.Status, p *call.Problem, began time.Time, in int) {
	(&callInterceptor{logger: logger}).log(ctx, method, c, st, p, began, in, 0)
}

// namedStream is a stream with its call in the context, which counts what passes. It keeps no message.
type namedStream struct {
	grpc.ServerStream
	sent     int // bytes
	call     *call.Call
	ctx      context.Context
	outer    *callInterceptor
	started  time.Time
	received int    // bytes
	Format   Format // of the request
}

func (s *namedStream) Context() context.Context { return s.ctx }

// SetContext is for the interceptors behind, before the handler runs.
func (s *namedStream) SetContext(ctx context.Context) { s.ctx = ctx }

func (s *namedStream) RecvMsg(m any) error {
	if err := s.ServerStream.RecvMsg(m); err != nil {
		return err
	}
	s.received, s.Format = sizeOf(m), formatOf(m)
	return s.outer.checkSize(s.received)
}

func (s *namedStream) SendMsg(m any) error {
	s.call.Events++
	s.sent += sizeOf(m)
	return s.ServerStream.SendMsg(m)
}

func formatOf(req any) Format {
	if r, ok := req.(FunctionRequest); ok {
		if lane, err := parseFormat(r.GetValueFormat()); err == nil {
			return lane
		}
	}
	return StructFormat
}

// sizeOf is about a message's size on the wire, in bytes. Messages that are not of protobuf have it themselves.
func sizeOf(message any) int {
	switch m := message.(type) {
	case interface{ wireSize() int }:
		return m.wireSize()
	case proto.Message:
		return proto.Size(m)
	}
	return 0
}
