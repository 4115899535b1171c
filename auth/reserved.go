package auth

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"

	"convexgateway/auth/jws"
)

// reservedClaims replace, at the deployment, the fields that name the caller. The token's own issuer and subject are verified;
// these are whatever the issuer lets them be.
var reservedClaims = []string{"subject", "issuer", "tokenIdentifier"}

// refuseReserved refuses a token that has one, whatever its value.
func refuseReserved(claims jws.Object) *Error {
	for _, name := range reservedClaims {
		if _, there := claims[name]; there {
			return NewError(ReasonReservedClaim, fmt.Errorf("claim %s", name))
		}
	}
	return nil
}

// claimWarnings are what was logged of one issuer's tokens: each warning once.
type claimWarnings struct{ replaced, unreadable sync.Once }

// warn logs the names of claims that an accepted token had better not have.
func (w *claimWarnings) warn(ctx context.Context, logger *slog.Logger, issuer string, p *provider, claims jws.Object) {
	var replaced, unreadable []string
	for name := range claims {
		switch {
		case slices.Contains(p.fields, name):
			replaced = append(replaced, name)
		case !isFieldName(name):
			unreadable = append(unreadable, name)
		}
	}
	logOnce := func(once *sync.Once, message string, names []string) {
		if len(names) > 0 {
			slices.Sort(names)
			once.Do(func() { logger.WarnContext(ctx, message, "issuer", issuer, "claims", fmt.Sprintf("%q", names)) })
		}
	}
	logOnce(&w.replaced, "tokens have claims that replace fields of the identity that functions see", replaced)
	logOnce(&w.unreadable, "tokens have claims with which ctx.auth.getUserIdentity() throws", unreadable)
}

// isFieldName reports whether an object of a function may have a field of that name; the empty name is one.
func isFieldName(name string) bool {
	return !strings.HasPrefix(name, "$") && !strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r > '~' })
}
