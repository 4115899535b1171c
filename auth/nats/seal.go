package nats

import (
	"errors"
	"fmt"

	"convexgateway/internal/keyring"
)

// sealer encrypts messages, so that only replicas with a key can read or write them. Others can send a sealed message
// again, which does no harm: a notice is delivered once, and repeating it later changes nothing.
type sealer struct {
	keys  keyring.Ring // empty: plain text
	bound []byte       // binds a message to its use and subject
}

func newSealer(keys [][]byte, subject string) (*sealer, error) {
	s := &sealer{bound: []byte("convexgateway notice 1 " + subject)}
	if err := s.keys.Replace(keys); err != nil {
		return nil, fmt.Errorf("nats: %w", err)
	}
	return s, nil
}

// seals reports whether there is a key.
func (s *sealer) seals() bool { return !s.keys.Empty() }

func (s *sealer) seal(plain []byte) []byte {
	if !s.seals() {
		return plain
	}
	return s.keys.Seal(plain, s.bound)
}

func (s *sealer) open(data []byte) ([]byte, error) {
	if !s.seals() {
		return data, nil
	}
	plain, ok := s.keys.Open(data, s.bound)
	if !ok {
		return nil, errors.New("not sealed with a key of this replica")
	}
	return plain, nil
}
