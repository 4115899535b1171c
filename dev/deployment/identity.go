package deployment

import (
	"time"

	"convexgateway/dev/deployment/store"
)

// Identity is who a verified token says the caller is, or an admin, who may act as a user. A nil *Identity is an anonymous
// caller.
type Identity struct {
	expires    time.Time      // zero: never
	attributes map[string]any // as functions see them; nil for an admin who acts as nobody
	admin      bool
}

// user is the UserIdentity that functions see: tokenIdentifier, issuer, subject, the standard OpenID claims under their
// camelCase names, and every other claim under its own (get-convex/convex-backend crates/keybroker/src/broker.rs).
func (id *Identity) user() map[string]any {
	if id == nil || id.attributes == nil {
		return nil
	}
	return store.CloneDocument(id.attributes)
}

func (id *Identity) isAdmin() bool      { return id != nil && id.admin }
func (id *Identity) isPlainAdmin() bool { return id.isAdmin() && id.attributes == nil }

func (id *Identity) expired(now time.Time) bool {
	return id != nil && !id.expires.IsZero() && !now.Before(id.expires)
}
