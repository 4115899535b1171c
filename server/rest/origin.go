package rest

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"convexgateway/internal/loopback"
)

// Origins are those whose pages may call from a browser.
type Origins struct {
	// Allowed are origins as browsers send them, see CheckOrigin.
	Allowed []string
	// Loopback allows pages of loopback hosts as well, on any port.
	Loopback bool
	// Headers are those that pages may send besides the usual ones, see CheckHeader.
	Headers []string
}

// Allow reports whether pages of an origin may call.
func (o Origins) Allow(origin string) bool {
	return slices.Contains(o.Allowed, origin) || o.Loopback && isLoopbackOrigin(origin)
}

// isLoopbackOrigin reports whether an origin is on this machine, on any port.
func isLoopbackOrigin(origin string) bool {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || CheckOrigin(origin) != nil {
		return false
	}
	return loopback.IsBrowserHost(u.Hostname())
}

var originForm = regexp.MustCompile(`^[a-z][a-z0-9+.-]*://([a-z0-9._-]+|\[[0-9a-f:]+\])(:[1-9][0-9]{0,4})?$`)

// CheckOrigin checks that a text has the form in which browsers send origins (RFC 6454, 6.2): lower case, without the scheme's own
// port. Any other would never match.
func CheckOrigin(text string) error {
	ownPort := strings.HasPrefix(text, "http://") && strings.HasSuffix(text, ":80") ||
		strings.HasPrefix(text, "https://") && strings.HasSuffix(text, ":443")
	if !originForm.MatchString(text) || ownPort {
		return fmt.Errorf("%q is not an origin as browsers send it, such as https://app.example.com or http://localhost:5173", text)
	}
	return nil
}

// CheckHeader checks that a text is the name of a header that pages may be allowed to send. Browsers never let a page set a
// cookie, and "*" would allow all headers.
func CheckHeader(name string) error {
	if !headerForm.MatchString(name) || name == "*" || strings.EqualFold(name, "cookie") {
		return fmt.Errorf("%q is not the name of a header that pages may send, such as X-App-Version", name)
	}
	return nil
}

var headerForm = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$") // a token of RFC 9110
