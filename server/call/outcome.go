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

// RefusedCredential returns why the call's credential was refused, by the gateway or by the deployment; empty if it was not, if there was
// none, and if it could not be checked. p is the call's problem; nil for success.
func (c *Call) RefusedCredential(p *Problem) string {
	switch outcome := c.Authentication(); outcome {
	case "", anonymous, authenticated, string(auth.ReasonNoCredentials), string(auth.ReasonAuthBackendUnavailable):
	default:
		return outcome
	}
	if p != nil && p.Reason == string(auth.ReasonConvexRejected) {
		return p.Reason
	}
	return ""
}

// Outcomes are all that Authentication returns.
func Outcomes() []string {
	all := []string{authenticated, anonymous}
	for reason := range auth.Reasons() {
		all = append(all, string(reason))
	}
	return all
}

// Outcomes of a credential that is not refused.
const (
	authenticated = "AUTHENTICATED"
	anonymous     = "ANONYMOUS"
)

// RecordOutcome records the outcome of a call's credential, and which service it is. It must run behind the credential interceptors, which have
// accepted the credential, or have left a refused one to the handler.
func RecordOutcome(ctx context.Context) {
	c := From(ctx)
	refused := auth.ErrorFromContext(ctx)
	id, signedIn := auth.FromContext(ctx)
	if id.Grant() != nil {
		if c.Service = id.Subject; id.ActorSubject != "" {
			c.Service = id.ActorSubject
		}
	}
	switch {
	case refused != nil:
		c.outcome = string(refused.Reason)
	case signedIn:
		c.outcome = authenticated
	default:
		c.outcome = anonymous
	}
}
