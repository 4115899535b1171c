package keys

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"convexgateway/internal/jwktest"
)

func TestParseKeys(t *testing.T) {
	good := func(e edit) map[string]any { return e.Apply(jwktest.Of("good", keyA())) }
	tests := []struct {
		name string
		keys []any
		want []string
	}{
		{"one", []any{good(nil)}, []string{"good"}},
		{"without_alg_and_use", []any{good(edit{"alg": nil, "use": nil})}, []string{"good"}},
		{"unknown_type_beside", []any{map[string]any{"kty": "FOO", "kid": "x"}, good(nil)}, []string{"good"}},
		{"not_objects_beside", []any{7, "x", nil, []any{}, good(nil)}, []string{"good"}},
		{"other_kinds_beside", []any{
			map[string]any{"kty": "EC", "kid": "ec", "crv": "P-256", "x": "AA", "y": "AA"},
			map[string]any{"kty": "OKP", "kid": "okp", "crv": "Ed25519", "x": "AA"},
			map[string]any{"kty": "oct", "kid": "oct", "k": "AAAA"}, good(nil)}, []string{"good"}},
		{"two", []any{good(nil), jwktest.Of("other", keyB())}, []string{"good", "other"}},
		{"same_kid_twice", []any{good(nil), jwktest.Of("good", keyB())}, []string{"good"}},
		{"small", []any{jwktest.Of("small", smallKey())}, nil},
		{"other_alg", []any{good(edit{"alg": "RS512"})}, nil},
		{"for_encryption", []any{good(edit{"use": "enc"})}, nil},
		{"without_kid", []any{good(edit{"kid": nil})}, nil},
		{"kid_number", []any{good(edit{"kid": 7})}, nil},
		{"bad_modulus", []any{good(edit{"n": "***"})}, nil},
		{"no_modulus", []any{good(edit{"n": nil})}, nil},
		{"even_exponent", []any{good(edit{"e": "AQAA"})}, nil},
		{"exponent_one", []any{good(edit{"e": "AQ"})}, nil},
		{"huge_exponent", []any{good(edit{"e": good(nil)["n"]})}, nil},
		{"none", []any{}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			keys, err := parseKeys(mustJSON(map[string]any{"keys": tt.keys}))
			if (err != nil) != (tt.want == nil) {
				t.Fatalf("error is %v", err)
			}
			if got := slices.Sorted(maps.Keys(keys)); !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
			if k := keys["good"]; k != nil && !keyA().PublicKey.Equal(k.Key.(*rsa.PublicKey)) {
				t.Error("another key")
			}
		})
	}
}

// Keys of curves are for issuers other than Clerk.
func TestParseKeysOfCurves(t *testing.T) {
	ec, ed := jwktest.Of("ec", ecKey()), jwktest.Of("ed", edKey())
	with := func(key map[string]any, e edit) map[string]any { return e.Apply(maps.Clone(key)) }
	tests := []struct {
		name string
		keys []any
		want string // the algorithm
	}{
		{"es256", []any{ec}, "ES256"},
		{"es256_without_alg", []any{with(ec, edit{"alg": nil})}, "ES256"},
		{"es256_other_alg", []any{with(ec, edit{"alg": "ES384"})}, ""},
		{"es256_other_curve", []any{with(ec, edit{"crv": "P-384"})}, ""},
		{"es256_not_on_the_curve", []any{with(ec, edit{"y": ec["x"]})}, ""},
		{"es256_short", []any{with(ec, edit{"x": "AA"})}, ""},
		{"es256_for_encryption", []any{with(ec, edit{"use": "enc"})}, ""},
		{"eddsa", []any{ed}, "EdDSA"},
		{"eddsa_without_alg", []any{with(ed, edit{"alg": nil})}, "EdDSA"},
		{"eddsa_x25519", []any{with(ed, edit{"crv": "X25519"})}, ""},
		{"eddsa_short", []any{with(ed, edit{"x": "AA"})}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			keys, _ := parseKeys(mustJSON(map[string]any{"keys": tt.keys}))
			got := ""
			for _, k := range keys {
				got = k.Algorithm
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func FuzzParseKeys(f *testing.F) {
	f.Add([]byte(`{}`))
	f.Add([]byte(`{"keys":[{"kty":"RSA","kid":"x","n":"AQAB","e":"AQAB"},null,7]}`))
	f.Add(mustJSON(map[string]any{"keys": []any{jwktest.Of("a", keyA()), jwktest.Of("b", smallKey())}}))
	f.Add(mustJSON(map[string]any{"keys": []any{jwktest.Of("e", ecKey()), jwktest.Of("o", edKey())}}))
	f.Fuzz(func(t *testing.T, body []byte) {
		keys, err := parseKeys(body)
		if (err == nil) != (len(keys) > 0) {
			t.Fatalf("%d keys and error %v", len(keys), err)
		}
		if err == nil && !json.Valid(body) {
			t.Fatal("keys out of invalid JSON")
		}
		for id, k := range keys {
			if id == "" || id != k.KeyID || k.Use != "sig" {
				t.Fatalf("unusable key %q", id)
			}
			switch public := k.Key.(type) {
			case *rsa.PublicKey:
				if k.Algorithm != "RS256" || public.N.BitLen() < minRSABits || public.E < 3 {
					t.Fatalf("unusable RSA key %q", id)
				}
			case *ecdsa.PublicKey:
				if _, err := public.ECDH(); err != nil || k.Algorithm != "ES256" {
					t.Fatalf("unusable EC key %q: %v", id, err)
				}
			case ed25519.PublicKey:
				if len(public) != ed25519.PublicKeySize || k.Algorithm != "EdDSA" {
					t.Fatalf("unusable Ed25519 key %q", id)
				}
			default:
				t.Fatalf("key %q of type %T", id, public)
			}
		}
	})
}
