package convex

import (
	"bytes"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"
	"time"
)

// FunctionError is what a function threw, or why the deployment would not run it.
type FunctionError struct {
	Message  string   // the deployment's text; production deployments cut it down to `[Request ID: …] Server Error`
	Data     []byte   // Convex-encoded JSON of a ConvexError's data, which may be `null`; nil for other errors
	LogLines []string // what the function logged

	// Stopped is set where a probe has shown that the deployment is stopped. MayHaveRun is set beside it for an action, which may
	// have been running when it was stopped; queries and mutations have then done nothing.
	Stopped, MayHaveRun bool
}

// noFunctionText begins the deployment's text about a function that does not exist.
const noFunctionText = "Could not find public function for "

// NoFunction returns the error of a function that does not exist, with the deployment's own text.
func NoFunction(path string) *FunctionError {
	return &FunctionError{Message: noFunctionText + "'" + path + "'."}
}

// Error has the cause only: the message may quote arguments.
func (e *FunctionError) Error() string { return "convex function error: " + e.Cause().String() }

// Cause is why a function failed.
type Cause int

// Causes of function errors. Production deployments redact the texts of the last four; then the cause is Threw, but for Stopped
// where a probe has shown it.
const (
	Threw          Cause = iota // the function threw an error
	ThrewData                   // the function threw a ConvexError
	NotFound                    // there is no such public function
	WrongKind                   // it is a function of another kind
	BadArguments                // the arguments fail the function's validator, or are no Convex values
	Stopped                     // the deployment is paused, disabled or suspended
	numberOfCauses              // keeps loops over all causes complete
)

func (c Cause) String() string {
	return [...]string{"threw", "threw data", "not found", "wrong kind", "bad arguments", "stopped"}[c]
}

// Cause is why the function failed, by the deployment's text. The text of an error thrown by user code starts with
// `Uncaught`, so a function cannot make it another cause. Texts: get-convex/convex-backend crates/udf/src/validation.rs and
// helpers.rs (parse_udf_args).
func (e *FunctionError) Cause() Cause {
	if e.Data != nil {
		return ThrewData
	}
	text := withoutRequestID(e.Message)
	switch {
	case e.Stopped, slices.ContainsFunc(stopTexts, func(start string) bool { return strings.HasPrefix(text, start) }):
		return Stopped
	case strings.HasPrefix(text, noFunctionText):
		return NotFound
	case strings.HasPrefix(text, "Trying to execute ") && strings.Contains(text, ", but it is defined as "):
		return WrongKind
	case strings.HasPrefix(text, "ArgumentValidationError: "), strings.HasPrefix(text, "Invalid arguments for "):
		return BadArguments
	default:
		return Threw
	}
}

func (e *FunctionError) sameOutcome(other *FunctionError) bool {
	return withoutRequestID(e.Message) == withoutRequestID(other.Message) &&
		(e.Data == nil) == (other.Data == nil) && bytes.Equal(e.Data, other.Data) &&
		slices.Equal(e.LogLines, other.LogLines) && e.Stopped == other.Stopped
}

// Summary is the first line of the deployment's text; empty where it is redacted. It may quote arguments.
func (e *FunctionError) Summary() string {
	line, _, _ := strings.Cut(withoutRequestID(e.Message), "\n")
	return line
}

// RequestID is the deployment's name of the run, by which its own log has it; empty if the text has none.
func (e *FunctionError) RequestID() string {
	id, _, found := cutRequestID(e.Message)
	if !found {
		return ""
	}
	return id
}

// withoutRequestID cuts off the line that differs from run to run: `[Request ID: 5a2b…] Server Error`.
func withoutRequestID(message string) string {
	_, text, found := cutRequestID(message)
	if !found {
		return message
	}
	return text
}

// cutRequestID takes that line apart from the text below it.
func cutRequestID(message string) (id, text string, found bool) {
	rest, found := strings.CutPrefix(message, "[Request ID: ")
	if !found {
		return "", "", false
	}
	id, text, _ = strings.Cut(rest, "] Server Error")
	return id, strings.TrimPrefix(text, "\n"), true
}

// Class groups the failures of a deployment by what the caller may do next.
type Class int

// Classes of deployment errors.
const (
	Unavailable     Class = iota // nothing was executed: unreachable, overloaded, rejected; try again later
	RateLimited                  // nothing was executed: too many requests; try again later
	OutcomeUnknown               // sent, and the answer was lost: a mutation or action may have run
	Unauthorized                 // the deployment refuses the token
	AuthUnavailable              // the deployment could not reach the token's issuer; the token may be good
	Refused                      // the deployment refuses the request itself
	NotRunning                   // nothing was executed: the deployment is paused, disabled or suspended
	WriteConflict                // a mutation lost every race with other writes; nothing was committed
	AnswerLost                   // of a mutation with a request key: it may have run, and is safe to send again under the same key
	numberOfClasses
)

