package rest

import (
	"net/http"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"convexgateway/server/call"
)

// Procedures serve RPCs by other protocols than REST, at paths of their own. All that REST checks of a request before its route is checked
// for theirs, too.
type Procedures interface {
	// Has reports whether a path is one of a procedure.
	Has(path string) bool
	// Protocol returns the protocol of a request for such a path, and whether its messages are JSON. REST: it has none of theirs.
	Protocol(r *http.Request) (p call.Protocol, inJSON bool)
	// IsStream reports whether the response of a request for such a path may last.
	IsStream(path string) bool
	// Serve responds, or returns an error before it has written anything. The context has the call and its metadata.
	Serve(w http.ResponseWriter, r *http.Request) error
	// WriteError responds with an error in the protocol of the request.
	WriteError(w http.ResponseWriter, r *http.Request, st *status.Status)
}

// envelope is how many bytes protocols put around a message, at most.
const envelope = 5

// isProcedure reports whether a path is one of Procedures.
func (h *Handler) isProcedure(path string) bool { return h.Procedures != nil && h.Procedures.Has(path) }

// isStream reports whether a path is that of a stream.
func (h *Handler) isStream(path string) bool {
	return isStream(path) || h.isProcedure(path) && h.Procedures.IsStream(path)
}

// serveProcedure serves a request of Procedures; a stream after the handlers around it, as others.
func (h *Handler) serveProcedure(w http.ResponseWriter, r *http.Request) {
	if h.isStream(r.URL.Path) {
		exchangeFrom(r.Context()).run = func() { h.callProcedure(w, r) }
		return
	}
	h.callProcedure(w, h.untilEnded(r))
}

func (h *Handler) callProcedure(w http.ResponseWriter, r *http.Request) {
	r = r.WithContext(metadata.NewIncomingContext(r.Context(), carriedMetadata(r.Header)))
	if err := h.Procedures.Serve(w, r); err != nil {
		h.writeError(w, r, err)
	}
}

// preflight responds to a preflight, whose headers are set if it has passed. Browsers show no page why one fails, but people look.
func (h *Handler) preflight(w http.ResponseWriter, r *http.Request) {
	if w.Header().Get("Access-Control-Allow-Origin") != "" || !h.isProcedure(r.URL.Path) {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	h.writeError(w, r, &call.RequestError{
		Code: codes.PermissionDenied, Reason: "CROSS_SITE", Text: "pages of this origin may not send this request: see --allowed-origins and --allowed-headers",
	})
}
