package auth

import (
	"bytes"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
)

// A token that passes its bearer off as somebody else is refused, of whatever issuer, unless that is allowed: with each of these
// claims functions saw "spoof" in place of the token's own, with both kinds of providers. Recorded from convex-local-backend
// 94a42c3: 5-identity.json (oidc2, customSpoof).
func TestReservedClaims(t *testing.T) {
	clock := newTestClock()
	o, is := newOIDC(t, clock), newIssuer(t, clock, keyA())
	allowed := func(c *Config) { c.AllowReservedClaims = true }
	machine := edit{"sub": "mch_1", "sid": nil, "sts": nil, "fva": nil, "v": nil, "jti": "mt_1"}
	with := func(claims edit, name string, value any) edit {
		claims = maps.Clone(claims)
		if claims == nil {
			claims = edit{}
		}
		claims[name] = value
		return claims
	}
	openID := func(change func(*Config)) *ClerkVerifier { return o.verifier(t, change, o.asIssuer()) }
	custom := func(change func(*Config)) *ClerkVerifier { return o.verifier(t, change, o.custom("RS256", "gateway")) }
	clerk := func(change func(*Config)) *ClerkVerifier {
		return newVerifier(t, is, func(c *Config) {
			c.AllowMachineTokens = true
			if change != nil {
				change(c)
			}
		})
	}
	for name, tokens := range map[string]struct {
		verifier func(func(*Config)) *ClerkVerifier
		token    func(edit) string
	}{
		"OpenID Connect": {openID, func(e edit) string { return o.sign("RS256", nil, e) }},
		"customJwt":      {custom, func(e edit) string { return o.sign("RS256", nil, e) }},
		"Clerk":          {clerk, is.token},
		"Clerk machine": {clerk, func(e edit) string {
			all := maps.Clone(machine)
			maps.Copy(all, e)
			return is.token(all)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			refusing, allowing := tokens.verifier(nil), tokens.verifier(allowed)
			for _, claim := range reservedClaims {
				for _, value := range []any{"spoof", "", 7, map[string]any{"x": 1}} {
					token := tokens.token(with(nil, claim, value))
					if _, err := refusing.Verify(t.Context(), token); reasonOf(err) != ReasonReservedClaim {
						t.Errorf("%s %v: %v", claim, value, err)
					}
					if _, err := allowing.Verify(t.Context(), token); err != nil {
						t.Errorf("%s %v, allowed: %v", claim, value, err)
					}
				}
				nested := tokens.token(edit{"metadata": map[string]any{claim: "x"}, strings.ToUpper(claim): "x"})
				if _, err := refusing.Verify(t.Context(), nested); err != nil {
					t.Errorf("%s elsewhere: %v", claim, err)
				}
			}
		})
	}
}

// Claims that replace other fields, and those with which functions cannot read the identity, are logged once for each issuer
// and by name only.
func TestClaimsThatAreWarnedOf(t *testing.T) {
	const (
		replaces = "tokens have claims that replace fields of the identity that functions see"
		throws   = "tokens have claims with which ctx.auth.getUserIdentity() throws"
	)
	// recorded from convex-local-backend 94a42c3: 5-identity.json (odd): functions throw with $dollar and é, not with ""
	odd := edit{"$dollar": "secret", "é": "secret", "": 1, "weird key!": 1, "https://example.com/claim": "ns", "_under": 1}
	for name, test := range map[string]struct {
		issuer func(*oidc) Issuer
		claims edit
		logged []string
	}{
		"OpenID Connect, replaced":   {(*oidc).asIssuer, edit{"emailVerified": "secret", "updatedAt": 1}, []string{replaces, "emailVerified", "updatedAt"}},
		"OpenID Connect, unreadable": {(*oidc).asIssuer, odd, []string{throws, "$dollar", "é"}},
		"OpenID Connect, own names":  {(*oidc).asIssuer, edit{"email_verified": true, "given_name": "Ada", "email": "a@x", "address": "secret"}, nil},
		"customJwt has no such fields": {func(o *oidc) Issuer { return o.custom("RS256", "gateway") },
			edit{"emailVerified": "secret", "updatedAt": 1}, nil},
		"customJwt, unreadable": {func(o *oidc) Issuer { return o.custom("RS256", "gateway") }, odd, []string{throws, "$dollar", "é"}},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOIDC(t, newTestClock())
			var log bytes.Buffer
			v := o.verifier(t, func(c *Config) { c.Logger = slog.New(slog.NewTextHandler(&log, nil)) }, test.issuer(o))
			for _, jti := range []string{"1", "2"} {
				claims := maps.Clone(test.claims)
				claims["jti"] = jti
				identityOf(t, v, o.sign("RS256", nil, claims))
			}
			lines := strings.Count(log.String(), "level=WARN")
			if want := min(len(test.logged), 1); lines != want {
				t.Errorf("%d warnings, want %d:\n%s", lines, want, &log)
			}
			if i := slices.IndexFunc(test.logged, func(text string) bool { return !strings.Contains(log.String(), text) }); i >= 0 {
				t.Errorf("no %q in\n%s", test.logged[i], &log)
			}
			if strings.Contains(log.String(), "secret") {
				t.Error("a claim's value is logged")
			}
		})
	}
}
