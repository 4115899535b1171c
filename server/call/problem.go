package call

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"convexgateway/auth"
	"convexgateway/auth/lease"
	"convexgateway/convex"
	convexlive "convexgateway/convex/live"
	"convexgateway/server/call/limit"
)

// This file is the only table of errors: every error that leaves a handler or an interceptor becomes a problem here, and
// package rpc makes a status of the problem. An error that is not listed is INTERNAL, and clients do not see its text.

// ErrorDomain is the domain of every google.rpc.ErrorInfo.
const ErrorDomain = "convexgateway"

// Errors that the gateway itself causes.
var (
	ErrDraining       = errors.New("the gateway is shutting down")
	ErrTooManyStreams = errors.New("too many open streams")
	ErrTooManyCalls   = errors.New("too many calls are under way")
	ErrNoClusterKey   = errors.New("this gateway has no --cluster-key and no --request-id-key, so that it takes no request ids; nothing was executed")
	ErrOverloaded     = errors.New("the gateway holds too many bytes for this caller or in all; nothing was executed")
	// ErrTooManyConnections is of calls on a connection over the limit of connections.
	ErrTooManyConnections = errors.New("the gateway has too many connections, and has kept this one for probes of its health; nothing was executed")
	// ErrDisconnected and ErrFunctionBlocked are an operator's.
	ErrDisconnected    = errors.New("an operator has disconnected this stream: connect again")
	ErrFunctionBlocked = errors.New("an operator has blocked this function for now; nothing was executed")
	ErrUnreachable     = errors.New("the deployment has been out of reach for too long")
)

// Problem is an error in the terms of the contract.
type Problem struct {
	Code       codes.Code
	Reason     string                // UPPER_SNAKE, a part of the contract
	Message    string                // for people; has nothing secret
	RetryAfter time.Duration         // 0: no hint
	Function   *convex.FunctionError // nil unless a function failed
	Argument   *ArgumentError        // nil unless an argument is refused
}

// Threw reports whether a function has thrown an error.
func (p *Problem) Threw() bool {
	return p.Function != nil && (p.Function.Cause() == convex.ThrewData || p.Function.Cause() == convex.Threw)
}

// retrySoon is the pause before a retry that is likely to succeed.
const retrySoon = time.Second

// ProblemOf returns the problem of an error: by its type, or else of the sentinel that it wraps.
func ProblemOf(err error) Problem {
	var (
		credential *auth.Error
		function   *convex.FunctionError
		deployment *convex.DeploymentError
		path       *convex.PathError
		value      *convex.ValueError
		request    *RequestError
		argument   *ArgumentError
		result     *ResultError
		rate       *limit.RateError
	)
	switch {
	case errors.As(err, &rate):
		return Problem{
			Code: codes.ResourceExhausted, Reason: "CALLER_RATE_LIMITED", Message: "this caller makes too many calls", RetryAfter: rate.After,
		}
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
	case errors.As(err, &argument):
		return Problem{Code: codes.InvalidArgument, Reason: "ARGUMENT_VALIDATION", Message: argument.Error(), Argument: argument}
	case errors.As(err, &result):
		return Problem{Code: codes.Internal, Reason: "RESULT_MISMATCH", Message: "the result does not fit the contract: " + result.Error()}
	case errors.As(err, &request):
		return Problem{Code: request.Code, Reason: request.Reason, Message: request.Text}
	}
	return sentinelProblem(err)
}

