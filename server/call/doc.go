// Package call has what the server's packages share about one call: its record, its caller, the table of errors, and what calls are admitted by.
//
// Glossary:
//
//	call     one RPC, over gRPC or REST
//	caller   the user of a call, or the network of an anonymous caller's address; limits count by it
//	proxy    a trusted network, whose X-Forwarded-For or Forwarded states the caller's address
//	problem  an error in the terms of the contract: code, reason, message
//	outcome  the result of checking a call's credential: AUTHENTICATED, ANONYMOUS, or the reason of a refusal
package call
