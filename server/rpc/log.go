package rpc

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"convexgateway/auth"
	"convexgateway/convex"
	"convexgateway/server/call"
	"convexgateway/server/call/limit"
)

// CallLog is what the log line of a call has besides the call's record.
type CallLog struct {
	Method            string
	Status            *status.Status
	Problem           *call.Problem // nil for success
	Started           time.Time
	InBytes, OutBytes int
	Events            int // sent on a stream
}

// Write writes the log line of a call: names, sizes and time, never an argument, a result or a token. Of many refused calls it writes
// a few; refusals have the sums of the others.
func (l CallLog) Write(ctx context.Context, logger *slog.Logger, refusals *limit.Refusals, c *call.Call) {
	if l.refused(c) && !refusals.Add(c.Caller(), l.Problem.Reason) {
		return
	}
	level := slog.LevelInfo
	attrs := []slog.Attr{
		slog.String("method", call.CutText(l.Method, maxLoggedName)), slog.String("code", l.Status.Code().String()),
		slog.Duration("took", time.Since(l.Started)), slog.Int("in_bytes", l.InBytes), slog.Int("out_bytes", l.OutBytes),
		slog.String("caller", c.Address), slog.Bool("rest", c.Protocol == call.REST), slog.String("protocol", c.Protocol.String()),
	}
	attrs = append(attrs, c.LogAttrs(ctx)...)
	if c.Path != "" {
		attrs = append(attrs, slog.String("path", call.CutText(c.Path, maxLoggedName)))
	}
	if c.Service != "" {
		attrs = append(attrs, slog.String("service", c.Service))
	}
	if c.User != "" {
		attrs = append(attrs, slog.String("on_behalf_of", c.User))
	}
	if l.Events > 0 {
		attrs = append(attrs, slog.Int("events", l.Events))
	}
	if l.Problem != nil {
		attrs = append(attrs, slog.String("reason", l.Problem.Reason))
		if l.Problem.Code == codes.Internal {
			level = slog.LevelError
			attrs = append(attrs, causeAttrs(c.Failure)...)
		} else if refused, ok := errors.AsType[*auth.Error](c.Failure); ok && errors.Unwrap(refused) != nil {
			attrs = append(attrs, slog.String("cause", call.CutText(errors.Unwrap(refused).Error(), maxCause))) // holds no value of a token
		}
	}
	logger.LogAttrs(ctx, level, "call", attrs...)
}

// refused reports whether the gateway itself has refused the call: for its form, its arguments, its credential or a limit.
func (l CallLog) refused(c *call.Call) bool {
	if l.Problem == nil {
		return false
	}
	_, credential := errors.AsType[*auth.Error](c.Failure)
	_, form := errors.AsType[*call.RequestError](c.Failure)
	return credential || form || l.Problem.Argument != nil || l.Problem.Code == codes.ResourceExhausted
}

// maxLoggedName bounds methods and paths, which callers can invent, in bytes.
const maxLoggedName = 256

// causeAttrs returns what is behind an internal error: the deployment's status and code, and what to check, or, for an error of
// the gateway's own, its type. Its text may hold a caller's data.
func causeAttrs(err error) []slog.Attr {
	if upstream, ok := errors.AsType[*convex.DeploymentError](err); ok {
		attrs := []slog.Attr{slog.Int("upstream_status", upstream.Status), slog.String("upstream_code", call.CutText(upstream.Code, maxUpstreamCode))}
		if upstream.Status != 0 {
			attrs = append(attrs, slog.String("check", upstream.Advice()))
		}
		return attrs
	}
	return []slog.Attr{slog.String("error", fmt.Sprintf("%T", err))}
}

// maxCause bounds why a credential is refused, in bytes.
const maxCause = 256

// maxUpstreamCode bounds the deployment's code in the log, in bytes.
const maxUpstreamCode = 64
