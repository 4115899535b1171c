package connect

import (
	"encoding/base64"
	"errors"
	"net/http"

	"connectrpc.com/connect/v2"
	"connectrpc.com/connect/v2/connectproto"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"convexgateway/server/call"
	"convexgateway/server/rest"
	"convexgateway/server/rpc"
)

// errorOf returns a status as an error of the library.
func errorOf(st *status.Status) *connect.Error {
	e := connect.NewError(connect.Code(st.Code()), st.Message())
	for _, detail := range st.Proto().GetDetails() {
		if d, err := connectproto.NewErrorDetail(detail); err == nil {
			e = e.WithDetail(d)
		}
	}
	return e
}

// WriteError responds with an error in the protocol of the request. A stream's has no reason but in its details. A request that is none of
// the protocols' gets an HTTP status, from which clients derive the code, and a text for people.
func (h *Handler) WriteError(w http.ResponseWriter, r *http.Request, st *status.Status) {
	trailer := rpc.StatusTrailer(st)
	f := h.formOf(r)
	if code := rest.StatusCode(st); (f.codec == "" || !h.hasService(r.URL.Path)) && isFormError(code) {
		setHeaders(w.Header(), "", trailer)
		http.Error(w, st.Message(), code)
		return
	}
	if f.enveloped {
		setHeaders(w.Header(), "", trailer)
	} else {
		rest.SetErrorHeaders(w.Header(), st)
		setHeaders(w.Header(), "Trailer-", trailer)
	}
	_ = h.errors.Write(w, r, errorOf(st))
}

func setHeaders(h http.Header, prefix string, md metadata.MD) {
	for name, values := range md {
		h[http.CanonicalHeaderKey(prefix+name)] = values
	}
}

// isFormError reports whether an HTTP status is about the request's path, method or content type.
func isFormError(code int) bool {
	return code == http.StatusNotFound || code == http.StatusMethodNotAllowed || code == http.StatusUnsupportedMediaType
}

// receiveError returns the error of a message that could not be received: the one of body or codec that the library has wrapped, or the
// library's own.
func receiveError(err error) error {
	e, ok := errors.AsType[*connect.Error](err)
	if !ok {
		return err
	}
	cause := e.Unwrap()
	if _, ok := errors.AsType[base64.CorruptInputError](cause); ok {
		return call.InvalidRequest("query parameter message is not base64url")
	}
	if cause == nil || isUnknown(cause) {
		return status.Error(codes.Code(e.Code()), e.Message())
	}
	return cause
}

// isUnknown reports whether an error has neither a problem nor a status.
func isUnknown(err error) bool {
	if _, ok := status.FromError(err); ok {
		return false
	}
	return call.ProblemOf(err).Code == codes.Internal
}
