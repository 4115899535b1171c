package rest

import (
	"net/http"
	"time"

	"github.com/rs/cors"
)

// preflightAge is how long a browser may cache that a call is allowed.
const preflightAge = 10 * time.Minute

// withCORS allows calls from pages of some origins. It is outside of all handlers, so that errors have its headers as well, and
// preflights need no credential. Cookies are never allowed.
func withCORS(origins Origins, handler http.Handler) http.Handler {
	return cors.New(cors.Options{
		AllowOriginFunc: origins.Allow, // a list would match without regard to case
		AllowedMethods:  []string{http.MethodGet, http.MethodPost},
		AllowedHeaders: []string{
			"Accept", "Authorization", "Cache-Control", "Content-Type", "If-None-Match", "Last-Event-ID", "Traceparent", "Tracestate", "X-Request-Id",
		},
		ExposedHeaders: []string{"ETag", "Retry-After", "WWW-Authenticate", "X-Request-Id"},
		MaxAge:         int(preflightAge.Seconds()),
	}).Handler(handler)
}
