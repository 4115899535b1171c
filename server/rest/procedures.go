package rest

import (
	"net/http"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"convexgateway/server/call"
)

// Procedures serve RPCs by other protocols than REST, at paths of their own. All that REST checks of a request before its route is checked
// for theirs, too.
type Procedures interface {
	// Has reports whether a request is for one of them.
	Has(r *http.Request) bool
	// Protocol returns the protocol of such a request, which is not REST, and whether its messages are JSON.
	Protocol(r *http.Request) (p call.Protocol, inJSON bool)
	// IsStream reports whether the response of a procedure may last.
	IsStream(path string) bool
	// Serve responds to such a request, or returns an error before it has written anything. The context has the call and its metadata.
	Serve(w http.ResponseWriter, r *http.Request) error
	// WriteError responds with an error in the protocol of the request.
	WriteError(w http.ResponseWriter, r *http.Request, st *status.Status)
}

// envelope is how many bytes protocols put around a message, at most.
const envelope = 5

// isProcedure reports whether a request is for one of Procedures.
func isProcedure(r *http.Request) bool {
	p := call.From(r.Context()).Protocol
	return p == call.Connect || p == call.GRPCWeb
}

// isStream reports whether a path is that of a stream.
func (h *Handler) isStream(path string) bool {
	return isStream(path) || h.Procedures != nil && h.Procedures.IsStream(path)
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
	r = r.WithContext(withCarried(r))
	if err := h.Procedures.Serve(w, r); err != nil {
		h.writeError(w, r, err)
	}
}

// preflight responds to a preflight, whose headers are set if it has passed. Browsers show no page why one fails, but people look.
func (h *Handler) preflight(w http.ResponseWriter, r *http.Request) {
	if w.Header().Get("Access-Control-Allow-Origin") != "" || !isProcedure(r) {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	h.writeError(w, r, &call.RequestError{
		Code: codes.PermissionDenied, Reason: "CROSS_SITE", Text: "pages of this origin may not send this request: see --allowed-origins and --allowed-headers",
	})
}
