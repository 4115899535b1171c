// Package devtest runs development deployments for tests, with clients of them: function calls over HTTP, tokens, and a sync client
// that sends and receives message by message.
//
// Glossary:
//
//	acting user  the user that an admin acts as
//	answer       an HTTP response with its body
//	issuer       an OpenID Connect provider that a test serves
package devtest
