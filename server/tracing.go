package server

import (
	"context"
	"net/http"

	"go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	otelcodes "go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc/stats"

	"convexgateway/convex"
)

// With Config.Traces every call is a span, over gRPC and over REST, and each request to the deployment's HTTP API is a span within
// it. A caller's trace is continued (W3C Trace Context), and passed on to the deployment. Without Config.Traces calls have no
// cost of tracing.

// traceContext propagates no baggage: that of callers is not for the deployment.
var traceContext = propagation.TraceContext{}

// callTracer returns what traces the calls of methods that exist, and not health checks and reflection; nil without
// Config.Traces.
func (c Config) callTracer(exists func(fullMethod string) bool) stats.Handler {
	if c.Traces == nil {
		return nil
	}
	return otelgrpc.NewServerHandler(
		otelgrpc.WithTracerProvider(redactingProvider{c.Traces}), otelgrpc.WithPropagators(traceContext),
		otelgrpc.WithMeterProvider(noop.NewMeterProvider()),
		otelgrpc.WithFilter(func(info *stats.RPCTagInfo) bool { return exists(info.FullMethodName) }),
	)
}

// tracedTransport returns a transport that traces the requests to the deployment, with a bound of connections; nil, which is the
// client's own, without Config.Traces.
func (c Config) tracedTransport(maxConns int) http.RoundTripper {
	if c.Traces == nil {
		return nil
	}
	transport := convex.NewTransport(maxConns)
	return closingTransport{otelhttp.NewTransport(transport,
		otelhttp.WithTracerProvider(redactingProvider{c.Traces}), otelhttp.WithPropagators(traceContext),
		otelhttp.WithMeterProvider(noop.NewMeterProvider()),
		otelhttp.WithSpanNameFormatter(func(_ string, r *http.Request) string { return r.Method + " " + r.URL.Path }),
		otelhttp.WithFilter(func(r *http.Request) bool { return trace.SpanContextFromContext(r.Context()).IsValid() }),
	), transport}
}

// closingTransport can close idle connections, which otelhttp's transport cannot.
type closingTransport struct {
	http.RoundTripper
	inner *http.Transport
}

// CloseIdleConnections closes those of the inner transport, for [convex.HTTPClient.Close].
func (t closingTransport) CloseIdleConnections() { t.inner.CloseIdleConnections() }

// redactingProvider makes spans without the texts of errors: those of functions quote arguments and results.
type redactingProvider struct{ trace.TracerProvider }

// Tracer implements [trace.TracerProvider].
func (p redactingProvider) Tracer(name string, options ...trace.TracerOption) trace.Tracer {
	return redactingTracer{p.TracerProvider.Tracer(name, options...)}
}

// redactingTracer makes the spans of a redactingProvider.
type redactingTracer struct{ trace.Tracer }

// Start implements [trace.Tracer].
func (t redactingTracer) Start(ctx context.Context, name string, options ...trace.SpanStartOption) (context.Context, trace.Span) {
	ctx, span := t.Tracer.Start(ctx, name, options...)
	redacting := redactingSpan{span}
	return trace.ContextWithSpan(ctx, redacting), redacting
}

// redactingSpan is a span without the texts of errors.
type redactingSpan struct{ trace.Span }

// SetStatus leaves the description out.
func (s redactingSpan) SetStatus(code otelcodes.Code, _ string) { s.Span.SetStatus(code, "") }

// RecordError does nothing: the status shows that there was an error.
func (s redactingSpan) RecordError(error, ...trace.EventOption) {}
