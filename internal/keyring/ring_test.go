package keyring_test

import (
	"bytes"
	"testing"

	"convexgateway/internal/keyring"
)

func ring(t *testing.T, keys ...byte) keyring.Ring {
	t.Helper()
	var list [][]byte
	for _, key := range keys {
		list = append(list, bytes.Repeat([]byte{key}, 32))
	}
	r, err := keyring.New(list)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The first key seals, and all open; nothing else does.
func TestRing(t *testing.T) {
	plain, bound := []byte("plain"), []byte("use")
	sealed := ring(t, 1, 2).Seal(plain, bound)
	if len(sealed) != len(plain)+keyring.Overhead {
		t.Errorf("%d bytes, want %d more than %d", len(sealed), keyring.Overhead, len(plain))
	}
	for name, r := range map[string]keyring.Ring{"the same": ring(t, 1, 2), "the other order": ring(t, 2, 1)} {
		if got, ok := r.Open(sealed, bound); !ok || !bytes.Equal(got, plain) {
			t.Errorf("%s: %q, %t", name, got, ok)
		}
	}
	changed := bytes.Clone(sealed)
	changed[len(changed)-1] ^= 1
	for name, open := range map[string]func() ([]byte, bool){
		"another key": func() ([]byte, bool) { return ring(t, 2).Open(sealed, bound) },
		"no key":      func() ([]byte, bool) { return keyring.Ring{}.Open(sealed, bound) },
		"another use": func() ([]byte, bool) { return ring(t, 1).Open(sealed, []byte("other")) },
		"changed":     func() ([]byte, bool) { return ring(t, 1).Open(changed, bound) },
		"cut":         func() ([]byte, bool) { return ring(t, 1).Open(sealed[:10], bound) },
	} {
		if got, ok := open(); ok || got != nil {
			t.Errorf("%s: %q, %t", name, got, ok)
		}
	}
}

// Keys have 32 bytes.
func TestKeySize(t *testing.T) {
	for _, size := range []int{0, 16, 31, 33} {
		if _, err := keyring.New([][]byte{make([]byte, 32), make([]byte, size)}); err == nil {
			t.Errorf("a key of %d bytes is accepted", size)
		}
	}
}
