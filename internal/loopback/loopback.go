package loopback

import "net"

// IsHost reports whether a host, without a port, is localhost or a loopback address. Names are not resolved.
func IsHost(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
