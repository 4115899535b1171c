package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"convexgateway/auth"
	"convexgateway/convex"
	"convexgateway/convex/live"
)

// This file is the one border between errors and statuses: every error that leaves a handler or an interceptor becomes a
// problem here, and a problem becomes a status. What is not listed is INTERNAL with no more than that word.

// errorDomain is the domain of every google.rpc.ErrorInfo.
const errorDomain = "convexgateway"

// requestError is a request that is out of its bounds.
type requestError struct {
	code   codes.Code
	reason string
	text   string
}

func (e *requestError) Error() string { return e.text }

func invalidField(field, why string) error {
	return &requestError{code: codes.InvalidArgument, reason: "INVALID_VALUE", text: field + ": " + why}
}

func invalidRequest(text string) error {
	return &requestError{code: codes.InvalidArgument, reason: "INVALID_REQUEST", text: text}
}

func requestTooLarge(limit int) error {
	return tooLarge(fmt.Sprintf("the request is larger than %d bytes", limit))
}

func tooLarge(text string) error {
	return &requestError{code: codes.InvalidArgument, reason: "REQUEST_TOO_LARGE", text: text}
}

// Errors of the gateway itself.
var (
	errDraining       = errors.New("the gateway is shutting down")
	errTooManyStreams = errors.New("too many open streams")
	errUnreachable    = errors.New("the deployment has been out of reach for too long")
)

// problem is an error in the terms of the contract.
type problem struct {
	code       codes.Code
	reason     string // UPPER_SNAKE, a part of the contract
	message    string // for people; holds nothing secret
	retryAfter time.Duration
	function   *convex.FunctionError // nil unless a function failed
}

const retrySoon = time.Second

// problemOf is the table of errors.
func problemOf(err error) problem {
	var (
		credential *auth.Error
		function   *convex.FunctionError
		deployment *convex.DeploymentError
		path       *convex.PathError
		value      *convex.ValueError
		request    *requestError
		rate       *rateError
	)
	switch {
	case errors.As(err, &credential):
		return credentialProblem(credential)
	case errors.As(err, &function):
		return functionProblem(function)
	case errors.As(err, &deployment):
		return deploymentProblem(deployment)
	case errors.As(err, &path):
		return problem{code: codes.InvalidArgument, reason: "INVALID_PATH", message: "path: " + path.Reason}
	case errors.As(err, &value):
		return problem{code: codes.InvalidArgument, reason: "INVALID_VALUE", message: value.Error()}
	case errors.As(err, &request):
		return problem{code: request.code, reason: request.reason, message: request.text}
	case errors.As(err, &rate):
		return problem{
			code: codes.ResourceExhausted, reason: "CALLER_RATE_LIMITED", message: "this caller makes too many calls", retryAfter: rate.after,
		}
	case errors.Is(err, auth.ErrWeakRefreshKey):
		return problem{code: codes.InvalidArgument, reason: "INVALID_VALUE", message: fmt.Sprintf(
			"refresh_key: must have %d to %d characters, at least 128 random bits", auth.MinRefreshKeyBytes, auth.MaxRefreshKeyBytes)}
	case errors.Is(err, errDraining), errors.Is(err, live.ErrClosed):
		return problem{code: codes.Unavailable, reason: "DRAINING", message: errDraining.Error(), retryAfter: retrySoon}
	case errors.Is(err, errUnreachable):
		return problem{
			code: codes.Unavailable, reason: "DEPLOYMENT_UNAVAILABLE", message: errUnreachable.Error(), retryAfter: 5 * retrySoon,
		}
	case errors.Is(err, live.ErrTooManySessions):
		return problem{
			code: codes.ResourceExhausted, reason: "TOO_MANY_STREAMS", message: "too many identities have open streams", retryAfter: 5 * retrySoon,
		}
	case errors.Is(err, errTooManyStreams):
		return problem{
			code: codes.ResourceExhausted, reason: "TOO_MANY_STREAMS", message: errTooManyStreams.Error(), retryAfter: 5 * retrySoon,
		}
	case errors.Is(err, live.ErrQueueFull):
		return problem{
			code: codes.ResourceExhausted, reason: "QUEUE_FULL", retryAfter: retrySoon,
			message: "too many mutations or actions of this session are waiting",
		}
	case errors.Is(err, context.Canceled):
		return problem{code: codes.Canceled, reason: "CANCELLED", message: "the caller cancelled the call"}
	case errors.Is(err, context.DeadlineExceeded):
		return problem{code: codes.DeadlineExceeded, reason: "DEADLINE_EXCEEDED", message: "the call's deadline has passed"}
	default:
		return problem{code: codes.Internal, reason: "INTERNAL", message: "internal error of the gateway"}
	}
}

