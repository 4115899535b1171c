package auth

import (
	"context"
	"errors"
	"strings"

	"google.golang.org/grpc/metadata"
)

// OnBehalfOf is the metadata that names the subject of the user for whom a service makes a call.
const OnBehalfOf = "x-on-behalf-of"

// servicePrefix begins the subjects of services, for which nobody acts.
const servicePrefix = "service:"

// ServiceSubject returns the subject of a service.
func ServiceSubject(name string) string { return servicePrefix + name }

// actingFor returns the identity that a call runs under: the caller's, or that of the user whom its metadata names. A caller that may not
// act for the user is refused: its call must not run under its own identity instead.
func actingFor(ctx context.Context, caller *Identity) (*Identity, *Error) {
	values := metadata.ValueFromIncomingContext(ctx, OnBehalfOf)
	switch {
	case values == nil:
		return caller, nil
	case len(values) != 1 || !isSubject(values[0]):
		return nil, NewError(ReasonInvalidSubject, nil)
	case caller.Grant() == nil || strings.HasPrefix(values[0], servicePrefix):
		return nil, NewError(ReasonOnBehalfOf, nil)
	}
	return caller.Grant().ActingFor(values[0])
}

// isSubject reports whether a text can be one subject: a list of several is none, which a proxy may have made of two headers.
func isSubject(text string) bool {
	return text != "" && len(text) <= maxSubjectBytes &&
		!strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' || r == ',' })
}

// CheckRefreshable returns why a caller brings no newer tokens: the gateway renews those of services with a key or a certificate by itself.
// nil: it may.
func CheckRefreshable(caller *Identity) *Error {
	if grant := caller.Grant(); grant != nil && grant.RenewsItself() {
		return invalid(errors.New("a service's key or certificate needs no refresh"), "a service with an API key or a certificate needs no newer token: the gateway renews its streams by itself")
	}
	return nil
}

// CheckSignOut returns why a caller cannot sign out: a service ends by leaving the services file. nil: it can.
func CheckSignOut(caller *Identity) *Error {
	if caller.Grant() != nil {
		return invalid(errors.New("a service"), "a service does not sign out: it ends when its entry leaves the services file")
	}
	return nil
}

// CheckTicket returns why a caller gets no ticket: a service has no token that a ticket could hold. nil: it may get one.
func CheckTicket(caller *Identity) *Error {
	if caller.Grant() != nil {
		return invalid(errors.New("a service"), "tickets are for users: a service opens streams with its own credential")
	}
	return nil
}

func invalid(cause error, message string) *Error {
	return &Error{Reason: "INVALID_VALUE", Class: Invalid, Message: message, cause: cause}
}
