package deployment

import (
	"encoding/base64"
	"net/http"
	"strings"

	"convexgateway/dev/deployment/call"
)

// credential is what a caller shows of itself, not yet verified. The zero value is an anonymous caller's.
type credential struct {
	kind     credentialKind
	secret   string
	actingAs *call.Identity // by an admin; nil: as nobody
}

type credentialKind int

const (
	noCredential credentialKind = iota
	userToken
	adminSecret
)

// credentialOf reads the Authorization header, or without one the parameter adminKey:
// get-convex/convex-backend crates/local_backend/src/authentication.rs.
func credentialOf(r *http.Request) (credential, error) {
	values, given := r.Header["Authorization"]
	if !given {
		if key := r.URL.Query().Get("adminKey"); key != "" {
			return credential{kind: adminSecret, secret: key}, nil
		}
		return credential{}, nil
	}
	header := values[0]
	switch {
	case len(header) < 7:
		return credential{}, call.NewBadRequest("InvalidHeaderFailure", "Invalid authentication header")
	case strings.EqualFold(header[:7], "convex "):
		return adminCredential(header[7:])
	case len(header) == 7 || !strings.EqualFold(header[:7], "bearer "):
		return credential{}, call.NewBadRequest("InvalidAdminKey", "Invalid admin key")
	}
	return credential{kind: userToken, secret: strings.TrimSpace(header[7:])}, nil
}

// adminCredential reads `<key>` or `<key>:<base64 of the user to act as>`.
func adminCredential(text string) (credential, error) {
	key, user, acting := strings.Cut(withoutKeyType(text), ":")
	c := credential{kind: adminSecret, secret: key}
	if !acting {
		return c, nil
	}
	attributes, err := base64.StdEncoding.DecodeString(user)
	if err == nil {
		c.actingAs, err = parseActingUser(attributes)
	}
	if err != nil {
		return credential{}, call.NewBadRequest("HeaderParseFailure", "Malformed Authorization header.")
	}
	return c, nil
}