// transportProblem is behind a status that grpc itself made, on its way in or out.
func transportProblem(st *status.Status) problem {
	p := problem{code: st.Code(), reason: "TRANSPORT", message: st.Message()}
	switch p.code {
	case codes.Canceled:
		p.reason = "CANCELLED"
	case codes.DeadlineExceeded:
		p.reason = "DEADLINE_EXCEEDED"
	case codes.Unimplemented:
		p.reason = "UNIMPLEMENTED"
	case codes.Unavailable:
		p.retryAfter = retrySoon
	}
	return p
}

func credentialProblem(e *auth.Error) problem {
	p := problem{code: codes.Unauthenticated, reason: string(e.Reason), message: e.Message}
	switch e.Class {
	case auth.PermissionDenied:
		p.code = codes.PermissionDenied
	case auth.Unavailable:
		p.code, p.retryAfter = codes.Unavailable, retrySoon
	}
	return p
}

func deploymentProblem(e *convex.DeploymentError) problem {
	switch e.Class {
	case convex.Unavailable:
		return problem{
			code: codes.Unavailable, reason: "DEPLOYMENT_UNAVAILABLE",
			message: "the deployment is unreachable or overloaded; nothing was executed", retryAfter: retrySoon,
		}
	case convex.RateLimited:
		return problem{
			code: codes.ResourceExhausted, reason: "RATE_LIMITED",
			message: "the deployment has too many requests; nothing was executed", retryAfter: retrySoon,
		}
	case convex.OutcomeUnknown:
		p := problem{code: codes.Unknown, reason: "MUTATION_OUTCOME_UNKNOWN",
			message: "the answer was lost; the mutation may or may not have run"}
		if e.Kind == convex.Action {
			p.reason, p.message = "ACTION_OUTCOME_UNKNOWN", "the answer was lost; the action may or may not have run"
		}
		return p
	case convex.Unauthorized:
		return credentialProblem(auth.NewError(auth.ReasonConvexRejected, nil))
	case convex.AuthUnavailable:
		return credentialProblem(auth.NewError(auth.ReasonAuthBackendUnavailable, nil))
	default:
		return problem{code: codes.Internal, reason: "DEPLOYMENT_REFUSED", message: "the deployment refused the gateway's request"}
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

func functionProblem(e *convex.FunctionError) problem {
	p := problem{function: e}
	switch e.Cause() {
	case convex.ThrewData:
		p.code, p.reason, p.message = codes.FailedPrecondition, "CONVEX_ERROR", "the function threw a ConvexError"
	case convex.NotFound:
		p.code, p.reason, p.message = codes.NotFound, "FUNCTION_NOT_FOUND", "there is no such public function"
	case convex.WrongKind:
		p.code, p.reason, p.message = codes.InvalidArgument, "WRONG_FUNCTION_KIND", "the function is of another kind"
	case convex.BadArguments:
		p.code, p.reason, p.message = codes.InvalidArgument, "ARGUMENT_VALIDATION", "the arguments fail the function's validator"
	default:
		p.code, p.reason, p.message = codes.Unknown, "FUNCTION_FAILED", "the function threw an error"
	}
	if summary := e.Summary(); summary != "" {
		p.message = summary
	}
	p.chooseByData(e.Data)
	return p
}

// chooseByData lets the data of a ConvexError choose code and message; data of another shape chooses nothing.
func (p *problem) chooseByData(data []byte) {
	var fields map[string]json.RawMessage // a struct would take `Code` for `code`
	if data == nil || json.Unmarshal(data, &fields) != nil {
		return
	}
	var name, message string
	if json.Unmarshal(fields["code"], &name) == nil {
		if code, ok := dataCodes[name]; ok {
			p.code = code
		}
	}
	if json.Unmarshal(fields["message"], &message) == nil && message != "" {
		p.message = message
	}
}
