// Package keys holds the public keys with which an issuer's tokens are verified.
//
// A [Source] returns a key by its id. Keys that an issuer publishes are fetched over HTTP, kept, and refreshed before they are
// too old; keys of the configuration are never fetched. Which tokens a key verifies is decided in package auth.
//
// Glossary:
//
//	key        a public key, with its id and the algorithm of its signatures
//	key set    the JSON document with an issuer's keys (JWKS)
//	discovery  finds the URL of the key set in the document of OpenID Connect that the issuer publishes
//	usable     of a key: of a kind and size that some issuer may use; of a fetched set: not older than 6 hours
//	rotation   a new key takes the place of an old one, perhaps under the same id
package keys
