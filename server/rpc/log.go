package rpc

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"convexgateway/convex"
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
			attrs = append(attrs, failureAttrs(c.Failure)...)
		}
	}
	logger.LogAttrs(ctx, level, "call", attrs...)
}

// failureAttrs returns what is logged of an error that is nobody's but the gateway's: its type, and of a deployment's refusal
// status, code and what to check. Other texts may have data of the caller.
func failureAttrs(err error) []slog.Attr {
	attrs := []slog.Attr{slog.String("error", fmt.Sprintf("%T", err))}
	if e, ok := errors.AsType[*convex.DeploymentError](err); ok && e.Status != 0 {
		attrs = append(attrs, slog.Int("http_status", e.Status), slog.String("deployment_code", e.Code), slog.String("check", e.Advice()))
	}
	return attrs
}
