package rest

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"google.golang.org/grpc/codes"

	"convexgateway/internal/loopback"
	"convexgateway/server/call"
)

// Hosts are the names under which a port may be called. A page whose own name is made to resolve to this machine (DNS rebinding)
// is of the port's origin for its browser, but not by its name. An address cannot be made to resolve.
type Hosts struct {
	// Allowed are names, without ports, see CheckHostName. Addresses and names of this machine are allowed besides.
	Allowed []string
	// Local refuses other names also if none are allowed. Otherwise any name is allowed then.
	Local bool
}

// Allow reports whether a request's Host is one of these. One without a name is not from a browser.
func (h Hosts) Allow(host string) bool {
	if !h.Local && len(h.Allowed) == 0 {
		return true
	}
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.Trim(host, "[]")
	}
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	_, err = netip.ParseAddr(name)
	return name == "" || err == nil || loopback.IsBrowserHost(name) || slices.Contains(h.Allowed, name)
}

// Guard refuses requests for other hosts, for a port that is not REST's.
func (h Hosts) Guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !h.Allow(r.Host) {
			http.Error(w, hostText, http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

const hostText = "Host is none of the names under which the gateway may be called: see --allowed-hosts"

// checkSender refuses requests for other hosts, and those that pages of other origins send without a credential: a browser sends
// them to this machine and into private networks as well, without asking whether it may.
func (h *Handler) checkSender(r *http.Request) error {
	if !h.anyHost[r.URL.Path] && !h.Hosts.Allow(r.Host) {
		return &call.RequestError{Code: codes.PermissionDenied, Reason: "HOST_NOT_ALLOWED", Text: hostText}
	}
	if r.Header["Authorization"] != nil || crossOrigin.Check(r) == nil || h.Origins.Allow(r.Header.Get("Origin")) {
		return nil
	}
	return &call.RequestError{
		Code: codes.PermissionDenied, Reason: "CROSS_SITE", Text: "the request comes from a page of an origin that is not allowed, without a credential",
	}
}

var crossOrigin = http.NewCrossOriginProtection()

var hostForm = regexp.MustCompile(`^[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?$`)

// CheckHostName checks that a text is a name of a host as Hosts compares it: lower case, without a port.
func CheckHostName(text string) error {
	if !hostForm.MatchString(text) {
		return fmt.Errorf("%q is not the name of a host, without a port and in lower case, such as gateway.example.com", text)
	}
	return nil
}
