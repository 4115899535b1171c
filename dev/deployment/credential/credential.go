package credential

import (
	"encoding/base64"
	"net/http"
	"strings"

	"convexgateway/dev/deployment/call"
)

// Credential is a caller's token or admin key, not yet verified. The zero value is an anonymous caller's.
type Credential struct {
	Kind     Kind
	Secret   string
	ActingAs *call.Identity // the user that an admin acts as; nil: nobody
}

// Kind is the kind of a credential.
type Kind int

const (
	noCredential Kind = iota
	UserToken
	AdminSecret
)

// Of reads the Authorization header, or without one the parameter adminKey:
// get-convex/convex-backend crates/local_backend/src/authentication.rs.
func Of(r *http.Request) (Credential, error) {
	values, given := r.Header["Authorization"]
	if !given {
		if query := r.URL.Query(); query.Has("adminKey") {
			return Credential{Kind: AdminSecret, Secret: query.Get("adminKey")}, nil
		}
		return Credential{}, nil
	}
	header := values[0]
	switch {
	case len(header) < 7:
		return Credential{}, call.NewBadRequest("InvalidHeaderFailure", "Invalid authentication header")
	case strings.EqualFold(header[:7], "convex "):
		return adminCredential(header[7:])
	case len(header) == 7 || !strings.EqualFold(header[:7], "bearer "):
		return Credential{}, call.NewBadRequest("InvalidAdminKey", "Invalid admin key")
	}
	return Credential{Kind: UserToken, Secret: strings.TrimSpace(header[7:])}, nil
}

// adminCredential reads `<key>` or `<key>:<base64 of the user to act as>`.
func adminCredential(text string) (Credential, error) {
	name, rest, _ := strings.Cut(text, "|")
	secret, user, acting := strings.Cut(rest, ":")
	c := Credential{Kind: AdminSecret, Secret: name + "|" + secret}
	if !acting {
		return c, nil
	}
	attributes, err := base64.StdEncoding.DecodeString(user)
	if err == nil {
		c.ActingAs, err = ParseActingUser(attributes)
	}
	if err != nil {
		return Credential{}, call.NewBadRequest("HeaderParseFailure", "Malformed Authorization header.")
	}
	return c, nil
}
