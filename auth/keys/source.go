package keys

import (
	"context"
	"errors"
	"time"

	clerksdk "github.com/clerk/clerk-sdk-go/v2"
)

// ErrUnknown refuses an id of which the issuer has no key.
var ErrUnknown = errors.New("unknown key")

// Source is where an issuer's keys come from: a cache fetches them, or they were configured and never change.
type Source interface {
	// Key returns the key of an id, fetching it if need be. The error is ErrUnknown, or why the keys could not be fetched.
	Key(ctx context.Context, keyID string, now time.Time) (*clerksdk.JSONWebKey, error)
	// Peek returns a key without waiting, or nil.
	Peek(keyID string, now time.Time) *clerksdk.JSONWebKey
	// Rotated returns the key that replaced old under its id, or nil.
	Rotated(ctx context.Context, old *clerksdk.JSONWebKey, now time.Time) *clerksdk.JSONWebKey
	// Ready reports whether there are keys.
	Ready() bool
	// FetchedAt is when the keys were fetched; zero if they never were.
	FetchedAt() time.Time
	// Prefetch fetches the keys now, if there is anything to fetch.
	Prefetch(ctx context.Context) error
	// Close ends the fetch under way and waits for it.
	Close()
}
