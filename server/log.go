package server

import (
	"context"
	"log/slog"

	"go.opentelemetry.io/otel/trace"
)

// names are the ids by which a call's log lines are found.
func (c *call) names(ctx context.Context) []slog.Attr {
	names := []slog.Attr{slog.String("request_id", c.requestID)}
	if span := trace.SpanContextFromContext(ctx); span.HasTraceID() {
		names = append(names, slog.String("trace_id", span.TraceID().String()))
	}
	return names
}

// callLog puts the ids of the call into the lines of those who do not know calls.
type callLog struct{ slog.Handler }

// Handle implements [slog.Handler].
func (l callLog) Handle(ctx context.Context, r slog.Record) error {
	if c, ok := ctx.Value(callKey{}).(*call); ok {
		r.AddAttrs(c.names(ctx)...)
	}
	return l.Handler.Handle(ctx, r)
}

// WithAttrs implements [slog.Handler].
func (l callLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return callLog{l.Handler.WithAttrs(attrs)}
}

// WithGroup implements [slog.Handler].
func (l callLog) WithGroup(name string) slog.Handler { return callLog{l.Handler.WithGroup(name)} }
