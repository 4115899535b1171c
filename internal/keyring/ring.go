package keyring

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"errors"
	"sync/atomic"
)

const (
	keySize = 32 // bytes of a key
	idSize  = 4  // bytes of a key's id
)

// Overhead is how many bytes longer sealed bytes are: by the id of their key, their nonce and their tag.
const Overhead = idSize + 12 + 16

// Ring seals with its first key, and opens with all. The zero value has no keys. Safe for concurrent use.
type Ring struct{ keys atomic.Pointer[[]key] }

// key is a key with the id that is before all that it has sealed: a hash, from which no key follows.
type key struct {
	id   [idSize]byte
	aead cipher.AEAD
}

// New makes a ring of keys of 32 bytes. Each may seal 2^32 times: NIST SP 800-38D, 8.3.
func New(keys [][]byte) (*Ring, error) {
	r := &Ring{}
	return r, r.Replace(keys)
}

// Replace has the ring use other keys from now on. If one of them is none, nothing is changed.
func (r *Ring) Replace(keys [][]byte) error {
	list := make([]key, len(keys))
	for i, secret := range keys {
		if len(secret) != keySize {
			return errors.New("a key has 32 bytes")
		}
		block, err := aes.NewCipher(secret)
		if err != nil {
			return err
		}
		list[i].id = idOf(secret)
		if list[i].aead, err = cipher.NewGCMWithRandomNonce(block); err != nil {
			return err
		}
	}
	r.keys.Store(&list)
	return nil
}

func idOf(secret []byte) [idSize]byte {
	hash := sha256.Sum256(append([]byte("convexgateway key id "), secret...))
	return [idSize]byte(hash[:])
}

func (r *Ring) list() []key {
	if list := r.keys.Load(); list != nil {
		return *list
	}
	return nil
}

// Empty reports whether there are no keys.
func (r *Ring) Empty() bool { return len(r.list()) == 0 }

// Seal seals bytes. The ring must not be empty.
func (r *Ring) Seal(plain, bound []byte) []byte {
	first := r.list()[0]
	return first.aead.Seal(first.id[:], nil, plain, bound) //nolint:gosec // it makes its own nonce
}

// Open returns bytes that were sealed with one of the keys and the same bound bytes. It reports false for all others.
func (r *Ring) Open(sealed, bound []byte) (plain []byte, ok bool) {
	if len(sealed) < Overhead {
		return nil, false
	}
	for _, k := range r.list() {
		if !bytes.Equal(sealed[:idSize], k.id[:]) {
			continue
		}
		if plain, err := k.aead.Open(nil, nil, sealed[idSize:], bound); err == nil {
			return plain, true
		}
	}
	return nil, false
}
