package keys

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"net/url"
	"strings"
	"testing"

	"convexgateway/internal/jwktest"
)

func pemOf(key any) string {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// Fixed keys are there from the beginning, by their ids.
func TestFixedKeys(t *testing.T) {
	set := keySetOf(jwktest.Of("a", keyA()))
	for name, location := range map[string]string{
		"base64": "data:application/json;base64," + base64.StdEncoding.EncodeToString(set),
		"text":   "data:," + url.PathEscape(string(set)),
	} {
		if err := CheckURL(location); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		s := &testSource{Published{Issuer: "https://a.example", URL: location}.Source(nil, nil, nil), &testClock{}}
		s.has(t, "a")
		s.lacks(t, "b")
		if err := s.Prefetch(t.Context()); err != nil || !s.Ready() || !s.FetchedAt().IsZero() {
			t.Errorf("%s: %v, ready %v, fetched at %v", name, err, s.Ready(), s.FetchedAt())
		}
		if key := s.Rotated(t.Context(), s.Peek("a", start), start); key != nil {
			t.Errorf("%s: rotated to %v", name, key)
		}
		s.Close()
	}
}

func TestCheckURL(t *testing.T) {
	for raw, problem := range map[string]string{
		"https://a.example/keys":     "",
		"http://127.0.0.1/keys":      "",
		"http://a.example/keys":      "must begin with https",
		"file:///etc/passwd":         "not a URL",
		"https://u:p@a.example/keys": "not a URL",
		"https://a.example/#keys":    "not a URL",
		"data:x":                     "not a data: URL",
		"data:,%zz":                  "not a data: URL",
		"data:;base64,***":           "not base64",
		"data:,{}":                   "key set: no usable key",
		"data:,x":                    "key set: not the expected JSON",
	} {
		if err := CheckURL(raw); (err == nil) != (problem == "") || err != nil && !strings.Contains(err.Error(), problem) {
			t.Errorf("%s: got %v, want %q", raw, err, problem)
		}
	}
}

func TestParsePEM(t *testing.T) {
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
			source, err := ParsePEM(tt.text)
			if tt.problem == "" {
				if err != nil || !keyA().PublicKey.Equal(source.Peek("any", start).Key) {
					t.Errorf("got %v, %v", source, err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.problem) || strings.Contains(err.Error(), "sk_test") {
				t.Errorf("got %v, want %q", err, tt.problem)
			}
		})
	}
}

func FuzzParsePEM(f *testing.F) {
	good := pemOf(&keyA().PublicKey)
	f.Add(good)
	f.Add(strings.ReplaceAll(good, "\n", " "))
	f.Add(strings.ReplaceAll(good, "\n", `\n`))
	f.Add(pemOf(&ecKey().PublicKey))
	f.Fuzz(func(t *testing.T, text string) {
		source, err := ParsePEM(text)
		if err != nil {
			return
		}
		key := source.Peek("any", start)
		if public, is := key.Key.(*rsa.PublicKey); !is || key.Algorithm != "RS256" || public.N.BitLen() < minRSABits {
			t.Fatalf("accepted %T", key.Key)
		}
	})
}
