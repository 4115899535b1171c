// Package live is a client of Convex's sync protocol: it keeps queries live over WebSockets, and runs mutations and actions
// beside them.
//
// Glossary:
//
//	sync session  what all callers of one identity share: its sockets, their queries and the ordered queue of requests
//	upstream      one socket of a session, over all of its reconnects, with the queries that are on it; the first has the requests
//	link          keeps the socket of an upstream: dials, and dials again after a pause
//	loop          the goroutine of a session, there only while it has something to do
//	subscriber    a Subscription, with one slot for the newest state
//	set           a Set: follows many queries of one caller, its targets, in groups whose results hold together
//	copy          a query on another upstream than the session's own equal one, for a group that has others there
//	listener      is notified of a subscriber's changes; a notifier notifies many listeners at once
//	lingering     a query or session without users that is kept for a while for the next one
//	held          a subscriber or target whose results wait until its upstream has reached a time
//	slow          a query, or a transition, for which the deployment takes over 100 ms
//	candidate     a query that may be slow, or poison
//	trial         copies of candidates on a socket that serves nobody
//	payer         the subscriber or target for whose caller the bytes of a query are held
//
// The protocol itself is convex/live/protocol.
package live
