package call

import (
	"context"
	"errors"

	"convexgateway/auth"
)

// Authentication returns the outcome of the call's credential; empty for methods that ignore credentials.
func (c *Call) Authentication() string {
	if refused, ok := errors.AsType[*auth.Error](c.Failure); ok && c.outcome == "" {
		return string(refused.Reason)
	}
	return c.outcome
}

// RecordOutcome records the outcome of a call's credential, and which service it is. It must run behind the credential interceptors, which have
// accepted the credential, or have left a refused one to the handler.
func RecordOutcome(ctx context.Context) {
	c := From(ctx)
	refused := auth.ErrorFromContext(ctx)
	id, authenticated := auth.FromContext(ctx)
	if id.Grant() != nil {
		if c.Service = id.Subject; id.ActorSubject != "" {
			c.Service, c.User = id.ActorSubject, id.Subject
		}
	}
	switch {
	case refused != nil:
		c.outcome = string(refused.Reason)
	case authenticated:
		c.outcome = "AUTHENTICATED"
	default:
		c.outcome = "ANONYMOUS"
	}
}
