package rest

import (
	"net/http"
	"slices"
	"time"

	"github.com/rs/cors"
)

// preflightAge is how long a browser may cache that a call is allowed.
const preflightAge = 10 * time.Minute

// usualHeaders are those that pages may send: the gateway's own, and those that libraries for tracing add to each request.
var usualHeaders = []string{
	"Accept", "Authorization", "Cache-Control", "Content-Type", "Grpc-Timeout", "Idempotency-Key", "If-None-Match", "Last-Event-ID",
	"X-Request-Id", "Baggage", "Sentry-Trace", "Traceparent", "Tracestate",
}

// withCORS allows calls from pages of some origins. It is outside of all handlers, so that errors have its headers as well, and
// preflights need no credential. Cookies are never allowed.
func withCORS(origins Origins, handler http.Handler) http.Handler {
	return cors.New(cors.Options{
		AllowOriginFunc: origins.Allow, // a list would match without regard to case
		AllowedMethods:  []string{http.MethodGet, http.MethodPost},
		AllowedHeaders:  append(slices.Clone(origins.Headers), usualHeaders...),
		ExposedHeaders:  []string{"ETag", "Retry-After", "WWW-Authenticate", "X-Request-Id"},
		MaxAge:          int(preflightAge.Seconds()),
	}).Handler(handler)
}
