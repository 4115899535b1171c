// Package ticket seals the credential of one stream into a one-time ticket, which may be part of a URL.
//
// Glossary:
//
//	ticket  a sealed token with what it is bound to: one stream's request, a page's origin, an expiry
//	issue   seal the token of a caller
//	redeem  open a ticket and use it up, on any replica with the same key
//	key     the secret that all replicas seal with
package ticket
