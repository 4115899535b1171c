// Package live runs live streams. Subscribe and AuthState are the same loop over a subscription at the deployment and the lease
// of a credential; they differ in the events that they send.
//
// Glossary:
//
//	stream    one streaming call, from Open to the end of Run
//	sink      sends the events of a stream: one implementation an RPC
//	update    one comparison of credential and subscription with what was sent, and the sending of what has changed
//	lease     what auth/lease keeps of the credential of an open stream: its newest token, and its phase
//	queue     of the streams of one connection that have a pending change
//	worker    a goroutine of the fan-out, which serves queues
//	batch     the streams that a queue passes to a worker at once
//	drain     the end of all streams before the process stops
package live
