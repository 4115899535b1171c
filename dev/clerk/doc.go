// Package clerk is a Clerk instance in memory, for tests and for development: an issuer of session tokens with its
// signing keys, the sessions and machine tokens of Clerk's Backend API, and signed webhooks. It is an http.Handler, which tests
// serve on real sockets:
//
//	clerk := devclerk.New(devclerk.Config{})
//	srv := httptest.NewServer(clerk)
//	clerk.SetURL(srv.URL)
//	sid := clerk.CreateSession("user_ada")
//	token, err := clerk.Mint(sid)
//
// Below the issuer's URL it serves
//
//	GET  /.well-known/openid-configuration, /.well-known/jwks.json
//	GET  /v1/jwks                                with the secret key, as all below
//	GET  /v1/sessions/{id}
//	POST /v1/sessions/{id}/tokens[/{template}]   {} or {"expires_in_seconds": 30…315360000}
//	POST /v1/sessions/{id}/revoke
//	DELETE /v1/users/{id}
//	POST /v1/users/{id}/ban
//	POST /v1/m2m_tokens                          with a machine's secret key
//	POST /v1/m2m_tokens/verify                   with either
//
// Names and shapes are those of Clerk's description of its API (clerk/openapi-specs bapi/2026-05-12.yml and
// webhooks/2025-04-15.yml). Where that leaves a choice: a session that has ended has no tokens (404, as for an unknown one), a
// pending session's token has the status in sts, a deleted user's sessions are deleted.
//
// Each endpoint counts its requests and can be made to fail; see [Instance.Requests] and [Instance.Fail].
//
// Glossary:
//
//	endpoint   a group of routes that is counted and can fail
//	event      what a webhook is about, such as session.revoked
//	failure    the answer in place of an endpoint's own
//	fault      what happens to an endpoint's next requests: a failure, or waiting
//	instance   one Clerk application, with its users' sessions, keys and secrets
//	machine    a backend with tokens of its own
//	mint       to issue a session's next token
package clerk
