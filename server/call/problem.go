package call

import (
	"net/http"
	"strings"

	convexlive "convexgateway/convex/live"

	"convexgateway/auth/lease"

	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"convexgateway/auth"
	"convexgateway/convex"
)

// This file is the one border between errors and statuses: every error that leaves a handler or an interceptor becomes a
// problem here, and a problem becomes a status. What is not listed is INTERNAL with no more than that word.

// ErrorDomain is the domain of every google.rpc.ErrorInfo.
const ErrorDomain = "convexgateway"

// RequestError is a request that is out of its bounds.
type RequestError struct {
	Code   codes.Code
	Reason string
	Text   string
}

func (e *RequestError) Error() string { return e.Text }

func InvalidField(field, why string) error {
	return &RequestError{Code: codes.InvalidArgument, Reason: "INVALID_VALUE", Text: field + ": " + why}
}

func InvalidRequest(text string) error {
	return &RequestError{Code: codes.InvalidArgument, Reason: "INVALID_REQUEST", Text: plainSpaces(text)}
}

func RequestTooLarge(limit int) error {
	return TooLarge(fmt.Sprintf("the request is larger than %d bytes", limit))
}

func TooLarge(text string) error {
	return &RequestError{Code: codes.InvalidArgument, Reason: "REQUEST_TOO_LARGE", Text: text}
}

// InvalidBody is a body that could not be read.
func InvalidBody(err error) error {
	if large, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return RequestTooLarge(int(large.Limit))
	}
	return InvalidRequest(err.Error())
}

// plainSpaces undoes the no-break spaces that the protobuf library puts into its errors at random.
func plainSpaces(text string) string { return strings.ReplaceAll(text, "\u00a0", " ") }

// ErrNoRoute is a path that REST does not serve.
var ErrNoRoute error = &RequestError{Code: codes.NotFound, Reason: "ROUTE_NOT_FOUND", Text: "there is no such route"}

// Errors of the gateway itself.
var (
	ErrDraining       = errors.New("the gateway is shutting down")
	ErrTooManyStreams = errors.New("too many open streams")
	ErrUnreachable    = errors.New("the deployment has been out of reach for too long")
)

// Problem is an error in the terms of the contract.
type Problem struct {
	Code       codes.Code
	Reason     string // UPPER_SNAKE, a part of the contract
	Message    string // for people; holds nothing secret
	RetryAfter time.Duration
	Function   *convex.FunctionError // nil unless a function failed
}

const retrySoon = time.Second

// ProblemOf is the table of errors.
func ProblemOf(err error) Problem {
	var (
		credential *auth.Error
		function   *convex.FunctionError
		deployment *convex.DeploymentError
		path       *convex.PathError
		value      *convex.ValueError
		request    *RequestError
		rate       *RateError
	)
	switch {
	case errors.As(err, &credential):
		return credentialProblem(credential)
	case errors.As(err, &function):
		return FunctionProblem(function)
	case errors.As(err, &deployment):
		return deploymentProblem(deployment)
	case errors.As(err, &path):
		return Problem{Code: codes.InvalidArgument, Reason: "INVALID_PATH", Message: "path: " + path.Reason}
	case errors.As(err, &value):
		return Problem{Code: codes.InvalidArgument, Reason: "INVALID_VALUE", Message: value.Error()}
	case errors.As(err, &request):
		return Problem{Code: request.Code, Reason: request.Reason, Message: request.Text}
	case errors.As(err, &rate):
		return Problem{
			Code: codes.ResourceExhausted, Reason: "CALLER_RATE_LIMITED", Message: "this caller makes too many calls", RetryAfter: rate.after,
		}
	case errors.Is(err, lease.ErrWeakRefreshKey):
		return Problem{Code: codes.InvalidArgument, Reason: "INVALID_VALUE", Message: fmt.Sprintf(
			"refresh_key: must have %d to %d characters, at least 128 random bits", lease.MinRefreshKeyBytes, lease.MaxRefreshKeyBytes)}
	case errors.Is(err, ErrDraining), errors.Is(err, convexlive.ErrClosed):
		return Problem{Code: codes.Unavailable, Reason: "DRAINING", Message: ErrDraining.Error(), RetryAfter: retrySoon}
	case errors.Is(err, ErrUnreachable):
		return Problem{
			Code: codes.Unavailable, Reason: "DEPLOYMENT_UNAVAILABLE", Message: ErrUnreachable.Error(), RetryAfter: 5 * retrySoon,
		}
	case errors.Is(err, convexlive.ErrTooManySessions):
		return Problem{
			Code: codes.ResourceExhausted, Reason: "TOO_MANY_STREAMS", Message: "too many identities have open streams", RetryAfter: 5 * retrySoon,
		}
	case errors.Is(err, ErrTooManyStreams):
		return Problem{
			Code: codes.ResourceExhausted, Reason: "TOO_MANY_STREAMS", Message: ErrTooManyStreams.Error(), RetryAfter: 5 * retrySoon,
		}
	case errors.Is(err, convexlive.ErrQueueFull):
		return Problem{
			Code: codes.ResourceExhausted, Reason: "QUEUE_FULL", RetryAfter: retrySoon,
			Message: "too many mutations or actions of this session are waiting",
		}
	case errors.Is(err, context.Canceled):
		return Problem{Code: codes.Canceled, Reason: "CANCELLED", Message: "the caller cancelled the call"}
	case errors.Is(err, context.DeadlineExceeded):
		return Problem{Code: codes.DeadlineExceeded, Reason: "DEADLINE_EXCEEDED", Message: "the call's deadline has passed"}
	default:
		return Problem{Code: codes.Internal, Reason: "INTERNAL", Message: "internal error of the gateway"}
	}
}

