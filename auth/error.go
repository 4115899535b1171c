package auth

import (
	"iter"
	"maps"
)

// Class is what a client can do about an [Error].
type Class int

const (
	// Unauthenticated: no acceptable credential; a new one may help.
	Unauthenticated Class = iota
	// PermissionDenied: the caller is identified, and a new token of the same kind will not help.
	PermissionDenied
	// Unavailable: the credential could not be checked; retry later. It may be good.
	Unavailable
	// Invalid: the request has a form that is never accepted.
	Invalid
)

// Reason is the machine-readable cause of an [Error], UPPER_SNAKE, part of the public contract.
type Reason string

// The reasons. Those that other packages report (such as ReasonConvexRejected) are
// here because all share one table of classes and messages; see [NewError].
const (
	ReasonNoCredentials          Reason = "NO_CREDENTIALS"
	ReasonMalformed              Reason = "MALFORMED"
	ReasonTokenTooLarge          Reason = "TOKEN_TOO_LARGE"
	ReasonAmbiguousCredentials   Reason = "AMBIGUOUS_CREDENTIALS"
	ReasonBadSignature           Reason = "BAD_SIGNATURE"
	ReasonUnknownKey             Reason = "UNKNOWN_KEY"
	ReasonIssuer                 Reason = "ISSUER"
	ReasonAudience               Reason = "AUDIENCE"
	ReasonTokenClass             Reason = "TOKEN_CLASS"
	ReasonSubject                Reason = "SUBJECT"
	ReasonTokenExpired           Reason = "TOKEN_EXPIRED"
	ReasonTokenNotYetValid       Reason = "TOKEN_NOT_YET_VALID"
	ReasonTokenLifetime          Reason = "TOKEN_LIFETIME"
	ReasonTokenSuperseded        Reason = "TOKEN_SUPERSEDED"
	ReasonTicket                 Reason = "TICKET"
	ReasonAuthorizedParty        Reason = "AZP"
	ReasonImpersonation          Reason = "IMPERSONATION"
	ReasonReservedClaim          Reason = "RESERVED_CLAIM"
	ReasonUnknownService         Reason = "UNKNOWN_SERVICE"
	ReasonServiceRevoked         Reason = "SERVICE_REVOKED"
	ReasonServiceChanged         Reason = "SERVICE_CHANGED"
	ReasonOnBehalfOf             Reason = "ON_BEHALF_OF_NOT_ALLOWED"
	ReasonInvalidSubject         Reason = "INVALID_VALUE"
	ReasonSessionPending         Reason = "SESSION_PENDING"
	ReasonSessionEnded           Reason = "SESSION_ENDED"
	ReasonSessionRevoked         Reason = "SESSION_REVOKED"
	ReasonSessionExpired         Reason = "SESSION_EXPIRED"
	ReasonSignedOut              Reason = "SIGNED_OUT"
	ReasonUserDeleted            Reason = "USER_DELETED"
	ReasonUserBanned             Reason = "USER_BANNED"
	ReasonUserMismatch           Reason = "USER_MISMATCH"
	ReasonConvexRejected         Reason = "CONVEX_REJECTED"
	ReasonAuthBackendUnavailable Reason = "AUTH_BACKEND_UNAVAILABLE"
)

// Error is a credential problem.
type Error struct {
	Reason Reason
	Class  Class
	// Message is fixed text, safe to show to clients and to put into headers: ASCII without
	// quotes or line breaks, with nothing from a request.
	Message string
	// Claimed is whom a token that could not be checked claims to be of, if its claims are acceptable; nil for other errors.
	// Anybody may have written such a token.
	Claimed *Identity

	cause error
}

// NewError returns the error of a reason with its usual class and message. The cause is for
// logs only and may be nil; it must not hold token text or claim values.
func NewError(reason Reason, cause error) *Error {
	o, ok := outcomes[reason]
	if !ok {
		o = outcome{Unauthenticated, "the credential is not accepted"}
	}
	return &Error{Reason: reason, Class: o.class, Message: o.message, cause: cause}
}

