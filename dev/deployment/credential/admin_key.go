package credential

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"strings"

	"convexgateway/dev/deployment/call"
)

// AdminKey permits everything: `name|secret`, with the deployment's name.
type AdminKey string

// NewAdminKey makes a random key.
func NewAdminKey(instance string) AdminKey {
	secret := make([]byte, 32)
	rand.Read(secret)
	return AdminKey(instance + "|" + hex.EncodeToString(secret))
}

var errBadAdminKey = call.NewUnauthenticated("BadAdminKey", "The provided admin key was invalid for this instance")

// identity checks a credential against the key. It is an admin's, or that of the user whom the admin acts as.
func (k AdminKey) identity(c Credential) (*call.Identity, error) {
	if subtle.ConstantTimeCompare([]byte(withoutKeyType(c.Secret)), []byte(k)) == 0 {
		return nil, errBadAdminKey
	}
	if c.ActingAs != nil {
		return c.ActingAs, nil
	}
	return &call.Identity{Admin: true}, nil
}

// withoutKeyType removes what is for people only: the type of `dev:name|secret`. Keys of previews and projects are others
// (get-convex/convex-backend crates/common/src/types/admin_key.rs).
func withoutKeyType(key string) string {
	name, secret, ok := strings.Cut(key, "|")
	kind, bare, typed := strings.Cut(name, ":")
	if !ok || !typed || strings.EqualFold(kind, "preview") || strings.EqualFold(kind, "project") {
		return key
	}
	return bare + "|" + secret
}
