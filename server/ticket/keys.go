package ticket

import (
	"errors"
	"fmt"
	"strings"
)

// Keys are the keys of a cluster of replicas: the first seals, all open. So a new key is added behind the old one on every replica
// before it becomes the first.
type Keys []Key

// ParseKeys reads keys with commas between. It checks none: see Check.
func ParseKeys(text string) (keys Keys) {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	for key := range strings.SplitSeq(text, ",") {
		keys = append(keys, Key(strings.TrimSpace(key)))
	}
	return keys
}

// Check returns an error if a key is not one. It quotes none.
func (k Keys) Check() error {
	for i, key := range k {
		_, err := key.Bytes()
		if key == "" {
			err = errors.New("is empty")
		}
		switch {
		case err != nil && len(k) > 1:
			return fmt.Errorf("key %d of %d %w", i+1, len(k), err)
		case err != nil:
			return err
		}
	}
	return nil
}

// First returns the key that seals; "" if there is none.
func (k Keys) First() Key {
	if len(k) == 0 {
		return ""
	}
	return k[0]
}

// bytes returns the keys that seal and open tickets.
func (k Keys) bytes() (keys [][]byte, err error) {
	for _, key := range k {
		plain, err := key.Bytes()
		if err != nil {
			return nil, err
		}
		keys = append(keys, plain)
	}
	return keys, nil
}

// Derive returns a key of 32 bytes of each, for another purpose than tickets.
func (k Keys) Derive(purpose string) (derived [][]byte, err error) {
	for _, key := range k {
		d, err := key.Derive(purpose)
		if err != nil {
			return nil, err
		}
		derived = append(derived, d)
	}
	return derived, nil
}
