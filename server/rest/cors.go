package rest

import (
	"net/http"
	"slices"
	"time"

	"github.com/rs/cors"
)

// preflightAge is how long a browser may cache that a call is allowed.
const preflightAge = 10 * time.Minute

// usualHeaders are those that pages may send: the gateway's own, those of Connect and gRPC-Web, and those that libraries for tracing add to
// each request.
var usualHeaders = []string{
	"Connect-Protocol-Version", "Connect-Timeout-Ms", "X-Grpc-Web", "X-User-Agent",
	"Accept", "Authorization", "Cache-Control", "Content-Type", "Grpc-Timeout", "Idempotency-Key", "If-None-Match", "Last-Event-ID",
	"Min-Read-Time", "X-Anonymous", "X-Request-Id", "Baggage", "Sentry-Trace", "Traceparent", "Tracestate",
}

// exposedHeaders are those of responses that pages may read. In a response of gRPC-Web without a message the trailers are headers, and in
// a unary one of Connect they are headers with a prefix.
var exposedHeaders = []string{
	"ETag", "Retry-After", "WWW-Authenticate", "X-Request-Id", "Grpc-Status", "Grpc-Message", "Grpc-Status-Details-Bin",
	"Error-Reason", "Retry-After-Ms", "Trailer-Error-Reason", "Trailer-Retry-After-Ms",
}

// isPreflight reports whether a request is a preflight, as withCORS passes them on.
func isPreflight(r *http.Request) bool {
	return r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != ""
}

// withCORS allows calls from pages of some origins. It is outside of all handlers, so that errors have its headers as well, and
// preflights need no credential. Cookies are never allowed.
func withCORS(origins Origins, handler http.Handler) http.Handler {
	return cors.New(cors.Options{
		AllowOriginFunc: origins.Allow, // a list would match without regard to case
		AllowedMethods:  []string{http.MethodGet, http.MethodPost},
		AllowedHeaders:  append(slices.Clone(origins.Headers), usualHeaders...),
		ExposedHeaders:  exposedHeaders,
		MaxAge:          int(preflightAge.Seconds()),

		OptionsPassthrough: true, // see isPreflight
	}).Handler(handler)
}
