// Package protocol is the client's half of Convex's sync protocol as a state machine: events go in, messages to send and
// effects come out. It does no I/O, reads no clock and starts no goroutine.
//
// Glossary:
//
//	socket        one WebSocket connection; all state of a client at the deployment ends with it
//	query set     the queries that the deployment keeps live on a socket
//	transition    a message with new results for some queries, all of one time
//	version       what results reflect: number of the query set, number of the token, time
//	request       a mutation or an action; mutations form an ordered queue
//	journal       the deployment's note of where a page ends, sent back with its query on each new socket
//	poison        a query or request at which the deployment ends the socket
//	quarantined   may be poison: sent alone, when everything before it is answered
//	culprit       found to be poison; it fails
package protocol
