package rpc

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"convexgateway/server/call"
)

// log writes the log line of a call: names, sizes and time, never an argument, a result or a token.
func (i *callInterceptor) log(ctx context.Context, method string, c *call.Call, st *status.Status, p *call.Problem, started time.Time, in, out int) {
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
	i.logger.LogAttrs(ctx, level, "call", attrs...)
}

// LogRefusal writes the log line of a call that was refused before it reached the interceptors. in is how much of it was read,
// in bytes.
func LogRefusal(ctx context.Context, logger *slog.Logger, method string, c *call.Call, st *status.Status, p *call.Problem, began time.Time, in int) {
	(&callInterceptor{logger: logger}).log(ctx, method, c, st, p, began, in, 0)
}