// TransportProblem is behind a status that grpc itself made, on its way in or out.
func TransportProblem(st *status.Status) Problem {
	p := Problem{Code: st.Code(), Reason: "TRANSPORT", Message: st.Message()}
	switch p.Code {
	case codes.Canceled:
		p.Reason = "CANCELLED"
	case codes.DeadlineExceeded:
		p.Reason = "DEADLINE_EXCEEDED"
	case codes.Unimplemented:
		p.Reason = "UNIMPLEMENTED"
	case codes.Unavailable:
		p.RetryAfter = retrySoon
	}
	return p
}

func credentialProblem(e *auth.Error) Problem {
	p := Problem{Code: codes.Unauthenticated, Reason: string(e.Reason), Message: e.Message}
	switch e.Class {
	case auth.PermissionDenied:
		p.Code = codes.PermissionDenied
	case auth.Unavailable:
		p.Code, p.RetryAfter = codes.Unavailable, retrySoon
	}
	return p
}

func deploymentProblem(e *convex.DeploymentError) Problem {
	switch e.Class {
	case convex.Unavailable:
		return Problem{
			Code: codes.Unavailable, Reason: "DEPLOYMENT_UNAVAILABLE",
			Message: "the deployment is unreachable or overloaded; nothing was executed", RetryAfter: retrySoon,
		}
	case convex.RateLimited:
		return Problem{
			Code: codes.ResourceExhausted, Reason: "RATE_LIMITED",
			Message: "the deployment has too many requests; nothing was executed", RetryAfter: retrySoon,
		}
	case convex.OutcomeUnknown:
		p := Problem{Code: codes.Unknown, Reason: "MUTATION_OUTCOME_UNKNOWN",
			Message: "the answer was lost; the mutation may or may not have run"}
		if e.Kind == convex.Action {
			p.Reason, p.Message = "ACTION_OUTCOME_UNKNOWN", "the answer was lost; the action may or may not have run"
		}
		return p
	case convex.WriteConflict:
		p := Problem{
			Code: codes.Aborted, Reason: "WRITE_CONFLICT", RetryAfter: retrySoon,
			Message: "the mutation lost every race with other writes; nothing was committed",
		}
		if e.Message != "" {
			p.Message = e.Message
		}
		return p
	case convex.Unauthorized:
		return credentialProblem(auth.NewError(auth.ReasonConvexRejected, nil))
	case convex.AuthUnavailable:
		return credentialProblem(auth.NewError(auth.ReasonAuthBackendUnavailable, nil))
	default:
		return Problem{Code: codes.Internal, Reason: "DEPLOYMENT_REFUSED", Message: "the deployment refused the gateway's request"}
	}
}

// dataCodes are the codes that a ConvexError may choose by `data.code`. No others: OK would be a success, UNAVAILABLE a
// retry, UNAUTHENTICATED a sign-out.
var dataCodes = map[string]codes.Code{
	"INVALID_ARGUMENT":    codes.InvalidArgument,
	"NOT_FOUND":           codes.NotFound,
	"ALREADY_EXISTS":      codes.AlreadyExists,
	"PERMISSION_DENIED":   codes.PermissionDenied,
	"FAILED_PRECONDITION": codes.FailedPrecondition,
	"OUT_OF_RANGE":        codes.OutOfRange,
}

func FunctionProblem(e *convex.FunctionError) Problem {
	p := Problem{Function: e}
	switch e.Cause() {
	case convex.ThrewData:
		p.Code, p.Reason, p.Message = codes.FailedPrecondition, "CONVEX_ERROR", "the function threw a ConvexError"
	case convex.NotFound:
		p.Code, p.Reason, p.Message = codes.NotFound, "FUNCTION_NOT_FOUND", "there is no such public function"
	case convex.WrongKind:
		p.Code, p.Reason, p.Message = codes.InvalidArgument, "WRONG_FUNCTION_KIND", "the function is of another kind"
	case convex.BadArguments:
		p.Code, p.Reason, p.Message = codes.InvalidArgument, "ARGUMENT_VALIDATION", "the arguments fail the function's validator"
	default:
		p.Code, p.Reason, p.Message = codes.Unknown, "FUNCTION_FAILED", "the function threw an error"
	}
	if summary := e.Summary(); summary != "" {
		p.Message = summary
	}
	p.chooseByData(e.Data)
	return p
}

// chooseByData lets the data of a ConvexError choose code and message; data of another shape chooses nothing.
func (p *Problem) chooseByData(data []byte) {
	var fields map[string]json.RawMessage // a struct would take `Code` for `code`
	if data == nil || json.Unmarshal(data, &fields) != nil {
		return
	}
	var name, message string
	if json.Unmarshal(fields["code"], &name) == nil {
		if code, ok := dataCodes[name]; ok {
			p.Code = code
		}
	}
	if json.Unmarshal(fields["message"], &message) == nil && message != "" {
		p.Message = message
	}
}

// CutText shortens a text to n bytes at most, between characters.
func CutText(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && text[n]&0xc0 == 0x80 {
		n--
	}
	return text[:n]
}
