// Package auth verifies who makes a call.
//
// A [ClerkVerifier] turns a JWT of Clerk, or of another accepted [Issuer], into an [Identity]; [Interceptor] puts that
// identity into the context of a gRPC call. Every failure is an [*Error] with a machine-readable [Reason] and a fixed public
// message. Tokens appear in no error, log line or formatted value of this package. What a token looks like is read in package
// jws, and the keys of issuers are kept in package keys; no other package uses these.
//
// Glossary:
//
//	credential        what a call presents: authorization: Bearer <token>
//	identity          a verified caller: user, session, organization, and the token itself
//	identity key      a hash of all claims but those that functions never see; what is shared, is shared under it
//	provider          how the deployment reads an issuer's tokens: OpenID Connect, or customJwt
//	issuer            the service that signs tokens: a Clerk instance or another OpenID Connect provider
//	authorized party  the origin that Clerk issued a token to (azp)
//	sign-in           a session of Clerk's, or the tokens without a session id of one user
//	machine token     a token of a service instead of a user
//	template token    a token from a JWT template of Clerk's, which has no session id
//	revocation        refuses the tokens of a sign-in or user that were issued up to a time
//	deny list         the revocations of one process
package auth
