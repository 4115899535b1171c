package call_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"

	"convexgateway/auth"
	"convexgateway/convex"
	"convexgateway/server/call"
)

// Every cause and class of package convex has a row, and so have reasons of package auth.
func TestEveryErrorHasAProblem(t *testing.T) {
	t.Parallel()
	exists := func(name func() string) (ok bool) {
		defer func() { ok = recover() == nil }()
		return name() != ""
	}
	classes := 0
	for class := convex.Class(0); exists(class.String); class++ {
		for _, kind := range []convex.Kind{convex.Query, convex.Mutation, convex.Action} {
			p := call.ProblemOf(fmt.Errorf("wrapped: %w", &convex.DeploymentError{Class: class, Kind: kind}))
			if p.Reason == "INTERNAL" || p.Reason == "" || p.Message == "" || p.Code == codes.OK {
				t.Errorf("class %v: %+v", class, p)
			}
			if retryable := p.Code == codes.Unavailable || p.Code == codes.Aborted || p.Code == codes.ResourceExhausted; retryable != (p.RetryAfter > 0) {
				t.Errorf("class %v: %v with retry after %v", class, p.Code, p.RetryAfter)
			}
		}
		classes++
	}
	conflict := &convex.DeploymentError{Class: convex.WriteConflict, Message: "the deployment's words"}
	if p := call.ProblemOf(conflict); p.Code != codes.Aborted || p.Reason != "WRITE_CONFLICT" || p.Message != conflict.Message {
		t.Errorf("a write conflict is %+v", p)
	}
	causes := map[convex.Cause]string{}
	for _, e := range []*convex.FunctionError{
		{Message: "Uncaught Error: boom"}, {Data: []byte("null")}, {Message: "Could not find public function for 'a'."},
		{Message: "Trying to execute a as query, but it is defined as mutation."}, {Message: "ArgumentValidationError: x"},
	} {
		causes[e.Cause()] = call.ProblemOf(e).Reason
	}
	numbers := 0
	for cause := convex.Cause(0); exists(cause.String); cause++ {
		if causes[cause] == "" {
			t.Errorf("cause %v has no row", cause)
		}
		numbers++
	}
	if classes < 6 || numbers < 5 {
		t.Errorf("found %d classes and %d causes", classes, numbers)
	}
	for reason := range map[auth.Reason]bool{auth.ReasonTokenExpired: true, auth.ReasonSessionPending: true, auth.ReasonAuthBackendUnavailable: true} {
		if p := call.ProblemOf(auth.NewError(reason, errors.New("cause"))); p.Reason != string(reason) || strings.Contains(p.Message, "cause") {
			t.Errorf("%s: %+v", reason, p)
		}
	}
}
