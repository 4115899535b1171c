package call

import (
	"time"

	"convexgateway/dev/deployment/store"
)

// Identity is who a verified token says the caller is, or an admin, who may act as a user. A nil *Identity is an anonymous
// caller.
type Identity struct {
	Expires    time.Time      // zero: never
	Attributes map[string]any // as functions see them; nil for an admin who acts as nobody
	Admin      bool
}

// User is the UserIdentity that functions see: tokenIdentifier, issuer, subject, the standard OpenID claims under their
// camelCase names, and every other claim under its own (get-convex/convex-backend crates/keybroker/src/broker.rs).
func (id *Identity) User() map[string]any {
	if id == nil || id.Attributes == nil {
		return nil
	}
	return store.CloneDocument(id.Attributes)
}

func (id *Identity) IsAdmin() bool      { return id != nil && id.Admin }
func (id *Identity) IsPlainAdmin() bool { return id.IsAdmin() && id.Attributes == nil }

func (id *Identity) Expired(now time.Time) bool {
	return id != nil && !id.Expires.IsZero() && !now.Before(id.Expires)
}
