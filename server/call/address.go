package call

import (
	"fmt"
	"net/netip"
	"slices"
)

// Proxies are the trusted networks: X-Forwarded-For and Forwarded are used if they come from one of them.
type Proxies []netip.Prefix

// ParseProxies parses networks (10.0.0.0/8) and single addresses.
func ParseProxies(texts []string) (Proxies, error) {
	var p Proxies
	for _, text := range texts {
		network, err := netip.ParsePrefix(text)
		if err != nil {
			address, err := netip.ParseAddr(text)
			if err != nil {
				return nil, fmt.Errorf("%q is neither an address nor a network such as 10.0.0.0/8", text)
			}
			network = netip.PrefixFrom(address, address.BitLen())
		}
		p = append(p, network.Masked())
	}
	return p, nil
}

// Contain reports whether an address is a trusted proxy's.
func (p Proxies) Contain(address netip.Addr) bool {
	return slices.ContainsFunc(p, func(network netip.Prefix) bool { return network.Contains(address) })
}

// Caller returns the address that a call comes from: its peer, or, if the peer is a trusted proxy, the last address that proxies
// have written and that is not one of theirs. Addresses before that may be forged. A peer that is no IP address is returned
// unchanged.
//
// forwardedFor are the values of X-Forwarded-For. forwarded are those of Forwarded, which is read only if there is no
// X-Forwarded-For: a proxy writes one of them, and may pass on the other as its client sent it.
func (p Proxies) Caller(peer string, forwardedFor, forwarded []string) string {
	address, err := netip.ParseAddr(peer)
	if err != nil {
		return peer
	}
	address = address.Unmap()
	if !p.Contain(address) {
		return address.String()
	}
	hops := backwards(forwardedFor, parseHop)
	if isEmpty(forwardedFor) {
		hops = backwards(forwarded, parseForwarded)
	}
	for before := range hops {
		if !before.IsValid() || !p.Contain(address) { // not valid: "unknown", or no address
			break
		}
		address = before
	}
	return address.String()
}

// network returns what limits count an anonymous caller by: an IPv4 address, or the /64 that one IPv6 host has for itself.
func network(address string) string {
	parsed, err := netip.ParseAddr(address)
	if err != nil || parsed.Is4() {
		return address
	}
	prefix, err := parsed.Prefix(64)
	if err != nil {
		return address
	}
	return prefix.String()
}
