// Package call is what all entry points and rooms of the server share of one call: its record, its caller, the table of
// problems, and rates.
//
// Glossary:
//
//	call     one RPC, over gRPC or over REST
//	caller   the user of a call, or the network of an anonymous caller's address; limits count by it
//	problem  an error in the terms of the contract: code, reason, message
//	outcome  what became of a call's credential
package call
