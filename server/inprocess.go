package server

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"convexgateway/server/call"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/stats"
)

// Calls over REST have the locks of the gRPC server without a connection to it: the same interceptors run on the goroutine
// of the HTTP handler, between what grpc-go does around them otherwise.

// inProcess is that way into the gateway.
type inProcess struct {
	unary  []grpc.UnaryServerInterceptor // the first is the outermost
	stream []grpc.StreamServerInterceptor
	traces stats.Handler // nil: calls are not traced
}

// call puts the locks in front of a unary method.
func (p *inProcess) call(method string, handler grpc.UnaryHandler) grpc.UnaryHandler {
	info := &grpc.UnaryServerInfo{FullMethod: method}
	for _, lock := range slices.Backward(p.unary) {
		next := handler
		handler = func(ctx context.Context, req any) (any, error) { return lock(ctx, req, info, next) }
	}
	if p.traces == nil {
		return handler
	}
	return func(ctx context.Context, req any) (resp any, err error) {
		ctx, end := p.trace(ctx, method)
		defer func() { end(err) }()
		return handler(ctx, req)
	}
}

// serve puts them in front of a streaming one, whose streams are *httpStream.
func (p *inProcess) serve(method string, handler grpc.StreamHandler) grpc.StreamHandler {
	info := &grpc.StreamServerInfo{FullMethod: method, IsServerStream: true}
	for _, lock := range slices.Backward(p.stream) {
		next := handler
		handler = func(srv any, stream grpc.ServerStream) error { return lock(srv, stream, info, next) }
	}
	if p.traces == nil {
		return handler
	}
	return func(srv any, stream grpc.ServerStream) (err error) {
		s := stream.(*httpStream)
		var end func(error)
		s.ctx, end = p.trace(s.ctx, method)
		defer func() { end(err) }()
		return handler(srv, s)
	}
}

// trace tells the tracer of a call, and of its end.
func (p *inProcess) trace(ctx context.Context, method string) (traced context.Context, end func(error)) {
	began := time.Now()
	traced = p.traces.TagRPC(ctx, &stats.RPCTagInfo{FullMethodName: method})
	p.traces.HandleRPC(traced, &stats.Begin{BeginTime: began})
	return traced, func(err error) {
		p.traces.HandleRPC(traced, &stats.End{BeginTime: began, EndTime: time.Now(), Error: err})
	}
}

// carriedHeaders are the only ones that interceptors see, by their names as metadata.
var carriedHeaders = map[string]string{
	"authorization": "Authorization", "origin": "Origin", "traceparent": "Traceparent", "tracestate": "Tracestate",
}

// incomingContext is that of a call: it ends with the request, or at the caller's deadline.
func incomingContext(r *http.Request) (context.Context, context.CancelFunc, error) {
	md := make(metadata.MD, len(carriedHeaders))
	for name, header := range carriedHeaders {
		if values := r.Header[header]; values != nil {
			md[name] = values
		}
	}
	ctx := metadata.NewIncomingContext(r.Context(), md)
	text := r.Header.Get("Grpc-Timeout")
	if text == "" {
		return ctx, func() {}, nil
	}
	timeout, err := parseTimeout(text)
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	return ctx, cancel, nil
}

var timeoutUnits = map[byte]time.Duration{
	'H': time.Hour, 'M': time.Minute, 'S': time.Second, 'm': time.Millisecond, 'u': time.Microsecond, 'n': time.Nanosecond,
}

// parseTimeout reads a Grpc-Timeout, such as 200m. One that is longer than can be told is as good as none.
func parseTimeout(text string) (time.Duration, error) {
	digits, unit := text[:len(text)-1], timeoutUnits[text[len(text)-1]]
	n, err := strconv.ParseUint(digits, 10, 64)
	if err != nil || unit == 0 {
		return 0, call.InvalidRequest(fmt.Sprintf("invalid grpc-timeout: %.40q", text))
	}
	if n > uint64(math.MaxInt64/unit) {
		return math.MaxInt64, nil
	}
	return time.Duration(n) * unit, nil
}
