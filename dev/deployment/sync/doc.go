// Package sync serves Convex's sync protocol: WebSockets with live queries, ordered mutations that run once, actions and
// authentication. Messages are Convex's (get-convex/convex-backend at 94a42c3, crates/sync and
// crates/local_backend/src/subs).
//
// Glossary:
//
//	chunk         a part of a transition that is too large for one message
//	operation     a mutation or an action of a client
//	query set     the queries that a socket follows
//	session       the state of one socket: its query set, identity and operations
//	transition    a message that moves the client from one version to the next
//	version       which query set, identity and timestamp results are for
package sync
