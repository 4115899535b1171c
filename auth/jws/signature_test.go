package jws

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	clerksdk "github.com/clerk/clerk-sdk-go/v2"
	josejwt "github.com/go-jose/go-jose/v3/jwt"
)

// signed returns a token with claims, that a key signed.
func signed(t *testing.T, key *rsa.PrivateKey, claims string) *Token {
	t.Helper()
	raw := compact(testHeader, claims)
	input := raw[:strings.LastIndexByte(raw, '.')]
	digest := sha256.Sum256([]byte(input))
	signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	token, err := Parse(input + "." + base64.RawURLEncoding.EncodeToString(signature))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// The signature is checked by Clerk's SDK and without it. What is wrong with the claims shows only if the signature is good.
func TestSignature(t *testing.T) {
	var private [2]*rsa.PrivateKey
	for i := range private {
		var err error
		if private[i], err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
			t.Fatal(err)
		}
	}
	const issuer = "https://clerk.example"
	now := time.Unix(1_790_000_000, 0)
	clock := func() time.Time { return now }
	claims := func(iat, exp time.Duration, more string) string {
		return fmt.Sprintf(`{"iss":%q,"sub":"user_ada","iat":%d,"exp":%d%s}`, issuer, now.Add(iat).Unix(), now.Add(exp).Unix(), more)
	}
	key := clerksdk.JSONWebKey{Key: &private[0].PublicKey, KeyID: "ins_test", Algorithm: "RS256", Use: "sig"}
	other := key
	other.Key = &private[1].PublicKey
	otherAlgorithm := key
	otherAlgorithm.Algorithm = "ES256"
	for name, tt := range map[string]struct {
		key     clerksdk.JSONWebKey
		claims  string
		bad     bool   // the signature
		refused error  // by the SDK, with a good signature
		text    string // that the refusal ends with
	}{
		"good":                 {key, claims(0, time.Minute, ""), false, nil, ""},
		"another key":          {other, claims(0, time.Minute, ""), true, nil, ""},
		"another algorithm":    {otherAlgorithm, claims(0, time.Minute, ""), true, nil, ""},
		"expired":              {key, claims(-2*time.Minute, -time.Minute, ""), false, josejwt.ErrExpired, ""},
		"expired, another key": {other, claims(-2*time.Minute, -time.Minute, ""), true, nil, ""},
		"a little ahead":       {key, claims(3*time.Second, time.Minute, ""), false, nil, ""},
		"ahead":                {key, claims(30*time.Second, time.Minute, ""), false, josejwt.ErrIssuedInTheFuture, ""},
		"not valid yet":        {key, claims(0, time.Minute, fmt.Sprintf(`,"nbf":%d`, now.Unix()+30)), false, josejwt.ErrNotValidYet, ""},
		"a claim's type":       {key, claims(0, time.Minute, `,"fea":7`), false, errSDKRefused, ": fea is of another type"},
		"a type, another key":  {other, claims(0, time.Minute, `,"fea":7`), true, nil, ""},
		"another issuer":       {key, strings.Replace(claims(0, time.Minute, ""), issuer, issuer+".evil", 1), false, errSDKRefused, ""},
	} {
		token := signed(t, private[0], tt.claims)
		if err := token.CheckSignature(&tt.key); errors.Is(err, ErrBadSignature) != tt.bad || (err == nil) == tt.bad {
			t.Errorf("%s, without the SDK: %v", name, err)
		}
		want := tt.refused
		if tt.bad {
			want = ErrBadSignature
		}
		err := token.CheckWithSDK(t.Context(), &tt.key, issuer, clock, 5*time.Second)
		if !errors.Is(err, want) || err != nil && !strings.HasSuffix(err.Error(), tt.text) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
}
