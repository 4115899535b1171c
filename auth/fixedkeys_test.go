package auth

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"
)

func pemOf(key any) string {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// With a configured key nothing is fetched, and key ids are ignored.
func TestPublicKey(t *testing.T) {
	is := newIssuer(t, newTestClock(), keyA())
	v := newVerifier(t, is, func(c *Config) { c.PublicKey = pemOf(&keyA().PublicKey) })
	if !v.Ready() {
		t.Error("not ready, though there is nothing to wait for")
	}
	if err := v.Prefetch(t.Context()); err != nil {
		t.Error(err)
	}
	g := newGateway(t, v, Required)
	g.expect(t, ok, "", bearerOf(is.token(nil))...)
	g.expect(t, ok, "", bearerOf(is.token(nil))...) // out of the cache
	g.expect(t, ok, "", bearerOf(is.tokenWith(edit{"kid": "ins_other"}, nil))...)
	g.expect(t, u, ReasonMalformed, bearerOf(is.tokenWith(edit{"kid": nil}, nil))...)
	g.expect(t, u, ReasonBadSignature, bearerOf(sign(keyB(), mustJSON(is.header(nil)), mustJSON(is.claims(nil))))...)
	g.expect(t, u, ReasonTokenExpired, bearerOf(is.token(edit{"exp": start.Unix()}))...)
	g.expect(t, u, ReasonIssuer, bearerOf(is.token(edit{"iss": "https://other.example"}))...)
	if n := is.fetches.Load(); n != 0 {
		t.Errorf("%d fetches", n)
	}
}

func TestParsePEMKey(t *testing.T) {
	good := pemOf(&keyA().PublicKey)
	der, _ := x509.MarshalPKCS8PrivateKey(keyA())
	private := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	tests := map[string]struct {
		text, problem string
	}{
		"pem":           {good, ""},
		"escaped_lines": {strings.ReplaceAll(good, "\n", `\n`), ""},
		"spaces":        {strings.ReplaceAll(good, "\n", " "), ""},
		"one_line":      {strings.ReplaceAll(good, "\n", ""), ""},
		"windows":       {strings.ReplaceAll(good, "\n", "\r\n"), ""},
		"private":       {private, "not a PEM public key"},
		"private_line":  {strings.ReplaceAll(private, "\n", " "), "not a PEM public key"},
		"small":         {pemOf(&smallKey().PublicKey), "2048"},
		"ec":            {pemOf(&ecKey().PublicKey), "not an RSA key"},
		"secret_key":    {"sk_test_abc", "not a PEM public key"},
		"cut":           {good[:len(good)/2], "not a PEM public key"},
		"empty_body":    {"-----BEGIN PUBLIC KEY----------END PUBLIC KEY-----", "not a PEM public key"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			key, err := parsePEMKey(tt.text)
			if tt.problem == "" {
				if err != nil || !keyA().PublicKey.Equal(key.Key.(*rsa.PublicKey)) {
					t.Errorf("got %v, %v", key, err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.problem) || strings.Contains(err.Error(), "sk_test") {
				t.Errorf("got %v, want %q", err, tt.problem)
			}
		})
	}
}

func TestPublicKeyIsOfOneIssuer(t *testing.T) {
	for _, issuers := range [][]string{nil, {"https://a.example", "https://b.example"}} {
		_, err := NewClerkVerifier(Config{
			Issuers: issuers, PublicKey: pemOf(&keyA().PublicKey), OtherIssuers: []Issuer{{URL: "https://c.example", ApplicationID: "x"}},
		})
		if err == nil || !strings.Contains(err.Error(), "exactly one Clerk issuer") {
			t.Errorf("got %v", err)
		}
	}
}

func FuzzParsePEMKey(f *testing.F) {
	good := pemOf(&keyA().PublicKey)
	f.Add(good)
	f.Add(strings.ReplaceAll(good, "\n", " "))
	f.Add(strings.ReplaceAll(good, "\n", `\n`))
	f.Add(pemOf(&ecKey().PublicKey))
	f.Fuzz(func(t *testing.T, text string) {
		key, err := parsePEMKey(text)
		if err != nil {
			return
		}
		if public, is := key.Key.(*rsa.PublicKey); !is || key.Algorithm != "RS256" || public.N.BitLen() < minRSABits {
			t.Fatalf("accepted %T", key.Key)
		}
	})
}
