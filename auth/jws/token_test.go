package jws

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	testHeader = `{"alg":"RS256","typ":"JWT","kid":"ins_test"}`
	testClaims = `{"iss":"https://clerk.example","sub":"user_ada"}`
)

// compact is a token whose signature is any text.
func compact(header, claims string) string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(header)) + "." + encode([]byte(claims)) + "." + encode([]byte("a signature"))
}

func TestParse(t *testing.T) {
	raw := compact(testHeader, testClaims)
	token, err := Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	if token.Raw != raw || token.KeyID != "ins_test" || token.Alg != "RS256" || token.Claims["sub"] != "user_ada" {
		t.Errorf("got %v", token)
	}
}

// An error says where it was found.
func TestParseRefusals(t *testing.T) {
	good := compact(testHeader, testClaims)
	for _, tt := range []struct{ raw, problem string }{
		{"mt_2xKa9Bgv7NxMRDFyQw8LpZ3cTmU1vHjE", "opaque token"},
		{"ak_x", "opaque token"},
		{"oat_x", "opaque token"},
		{good + ".AAAA", "not a compact JWS"},
		{good + "=", "not a compact JWS"},
		{good[:len(good)-1] + "B", "signature: not base64url"}, // bits that no decoder needs
		{compact(`{"alg":"none","kid":"x"}`, testClaims), "header: alg is none of RS256, ES256 and EdDSA"},
		{compact(`{"alg":"RS256"}`, testClaims), "header: kid is missing or too long"},
		{compact(`{"alg":"RS256","kid":"`+strings.Repeat("k", maxKeyIDBytes+1)+`"}`, testClaims), "header: kid is missing or too long"},
		{compact(`{"alg":"RS256","kid":7}`, testClaims), "header: kid is not a string"},
		{compact(`{"alg":"RS256","kid":"x","JWK":{}}`, testClaims), "header: jwk is not allowed"},
		{compact(`{"alg":"RS256","ALG":"none","kid":"x"}`, testClaims), "header: misspelt alg"},
		{compact(testHeader, `["iss"]`), "payload: not an object"},
		{compact(testHeader, `{"a":1,"a":2}`), `payload: "a" occurs twice`},
	} {
		if _, err := Parse(tt.raw); err == nil || err.Error() != tt.problem {
			t.Errorf("%s: got %v, want %s", tt.raw, err, tt.problem)
		}
	}
}

// A token that is too large has another error than a text that is no token.
func TestCheckShapeAtTheLimit(t *testing.T) {
	shaped := func(n int) string { return "a.b." + strings.Repeat("c", n-4) }
	for _, tt := range []struct {
		raw  string
		want string
	}{
		{shaped(MaxBytes), ""},
		{shaped(MaxBytes + 1), ErrTooLarge.Error()},
		{strings.Repeat("a", MaxBytes), "not a compact JWS"},
		{strings.Repeat("a", MaxBytes+1), ErrTooLarge.Error()},
		{shaped(MaxBytes-1) + "=", "not a compact JWS"},
		{"..", "not a compact JWS"},
		{"a..c", "not a compact JWS"},
		{"a.b.", "not a compact JWS"},
	} {
		got := ""
		if err := checkShape(tt.raw); err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%d bytes: got %q, want %q", len(tt.raw), got, tt.want)
		}
	}
}

func TestParseRefusesHugeInputsQuickly(t *testing.T) {
	for name, raw := range map[string]string{
		"million_dots": strings.Repeat(".", 1_000_000),
		"64MiB":        strings.Repeat("A", 64<<20),
	} {
		t.Run(name, func(t *testing.T) {
			best := time.Hour
			for range 10 {
				begin := time.Now()
				if _, err := Parse(raw); err == nil {
					t.Fatal("accepted")
				}
				best = min(best, time.Since(begin))
			}
			if best >= time.Millisecond {
				t.Errorf("took %v", best)
			}
		})
	}
}

// FuzzParse: a parsed token has one text only, that of its three parts.
func FuzzParse(f *testing.F) {
	good := compact(testHeader, testClaims)
	for _, seed := range []string{
		good, good[:len(good)-1] + "B", good + ".", good + "=", "", "..", "a.b.c", "mt_x", `{"protected":"e30","payload":"e30","signature":"AA"}`,
		compact(`{"alg":"HS256","kid":"x"}`, testClaims), compact(testHeader, `{"a":1,"a":2}`),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		token, err := Parse(raw)
		if err != nil {
			return
		}
		if len(raw) > MaxBytes || token.KeyID == "" || token.Alg != token.Header["alg"] || !slices.Contains([]string{"RS256", "ES256", "EdDSA"}, token.Alg) {
			t.Fatalf("accepted %q", raw)
		}
		for i, part := range strings.Split(raw, ".") {
			decoded, err := base64.RawURLEncoding.DecodeString(part)
			if err != nil || base64.RawURLEncoding.EncodeToString(decoded) != part {
				t.Fatalf("part %d of %q has another spelling", i, raw)
			}
		}
	})
}
