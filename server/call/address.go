package call

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"convexgateway/auth"
)

// Proxies are the trusted networks: X-Forwarded-For is used if it comes from one of them.
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

func (p Proxies) contain(address netip.Addr) bool {
	return slices.ContainsFunc(p, func(network netip.Prefix) bool { return network.Contains(address) })
}

// Caller returns the address that a call comes from: its peer, or, if the peer is a trusted proxy, the last address in
// X-Forwarded-For that is not one. Addresses before that may be forged. A peer that is no IP address is returned unchanged.
func (p Proxies) Caller(peer string, forwarded []string) string {
	address, err := netip.ParseAddr(peer)
	if err != nil {
		return peer
	}
	address = address.Unmap()
	if !p.contain(address) {
		return address.String()
	}
	hops := strings.Split(strings.Join(forwarded, ","), ",")
	for _, hop := range slices.Backward(hops) {
		if !p.contain(address) {
			break
		}
		before, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil { // "unknown", or an empty list
			break
		}
		address = before.Unmap()
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

// CallerOf returns the key by which limits count: of the user, or of an anonymous caller's network.
func CallerOf(ctx context.Context, id *auth.Identity) string {
	if id == nil {
		return "address " + network(From(ctx).Address)
	}
	return "user " + id.Issuer + " " + id.Subject
}
