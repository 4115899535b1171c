// Package syncfake is the deployment's end of Convex's sync protocol for tests: an endpoint in memory whose script is the
// test. It writes and reads the protocol's JSON itself and shares no code with the client, so that a mistake of the client
// shows. Messages: get-convex/convex-backend crates/convex/sync_types/src/types/json.rs.
//
// Glossary:
//
//	endpoint  what a client dials; each connection is a socket
//	greeting  what a client starts every socket with: Connect, a token if it has one, its query set
//	answer    a Transition that covers all messages taken from the socket so far
//	call      a query or request in one line: +0 path(args) adds query 0, -0 removes it, #0 path(args) is request 0
package syncfake
