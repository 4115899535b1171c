package credential

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"convexgateway/dev/deployment/call"
)

// ParseActingUser reads the attributes of the user that an admin acts as: those of Identity under the names that functions
// use, tokenIdentifier or else issuer and subject among them. Others are custom claims
// (get-convex/convex-backend crates/convex/sync_types/src/types/json.rs UserIdentityAttributesJson).
func ParseActingUser(text []byte) (*call.Identity, error) {
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
			return nil, wording(`Either "tokenIdentifier" or "issuer" and "subject" must be set`)
		}
		attributes["tokenIdentifier"] = issuer + "|" + subject
	}
	return &call.Identity{Attributes: attributes, Admin: true}, nil
}

// wording makes an error with a text of Convex's, which clients and people search for.
func wording(text string) error { return errors.New(text) }

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