// Classes are all classes.
func Classes() iter.Seq[Class] {
	return func(yield func(Class) bool) {
		for c := range numberOfClasses {
			if !yield(c) {
				return
			}
		}
	}
}

func (c Class) String() string {
	return [...]string{"unavailable", "rate limited", "outcome unknown", "unauthorized", "auth unavailable", "refused", "not running", "write conflict", "answer lost"}[c]
}

// issuerTexts are the starts of the deployment's texts for a token that it could not check, because it did not get its issuer's
// keys. Over the socket, and over HTTP with a custom provider, only they differ from the texts for a bad token. They are not
// redacted, and no part of a token can make another text begin so. Source: get-convex/convex-backend
// crates/authentication/src/lib.rs.
var issuerTexts = []string{
	"Auth provider discovery of ", "Could not fetch JWKS", "Invalid Content-Type ", "Invalid JWKS ",
}

// discoveryFailed is the deployment's code for the issuer of an OIDC provider that it could not reach: over HTTP, and as the
// reason of a socket's end.
const discoveryFailed = "AuthProviderDiscoveryFailed"

// IssuerUnreachable reports whether the deployment's code or text says that it could not reach a token's issuer. The token may
// be good.
func IssuerUnreachable(code, text string) bool {
	return strings.HasPrefix(code, discoveryFailed) ||
		slices.ContainsFunc(issuerTexts, func(start string) bool { return strings.HasPrefix(text, start) })
}

// RolledBack returns the error of a socket's end by which the deployment gave up what it was running, none of which is committed
// later: a mutation lost its last race, or there was too much to do. It is nil for other ends. Source: get-convex/convex-backend
// crates/errors/src/lib.rs, close_frame.
func RolledBack(reason string) *DeploymentError {
	e := &DeploymentError{Code: reason, Kind: Mutation}
	switch {
	case reason == conflictCode:
		e.Class = WriteConflict
	case reason == "TooManyWrites", reason == "TooManyConcurrentRequests":
		e.Class = RateLimited
	case Overloaded(reason):
		e.Class = Unavailable
	default:
		return nil
	}
	return e
}

// overloadCodes are codes of a deployment that has too much to do, from get-convex/convex-js
// src/browser/sync/web_socket_manager.ts and get-convex/convex-backend crates/errors/src/lib.rs.
var overloadCodes = []string{
	"SubscriptionsWorkerFullError", "TooManyConcurrentRequests", "CommitterFullError", "AwsTooManyRequestsException",
	"ExecuteFullError", "SystemTimeoutError", "ExpiredInQueue", "VectorIndexTooLarge", "SearchIndexTooLarge", "TextIndexTooLarge",
	"TooManyWrites",
}

// Overloaded reports whether a code is that of a deployment that has too much to do.
func Overloaded(code string) bool {
	return slices.ContainsFunc(overloadCodes, func(prefix string) bool { return strings.HasPrefix(code, prefix) })
}

// DeploymentError is a failure outside the function: of the deployment or of the way to it.
type DeploymentError struct {
	Class   Class
	Kind    Kind   // of the function that was called
	Status  int    // HTTP status; 0 if there was no answer
	Code    string // the deployment's short name for it, for instance ExpiredInQueue; may be empty
	Message string // the deployment's text; for logs, and for callers with a WriteConflict only, where it names table and document
	Err     error  // of the transport; nil if the deployment answered

	RetryAfter time.Duration // how long the deployment, or a proxy, asks to wait; 0: it does not
}

// isCode reports whether a text has the form of the deployment's codes. The body of a proxy may hold anything.
func isCode(text string) bool {
	for i := range len(text) {
		if c := text[i]; (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return len(text) <= 100
}

// Advice returns what an operator should check about a Refused error; empty for others.
func (e *DeploymentError) Advice() string {
	switch {
	case e.Class != Refused:
		return ""
	case e.Status >= 300 && e.Status < 400:
		return "the deployment's URL leads to a redirect, which is not followed: use the address that it leads to"
	case e.Status == http.StatusNotFound:
		return "the URL is not that of a deployment's functions: it ends in .convex.cloud, not in .convex.site, and has no path"
	case e.Status == http.StatusUnauthorized, e.Status == http.StatusForbidden, e.Status == http.StatusProxyAuthRequired:
		return "a proxy or firewall between gateway and deployment refuses the gateway: let it pass"
	case e.Status == http.StatusRequestEntityTooLarge:
		return "a proxy between gateway and deployment takes only smaller bodies than the gateway: raise its limit, or lower the gateway's"
	}
	return "the URL leads to something else than a deployment, or to a version that the gateway does not know"
}

func (e *DeploymentError) Error() string {
	text := "deployment error: " + e.Class.String()
	if e.Status != 0 {
		text += fmt.Sprintf(", HTTP %d", e.Status)
	}
	if e.Code != "" {
		text += ", " + e.Code
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

func (e *DeploymentError) Unwrap() error { return e.Err }
