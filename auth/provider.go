package auth

import (
	"crypto/sha256"

	"convexgateway/auth/jws"
)

// provider is a kind of provider of the deployment's auth.config.ts: it decides which of a token's claims functions see, and
// under which names. Source: get-convex/convex-backend crates/authentication/src/lib.rs.
type provider struct {
	// unseen are claims that functions never see and that differ from token to token of one sign-in. Two tokens that differ in
	// these alone are of one identity.
	unseen []string
	// fields are those of the identity that functions see under another name than the claim's. A claim with the field's name
	// replaces it.
	fields []string
}

var (
	// openIDProvider is an entry with `domain` and `applicationID`, as for Clerk.
	openIDProvider = &provider{
		unseen: []string{"exp", "iat", "nbf", "jti", "fva", "azp", "nonce", "auth_time", "acr", "amr", "at_hash", "c_hash"},
		fields: []string{
			"givenName", "familyName", "preferredUsername", "profileUrl", "pictureUrl", "websiteUrl", "emailVerified", "birthday",
			"timezone", "language", "phoneNumber", "phoneNumberVerified", "updatedAt",
		},
	}
	// customProvider is an entry with `type: "customJwt"`: functions see azp, nonce and the like.
	customProvider = &provider{unseen: []string{"exp", "iat", "nbf", "jti", "fva"}}
)

// seal sets the key of an identity, which depends on all claims that are not unseen.
func (p *provider) seal(id *Identity, claims jws.Object) *Error {
	canonical, err := claims.Canonical(p.unseen...)
	if err != nil {
		return malformed("claims", err)
	}
	id.cred.key = sha256.Sum256(canonical)
	id.cred.tag = tagOf(id.cred.key)
	return nil
}

// identify makes an identity of a token with a valid signature, or refuses it.
func (i acceptedIssuer) identify(t *jws.Token) (*Identity, *Error) {
	id, err := i.rules.identify(t)
	if err == nil && !i.allowReserved {
		err = refuseReserved(t.Claims)
	}
	if err == nil {
		err = i.provider.seal(id, t.Claims)
	}
	if err != nil {
		return nil, err
	}
	return id, nil
}
