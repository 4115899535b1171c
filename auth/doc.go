// Package auth decides who is calling.
//
// A [ClerkVerifier] turns a JWT of Clerk, or of another trusted [Issuer], into an [Identity]; the interceptors
// ([UnaryInterceptor], [StreamInterceptor]) put that identity into the context of a gRPC
// call. Every failure is an [*Error] with a machine-readable [Reason] and a fixed
// public message.
//
// Tokens appear in no error, log line or formatted value of this package.
package auth
