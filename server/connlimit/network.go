package connlimit

import (
	"net"
	"net/netip"
)

// addressOf returns the IP address of a peer; the zero address if it has none.
func addressOf(peer net.Addr) netip.Addr {
	tcp, ok := peer.(*net.TCPAddr)
	if !ok {
		return netip.Addr{}
	}
	return tcp.AddrPort().Addr().Unmap().WithZone("")
}

// networksOf returns the networks that an address counts for, the narrowest first; none if it is a trusted proxy's.
func (l *Limit) networksOf(address netip.Addr) []netip.Prefix {
	switch {
	case !address.IsValid() || l.isTrusted(address):
		return nil
	case address.Is4():
		return []netip.Prefix{netip.PrefixFrom(address, 32)}
	}
	return []netip.Prefix{netip.PrefixFrom(address, 64).Masked(), netip.PrefixFrom(address, 48).Masked()}
}

func (l *Limit) isTrusted(address netip.Addr) bool { return l.Trusted != nil && l.Trusted(address) }

// carrierNAT is the network of addresses behind a provider's address translation (RFC 6598).
var carrierNAT = netip.MustParsePrefix("100.64.0.0/10")

// isPrivate reports whether an address is of a private network, loopback not included.
func isPrivate(address netip.Addr) bool { return address.IsPrivate() || carrierNAT.Contains(address) }
