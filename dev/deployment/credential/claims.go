package credential

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"convexgateway/dev/deployment/call"
)

// claimFields renames the standard claims of type string.
var claimFields = map[string]string{
	"name": "name", "given_name": "givenName", "family_name": "familyName", "nickname": "nickname",
	"preferred_username": "preferredUsername", "profile": "profileUrl", "picture": "pictureUrl", "website": "websiteUrl",
	"email": "email", "gender": "gender", "birthdate": "birthday", "zoneinfo": "timezone", "locale": "language",
	"phone_number": "phoneNumber",
}

// boolClaimFields renames the standard claims of type bool.
var boolClaimFields = map[string]string{
	"email_verified": "emailVerified", "phone_number_verified": "phoneNumberVerified",
}

// droppedClaims are no attributes: some are for the verifier only, and jti, nbf and fva change with every token, so that each
// refresh would look like another user.
var droppedClaims = map[string]bool{
	"iss": true, "sub": true, "aud": true, "exp": true, "iat": true, "auth_time": true, "nonce": true, "acr": true,
	"amr": true, "azp": true, "at_hash": true, "c_hash": true, "jti": true, "nbf": true, "fva": true, "middle_name": true,
}

// commonClaims returns what the identities of all kinds of providers have: when they expire, and the attributes that name the user.
func commonClaims(claims map[string]any) (expires time.Time, named attributes, err error) {
	issuer, _ := claims["iss"].(string)
	subject, ok := claims["sub"].(string)
	if !ok {
		return time.Time{}, nil, errors.New("sub is missing")
	}
	if expires, ok = seconds(claims["exp"]); !ok {
		return time.Time{}, nil, errors.New("exp is missing")
	}
	return expires, attributes{"tokenIdentifier": issuer + "|" + subject, "issuer": issuer, "subject": subject}, nil
}

// newIdentity maps the claims of a verified token, decoded with json.Number.
func newIdentity(claims map[string]any) (*call.Identity, error) {
	expires, all, err := commonClaims(claims)
	if err != nil {
		return nil, err
	}
	if _, ok := seconds(claims["iat"]); !ok {
		return nil, errors.New("iat is missing")
	}
	for name, value := range claims {
		if err := all.addClaim(name, value); err != nil {
			return nil, err
		}
	}
	for name, value := range claims { // last: a claim of the name of a field replaces it
		if userAttributes[name] != customClaim && claimFields[name] == "" && !isStandard(name) {
			all[name] = plainJSON(value)
		}
	}
	return &call.Identity{Expires: expires, Attributes: all}, nil
}

// isStandard reports whether a claim is read as one of OpenID Connect.
func isStandard(name string) bool {
	return droppedClaims[name] || boolClaimFields[name] != "" || name == "address" || name == "updated_at"
}

// attributes are those of a user, under the names that functions use.
type attributes map[string]any

func (a attributes) addClaim(name string, value any) error {
	base, _, localized := strings.Cut(name, "#") // name#de is a translation
	field, isText := claimFields[base]
	boolField, isBool := boolClaimFields[name]
	switch {
	case droppedClaims[name] || isText && localized:
		return nil
	case (isText || isBool || name == "address" || name == "updated_at") && value == nil:
		return nil
	case isText:
		return a.setTyped(field, name, value, func(v any) (any, bool) { s, ok := v.(string); return s, ok })
	case isBool:
		return a.setTyped(boolField, name, value, func(v any) (any, bool) { b, ok := v.(bool); return b, ok })
	case name == "address":
		return a.setAddress(value)
	case name == "updated_at":
		return a.setTyped("updatedAt", name, value, func(v any) (any, bool) {
			at, ok := seconds(v)
			return at.Format("2006-01-02T15:04:05-07:00"), ok
		})
	default:
		a[name] = plainJSON(value)
		return nil
	}
}

func (a attributes) setTyped(field, claim string, value any, read func(any) (any, bool)) error {
	typed, ok := read(value)
	if !ok {
		return fmt.Errorf("%s has the wrong type", claim)
	}
	a[field] = typed
	return nil
}

func (a attributes) setAddress(value any) error {
	address, ok := value.(map[string]any)
	if !ok {
		return errors.New("address has the wrong type")
	}
	if formatted, ok := address["formatted"].(string); ok {
		a["address"] = formatted
	}
	return nil
}

// seconds reads a JWT's NumericDate.
func seconds(value any) (time.Time, bool) {
	number, ok := value.(json.Number)
	if !ok {
		return time.Time{}, false
	}
	f, err := number.Float64()
	return time.Unix(int64(f), 0).UTC(), err == nil && f > -1e11 && f < 1e12
}

// plainJSON turns json.Number into float64: numbers in claims are JavaScript numbers.
func plainJSON(value any) any {
	switch value := value.(type) {
	case json.Number:
		f, _ := value.Float64()
		return f
	case []any:
		plain := make([]any, len(value))
		for i, element := range value {
			plain[i] = plainJSON(element)
		}
		return plain
	case map[string]any:
		plain := make(map[string]any, len(value))
		for name, element := range value {
			plain[name] = plainJSON(element)
		}
		return plain
	default:
		return value
	}
}
