// Package convex is a client for Convex deployments: values, function paths, the HTTP API, and the WebSocket sync
// protocol with its live queries. It stands alone, on the standard library.
//
// Values travel as Convex-encoded JSON text wherever they are only passed on, and as Go values (see Decode and Encode)
// where somebody looks inside.
package convex

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// ClientName is what deployments are told of this client, in the header Convex-Client. Names that Convex does not know
// have no deprecation thresholds and are never sent transitions in chunks.
const ClientName = "convexgateway-0.1.0"

// ParseURL checks the base address of a deployment: http or https, a host, nothing behind the path.
func ParseURL(text string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimRight(text, "/"))
	switch {
	case err != nil: // which quotes the text, with the password that may stand in it
		return nil, errors.New("deployment URL is not a URL")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("deployment URL must have no user, query or fragment")
	case u.Scheme != "http" && u.Scheme != "https", u.Host == "":
		return nil, fmt.Errorf("deployment URL %q: want http(s)://host", text)
	}
	return u, nil
}
