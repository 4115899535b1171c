package connect

import (
	"mime"
	"net/http"
	"strings"

	"connectrpc.com/connect/v2"

	"convexgateway/server/call"
)

// form is how the messages of a request are on the wire.
type form struct {
	protocol  call.Protocol
	codec     string // proto or json
	enveloped bool
	coding    string // header that has the coding of messages; empty for GET, which has a query parameter
}

// Protocol returns the protocol of a request that it has, and whether its messages are JSON. A request without a form is Connect's, whose
// errors any client can read.
func (h *Handler) Protocol(r *http.Request) (p call.Protocol, inJSON bool) {
	f := h.formOf(r)
	return f.protocol, f.codec == connect.CodecNameJSON
}

// formOf returns the form of a request; without a codec if it has none.
func (h *Handler) formOf(r *http.Request) form {
	f := form{protocol: call.Connect}
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		if method, _ := h.method(r.URL.Path); method.IdempotencyLevel == connect.IdempotencyNoSideEffects {
			f = form{protocol: call.Connect, codec: r.URL.Query().Get("encoding")}
		}
	case http.MethodPost:
		f = h.formOfType(r.URL.Path, contentType(r.Header))
	}
	if f.codec != connect.CodecNameProto && f.codec != connect.CodecNameJSON {
		return form{protocol: call.Connect}
	}
	return f
}

// formOfType returns the form of a content type. A method that does not exist may have any.
func (h *Handler) formOfType(procedure, kind string) form {
	method, known := h.method(procedure)
	streams := method.StreamType == connect.StreamTypeServer
	if kind == "application/grpc-web" {
		kind += "+proto"
	}
	if codec, ok := strings.CutPrefix(kind, "application/grpc-web+"); ok {
		return form{call.GRPCWeb, codec, true, "Grpc-Encoding"}
	}
	if codec, ok := strings.CutPrefix(kind, "application/connect+"); ok && (streams || !known) {
		return form{call.Connect, codec, true, "Connect-Content-Encoding"}
	}
	if codec, ok := strings.CutPrefix(kind, "application/"); ok && !streams {
		return form{call.Connect, codec, false, "Content-Encoding"}
	}
	return form{}
}

// isForeign reports whether a content type is of no other protocol than those of procedures.
func isForeign(kind string) bool {
	return kind == "application/proto" || strings.HasPrefix(kind, "application/connect+") || strings.HasPrefix(kind, "application/grpc-web")
}

// contentType returns the type of a request's content, in lower case and without charset=utf-8; empty if it has another parameter.
func contentType(h http.Header) string {
	kind, parameters, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err == nil && strings.EqualFold(parameters["charset"], "utf-8") {
		delete(parameters, "charset")
	}
	if err != nil || len(parameters) > 0 {
		return ""
	}
	return kind
}
