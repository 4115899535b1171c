package jwktest_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"maps"
	"math/big"
	"testing"

	"convexgateway/internal/jwktest"
	"convexgateway/internal/leaktest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

func number(t *testing.T, member any) *big.Int {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(member.(string))
	if err != nil {
		t.Fatal(err)
	}
	return new(big.Int).SetBytes(b)
}

func generated[K crypto.Signer](t *testing.T) func(K, error) K {
	return func(key K, err error) K {
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
}

// A JWK has the numbers of its key.
func TestOf(t *testing.T) {
	rsaKey := generated[*rsa.PrivateKey](t)(rsa.GenerateKey(rand.Reader, 2048))
	if k := jwktest.Of("a", rsaKey); k["kid"] != "a" || number(t, k["n"]).Cmp(rsaKey.N) != 0 || number(t, k["e"]).Int64() != int64(rsaKey.E) {
		t.Errorf("RSA: %v", k)
	}
	ecKey := generated[*ecdsa.PrivateKey](t)(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	point, err := ecKey.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if k := jwktest.Of("b", ecKey); number(t, k["x"]).Cmp(new(big.Int).SetBytes(point[1:33])) != 0 || number(t, k["y"]).Cmp(new(big.Int).SetBytes(point[33:])) != 0 {
		t.Errorf("EC: %v", k)
	}
	edKey := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	if k := jwktest.Of("c", edKey); number(t, k["x"]).Cmp(new(big.Int).SetBytes(edKey[32:])) != 0 {
		t.Errorf("Ed25519: %v", k)
	}
}

// An edit sets members, and removes those that are nil.
func TestEdit(t *testing.T) {
	got := jwktest.Edit{"a": 2, "b": nil}.Apply(map[string]any{"a": 1, "b": 1, "c": 1})
	if want := map[string]any{"a": 2, "c": 1}; !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
