// Package live is a client of Convex's sync protocol: it keeps queries live over WebSockets, and runs mutations and actions
// beside them.
//
// Glossary:
//
//	sync session  what all callers of one identity share: a socket, its queries and its ordered queue of requests
//	link          keeps the socket of a session: dials, and dials again after a pause
//	loop          the goroutine of a session, there only while it has something to do
//	subscriber    a Subscription, with one slot for the newest state
//	listener      is notified of a subscriber's changes; a notifier notifies many listeners at once
//	lingering     a query or session without users that is kept for a while for the next one
//	held          a subscriber whose results wait until the session has reached a time
//
// The protocol itself is convex/live/protocol.
package live
