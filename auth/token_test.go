package auth

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"
)

func TestParseToken(t *testing.T) {
	is := newOfflineIssuer(keyA())
	raw := is.token(nil)
	tok, err := parseToken(raw)
	if err != nil {
		t.Fatal(err)
	}
	if tok.raw != raw || tok.keyID != testKeyID || tok.claims["sub"] != "user_ada" {
		t.Errorf("got %v", tok)
	}
}

// A token that is too large has another reason than a text that is no token.
func TestCheckShapeAtTheLimit(t *testing.T) {
	shaped := func(n int) string { return "a.b." + strings.Repeat("c", n-4) }
	for _, tt := range []struct {
		raw  string
		want Reason
	}{
		{shaped(maxTokenBytes), ""},
		{shaped(maxTokenBytes + 1), ReasonTokenTooLarge},
		{strings.Repeat("a", maxTokenBytes), ReasonMalformed},
		{strings.Repeat("a", maxTokenBytes+1), ReasonTokenTooLarge},
		{shaped(maxTokenBytes-1) + "=", ReasonMalformed},
		{"..", ReasonMalformed},
		{"a..c", ReasonMalformed},
		{"a.b.", ReasonMalformed},
	} {
		got := Reason("")
		if err := checkShape(tt.raw); err != nil {
			got = err.Reason
		}
		if got != tt.want {
			t.Errorf("%d bytes: got %q, want %q", len(tt.raw), got, tt.want)
		}
	}
}

// FuzzParseToken: a parsed token has one text only, that of its three parts.
func FuzzParseToken(f *testing.F) {
	is := newOfflineIssuer(keyA())
	good := is.token(nil)
	for _, seed := range []string{good, alterLast(good), good + ".", good + "=", "", "..", "a.b.c", "mt_x", flattened(good), hs256(is)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		tok, err := parseToken(raw)
		if err != nil {
			return
		}
		if len(raw) > maxTokenBytes || tok.keyID == "" || tok.alg != tok.header["alg"] || !slices.Contains([]string{"RS256", "ES256", "EdDSA"}, tok.alg) {
			t.Fatalf("accepted %q", raw)
		}
		for i, part := range parts(raw) {
			decoded, err := base64.RawURLEncoding.DecodeString(part)
			if err != nil || base64.RawURLEncoding.EncodeToString(decoded) != part {
				t.Fatalf("part %d of %q has another spelling", i, raw)
			}
		}
	})
}
