// Package credential turns a caller's credential into an identity: an admin key, or a token of an OpenID Connect or custom JWT
// provider.
//
// Glossary:
//
//	acting user  the user that an admin acts as
//	admin key    the secret that permits everything
//	credential   a token or an admin key, not yet verified
//	discovery    how the keys of an OpenID Connect provider are found
//	provider     an issuer of tokens that the deployment accepts
package credential
