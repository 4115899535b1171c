package convex

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// ClientName is this client's name in the header Convex-Client. Names that are unknown to Convex have no deprecation
// thresholds, and their clients are never sent transitions in chunks.
const ClientName = "convexgateway-0.1.0"

// ParseURL checks the base address of a deployment: http or https, a host, nothing behind the path.
func ParseURL(text string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimRight(text, "/"))
	switch {
	case err != nil: // which quotes the text, with the password that may be in it
		return nil, errors.New("deployment URL is not a URL")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("deployment URL must have no user, query or fragment")
	case u.Scheme != "http" && u.Scheme != "https", u.Host == "":
		return nil, fmt.Errorf("deployment URL %q: want http(s)://host", text)
	}
	return u, nil
}
