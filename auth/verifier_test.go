package auth

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"

	"convexgateway/internal/jwktest"
)

const (
	ok = codes.OK
	u  = codes.Unauthenticated
	pd = codes.PermissionDenied
	ua = codes.Unavailable
)

func withTemplates(c *Config) { c.AllowTemplateTokens = true }

func withMachines(c *Config) { c.AllowMachineTokens = true }

func withoutImpersonation(c *Config) { c.RefuseImpersonation = true }

func withParties(c *Config) { c.AuthorizedParties = []string{"https://app.example"} }

// TestVerify lists accepted and refused tokens, through the interceptors of a real server.
func TestVerify(t *testing.T) {
	clock := newTestClock()
	is := newIssuer(t, clock, keyA())
	now := start.Unix()
	template := edit{"sid": nil, "v": nil, "sts": nil, "fva": nil}
	header := func(h edit) string { return is.tokenWith(h, nil) }

	tests := []struct {
		name   string
		config func(*Config)
		token  string
		code   codes.Code
		reason Reason
	}{
		{"session_token", nil, is.token(nil), ok, ""},
		{"with_category", nil, header(edit{"cat": categorySession, "oiat": 5}), ok, ""},
		{"template_allowed", withTemplates, is.token(template), ok, ""},
		{"template_category_allowed", withTemplates, is.tokenWith(edit{"cat": categoryTemplate}, template), ok, ""},
		{"template_by_category", nil, header(edit{"cat": categoryTemplate}), u, ReasonTokenClass},
		{"template_by_missing_sid", nil, is.token(template), u, ReasonTokenClass},
		{"expired_1s", nil, is.token(edit{"iat": now - 61, "exp": now - 1}), u, ReasonTokenExpired},
		{"expired_now", nil, is.token(edit{"iat": now - 60, "exp": now}), u, ReasonTokenExpired},
		{"expired_long_ago", nil, is.token(edit{"iat": now - 3600, "exp": now - 3540}), u, ReasonTokenExpired},
		{"1s_left", nil, is.token(edit{"iat": now - 59, "exp": now + 1}), u, ReasonTokenExpired},
		{"2s_left", nil, is.token(edit{"iat": now - 58, "exp": now + 2}), ok, ""},
		{"exp_missing", nil, is.token(edit{"exp": nil}), u, ReasonMalformed},
		{"exp_null", nil, is.token(edit{"exp": json.RawMessage("null")}), u, ReasonMalformed},
		{"exp_string", nil, is.token(edit{"exp": "1790000060"}), u, ReasonMalformed},
		{"exp_negative", nil, is.token(edit{"exp": -60}), u, ReasonMalformed},
		{"exp_1e30", nil, is.token(edit{"exp": json.RawMessage("1e30")}), u, ReasonMalformed},
		{"exp_float", nil, is.token(edit{"exp": json.RawMessage("1790000060.5")}), u, ReasonMalformed},
		{"exp_exponent", nil, is.token(edit{"exp": json.RawMessage("179000006e1")}), u, ReasonMalformed},
		{"exp_int64_max", nil, is.token(edit{"exp": json.RawMessage("9223372036854775807")}), u, ReasonMalformed},
		{"exp_before_iat", nil, is.token(edit{"exp": now + 3, "iat": now + 3}), u, ReasonTokenExpired},
		{"iat_missing", nil, is.token(edit{"iat": nil}), u, ReasonMalformed},
		{"nbf_string", nil, is.token(edit{"nbf": "now"}), u, ReasonMalformed},
		{"nbf_missing", nil, is.token(edit{"nbf": nil}), ok, ""},
		{"ten_years", nil, is.token(edit{"exp": now + 10*365*86400}), u, ReasonTokenLifetime},
		{"one_hour", nil, is.token(edit{"exp": now + 3600}), ok, ""},
		{"over_one_hour", nil, is.token(edit{"exp": now + 3601}), u, ReasonTokenLifetime},
		{"iat_3s_ahead", nil, is.token(edit{"iat": now + 3}), ok, ""},
		{"nbf_3s_ahead", nil, is.token(edit{"nbf": now + 3}), ok, ""},
		{"iat_30s_ahead", nil, is.token(edit{"iat": now + 30}), u, ReasonTokenNotYetValid},
		{"nbf_30s_ahead", nil, is.token(edit{"nbf": now + 30}), u, ReasonTokenNotYetValid},
		{"audience_missing", nil, is.token(edit{"aud": nil}), u, ReasonAudience},
		{"audience_other", nil, is.token(edit{"aud": "convex2"}), u, ReasonAudience},
		{"audience_two", nil, is.token(edit{"aud": []string{"convex", "x"}}), u, ReasonAudience},
		{"audience_empty_list", nil, is.token(edit{"aud": []string{}}), u, ReasonAudience},
		{"audience_number", nil, is.token(edit{"aud": 7}), u, ReasonAudience},
		{"audience_configured", func(c *Config) { c.ApplicationID = "shop" }, is.token(nil), u, ReasonAudience},
		{"audience_one_in_list", nil, is.token(edit{"aud": []string{"convex"}}), ok, ""},
		{"issuer_clerk_evil", nil, is.token(edit{"iss": "https://clerk.evil.com"}), u, ReasonIssuer},
		{"issuer_trailing_slash", nil, is.token(edit{"iss": is.url() + "/"}), u, ReasonIssuer},
		{"issuer_other_scheme", nil, is.token(edit{"iss": strings.Replace(is.url(), "http:", "https:", 1)}), u, ReasonIssuer},
		{"issuer_upper_case", nil, is.token(edit{"iss": strings.ToUpper(is.url())}), u, ReasonIssuer},
		{"issuer_suffix", nil, is.token(edit{"iss": is.url() + ".evil"}), u, ReasonIssuer},
		{"issuer_missing", nil, is.token(edit{"iss": nil}), u, ReasonIssuer},
		{"issuer_with_path", func(c *Config) { c.Issuers[0] += "/" }, is.token(nil), ok, ""},
		{"kid_missing", nil, header(edit{"kid": nil}), u, ReasonMalformed},
		{"kid_empty", nil, header(edit{"kid": ""}), u, ReasonMalformed},
		{"kid_number", nil, header(edit{"kid": 7}), u, ReasonMalformed},
		{"kid_long", nil, header(edit{"kid": strings.Repeat("k", 1000)}), u, ReasonMalformed},
		{"kid_1MB", nil, header(edit{"kid": strings.Repeat("k", 1_000_000)}), u, ReasonTokenTooLarge},
		{"wrong_key", nil, sign(keyB(), mustJSON(is.header(nil)), mustJSON(is.claims(nil))), u, ReasonBadSignature},
		{"flipped_bit", nil, flipPayloadBit(is.token(nil)), u, ReasonBadSignature},
		{"alg_none", nil, header(edit{"alg": "none"}), u, ReasonMalformed},
		{"alg_none_unsigned", nil, unsigned(is), u, ReasonMalformed},
		{"alg_hs256_public_key", nil, hs256(is), u, ReasonMalformed},
		{"alg_ps256", nil, ps256(is), u, ReasonMalformed},
		{"alg_rs512", nil, rs512(is), u, ReasonMalformed},
		{"alg_es256", nil, es256(is), u, ReasonMalformed},
		{"alg_lower_case", nil, header(edit{"alg": "rs256"}), u, ReasonMalformed},
		{"alg_twice", nil, sign(is.key, []byte(`{"alg":"RS256","alg":"RS256","kid":"ins_test"}`), mustJSON(is.claims(nil))), u, ReasonMalformed},
		{"header_jwk", nil, header(edit{"jwk": jwktest.Of("x", keyB())}), u, ReasonMalformed},
		{"header_jku", nil, header(edit{"jku": is.URL + "/evil"}), u, ReasonMalformed},
		{"header_x5c", nil, header(edit{"x5c": []string{"AA=="}}), u, ReasonMalformed},
		{"header_x5u", nil, header(edit{"x5u": is.URL + "/evil"}), u, ReasonMalformed},
		{"header_crit", nil, header(edit{"crit": []string{"exp"}}), u, ReasonMalformed},
		{"header_b64", nil, header(edit{"b64": false}), u, ReasonMalformed},
		{"header_zip", nil, header(edit{"zip": "DEF"}), u, ReasonMalformed},
		{"header_JKU", nil, header(edit{"JKU": is.URL}), u, ReasonMalformed},
		{"flattened", nil, flattened(is.token(nil)), u, ReasonMalformed},
		{"general_two_signatures", nil, general(is.token(nil)), u, ReasonMalformed},
		{"jwe", nil, "eyJhbGciOiJSU0EtT0FFUCJ9.AAAA.AAAA.AAAA.AAAA", u, ReasonMalformed},
		{"nested", nil, sign(is.key, mustJSON(is.header(edit{"cty": "JWT"})), []byte(is.token(nil))), u, ReasonMalformed},
		{"padding", nil, is.token(nil) + "=", u, ReasonMalformed},
		{"leading_space", nil, " " + is.token(nil), ok, ""},
		{"inner_space", nil, strings.Replace(is.token(nil), ".", ". ", 1), u, ReasonMalformed},
		{"trailing_dot", nil, is.token(nil) + ".", u, ReasonMalformed},
		{"four_parts", nil, is.token(nil) + ".AAAA", u, ReasonMalformed},
		{"two_parts", nil, "eyJhbGciOiJSUzI1NiJ9.e30", u, ReasonMalformed},
		{"million_dots", nil, strings.Repeat(".", 1_000_000), u, ReasonMalformed},
		{"altered_last_character", nil, alterLast(is.token(nil)), u, ReasonMalformed},
		{"9KiB", nil, is.token(edit{"bio": strings.Repeat("x", 9<<10)}), u, ReasonTokenTooLarge},
		{"1MiB", nil, is.token(edit{"bio": strings.Repeat("x", 1<<20)}), u, ReasonTokenTooLarge},
		{"sub_missing", nil, is.token(edit{"sub": nil}), u, ReasonSubject},
		{"sub_empty", nil, is.token(edit{"sub": ""}), u, ReasonSubject},
		{"sub_number", nil, is.token(edit{"sub": 7}), u, ReasonSubject},
		{"sub_machine", nil, is.token(edit{"sub": "mch_1"}), u, ReasonTokenClass},
		{"sub_org", nil, is.token(edit{"sub": "org_1"}), u, ReasonSubject},
		{"sub_odd", nil, is.token(edit{"sub": "user_ada\n"}), u, ReasonSubject},
		{"SUB_and_sub", nil, is.token(edit{"SUB": "user_eve"}), u, ReasonMalformed},
		{"sub_with_long_s", nil, is.token(edit{"\u017fub": "user_eve"}), u, ReasonMalformed},
		{"sub_twice", nil, rawClaims(is, `"sub":"user_ada","sub":"user_ada"`), u, ReasonMalformed},
		{"custom_twice", nil, rawClaims(is, `"sub":"user_ada","x":{"a":1,"a":2}`), u, ReasonMalformed},
		{"Exp_only", nil, is.token(edit{"exp": nil, "Exp": now + 60}), u, ReasonMalformed},
		{"custom_names_may_differ_in_case", nil, is.token(edit{"team": "a", "Team": "b"}), ok, ""},
		{"handshake", nil, is.token(edit{"sub": nil, "sid": nil, "aud": nil, "handshake": []string{"__session=x"}}), u, ReasonTokenClass},
		{"client_cookie", withTemplates, is.token(edit{"sub": nil, "sid": nil, "aud": nil, "id": "client_1", "rotating_token": "r"}), u, ReasonTokenClass},
		{"session_category_without_sid", withTemplates, is.tokenWith(edit{"cat": categorySession}, edit{"sid": nil}), u, ReasonTokenClass},
		{"machine_by_category", nil, header(edit{"cat": categoryMachine}), u, ReasonTokenClass},
		{"machine_without_category", withTemplates, is.token(edit{"sub": "mch_1", "jti": "mt_1", "sid": nil}), u, ReasonTokenClass},
		{"opaque_is_never_accepted", withMachines, "mt_2xKa9Bgv7NxMRDFyQw8LpZ3cTmU1vHjE", u, ReasonTokenClass},
		{"machine_with_session", withMachines, is.token(edit{"sub": "mch_1"}), u, ReasonTokenClass},
		{"machine_of_session_category", withMachines, is.tokenWith(edit{"cat": categorySession}, edit{"sub": "mch_1", "sid": nil}), u, ReasonTokenClass},
		{"machine_of_template_category", withMachines, is.tokenWith(edit{"cat": categoryTemplate}, edit{"sub": "mch_1", "sid": nil}), u, ReasonTokenClass},
		{"machine_category_of_user", withMachines, is.tokenWith(edit{"cat": categoryMachine}, edit{"sid": nil}), u, ReasonSubject},
		{"machine_odd_id", withMachines, is.token(edit{"sub": "mch_../x", "sid": nil}), u, ReasonSubject},
		{"machine_other_audience", withMachines, is.token(edit{"sub": "mch_1", "sid": nil, "aud": "x"}), u, ReasonAudience},
		{"machine_no_audience", withMachines, is.token(edit{"sub": "mch_1", "sid": nil, "aud": nil}), u, ReasonAudience},
		{"machine_without_expiry", withMachines, is.token(edit{"sub": "mch_1", "sid": nil, "exp": nil}), u, ReasonMalformed},
		{"machine_for_two_days", withMachines, is.token(edit{"sub": "mch_1", "sid": nil, "exp": now + 2*86400}), u, ReasonTokenLifetime},
		{"oauth_of_machine", withMachines, is.tokenWith(edit{"typ": "at+jwt"}, edit{"sub": "mch_1", "sid": nil}), u, ReasonTokenClass},
		{"template_where_machines_are_allowed", withMachines, is.token(template), u, ReasonTokenClass},
		{"users_have_an_hour_where_machines_are_allowed", withMachines, is.token(edit{"exp": now + 3601}), u, ReasonTokenLifetime},
		{"oauth_typ", nil, header(edit{"typ": "at+jwt"}), u, ReasonTokenClass},
		{"oauth_long_typ", nil, header(edit{"typ": "application/at+jwt"}), u, ReasonTokenClass},
		{"oauth_jti", nil, is.token(edit{"jti": "oat_1"}), u, ReasonTokenClass},
		{"oauth_claims", nil, is.token(edit{"client_id": "c", "scope": "email"}), u, ReasonTokenClass},
		{"other_typ", nil, header(edit{"typ": "secevent+jwt"}), u, ReasonMalformed},
		{"id_token", nil, header(edit{"typ": "id+jwt"}), u, ReasonMalformed},
		{"typ_missing", nil, header(edit{"typ": nil}), ok, ""},
		{"typ_lower_case", nil, header(edit{"typ": "jwt"}), ok, ""},
		{"opaque_mt", nil, "mt_2xKa9Bgv7NxMRDFyQw8LpZ3cTmU1vHjE", u, ReasonTokenClass},
		{"opaque_ak", nil, "ak_2xKa9Bgv7NxMRDFyQw8LpZ3cTmU1vHjE", u, ReasonTokenClass},
		{"opaque_oat", nil, "oat_2xKa9Bgv7NxMRDFyQw8LpZ3cTmU1vHjE", u, ReasonTokenClass},
		{"pending", nil, is.token(edit{"sts": "pending"}), pd, ReasonSessionPending},
		{"status_unknown", nil, is.token(edit{"sts": "asleep"}), pd, ReasonSessionPending},
		{"status_absent", nil, is.token(edit{"sts": nil}), ok, ""},
		{"azp_not_listed", withParties, is.token(edit{"azp": "https://evil.example"}), pd, ReasonAuthorizedParty},
		{"azp_listed", withParties, is.token(edit{"azp": "https://app.example"}), ok, ""},
		{"azp_number", withParties, is.token(edit{"azp": 7}), u, ReasonMalformed},
		{"azp_without_list", nil, is.token(edit{"azp": "https://evil.example"}), ok, ""},
		{"native_without_azp", withParties, is.token(nil), ok, ""},
		{"impersonation_refused", withoutImpersonation, is.token(edit{"act": map[string]any{"sub": "user_boss"}}), pd, ReasonImpersonation},
		{"impersonation_refused_but_not_others", withoutImpersonation, is.token(nil), ok, ""},
		{"actor_without_sub", nil, is.token(edit{"act": map[string]any{"iss": "x"}}), u, ReasonMalformed},
		{"org_of_wrong_type", nil, is.token(edit{"o": "org_1"}), u, ReasonMalformed},
		{"org_id_of_wrong_type", nil, is.token(edit{"v": nil, "org_id": 7}), u, ReasonMalformed},
		{"v2_org_misspelt", nil, is.token(edit{"o": map[string]any{"id": "org_1", "ID": "org_2"}}), u, ReasonMalformed},
		{"actor_misspelt", nil, is.token(edit{"act": map[string]any{"sub": "user_a", "Sub": "user_b"}}), u, ReasonMalformed},
		{"status_number", nil, is.token(edit{"sts": 7}), u, ReasonMalformed},
		{"typ_number", nil, header(edit{"typ": 7}), u, ReasonMalformed},
		{"category_number", nil, header(edit{"cat": 7}), u, ReasonMalformed},
		{"ALG_beside_alg", nil, header(edit{"ALG": "none"}), u, ReasonMalformed},
		{"reserved_name_of_a_type_the_sdk_refuses", nil, is.token(edit{"fea": 7}), u, ReasonMalformed},
		{"sid_is_a_path", nil, is.token(edit{"sid": "../users/x"}), u, ReasonMalformed},
		{"sid_empty", withTemplates, is.token(edit{"sid": ""}), u, ReasonMalformed},
		{"payload_not_an_object", nil, sign(is.key, mustJSON(is.header(nil)), []byte(`["iss"]`)), u, ReasonMalformed},
		{"payload_lone_surrogate", nil, rawClaims(is, `"sub":"user_ada","name":"\ud800"`), u, ReasonMalformed},
		{"payload_too_deep", nil, rawClaims(is, `"sub":"user_ada","x":`+strings.Repeat("[", 100)+strings.Repeat("]", 100)), u, ReasonMalformed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := newGateway(t, newVerifier(t, is, tt.config), Required)
			who := g.expect(t, tt.code, tt.reason, bearerOf(tt.token)...)
			if tt.code == ok && who["sub"] != "user_ada" {
				t.Errorf("caller is %v", who)
			}
		})
	}
}

