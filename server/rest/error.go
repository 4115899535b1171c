package rest

import (
	"context"
	"errors"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"convexgateway/auth"
	"convexgateway/server/call"
	"convexgateway/server/rpc"
)

// Errors leave the REST handler as google.rpc.Status in JSON. Most are a status from the interceptors, which have logged it. The
// others are about the HTTP request: they become a status and are logged here.

// httpStatuses are the statuses of reasons for which the code has a less specific one.
var httpStatuses = map[string]int{
	"REQUEST_TIMEOUT":        http.StatusRequestTimeout,
	"REQUEST_TOO_LARGE":      http.StatusRequestEntityTooLarge,
	"UNSUPPORTED_MEDIA_TYPE": http.StatusUnsupportedMediaType,
	"METHOD_NOT_ALLOWED":     http.StatusMethodNotAllowed,
}

// routingError responds to requests without a route.
func (h *Handler) routingError(_ context.Context, _ *runtime.ServeMux, _ runtime.Marshaler, w http.ResponseWriter, r *http.Request, found int) {
	err := call.InvalidRequest(http.StatusText(found))
	switch found {
	case http.StatusNotFound:
		err = call.ErrNoRoute
	case http.StatusMethodNotAllowed:
		err = noMethod(h.allowed(r.URL.Path))
	}
	h.writeError(w, r, err)
}

// methodError is the error of a method that a route does not have.
type methodError struct {
	error
	allow string // the methods that it has, in the form of Allow
}

func (e methodError) Unwrap() error { return e.error }

func noMethod(allow string) error {
	return methodError{call.ErrMethodNotAllowed, allow}
}

// allowed returns a route's methods, in the form of Allow.
func (h *Handler) allowed(route string) string {
	methods := slices.Clone(h.methods[route])
	if slices.Contains(methods, http.MethodGet) && !isStream(route) {
		methods = append(methods, http.MethodHead)
	}
	slices.Sort(methods)
	return strings.Join(slices.Compact(methods), ", ")
}

// handleError responds for grpc-gateway's handlers that have failed. An error before the call is about the request's parameters,
// and no more than a text.
func (h *Handler) handleError(_ context.Context, _ *runtime.ServeMux, _ runtime.Marshaler, w http.ResponseWriter, r *http.Request, err error) {
	if !exchangeFrom(r.Context()).called {
		err = call.InvalidRequest(status.Convert(err).Message())
		if args := r.URL.Query()["args"]; len(args) == 1 {
			if e := fieldError("args", []byte(args[0])); e != nil { // the query parser's error, which is only a text here
				err = e
			}
		}
	}
	h.writeError(w, r, err)
}

// writeError responds with google.rpc.Status as JSON, or in the form of the request's own protocol.
func (h *Handler) writeError(w http.ResponseWriter, r *http.Request, err error) {
	st := h.toStatus(r, err)
	if e, ok := errors.AsType[methodError](err); ok {
		w.Header().Set("Allow", e.allow)
	}
	if isProcedure(r) {
		h.Procedures.WriteError(w, r, st)
		return
	}
	code := StatusCode(st)
	if e, ok := errors.AsType[headerError](err); ok {
		code = e.status
	}
	header := w.Header()
	header.Set("Content-Type", "application/json")
	if _, coding := errors.AsType[codingError](err); coding {
		header.Set("Accept-Encoding", "identity") // RFC 9110, 15.5.16
	}
	SetErrorHeaders(header, st)
	body, err := marshalJSON(st.Proto())
	if err != nil {
		body = []byte(`{"code":13,"message":"the error could not be encoded"}`)
	}
	w.WriteHeader(code)
	_, _ = w.Write(append(body, '\n')) //nolint:gosec // JSON, and typed so
}

// SetErrorHeaders sets the headers that repeat a status, and its details.
func SetErrorHeaders(header http.Header, st *status.Status) {
	if st.Code() == codes.Unauthenticated {
		header.Set("WWW-Authenticate", `Bearer error="invalid_token"`)
	}
	for _, detail := range st.Details() {
		switch detail := detail.(type) {
		case *errdetails.RetryInfo:
			seconds := math.Ceil(detail.GetRetryDelay().AsDuration().Seconds())
			header.Set("Retry-After", strconv.Itoa(int(seconds)))
		case *errdetails.ErrorInfo:
			if detail.GetReason() == string(auth.ReasonNoCredentials) {
				header.Set("WWW-Authenticate", "Bearer") // RFC 6750, 3.1: no error if no credential was sent
			}
		}
	}
}

// toStatus returns the status of an error, and logs the call unless the interceptors have.
func (h *Handler) toStatus(r *http.Request, err error) *status.Status {
	if st, ok := status.FromError(err); ok {
		return st
	}
	p := call.ProblemOf(err)
	st := rpc.HTTPStatus(p)
	h.logRefusal(r, st, p, err)
	return st
}

// StatusCode returns the HTTP status of an error.
func StatusCode(st *status.Status) int {
	for _, detail := range st.Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok && httpStatuses[info.GetReason()] != 0 {
			return httpStatuses[info.GetReason()]
		}
	}
	return runtime.HTTPStatusFromCode(st.Code())
}

// logRefusal writes the log line of a call that has not reached the interceptors, in the same form as theirs.
func (h *Handler) logRefusal(r *http.Request, st *status.Status, p call.Problem, err error) {
	route, x := r.URL.Path, exchangeFrom(r.Context())
	if h.methods[route] == nil && !rpc.Exists(route) {
		route = "?" // it may hold anything
	}
	x.call.Failure = err
	h.Log.Ended(r.Context(), x.call, rpc.CallEnd{
		Method: call.CutText(r.Method, 16) + " " + route, Status: st, Problem: &p, Started: x.started, InBytes: x.call.Received,
	})
}
