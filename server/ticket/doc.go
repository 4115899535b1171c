// Package ticket seals the token of one stream's caller into a one-time ticket, which may be part of a URL.
//
// Glossary:
//
//	ticket  a sealed token with what it is bound to: one stream's request, a page's origin, an expiry
//	issue   to seal the token of a caller
//	redeem  to open a ticket and use it up, on any replica with the same key
//	keys    the secrets of all replicas: the first seals, all open
package ticket