func parts(token string) []string { return strings.Split(token, ".") }

func flipPayloadBit(token string) string {
	p := parts(token)
	raw, _ := base64.RawURLEncoding.DecodeString(p[1])
	i := bytes.Index(raw, []byte("Ada"))
	raw[i+1] ^= 2
	return p[0] + "." + base64.RawURLEncoding.EncodeToString(raw) + "." + p[2]
}

// alterLast changes bits of the last character that no decoder needs.
func alterLast(token string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.IndexByte(alphabet, token[len(token)-1])
	return token[:len(token)-1] + alphabet[last^1:last^1+1]
}

// rawClaims puts text in the place of sub.
func rawClaims(is *issuer, text string) string {
	raw := strings.Replace(string(mustJSON(is.claims(nil))), `"sub":"user_ada"`, text, 1)
	return sign(is.key, mustJSON(is.header(nil)), []byte(raw))
}

func signedWith(is *issuer, alg string, signature func(input []byte) []byte) string {
	input := base64.RawURLEncoding.EncodeToString(mustJSON(is.header(edit{"alg": alg}))) + "." +
		base64.RawURLEncoding.EncodeToString(mustJSON(is.claims(nil)))
	return input + "." + base64.RawURLEncoding.EncodeToString(signature([]byte(input)))
}

