package nats

import (
	"crypto/aes"
	"crypto/cipher"
	"errors"
)

// sealer encrypts messages, so that only replicas with the key can read or write them. Others can send a sealed message
// again, which does no harm: a notice is delivered once, and repeating it later changes nothing.
type sealer struct {
	aead  cipher.AEAD // nil: plain text
	bound []byte      // additional data that binds a message to its use and subject
}

func newSealer(key []byte, subject string) (*sealer, error) {
	if key == nil {
		return &sealer{}, nil
	}
	if len(key) != 32 {
		return nil, errors.New("nats: a key has 32 bytes")
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block) // for up to 2^32 messages a key: NIST SP 800-38D, 8.3
	return &sealer{aead, []byte("convexgateway notice 1 " + subject)}, err
}

func (s *sealer) seal(plain []byte) []byte {
	if s.aead == nil {
		return plain
	}
	return s.aead.Seal(nil, nil, plain, s.bound) //nolint:gosec // it makes its own nonce
}

func (s *sealer) open(data []byte) ([]byte, error) {
	if s.aead == nil {
		return data, nil
	}
	plain, err := s.aead.Open(nil, nil, data, s.bound)
	if err != nil {
		return nil, errors.New("not sealed with this replica's key")
	}
	return plain, nil
}
