package deployment

import (
	"bytes"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

var (
	errBadAdminKey  = errUnauthenticated("BadAdminKey", "The provided admin key was invalid for this instance")
	errBadDeployKey = &serverError{forbidden, "BadDeployKey", "The provided deploy key was invalid for this deployment. " +
		"Double check that the environment this key was generated for matches the desired deployment."}
)

// AdminKey is the key that lets its bearer do everything: `convexgateway-dev|<secret>`.
func (s *Store) AdminKey() string { return InstanceName + "|" + s.admin }

// withoutKeyType cuts off what only people read: the type of `dev:name|secret`, and all before the secret of preview and
// project keys (get-convex/convex-backend crates/common/src/types/admin_key.rs).
func withoutKeyType(key string) string {
	name, secret, ok := strings.Cut(key, "|")
	kind, bare, typed := strings.Cut(name, ":")
	switch {
	case !ok || !typed:
		return key
	case strings.EqualFold(kind, "preview") || strings.EqualFold(kind, "project"):
		return secret
	default:
		return bare + "|" + secret
	}
}

func (d *Deployment) authenticateAdmin(c credential) (*Identity, error) {
	key := withoutKeyType(c.secret)
	if !strings.Contains(key, "|") {
		key = InstanceName + "|" + key
	}
	if subtle.ConstantTimeCompare([]byte(key), []byte(d.store.AdminKey())) == 0 {
		return nil, errBadAdminKey
	}
	if c.actingAs != nil {
		return c.actingAs, nil
	}
	return &Identity{admin: true}, nil
}

// parseActingUser reads the attributes of the user that an admin acts as: those of Identity under the names that functions
// see, tokenIdentifier or else issuer and subject among them. Others are custom claims
// (get-convex/convex-backend crates/convex/sync_types/src/types/json.rs UserIdentityAttributesJson).
func parseActingUser(text []byte) (*Identity, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var attributes map[string]any
	if err := decoder.Decode(&attributes); err != nil || attributes == nil {
		return nil, errors.New("not a JSON object")
	}
	for name, value := range attributes {
		switch kind := userAttributes[name]; {
		case kind == customClaim:
			attributes[name] = plainJSON(value)
		case value == nil:
			delete(attributes, name)
		case !kind.accepts(value):
			return nil, fmt.Errorf("%s has the wrong type", name)
		}
	}
	issuer, hasIssuer := attributes["issuer"].(string)
	subject, hasSubject := attributes["subject"].(string)
	if _, ok := attributes["tokenIdentifier"]; !ok {
		if !hasIssuer || !hasSubject {
			return nil, errors.New("either tokenIdentifier or issuer and subject must be set")
		}
		attributes["tokenIdentifier"] = issuer + "|" + subject
	}
	return &Identity{attributes: attributes, admin: true}, nil
}

type attributeKind int

const (
	customClaim attributeKind = iota
	textAttribute
	boolAttribute
)

func (k attributeKind) accepts(value any) (ok bool) {
	if k == boolAttribute {
		_, ok = value.(bool)
	} else {
		_, ok = value.(string)
	}
	return ok
}

// userAttributes are the attributes that are not custom claims.
var userAttributes = func() map[string]attributeKind {
	kinds := map[string]attributeKind{
		"tokenIdentifier": textAttribute, "issuer": textAttribute, "subject": textAttribute, "address": textAttribute,
		"updatedAt": textAttribute,
	}
	for _, field := range claimFields {
		kinds[field] = textAttribute
	}
	for _, field := range boolClaimFields {
		kinds[field] = boolAttribute
	}
	return kinds
}()

// serveCheckAdminKey is GET /api/check_admin_key. No operations listed means that all are allowed.
func (d *Deployment) serveCheckAdminKey(w http.ResponseWriter, r *http.Request) {
	c, err := credentialOf(r)
	var identity *Identity
	if err == nil {
		identity, err = d.authenticate(r.Context(), c)
	}
	if err == nil && !identity.isAdmin() {
		err = errBadDeployKey
	}
	if err != nil {
		writeError(w, err)
		return
	}
	writeJSON(w, http.StatusOK, []byte(`{"allowedOps":[],"isReadOnly":false,"success":true}`))
}