func unsigned(is *issuer) string {
	return signedWith(is, "none", func([]byte) []byte { return nil })
}

func hs256(is *issuer) string {
	der, _ := x509.MarshalPKIXPublicKey(&is.key.PublicKey)
	secret := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	return signedWith(is, "HS256", func(input []byte) []byte {
		mac := hmac.New(sha256.New, secret)
		mac.Write(input)
		return mac.Sum(nil)
	})
}

func ps256(is *issuer) string {
	return signedWith(is, "PS256", func(input []byte) []byte {
		digest := sha256.Sum256(input)
		s, _ := rsa.SignPSS(rand.Reader, is.key, crypto.SHA256, digest[:], nil)
		return s
	})
}

func rs512(is *issuer) string {
	return signedWith(is, "RS512", func(input []byte) []byte {
		digest := sha512.Sum512(input)
		s, _ := rsa.SignPKCS1v15(nil, is.key, crypto.SHA512, digest[:])
		return s
	})
}

func es256(is *issuer) string {
	key, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	return signedWith(is, "ES256", func(input []byte) []byte {
		digest := sha256.Sum256(input)
		s, _ := ecdsa.SignASN1(rand.Reader, key, digest[:])
		return s
	})
}

func flattened(token string) string {
	p := parts(token)
	return fmt.Sprintf(`{"protected":%q,"payload":%q,"signature":%q}`, p[0], p[1], p[2])
}

