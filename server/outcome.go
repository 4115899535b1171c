package server

import (
	"context"
	"errors"

	"convexgateway/auth"
)

// authentication is what became of the call's credential; empty for methods that do not look at it.
func (c *call) authentication() string {
	if refused, ok := errors.AsType[*auth.Error](c.failure); ok && c.outcome == "" {
		return string(refused.Reason)
	}
	return c.outcome
}

// noteOutcome stands behind the credential interceptors: who comes here was let in, or is looked at by the handler.
func noteOutcome(ctx context.Context) {
	c := callFrom(ctx)
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
