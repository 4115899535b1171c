package keyring_test

import (
	"bytes"
	"testing"

	"convexgateway/internal/keyring"
)

func ring(t *testing.T, keys ...byte) *keyring.Ring {
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
	for name, r := range map[string]*keyring.Ring{"the same": ring(t, 1, 2), "the other order": ring(t, 2, 1)} {
		if got, ok := r.Open(sealed, bound); !ok || !bytes.Equal(got, plain) {
			t.Errorf("%s: %q, %t", name, got, ok)
		}
	}
	changed := bytes.Clone(sealed)
	changed[len(changed)-1] ^= 1
	for name, open := range map[string]func() ([]byte, bool){
		"another key": func() ([]byte, bool) { return ring(t, 2).Open(sealed, bound) },
		"no key":      func() ([]byte, bool) { return ring(t).Open(sealed, bound) },
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

// A ring whose keys are replaced opens what the others have sealed, as long as their key is one of its own; bad keys change nothing.
func TestReplace(t *testing.T) {
	key := func(b byte) []byte { return bytes.Repeat([]byte{b}, 32) }
	r := ring(t, 1)
	before := r.Seal([]byte("plain"), nil)
	for i, step := range []struct {
		keys  [][]byte
		opens bool // what was sealed before
	}{{[][]byte{key(1), key(2)}, true}, {[][]byte{key(2), key(1)}, true}, {[][]byte{key(2)}, false}} {
		if err := r.Replace(step.keys); err != nil {
			t.Fatal(err)
		}
		if _, opens := r.Open(before, nil); opens != step.opens {
			t.Errorf("step %d: opens %t", i, opens)
		}
		if _, opens := r.Open(r.Seal([]byte("plain"), nil), nil); !opens {
			t.Errorf("step %d: does not open its own", i)
		}
	}
	if err := r.Replace([][]byte{key(1), {1}}); err == nil {
		t.Error("a key of a byte is accepted")
	}
	if _, opens := r.Open(before, nil); opens {
		t.Error("refused keys are used")
	}
	if err := r.Replace(nil); err != nil || !r.Empty() {
		t.Errorf("no keys: %v, empty %t", err, r.Empty())
	}
}

// What is sealed begins with the id of its key: equal for equal keys, and a hash.
func TestKeyID(t *testing.T) {
	one, again, other := ring(t, 1).Seal(nil, nil), ring(t, 1, 2).Seal(nil, nil), ring(t, 2).Seal(nil, nil)
	if !bytes.Equal(one[:4], again[:4]) || bytes.Equal(one[:4], other[:4]) || bytes.Equal(one[:4], []byte{1, 1, 1, 1}) {
		t.Errorf("%x, %x, %x", one[:4], again[:4], other[:4])
	}
}
