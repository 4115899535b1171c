package loopback

import (
	"net"
	"strings"
)

// IsHost reports whether a host, without a port, is localhost or a loopback address. Names are not resolved.
func IsHost(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// IsBrowserHost reports whether a host is one that browsers find on their own machine: IsHost, or a name below localhost
// (RFC 6761, 6.3). Other programs may resolve such names to other machines.
func IsBrowserHost(host string) bool {
	return IsHost(host) || strings.HasSuffix(host, ".localhost")
}
