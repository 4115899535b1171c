package call

import (
	"time"

	"convexgateway/dev/deployment/store"
)

// Identity is the caller of a function: a user, or an admin, who may act as a user. A nil *Identity is an anonymous caller.
type Identity struct {
	Expires    time.Time      // zero: never
	Attributes map[string]any // of the user, under the names that functions use; nil for an admin who acts as nobody
	Admin      bool
}

// User is the UserIdentity that functions get: tokenIdentifier, issuer, subject, the standard OpenID claims under their
// camelCase names, and every other claim under its own (get-convex/convex-backend crates/keybroker/src/broker.rs).
func (id *Identity) User() map[string]any {
	if id == nil || id.Attributes == nil {
		return nil
	}
	return store.CloneDocument(id.Attributes)
}

// IsAdmin reports whether an admin calls, as a user or not.
func (id *Identity) IsAdmin() bool { return id != nil && id.Admin }

// IsPlainAdmin reports whether an admin calls who acts as nobody.
func (id *Identity) IsPlainAdmin() bool { return id.IsAdmin() && id.Attributes == nil }

// Expired reports whether the identity is valid no longer.
func (id *Identity) Expired(now time.Time) bool {
	return id != nil && !id.Expires.IsZero() && !now.Before(id.Expires)
}
