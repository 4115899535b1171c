package rest

import (
	"context"
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

// Errors leave the REST handler as google.rpc.Status in JSON. Nearly all come through the border, ready made and logged; those
// of this side are about the form of a request.

// httpStatuses are those of reasons whose code says less.
var httpStatuses = map[string]int{
	"REQUEST_TOO_LARGE":      http.StatusRequestEntityTooLarge,
	"UNSUPPORTED_MEDIA_TYPE": http.StatusUnsupportedMediaType,
	"METHOD_NOT_ALLOWED":     http.StatusMethodNotAllowed,
}

// routingError answers for routes that do not exist.
func (h *Handler) routingError(_ context.Context, _ *runtime.ServeMux, _ runtime.Marshaler, w http.ResponseWriter, r *http.Request, found int) {
	err := call.InvalidRequest(http.StatusText(found))
	switch found {
	case http.StatusNotFound:
		err = call.ErrNoRoute
	case http.StatusMethodNotAllowed:
		w.Header().Set("Allow", h.allowed(r.URL.Path))
		err = &call.RequestError{Code: codes.Unimplemented, Reason: "METHOD_NOT_ALLOWED", Text: "the route has no such method"}
	}
	h.refuse(w, r, err)
}

// allowed lists a route's methods.
func (h *Handler) allowed(route string) string {
	methods := slices.Clone(h.methods[route])
	if slices.Contains(methods, http.MethodGet) && !isStream(route) {
		methods = append(methods, http.MethodHead)
	}
	slices.Sort(methods)
	return strings.Join(slices.Compact(methods), ", ")
}

// writeError answers for grpc-gateway's handlers. An error before the call is about the request's form: the decoder's, which the
// handler has reduced to its text, or another whose text is all there is.
func (h *Handler) writeError(_ context.Context, _ *runtime.ServeMux, _ runtime.Marshaler, w http.ResponseWriter, r *http.Request, err error) {
	switch x := exchangeFrom(r.Context()); {
	case x.body.err != nil:
		err = x.body.err
	case !x.called:
		err = call.InvalidRequest(status.Convert(err).Message())
	}
	h.refuse(w, r, err)
}

// refuse answers with google.rpc.Status as JSON.
func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, err error) {
	st, code := h.settle(r, err)
	header := w.Header()
	header.Set("Content-Type", "application/json")
	switch code {
	case http.StatusUnauthorized:
		header.Set("WWW-Authenticate", `Bearer error="invalid_token"`)
	case http.StatusUnsupportedMediaType:
		header.Set("Accept-Encoding", "identity") // RFC 9110, 15.5.16
	}
	for _, detail := range st.Details() {
		switch detail := detail.(type) {
		case *errdetails.RetryInfo:
			seconds := math.Ceil(detail.GetRetryDelay().AsDuration().Seconds())
			header.Set("Retry-After", strconv.Itoa(int(seconds)))
		case *errdetails.ErrorInfo:
			if detail.GetReason() == string(auth.ReasonNoCredentials) {
				header.Set("WWW-Authenticate", "Bearer") // RFC 6750, 3.1: no error where nothing was sent
			}
		}
	}
	body, err := marshalJSON(st.Proto())
	if err != nil {
		body = []byte(`{"code":13,"message":"the error could not be encoded"}`)
	}
	w.WriteHeader(code)
	_, _ = w.Write(append(body, '\n')) //nolint:gosec // JSON, and typed so
}

// settle makes a status of an error, and logs it if it arose on this side of the border.
func (h *Handler) settle(r *http.Request, err error) (*status.Status, int) {
	if st, ok := status.FromError(err); ok {
		return st, httpStatus(st)
	}
	p := call.ProblemOf(err)
	st := rpc.RESTStatus(p)
	h.logRefusal(r, st, p, err)
	return st, httpStatus(st)
}

func httpStatus(st *status.Status) int {
	for _, detail := range st.Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok && httpStatuses[info.GetReason()] != 0 {
			return httpStatuses[info.GetReason()]
		}
	}
	return runtime.HTTPStatusFromCode(st.Code())
}

// logRefusal writes the line of a call that the border has not seen, in the form of those that it has.
func (h *Handler) logRefusal(r *http.Request, st *status.Status, p call.Problem, err error) {
	route, x := r.URL.Path, exchangeFrom(r.Context())
	if h.methods[route] == nil {
		route = "?" // it may hold anything
	}
	x.call.Failure = err
	rpc.LogRefusal(r.Context(), h.Logger, call.CutText(r.Method, 16)+" "+route, x.call, st, &p, x.started, x.body.bytes)
}
