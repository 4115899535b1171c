package call

import (
	"context"
	"log/slog"

	"go.opentelemetry.io/otel/trace"
)

// LogAttrs returns the ids by which a call's log lines are found.
func (c *Call) LogAttrs(ctx context.Context) []slog.Attr {
	ids := []slog.Attr{slog.String("request_id", c.RequestID)}
	if span := trace.SpanContextFromContext(ctx); span.HasTraceID() {
		ids = append(ids, slog.String("trace_id", span.TraceID().String()))
	}
	return ids
}

// LogHandler adds the ids of the context's call to log lines, for packages that do not import this one.
type LogHandler struct{ slog.Handler }

// Handle implements [slog.Handler].
func (l LogHandler) Handle(ctx context.Context, r slog.Record) error {
	if c, ok := ctx.Value(callKey{}).(*Call); ok {
		r.AddAttrs(c.LogAttrs(ctx)...)
	}
	return l.Handler.Handle(ctx, r)
}

// WithAttrs implements [slog.Handler].
func (l LogHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return LogHandler{l.Handler.WithAttrs(attrs)}
}

// WithGroup implements [slog.Handler].
func (l LogHandler) WithGroup(name string) slog.Handler { return LogHandler{l.Handler.WithGroup(name)} }
