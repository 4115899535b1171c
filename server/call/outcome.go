package call

import (
	"context"
	"errors"

	"convexgateway/auth"
)

// Authentication is what became of the call's credential; empty for methods that do not look at it.
func (c *Call) Authentication() string {
	if refused, ok := errors.AsType[*auth.Error](c.Failure); ok && c.outcome == "" {
		return string(refused.Reason)
	}
	return c.outcome
}

// RecordOutcome stands behind the credential interceptors: who comes here was let in, or is looked at by the handler.
func RecordOutcome(ctx context.Context) {
	c := From(ctx)
	refused := auth.ErrorFromContext(ctx)
	_, known := auth.FromContext(ctx)
	switch {
	case refused != nil:
		c.outcome = string(refused.Reason)
	case known:
		c.outcome = "AUTHENTICATED"
	default:
		c.outcome = "ANONYMOUS"
	}
}