// sentinels are the errors without fields, and their problems.
var sentinels = []struct {
	err     error
	problem Problem
}{
	{lease.ErrWeakRefreshKey, Problem{Code: codes.InvalidArgument, Reason: "INVALID_VALUE", Message: fmt.Sprintf(
		"refresh_key: must have %d to %d characters, at least 128 random bits", lease.MinRefreshKeyBytes, lease.MaxRefreshKeyBytes)}},
	{ErrDraining, draining},
	{convexlive.ErrClosed, draining},
	{ErrDisconnected, Problem{Code: codes.Unavailable, Reason: "DRAINING", Message: ErrDisconnected.Error(), RetryAfter: retrySoon}},
	{ErrFunctionBlocked, Problem{
		Code: codes.Unavailable, Reason: "FUNCTION_BLOCKED", Message: ErrFunctionBlocked.Error(), RetryAfter: 10 * retrySoon,
	}},
	{ErrUnreachable, Problem{
		Code: codes.Unavailable, Reason: "DEPLOYMENT_UNAVAILABLE", Message: ErrUnreachable.Error(), RetryAfter: 5 * retrySoon,
	}},
	{convexlive.ErrTooManySessions, Problem{
		Code: codes.ResourceExhausted, Reason: "TOO_MANY_STREAMS", Message: "there are too many sockets to the deployment: too many identities have open streams or mutations", RetryAfter: 5 * retrySoon,
	}},
	{convexlive.ErrPageRestart, Problem{
		Code: codes.Aborted, Reason: "PAGE_RESTART", Message: "the page cannot go on where it ended: read all pages again from the first on",
	}},
	{convexlive.ErrTooManyBytes, Problem{
		Code: codes.ResourceExhausted, Reason: "OVERLOADED", Message: "the results of this identity's live queries are too many bytes", RetryAfter: 5 * retrySoon,
	}},
	{ErrTooManyStreams, Problem{
		Code: codes.ResourceExhausted, Reason: "TOO_MANY_STREAMS", Message: ErrTooManyStreams.Error(), RetryAfter: 5 * retrySoon,
	}},
	{ErrTooManyCalls, Problem{
		Code: codes.ResourceExhausted, Reason: "CALLER_RATE_LIMITED", Message: "this caller has too many calls under way", RetryAfter: retrySoon,
	}},
	{ErrOverloaded, Problem{Code: codes.ResourceExhausted, Reason: "OVERLOADED", Message: ErrOverloaded.Error(), RetryAfter: retrySoon}},
	{ErrTooManyConnections, Problem{
		Code: codes.Unavailable, Reason: "OVERLOADED", Message: ErrTooManyConnections.Error(), RetryAfter: 5 * retrySoon,
	}},
	{ErrNoClusterKey, Problem{Code: codes.FailedPrecondition, Reason: "CLUSTER_KEY_MISSING", Message: ErrNoClusterKey.Error()}},
	{convexlive.ErrQueueFull, Problem{
		Code: codes.ResourceExhausted, Reason: "QUEUE_FULL", RetryAfter: retrySoon,
		Message: "too many mutations or actions of this caller are waiting; nothing was executed",
	}},
	{convexlive.ErrTooManyCheckpoints, Problem{
		Code: codes.ResourceExhausted, Reason: "QUEUE_FULL", RetryAfter: retrySoon, Message: "too many answers to checkpoints of this stream wait for its reader",
	}},
	{context.Canceled, Problem{Code: codes.Canceled, Reason: "CANCELLED", Message: "the caller cancelled the call"}},
	{context.DeadlineExceeded, Problem{Code: codes.DeadlineExceeded, Reason: "DEADLINE_EXCEEDED", Message: "the call's deadline has passed"}},
}

var draining = Problem{Code: codes.Unavailable, Reason: "DRAINING", Message: ErrDraining.Error(), RetryAfter: retrySoon}

func sentinelProblem(err error) Problem {
	for _, s := range sentinels {
		if errors.Is(err, s.err) {
			return s.problem
		}
	}
	return Problem{Code: codes.Internal, Reason: "INTERNAL", Message: "internal error of the gateway"}
}

// TransportProblem returns the problem of a status that grpc-go itself made while it received or sent.
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
	case auth.Invalid:
		p.Code = codes.InvalidArgument
	}
	return p
}

// stoppedProblem is that of a deployment which is stopped until somebody resumes it.
func stoppedProblem() Problem {
	return Problem{
		Code: codes.Unavailable, Reason: "DEPLOYMENT_STOPPED", RetryAfter: 10 * time.Second,
		Message: "the deployment is stopped: paused, disabled or suspended; nothing was executed",
	}
}

func deploymentProblem(e *convex.DeploymentError) Problem {
	switch e.Class {
	case convex.NotRunning:
		return stoppedProblem()
	case convex.Unavailable:
		return Problem{
			Code: codes.Unavailable, Reason: "DEPLOYMENT_UNAVAILABLE",
			Message: "the deployment is unreachable or overloaded; nothing was executed", RetryAfter: cmp.Or(e.RetryAfter, retrySoon),
		}
	case convex.RateLimited:
		return Problem{
			Code: codes.ResourceExhausted, Reason: "RATE_LIMITED",
			Message: "the deployment has too many requests; nothing was executed", RetryAfter: cmp.Or(e.RetryAfter, retrySoon),
		}
	case convex.OutcomeUnknown:
		p := Problem{Code: codes.Unknown, Reason: "MUTATION_OUTCOME_UNKNOWN",
			Message: "the answer was lost; the mutation may or may not have run"}
		if e.Kind == convex.Action {
			p.Reason, p.Message = "ACTION_OUTCOME_UNKNOWN", "the answer was lost; the action may or may not have run"
		}
		return p
	case convex.AnswerLost:
		return Problem{
			Code: codes.Unavailable, Reason: "DEPLOYMENT_UNAVAILABLE", RetryAfter: retrySoon,
			Message: "the answer was lost; send the mutation again with the same request id: it is committed at most once",
		}
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
		return Problem{Code: codes.Internal, Reason: "DEPLOYMENT_REFUSED", Message: refusal(e)}
	}
}

// refusal returns the text about a deployment, or a proxy in front of it, that refuses a request which should be good.
func refusal(e *convex.DeploymentError) string {
	text := fmt.Sprintf("the deployment refused the gateway's request: HTTP %d", e.Status)
	if e.Code != "" {
		text += ", " + e.Code
	}
	return text
}
