package keyring

import (
	"crypto/aes"
	"crypto/cipher"
	"errors"
)

// keySize is the length of a key in bytes.
const keySize = 32

// Overhead is how many bytes longer sealed bytes are: by their nonce and their tag.
const Overhead = 12 + 16

// Ring seals with its first key, and opens with all. The zero value has no keys. Safe for concurrent use.
type Ring struct{ keys []cipher.AEAD }

// New makes a ring of keys of 32 bytes. Each may seal 2^32 times: NIST SP 800-38D, 8.3.
func New(keys [][]byte) (Ring, error) {
	var r Ring
	for _, key := range keys {
		if len(key) != keySize {
			return Ring{}, errors.New("a key has 32 bytes")
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return Ring{}, err
		}
		aead, err := cipher.NewGCMWithRandomNonce(block)
		if err != nil {
			return Ring{}, err
		}
		r.keys = append(r.keys, aead)
	}
	return r, nil
}

// Empty reports whether there are no keys.
func (r Ring) Empty() bool { return len(r.keys) == 0 }

// Seal seals bytes. The ring must not be empty.
func (r Ring) Seal(plain, bound []byte) []byte {
	return r.keys[0].Seal(nil, nil, plain, bound) //nolint:gosec // it makes its own nonce
}

// Open returns bytes that were sealed with one of the keys and the same bound bytes. It reports false for all others.
func (r Ring) Open(sealed, bound []byte) (plain []byte, ok bool) {
	for _, key := range r.keys {
		if plain, err := key.Open(nil, nil, sealed, bound); err == nil {
			return plain, true
		}
	}
	return nil, false
}
