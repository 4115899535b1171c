package rpc

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"convexgateway/auth"
	"convexgateway/server/audit"
	"convexgateway/server/call"
)

// annotate adds attributes to the call's span, which its log line has as well.
func (l *CallLog) annotate(ctx context.Context, c *call.Call, p *call.Problem) {
	span := trace.SpanFromContext(ctx)
	if !span.IsRecording() {
		return
	}
	span.SetAttributes(attribute.String("convexgateway.request_id", c.RequestID), attribute.Bool("convexgateway.rest", c.Protocol == call.REST), attribute.String("convexgateway.protocol", c.Protocol.String()))
	if c.Path != "" {
		span.SetAttributes(attribute.String("convexgateway.path", c.Path))
	}
	id, _ := auth.FromContext(ctx)
	for _, a := range audit.AppendClient(l.Audit.Names().AppendCaller(nil, id), c) {
		span.SetAttributes(attribute.String("convexgateway."+a.Key, a.Value.String()))
	}
	if p != nil {
		span.SetAttributes(attribute.String("convexgateway.reason", p.Reason))
	}
}