// Error is for logs; clients get Message.
func (e *Error) Error() string {
	s := "auth: " + string(e.Reason) + ": " + e.Message
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

// Unwrap returns the cause, if there is one.
func (e *Error) Unwrap() error { return e.cause }

type outcome struct {
	class   Class
	message string
}

// Reasons are all that NewError knows.
func Reasons() iter.Seq[Reason] { return maps.Keys(outcomes) }

var outcomes = map[Reason]outcome{
	ReasonNoCredentials:          {Unauthenticated, "this call needs a credential: send authorization: Bearer <token>"},
	ReasonMalformed:              {Unauthenticated, "the credential is malformed: expected authorization: Bearer <JWT> with the usual claims"},
	ReasonTokenTooLarge:          {Unauthenticated, "the token is larger than 8 KiB"},
	ReasonAmbiguousCredentials:   {Unauthenticated, "more than one authorization value was sent"},
	ReasonBadSignature:           {Unauthenticated, "the token's signature does not verify"},
	ReasonUnknownKey:             {Unauthenticated, "the token's signing key is unknown to its issuer"},
	ReasonIssuer:                 {Unauthenticated, "the token's issuer is not accepted here"},
	ReasonAudience:               {Unauthenticated, "the token is not meant for this application: check the aud claim"},
	ReasonTokenClass:             {Unauthenticated, "this kind of token is not accepted here: send a session token of a user"},
	ReasonSubject:                {Unauthenticated, "the token's subject is not a user"},
	ReasonTokenExpired:           {Unauthenticated, "the token has expired"},
	ReasonTokenNotYetValid:       {Unauthenticated, "the token is not valid yet"},
	ReasonTokenLifetime:          {Unauthenticated, "the token is valid for longer than is allowed here"},
	ReasonTokenSuperseded:        {Unauthenticated, "a newer token is already in use"},
	ReasonTicket:                 {Unauthenticated, "the ticket was used, has expired, or is for another request or origin: ask for a new one"},
	ReasonAuthorizedParty:        {PermissionDenied, "the token was issued to an application that is not allowed here"},
	ReasonImpersonation:          {PermissionDenied, "impersonation is not allowed here"},
	ReasonReservedClaim:          {PermissionDenied, "a claim named subject, issuer or tokenIdentifier would pass the caller off as somebody else"},
	ReasonUnknownService:         {Unauthenticated, "no service has this API key or workload token"},
	ReasonServiceRevoked:         {Unauthenticated, "the service's key, certificate or entry was removed"},
	ReasonServiceChanged:         {Unavailable, "the service's entry has changed: open the stream again"},
	ReasonOnBehalfOf:             {PermissionDenied, "this caller may not act for that subject: x-on-behalf-of is for services whose entry allows it"},
	ReasonInvalidSubject:         {Invalid, "x-on-behalf-of: must be given once, and be one subject"},
	ReasonSessionPending:         {PermissionDenied, "the session is not active yet: the sign-in has open tasks"},
	ReasonSessionEnded:           {Unauthenticated, "the session has ended"},
	ReasonSessionRevoked:         {Unauthenticated, "the session was revoked"},
	ReasonSessionExpired:         {Unauthenticated, "the session has expired"},
	ReasonSignedOut:              {Unauthenticated, "the session has signed out"},
	ReasonUserDeleted:            {Unauthenticated, "the user no longer exists"},
	ReasonUserBanned:             {PermissionDenied, "the user is banned"},
	ReasonUserMismatch:           {PermissionDenied, "the token belongs to another user or session: open new streams"},
	ReasonConvexRejected:         {Unauthenticated, "the deployment does not accept this token: check its issuer and audience there"},
	ReasonAuthBackendUnavailable: {Unavailable, "the token cannot be checked at the moment: try again"},
}