func general(token string) string {
	p := parts(token)
	s := fmt.Sprintf(`{"protected":%q,"signature":%q}`, p[0], p[2])
	return fmt.Sprintf(`{"payload":%q,"signatures":[%s,%s]}`, p[1], s, s)
}

func TestVerifyOrganizationAndActor(t *testing.T) {
	is := newIssuer(t, newTestClock(), keyA())
	g := newGateway(t, newVerifier(t, is, nil), Required)
	v1 := edit{"v": nil, "org_id": "org_1", "org_role": "org:admin", "org_slug": "acme"}
	tests := []struct {
		name   string
		claims edit
		want   map[string]any
	}{
		{"v1", v1, map[string]any{"org": "org_1", "role": "org:admin", "slug": "acme"}},
		{"v2", edit{"o": map[string]any{"id": "org_1", "rol": "admin", "slg": "acme"}},
			map[string]any{"org": "org_1", "role": "org:admin", "slug": "acme"}},
		{"v2_forged_org_id", edit{"org_id": "org_1", "org_role": "org:admin"}, map[string]any{"org": "", "role": ""}},
		{"v2_empty_role", edit{"o": map[string]any{"id": "org_1", "rol": ""}}, map[string]any{"org": "org_1", "role": ""}},
		{"actor", edit{"act": map[string]any{"sub": "user_boss"}}, map[string]any{"actor": "user_boss"}},
		{"no_organization", nil, map[string]any{"org": "", "role": "", "slug": "", "actor": "", "sid": "sess_ada"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			who := g.expect(t, ok, "", bearerOf(is.token(tt.claims))...)
			for name, want := range tt.want {
				if who[name] != want {
					t.Errorf("%s is %v, want %v", name, who[name], want)
				}
			}
		})
	}
}

