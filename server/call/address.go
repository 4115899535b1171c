package call

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"convexgateway/auth"
)

// Proxies are the networks whose word about a caller's address is believed.
type Proxies []netip.Prefix

// ParseProxies reads networks (10.0.0.0/8) and single addresses.
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

func (p Proxies) trust(address netip.Addr) bool {
	return slices.ContainsFunc(p, func(network netip.Prefix) bool { return network.Contains(address) })
}

// Caller is the address that a call comes from: its peer, or, behind trusted proxies, the last address in X-Forwarded-For
// that none of them is. What comes before that anybody may have written. A peer without an IP address is told as it is.
func (p Proxies) Caller(peer string, forwarded []string) string {
	address, err := netip.ParseAddr(peer)
	if err != nil {
		return peer
	}
	address = address.Unmap()
	if !p.trust(address) {
		return address.String()
	}
	hops := strings.Split(strings.Join(forwarded, ","), ",")
	for _, hop := range slices.Backward(hops) {
		if !p.trust(address) {
			break
		}
		before, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil { // the proxy did not know, or the list has ended
			break
		}
		address = before.Unmap()
	}
	return address.String()
}

// network is whom an anonymous caller's limits count: an IPv4 address, or the /64 that one IPv6 host has to itself.
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

// CallerOf names whom a limit counts: the user, or the address of an anonymous caller.
func CallerOf(ctx context.Context, id *auth.Identity) string {
	if id == nil {
		return "address " + network(From(ctx).Address)
	}
	return "user " + id.Issuer + " " + id.Subject
}
