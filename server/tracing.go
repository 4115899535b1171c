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
	"convexgateway/server/rpc"
)

// With Config.Traces every call is a span, over gRPC and over REST, and each request to the deployment's HTTP API is a span
// within it. The trace of a caller is continued (W3C Trace Context), and sent to the deployment. Without Config.Traces calls
// pass none of this.

// traceContext carries no baggage: what callers put there is not for the deployment.
var traceContext = propagation.TraceContext{}

// callTracer traces the calls of the gateway's own methods, without health checks and reflection. nil: without Traces.
func (c Config) callTracer() stats.Handler {
	if c.Traces == nil {
		return nil
	}
	return otelgrpc.NewServerHandler(
		otelgrpc.WithTracerProvider(discreetProvider{c.Traces}), otelgrpc.WithPropagators(traceContext),
		otelgrpc.WithMeterProvider(noop.NewMeterProvider()),
		otelgrpc.WithFilter(func(info *stats.RPCTagInfo) bool { return rpc.Exists(info.FullMethodName) }),
	)
}

// tracedTransport traces the requests to the deployment. nil, which is the client's own transport: without Traces.
func (c Config) tracedTransport() http.RoundTripper {
	if c.Traces == nil {
		return nil
	}
	transport := convex.NewTransport()
	return closingTransport{otelhttp.NewTransport(transport,
		otelhttp.WithTracerProvider(discreetProvider{c.Traces}), otelhttp.WithPropagators(traceContext),
		otelhttp.WithMeterProvider(noop.NewMeterProvider()),
		otelhttp.WithSpanNameFormatter(func(_ string, r *http.Request) string { return r.Method + " " + r.URL.Path }),
		otelhttp.WithFilter(func(r *http.Request) bool { return trace.SpanContextFromContext(r.Context()).IsValid() }),
	), transport}
}

// closingTransport adds to otelhttp's transport a method that closes idle connections.
type closingTransport struct {
	http.RoundTripper
	inner *http.Transport
}

// CloseIdleConnections is called by [convex.HTTPClient.Close].
func (t closingTransport) CloseIdleConnections() { t.inner.CloseIdleConnections() }

// discreetProvider makes spans without the texts of errors: those of functions quote arguments and results.
type discreetProvider struct{ trace.TracerProvider }

// Tracer implements [trace.TracerProvider].
func (p discreetProvider) Tracer(name string, options ...trace.TracerOption) trace.Tracer {
	return discreetTracer{p.TracerProvider.Tracer(name, options...)}
}

type discreetTracer struct{ trace.Tracer }

// Start implements [trace.Tracer].
func (t discreetTracer) Start(ctx context.Context, name string, options ...trace.SpanStartOption) (context.Context, trace.Span) {
	ctx, span := t.Tracer.Start(ctx, name, options...)
	discreet := discreetSpan{span}
	return trace.ContextWithSpan(ctx, discreet), discreet
}

type discreetSpan struct{ trace.Span }

// SetStatus leaves the description out.
func (s discreetSpan) SetStatus(code otelcodes.Code, _ string) { s.Span.SetStatus(code, "") }

// RecordError does nothing: the status says that there was one.
func (s discreetSpan) RecordError(error, ...trace.EventOption) {}
