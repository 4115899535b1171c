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
	"convexgateway/server/audit"
	"convexgateway/server/call"
	"convexgateway/server/call/limit"
)

// CallLog writes the log lines of calls: names, sizes and time, never an argument, a result or a token. Safe for concurrent use.
type CallLog struct {
	Logger   *slog.Logger
	Refusals *limit.Refusals // of many refused calls some have a line, and the others a sum. nil: all have one
	Sample   Sample          // of the calls that have not failed
	Audit    *audit.Log      // names callers. nil: they have no names
}

// CallEnd is what the log line of a call has besides the call's record.
type CallEnd struct {
	Method            string
	Status            *status.Status
	Problem           *call.Problem // nil for success
	Started           time.Time
	InBytes, OutBytes int
	Events            int // sent on a stream
}

// Began writes the line of a stream that begins.
func (l *CallLog) Began(ctx context.Context) {
	c := call.From(ctx)
	if l.Sample.Has(c.RequestID) && l.Logger.Enabled(ctx, slog.LevelInfo) {
		l.Logger.LogAttrs(ctx, slog.LevelInfo, "stream begins", l.attrs(ctx, c, c.Method)...)
	}
}

// Ended writes the line of a call that has ended.
func (l *CallLog) Ended(ctx context.Context, c *call.Call, e CallEnd) {
	id, _ := auth.FromContext(ctx)
	if !e.failed() && !l.Sample.Has(c.RequestID) || e.refused(c) && !l.Refusals.Add(l.Audit.Names().Counted(c, id), e.Problem.Reason) {
		return
	}
	level := e.level(c)
	if !l.Logger.Enabled(ctx, level) {
		return
	}
	attrs := append(l.attrs(ctx, c, e.Method), slog.String("code", e.Status.Code().String()),
		slog.Duration("took", time.Since(e.Started)), slog.Int("in_bytes", e.InBytes), slog.Int("out_bytes", e.OutBytes))
	if e.Events > 0 {
		attrs = append(attrs, slog.Int("events", e.Events))
	}
	if e.Problem != nil {
		attrs = append(attrs, slog.String("reason", e.Problem.Reason))
		attrs = append(attrs, e.causes(c)...)
	}
	l.Logger.LogAttrs(ctx, level, "call", attrs...)
}

// maxAttrs is as many attributes as the line of a call has.
const maxAttrs = 25

// attrs returns what the lines of a call's begin and end have in common.
func (l *CallLog) attrs(ctx context.Context, c *call.Call, method string) []slog.Attr {
	attrs := append(make([]slog.Attr, 0, maxAttrs), slog.String("method", call.CutText(method, maxLoggedName)),
		slog.String("caller", c.Address), slog.Bool("rest", c.Protocol == call.REST), slog.String("protocol", c.Protocol.String()))
	attrs = append(attrs, c.LogAttrs(ctx)...)
	if c.Path != "" {
		attrs = append(attrs, slog.String("path", call.CutText(c.Path, maxLoggedName)))
	}
	if c.Service != "" {
		attrs = append(attrs, slog.String("service", c.Service))
	}
	id, _ := auth.FromContext(ctx)
	return audit.AppendClient(l.Audit.Names().AppendCaller(attrs, id), c)
}

// failed reports whether a call has failed. One that its caller cancels has not: most streams end so.
func (e CallEnd) failed() bool { return e.Problem != nil && e.Problem.Code != codes.Canceled }

// refused reports whether the gateway itself has refused the call: for its form, its arguments, its credential or a limit.
func (e CallEnd) refused(c *call.Call) bool {
	if e.Problem == nil {
		return false
	}
	_, credential := errors.AsType[*auth.Error](c.Failure)
	_, form := errors.AsType[*call.RequestError](c.Failure)
	return credential || form || e.Problem.Argument != nil || e.Problem.Code == codes.ResourceExhausted
}

// level returns the level of the line: that of failures is higher where the gateway or the deployment is at fault.
func (e CallEnd) level(c *call.Call) slog.Level {
	switch {
	case e.Problem == nil || errors.Is(c.Failure, context.Canceled):
		return slog.LevelInfo
	case e.Problem.Code == codes.Internal:
		return slog.LevelError
	case e.faulty(c):
		return slog.LevelWarn
	}
	return slog.LevelInfo
}

// faulty reports whether a call has failed without its caller's or the function's doing. A replica that drains, and a connection that
// breaks, are no faults.
func (e CallEnd) faulty(c *call.Call) bool {
	if class, deployment := failedClass(c.Failure); deployment {
		return class != convex.WriteConflict
	}
	return e.Problem.Code == codes.Unavailable && e.Problem.Reason != drainingReason && e.Problem.Reason != transportReason
}

// The reasons of call.Problems that are no faults.
const (
	drainingReason  = "DRAINING"
	transportReason = "TRANSPORT"
)

// maxLoggedName bounds methods and paths, which callers can invent, in bytes.
const maxLoggedName = 256

// causes returns what is behind a failure: the deployment's status and code, and what to check; for an error of the gateway's own its type,
// whose text may hold a caller's data; why a credential is refused.
func (e CallEnd) causes(c *call.Call) []slog.Attr {
	if upstream, ok := errors.AsType[*convex.DeploymentError](c.Failure); ok && (e.Problem.Code == codes.Internal || upstream.Status != 0) {
		attrs := []slog.Attr{slog.Int("upstream_status", upstream.Status), slog.String("upstream_code", call.CutText(upstream.Code, maxUpstreamCode))}
		if e.Problem.Code == codes.Internal && upstream.Status != 0 {
			attrs = append(attrs, slog.String("check", upstream.Advice()))
		}
		return attrs
	}
	if e.Problem.Code == codes.Internal {
		return []slog.Attr{slog.String("error", fmt.Sprintf("%T", c.Failure))}
	}
	if refused, ok := errors.AsType[*auth.Error](c.Failure); ok && errors.Unwrap(refused) != nil {
		return []slog.Attr{slog.String("cause", call.CutText(errors.Unwrap(refused).Error(), maxCause))} // holds no value of a token
	}
	return nil
}

// maxCause bounds why a credential is refused, in bytes.
const maxCause = 256

// maxUpstreamCode bounds the deployment's code in the log, in bytes.
const maxUpstreamCode = 64
