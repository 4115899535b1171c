// Package connlimit bounds the connections of several listeners together: in all, and those of one network. Where a trusted proxy
// passes connections on by the PROXY protocol, they count by the address that its header has.
//
// Glossary:
//
//	limit       how many connections may be open on all listeners that share it
//	network     what an address is counted by: an IPv4 address, or the /64 and the /48 of an IPv6 address
//	refused     of a connection: closed as soon as it was accepted
//	probe only  of a connection over the limit: kept for a few seconds, for probes of health and nothing else
package connlimit