func TestVerifyAuthorizedParty(t *testing.T) {
	is := newIssuer(t, newTestClock(), keyA())
	const app, other = "https://app.example", "https://admin.example"
	g := newGateway(t, newVerifier(t, is, func(c *Config) { c.AuthorizedParties = []string{app, other} }), Required)
	open := newGateway(t, newVerifier(t, is, nil), Required)
	tests := []struct {
		name   string
		g      *gateway
		azp    any
		origin string
		code   codes.Code
	}{
		{"azp_equals_origin", g, app, app, ok},
		{"azp_is_not_origin", g, app, other, pd},
		{"browser_without_azp", g, nil, app, pd},
		{"origin_not_listed", g, "https://evil.example", "https://evil.example", pd},
		{"no_list", open, app, other, ok},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			reason := Reason("")
			if tt.code == pd {
				reason = ReasonAuthorizedParty
			}
			token := is.token(edit{"azp": tt.azp})
			for _, name := range []string{"origin", "grpcgateway-origin"} {
				tt.g.expect(t, tt.code, reason, append(bearerOf(token), name, tt.origin)...)
			}
		})
	}
	t.Run("checked_on_every_use_of_a_token", func(t *testing.T) {
		md := bearerOf(is.token(edit{"azp": app, "jti": "again"}))
		g.expect(t, ok, "", append(md, "origin", app)...)
		g.expect(t, pd, ReasonAuthorizedParty, append(md, "origin", other)...)
	})
}

