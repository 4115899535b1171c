package convex

import (
	"errors"
	"testing"
)

func TestFunctionErrorCause(t *testing.T) {
	const head = "[Request ID: 5a2b8c19de014f7a] Server Error"
	for _, tt := range []struct {
		err  FunctionError
		want Cause
	}{
		{FunctionError{Message: head}, Threw},
		{FunctionError{Message: head + "\nUncaught Error: boom\n    at handler"}, Threw},
		{FunctionError{Message: head + "\nUncaught Error: Could not find public function for 'a:b'."}, Threw},
		{FunctionError{Message: head + "\nUncaught ArgumentValidationError: x"}, Threw},
		{FunctionError{Message: head + "\nUncaught ConvexError: null", Data: []byte("null")}, ThrewData},
		{FunctionError{Message: head, Data: []byte(`{"code":"FULL"}`)}, ThrewData},
		{FunctionError{Message: head + "\nCould not find public function for 'messages:nope'."}, NotFound},
		{FunctionError{Message: head + "\nTrying to execute messages.js:send as Query, but it is defined as Mutation."}, WrongKind},
		{FunctionError{Message: head + "\nArgumentValidationError: Value does not match validator."}, BadArguments},
		{FunctionError{Message: head + "\nInvalid arguments for messages.js:list: x"}, BadArguments},
		{FunctionError{Message: head + "\nUncaught Error: Invalid arguments for messages.js:list: x"}, Threw},
		{FunctionError{Message: "Could not find public function for 'messages:nope'."}, NotFound},
	} {
		if got := tt.err.Cause(); got != tt.want {
			t.Errorf("Cause of %q = %v, want %v", tt.err.Message, got, tt.want)
		}
	}
}

func TestEveryCauseAndClassHasAName(t *testing.T) {
	for c := range numberOfCauses {
		if c.String() == "" {
			t.Errorf("cause %d has no name", c)
		}
	}
	for c := range numberOfClasses {
		if c.String() == "" {
			t.Errorf("class %d has no name", c)
		}
	}
}

func TestSameOutcome(t *testing.T) {
	value := func(v string, logs ...string) *Result { return &Result{Value: []byte(v), LogLines: logs} }
	thrown := func(id, text string) *Result {
		return &Result{Err: &FunctionError{Message: "[Request ID: " + id + "] Server Error\n" + text}}
	}
	for _, tt := range []struct {
		name string
		a, b *Result
		want bool
	}{
		{"none", nil, nil, true},
		{"first", nil, value("1"), false},
		{"equal", value("1"), value("1"), true},
		{"value", value("1"), value("2"), false},
		{"logs", value("1"), value("1", "[LOG] 'x'"), false},
		{"threw", value("1"), thrown("a", "x"), false},
		{"request id", thrown("a", "x"), thrown("b", "x"), true},
		{"text", thrown("a", "x"), thrown("a", "y"), false},
		{"data", &Result{Err: &FunctionError{Data: []byte("null")}}, &Result{Err: &FunctionError{}}, false},
	} {
		if got := tt.a.SameOutcome(tt.b); got != tt.want {
			t.Errorf("%s: SameOutcome = %v", tt.name, got)
		}
	}
}

func TestErrorTextsHoldNoSecrets(t *testing.T) {
	cause := errors.New("connection reset")
	for _, tt := range []struct {
		err  error
		want string
	}{
		{&DeploymentError{Class: RateLimited, Status: 429, Code: "TooManyWrites", Message: "secret"}, "deployment error: rate limited, HTTP 429, TooManyWrites"},
		{&DeploymentError{Class: OutcomeUnknown, Kind: Action, Err: cause}, "deployment error: outcome unknown: connection reset"},
		{&FunctionError{Message: "Uncaught Error: secret", Data: []byte(`"secret"`)}, "convex function error: threw data"},
		{&FunctionError{Message: "Could not find public function for 'secret:x'."}, "convex function error: not found"},
		{&PathError{Reason: "is empty"}, "bad function path: is empty"},
	} {
		if got := tt.err.Error(); got != tt.want {
			t.Errorf("%q; want %q", got, tt.want)
		}
	}
	if err := (&DeploymentError{Err: cause}); !errors.Is(err, cause) {
		t.Error("the transport's error is hidden")
	}
}
