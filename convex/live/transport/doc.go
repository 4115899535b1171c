// Package transport is the socket of a sync session: one WebSocket connection that reads messages, and writes those queued.
//
// Glossary:
//
//	socket  a WebSocket connection to a deployment's sync endpoint
//	queue   messages that are accepted but not yet written
//	failed  of a socket: nothing more is written, as a gap would break the protocol
package transport
