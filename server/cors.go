package server

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/rs/cors"
)

// preflightAge is how long a browser may remember that a call is allowed.
const preflightAge = 10 * time.Minute

// withCORS lets pages of the allowed origins call the REST face. It stands outside of all handlers, so that errors carry the
// headers too and preflights, which have no credential, need none. Cookies are never asked for.
func (c Config) withCORS(face http.Handler) http.Handler {
	return cors.New(cors.Options{
		AllowOriginFunc: c.originAllowed, // a list would match without regard to case
		AllowedMethods:  []string{http.MethodGet, http.MethodPost},
		AllowedHeaders: []string{
			"Accept", "Authorization", "Cache-Control", "Content-Type", "If-None-Match", "Last-Event-ID", "Traceparent", "Tracestate", "X-Request-Id",
		},
		ExposedHeaders: []string{"ETag", "Retry-After", "WWW-Authenticate", "X-Request-Id"},
		MaxAge:         int(preflightAge.Seconds()),
	}).Handler(face)
}

func (c Config) originAllowed(origin string) bool {
	return slices.Contains(c.AllowedOrigins, origin) || c.LoopbackOrigins && isLoopbackOrigin(origin)
}

// isLoopbackOrigin reports whether a page came from this machine, whatever the port.
func isLoopbackOrigin(origin string) bool {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || checkOrigin(origin) != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

var originForm = regexp.MustCompile(`^[a-z][a-z0-9+.-]*://([a-z0-9._-]+|\[[0-9a-f:]+\])(:[1-9][0-9]{0,4})?$`)

// checkOrigin holds a text to the form in which browsers send origins (RFC 6454, 6.2): lower case, without the scheme's own
// port. Any other would never match.
func checkOrigin(text string) error {
	ownPort := strings.HasPrefix(text, "http://") && strings.HasSuffix(text, ":80") ||
		strings.HasPrefix(text, "https://") && strings.HasSuffix(text, ":443")
	if !originForm.MatchString(text) || ownPort {
		return fmt.Errorf("%q is not an origin as browsers send it, such as https://app.example.com or http://localhost:5173", text)
	}
	return nil
}
