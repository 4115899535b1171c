package server

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"convexgateway/auth"
)

// Errors leave the REST face as google.rpc.Status in JSON. Nearly all come through the border of the gRPC server behind it,
// ready made; those of this side are about the form of a request.

// routingError answers for routes that do not exist.
func (f *restFace) routingError(ctx context.Context, mux *runtime.ServeMux, m runtime.Marshaler, w http.ResponseWriter, r *http.Request, httpStatus int) {
	p := problem{code: codes.InvalidArgument, reason: "INVALID_REQUEST", message: http.StatusText(httpStatus)}
	switch httpStatus {
	case http.StatusNotFound:
		p = problem{code: codes.NotFound, reason: "ROUTE_NOT_FOUND", message: "there is no such route"}
	case http.StatusMethodNotAllowed:
		p = problem{code: codes.Unimplemented, reason: "METHOD_NOT_ALLOWED", message: "the route has no such method"}
	}
	f.writeError(ctx, mux, m, w, r, &runtime.HTTPStatusError{
		HTTPStatus: httpStatus, Err: p.toStatus(structLane, maxRESTDetails).Err(),
	})
}

// writeError answers with google.rpc.Status as JSON.
func (f *restFace) writeError(_ context.Context, _ *runtime.ServeMux, m runtime.Marshaler, w http.ResponseWriter, _ *http.Request, err error) {
	if errors.Is(err, errNotModified) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	st, httpStatus := restStatus(err)
	h := w.Header()
	h.Set("Content-Type", "application/json")
	if st.Code() == codes.Unauthenticated {
		h.Set("WWW-Authenticate", `Bearer error="invalid_token"`)
	}
	for _, detail := range st.Details() {
		switch detail := detail.(type) {
		case *errdetails.RetryInfo:
			seconds := math.Ceil(detail.GetRetryDelay().AsDuration().Seconds())
			h.Set("Retry-After", strconv.Itoa(int(seconds)))
		case *errdetails.ErrorInfo:
			if detail.GetReason() == string(auth.ReasonNoCredentials) {
				h.Set("WWW-Authenticate", "Bearer") // RFC 6750, 3.1: no error where nothing was sent
			}
		}
	}
	body, err := m.Marshal(st.Proto())
	if err != nil {
		body = []byte(`{"code":13,"message":"the error could not be encoded"}`)
	}
	w.WriteHeader(httpStatus)
	_, _ = w.Write(append(body, '\n')) //nolint:gosec // JSON, and typed so
}

// restStatus completes errors that arose on this side of the gRPC server: they are about the request's form.
func restStatus(err error) (*status.Status, int) {
	if fixed, ok := errors.AsType[*runtime.HTTPStatusError](err); ok {
		return status.Convert(fixed.Err), fixed.HTTPStatus
	}
	st, ok := status.FromError(err)
	switch {
	case !ok:
		st = problemOf(err).toStatus(structLane, maxRESTDetails)
	case len(st.Details()) > 0:
	case strings.Contains(st.Message(), "http: request body too large"):
		p := problem{code: codes.InvalidArgument, reason: "REQUEST_TOO_LARGE", message: "the body is larger than the gateway's limit"}
		return p.toStatus(structLane, maxRESTDetails), http.StatusRequestEntityTooLarge
	case st.Code() == codes.InvalidArgument:
		p := problem{code: st.Code(), reason: "INVALID_REQUEST", message: plainSpaces(st.Message())}
		st = p.toStatus(structLane, maxRESTDetails)
	default:
		st = transportProblem(st).toStatus(structLane, maxRESTDetails)
	}
	return st, runtime.HTTPStatusFromCode(st.Code())
}

// plainSpaces undoes the no-break spaces that the protobuf library puts into its errors at random.
func plainSpaces(text string) string { return strings.ReplaceAll(text, "\u00a0", " ") }