func TestVerifyIssuersKeepTheirKeysApart(t *testing.T) {
	clock := newTestClock()
	a, b := newIssuer(t, clock, keyA()), newIssuer(t, clock, keyB())
	b.keyID = "ins_b"
	b.publish(jwktest.Of("ins_b", keyB()))
	gB := newGateway(t, newVerifier(t, b, nil), Required)
	gA := newGateway(t, newVerifier(t, a, nil), Required)
	both := newGateway(t, newVerifier(t, a, func(c *Config) { c.Issuers = append(c.Issuers, b.url()) }), Required)

	t.Run("other_tenant", func(t *testing.T) {
		gB.expect(t, ok, "", bearerOf(b.token(nil))...)
		gA.expect(t, u, ReasonIssuer, bearerOf(b.token(nil))...)
	})
	t.Run("key_of_another_issuer", func(t *testing.T) {
		both.expect(t, ok, "", bearerOf(b.token(nil))...)
		both.expect(t, u, ReasonUnknownKey, bearerOf(b.token(edit{"iss": a.url()}))...)
		forged := sign(keyB(), mustJSON(a.header(nil)), mustJSON(a.claims(nil)))
		both.expect(t, u, ReasonBadSignature, bearerOf(forged)...)
	})
}

// Characters that gRPC clients do not send.
func TestVerifyRefusesControlCharacters(t *testing.T) {
	is := newIssuer(t, newTestClock(), keyA())
	v := newVerifier(t, is, nil)
	good := is.token(nil)
	for name, token := range map[string]string{
		"newline_at_end": good + "\n",
		"newline_inside": good[:20] + "\n" + good[20:],
		"nul":            good + "\x00",
		"tab":            "\t" + good,
		"empty":          "",
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := v.Verify(context.Background(), token); reasonOf(err) != ReasonMalformed {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestVerifyAgain is about what is still checked when a token was verified before.
func TestVerifyAgain(t *testing.T) {
	clock := newTestClock()
	is := newIssuer(t, clock, keyA())
	deny := NewDenyList(clock.Now)
	v := newVerifier(t, is, func(c *Config) { c.DenyList = deny })
	ctx := context.Background()

	token := is.token(nil)
	first := identityOf(t, v, token)
	if second := identityOf(t, v, token); second != first {
		t.Error("verified twice instead of cached")
	}
	if first.Token() != token {
		t.Error("the identity has another token")
	}

	t.Run("expiry", func(t *testing.T) {
		short := is.token(edit{"exp": start.Unix() + 10})
		identityOf(t, v, short)
		clock.advance(9 * time.Second)
		if _, err := v.Verify(ctx, short); reasonOf(err) != ReasonTokenExpired {
			t.Errorf("got %v", err)
		}
	})
	t.Run("sign-out", func(t *testing.T) {
		out := SignOut(first)
		out.IssuedUpTo = clock.Now()
		deny.Add(out)
		if _, err := v.Verify(ctx, token); reasonOf(err) != ReasonSignedOut {
			t.Errorf("got %v", err)
		}
		other := is.token(edit{"sid": "sess_other"})
		identityOf(t, v, other)
	})
	t.Run("key withdrawn", func(t *testing.T) {
		token := is.token(edit{"sid": "sess_third"})
		identityOf(t, v, token)
		is.publish(jwktest.Of("ins_new", keyB()))
		if err := refetch(v); err != nil {
			t.Fatal(err)
		}
		if _, err := v.Verify(ctx, token); reasonOf(err) != ReasonUnknownKey {
			t.Errorf("got %v", err)
		}
	})
}

// A machine is a caller of its own: without a session, and with none of the claims that its creator may set.
func TestVerifyMachine(t *testing.T) {
	is := newIssuer(t, newTestClock(), keyA())
	v := newVerifier(t, is, withMachines)
	for name, category := range map[string]any{"with cat": categoryMachine, "without cat": nil} {
		id := identityOf(t, v, is.tokenWith(edit{"cat": category}, edit{
			"sub": "mch_7", "sid": nil, "jti": "mt_1", "sts": nil, "v": nil, "org_id": "org_1", "act": map[string]any{"sub": "user_boss"},
			"exp": start.Unix() + 86400,
		}))
		if id.Subject != "mch_7" || id.Issuer != is.url() || id.SessionID != "" || id.OrgID != "" || id.ActorSubject != "" {
			t.Errorf("%s: %v", name, id)
		}
	}
}

// Neither errors nor logs nor formatted identities show a token.
func TestVerifyKeepsTokensSecret(t *testing.T) {
	var log bytes.Buffer
	is := newIssuer(t, newTestClock(), keyA())
	v := newVerifier(t, is, func(c *Config) { c.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	is.fail()
	secret := "hunter2hunter2"
	tokens := []string{
		is.token(edit{"password": secret}), is.token(edit{"exp": secret}), is.token(edit{"v": secret}),
		is.token(edit{"o": secret}), is.token(edit{"sub": secret}), secret,
	}
	for i, token := range tokens {
		if i == 1 {
			is.publish(jwktest.Of(is.keyID, is.key))
			is.clock.advance(2 * time.Second)
		}
		_, err := v.Verify(context.Background(), token)
		if err == nil {
			t.Fatalf("token %d was accepted", i)
		}
		shown := fmt.Sprintf("%v %+v %#v", err, err, err)
		for _, part := range append(parts(token), secret) {
			if strings.Contains(shown, part) {
				t.Errorf("error shows the token: %v", err)
			}
		}
	}
	if log.Len() == 0 || strings.Contains(log.String(), parts(tokens[0])[1]) {
		t.Errorf("log: %s", log.String())
	}
}

// FuzzVerify: a token that is accepted was signed with the published key, and is a user's for a limited time, whatever its
// issuer signed.
func FuzzVerify(f *testing.F) {
	is := newOfflineIssuer(keyA())
	v := newVerifier(f, is, func(c *Config) { c.AllowTemplateTokens, c.HTTPClient = true, is.client() })
	header, payload := mustJSON(is.header(nil)), mustJSON(is.claims(nil))
	f.Add(header, payload, 0, byte(0))
	f.Add(header, payload, 40, byte(1))
	f.Add(header, payload, -1, byte(3))
	f.Add(mustJSON(is.header(edit{"alg": "HS256", "cat": categorySession})), payload, 0, byte(0))
	f.Add(header, mustJSON(is.claims(edit{"v": 1, "org_id": "org_1", "act": map[string]any{"sub": "user_b"}})), 0, byte(0))
	f.Add(header, mustJSON(is.claims(edit{"exp": 1e30, "aud": []any{"convex", 1}})), 0, byte(0))
	f.Add(header, mustJSON(is.claims(edit{"o": map[string]any{"id": "org_1", "rol": "x"}, "fea": 7})), 0, byte(0))
	f.Fuzz(func(t *testing.T, header, payload []byte, at int, flip byte) {
		raw := []byte(sign(is.key, header, payload))
		raw[uint(at)%uint(len(raw))] ^= flip
		id, err := v.Verify(context.Background(), string(raw))
		if err != nil {
			if reason := reasonOf(err); reason == "" || reason == ReasonBadSignature && flip == 0 {
				t.Fatalf("got %v", err)
			}
			return
		}
		dot := bytes.LastIndexByte(raw, '.')
		signature, err := base64.RawURLEncoding.DecodeString(string(raw[dot+1:]))
		digest := sha256.Sum256(raw[:dot])
		if err != nil || flip != 0 || rsa.VerifyPKCS1v15(&is.key.PublicKey, crypto.SHA256, digest[:], signature) != nil {
			t.Fatalf("accepted without a signature: %v", id)
		}
		left := id.ExpiresAt.Sub(start)
		if !IsClerkID(id.Subject, "user_") || id.Issuer != is.url() || left <= ExpiryMargin || left > DefaultMaxLifetime+clockLeeway {
			t.Fatalf("accepted %v", id)
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	is := newIssuer(b, newTestClock(), keyA())
	v := newVerifier(b, is, nil)
	token := is.token(nil)
	ctx := metadata.NewIncomingContext(context.Background(), metadata.Pairs("authorization", "Bearer "+token))
	identityOf(b, v, token)
	b.Run("hit", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := v.Verify(ctx, token); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("hit_parallel", func(b *testing.B) {
		b.ReportAllocs()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if _, err := v.Verify(ctx, token); err != nil {
					b.Error(err)
				}
			}
		})
	})
	b.Run("miss", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := v.verify(ctx, token, is.clock.Now()); err != nil {
				b.Fatal(err)
			}
		}
	})
}
