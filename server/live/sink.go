package live

import (
	"context"
	"time"

	"convexgateway/auth"
	"convexgateway/convex"
	convexlive "convexgateway/convex/live"
)

// Source is what a stream follows at the deployment: a *convexlive.Subscription, or a set of queries.
type Source interface {
	// State returns the newest state.
	State() convexlive.State
	// Shown is called when that state has been passed on.
	Shown()
	// Renew replaces the token by a newer one of the same identity. What runs as another, or as none, is left as it is.
	Renew(credential convex.Credential)
	// Close ends it.
	Close()
}

// Sink sends the events of a stream. One goroutine at a time calls its methods.
type Sink interface {
	// Subscribe subscribes for the stream's identity, by Stream.Subscribe or Stream.Watch: at the start, and after each change of
	// identity. samePerson reports that what was sent so far is still valid. It returns nil if there is nothing to subscribe to, and closes
	// Stream.Source, or returns that again.
	Subscribe(s *Stream, samePerson bool) (Source, error)
	// Show sends the newest state and identity. It is called whenever one has changed.
	Show(id *auth.Identity, state convexlive.State) error
	// TokenNeeded is called when the client should send a newer token, with the time by which.
	TokenNeeded(id *auth.Identity, by time.Time) error
	// Silent is called when nothing is sent until a newer token arrives, with the reason; nil if the last token has expired.
	Silent(id *auth.Identity, why *auth.Error) error
	// Ended is called with the error that the stream is about to end with, unless the caller ended it.
	Ended(ctx context.Context, why error) error
	// Heartbeat is called when nothing was sent for the heartbeat's interval.
	Heartbeat() error
}
