package nats

import (
	"crypto/aes"
	"crypto/cipher"
	"errors"
)

// sealer encrypts messages, so that only replicas with a key can read or write them. Others can send a sealed message
// again, which does no harm: a notice is delivered once, and repeating it later changes nothing.
type sealer struct {
	aeads []cipher.AEAD // the first seals, all open; empty: plain text
	bound []byte        // additional data that binds a message to its use and subject
}

func newSealer(keys [][]byte, subject string) (*sealer, error) {
	s := &sealer{bound: []byte("convexgateway notice 1 " + subject)}
	for _, key := range keys {
		aead, err := newAEAD(key)
		if err != nil {
			return nil, err
		}
		s.aeads = append(s.aeads, aead)
	}
	return s, nil
}

// newAEAD returns the cipher of a key, for up to 2^32 messages: NIST SP 800-38D, 8.3.
func newAEAD(key []byte) (cipher.AEAD, error) {
	if len(key) != 32 {
		return nil, errors.New("nats: a key has 32 bytes")
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// seals reports whether there is a key.
func (s *sealer) seals() bool { return len(s.aeads) > 0 }

func (s *sealer) seal(plain []byte) []byte {
	if !s.seals() {
		return plain
	}
	return s.aeads[0].Seal(nil, nil, plain, s.bound) //nolint:gosec // it makes its own nonce
}

func (s *sealer) open(data []byte) ([]byte, error) {
	if !s.seals() {
		return data, nil
	}
	for _, aead := range s.aeads {
		if plain, err := aead.Open(nil, nil, data, s.bound); err == nil {
			return plain, nil
		}
	}
	return nil, errors.New("not sealed with a key of this replica")
}
