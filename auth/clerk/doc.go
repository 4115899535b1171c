// Package clerk is what the gateway uses of Clerk beside its tokens: the Backend API, which mints the next token of a session,
// and webhooks, which end sessions.
//
// Glossary:
//
//	Backend API  Clerk's HTTP API for servers, which needs the instance's secret key
//	instance     one Clerk application's users, sessions and keys
//	mint         make a new token for a session that is still open
//	session      Clerk's: one user's sign-in on one client
//	budget       how many requests a second the gateway makes, and how long it holds them back after a 429
//	webhook      a signed HTTP request with an event of the instance, sent by Svix for Clerk
package clerk
