package call

import (
	"encoding/json"

	"google.golang.org/grpc/codes"

	"convexgateway/convex"
)

// dataCodes are the codes that a ConvexError may choose by `data.code`. Clients act on others: OK is a success, UNAVAILABLE
// leads to a retry, UNAUTHENTICATED to a sign-out.
var dataCodes = map[string]codes.Code{
	"INVALID_ARGUMENT":    codes.InvalidArgument,
	"NOT_FOUND":           codes.NotFound,
	"ALREADY_EXISTS":      codes.AlreadyExists,
	"PERMISSION_DENIED":   codes.PermissionDenied,
	"FAILED_PRECONDITION": codes.FailedPrecondition,
	"OUT_OF_RANGE":        codes.OutOfRange,
}

// FunctionProblem returns the problem of an error that a function threw, or of a function that cannot be called.
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
	p.applyData(e.Data)
	return p
}

// applyData takes code and message from the data of a ConvexError, where it has them.
func (p *Problem) applyData(data []byte) {
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
