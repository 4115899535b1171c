package auth

import (
	"testing"
)

// A claim belongs to the identity where functions see it: what the deployment drops depends on the kind of provider. What
// functions saw is recorded from convex-local-backend 94a42c3: 5-identity.json (oidc3, custom).
func TestIdentityOfEachKindOfProvider(t *testing.T) {
	o := newOIDC(t, newTestClock())
	openID, custom := o.verifier(t, nil, o.asIssuer()), o.verifier(t, nil, o.custom("RS256", "gateway"))
	key := func(v *ClerkVerifier, claims edit) *Identity { return identityOf(t, v, o.sign("RS256", nil, claims)) }
	for claim, test := range map[string]struct {
		value          any
		openID, custom bool // functions see it
	}{
		"exp":       {start.Unix() + 700, false, false},
		"iat":       {start.Unix() - 1, false, false},
		"nbf":       {start.Unix() - 1, false, false},
		"jti":       {"j", false, false},
		"fva":       {[]int{1, -1}, false, false},
		"azp":       {"https://app", false, true},
		"nonce":     {"n", false, true},
		"auth_time": {1700000000, false, true},
		"acr":       {"a", false, true},
		"amr":       {[]string{"pwd"}, false, true},
		"at_hash":   {"h", false, true},
		"c_hash":    {"c", false, true},
		"sid":       {"sess_1", true, true},
		"email":     {"a@x", true, true},
		"sts":       {"active", true, true},
		"role":      {"authenticated", true, true},
	} {
		change := edit{claim: test.value}
		for kind, is := range map[string]struct {
			verifier *ClerkVerifier
			seen     bool
		}{"OpenID Connect": {openID, test.openID}, "customJwt": {custom, test.custom}} {
			before, after := key(is.verifier, nil), key(is.verifier, change)
			if differs := before.Key() != after.Key(); differs != is.seen {
				t.Errorf("%s, %s: another identity: %v; functions see it: %v", kind, claim, differs, is.seen)
			}
			if before.SameSignIn(after) == is.seen { // the rule of RefreshAuth for tokens without a session of Clerk's
				t.Errorf("%s, %s: may extend the other's streams: %v", kind, claim, !is.seen)
			}
		}
	}
}
