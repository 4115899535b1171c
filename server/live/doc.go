// Package live runs live streams: Subscribe and AuthState are the same loop over an upstream subscription and a credential's
// lease, and differ in the events that they send.
//
// Glossary:
//
//	stream    one streaming call, from Open to the end of Run
//	sink      what turns the states of a stream into its events: one implementation an RPC
//	update    one look at credential and subscription, and the sending of what has changed
//	queue     the streams of one connection that have a pending change
//	worker    a goroutine of the fan-out, which serves queues
//	batch     the streams that a queue hands to a worker at once
//	drain     the end of all streams before the process stops
package live
