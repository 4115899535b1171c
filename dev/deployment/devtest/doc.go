// Package devtest runs development deployments in tests and speaks to them: function calls over HTTP, tokens, and a sync client
// that a test drives message by message.
package devtest
