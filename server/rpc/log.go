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

// CallLog is what the log line of a call has besides the call's record.
type CallLog struct {
	Method            string
	Status            *status.Status
	Problem           *call.Problem // nil for success
	Started           time.Time
	InBytes, OutBytes int
}

// Write writes the log line of a call: names, sizes and time, never an argument, a result or a token.
func (l CallLog) Write(ctx context.Context, logger *slog.Logger, c *call.Call) {
	level := slog.LevelInfo
	attrs := []slog.Attr{
		slog.String("method", l.Method), slog.String("code", l.Status.Code().String()),
		slog.Duration("took", time.Since(l.Started)), slog.Int("in_bytes", l.InBytes), slog.Int("out_bytes", l.OutBytes),
		slog.String("caller", c.Address), slog.Bool("rest", c.OverREST),
	}
	attrs = append(attrs, c.LogAttrs(ctx)...)
	if c.Path != "" {
		attrs = append(attrs, slog.String("path", c.Path))
	}
	if c.Events > 0 {
		attrs = append(attrs, slog.Int("events", c.Events))
	}
	if l.Problem != nil {
		attrs = append(attrs, slog.String("reason", l.Problem.Reason))
		if l.Problem.Code == codes.Internal {
			level = slog.LevelError
			attrs = append(attrs, slog.String("error", fmt.Sprintf("%T", c.Failure)))
		}
	}
	logger.LogAttrs(ctx, level, "call", attrs...)
}
