package ticket

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// Key is the secret that seals tickets: 32 bytes in base64, of either alphabet. It stays text until it is used, because the
// parser of the command line shows the values of variables that it cannot parse.
type Key string

// NewKey returns a random key.
func NewKey() Key {
	key, _ := Key("").Bytes() // never fails
	return Key(base64.StdEncoding.EncodeToString(key))
}

// Bytes decodes the key. An empty key is a new random one each time.
func (k Key) Bytes() ([]byte, error) {
	if k == "" {
		key := make([]byte, 32)
		_, _ = rand.Read(key) // never fails
		return key, nil
	}
	plain := strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(strings.TrimSpace(string(k)), "="))
	key, err := base64.RawStdEncoding.Strict().DecodeString(plain)
	if err != nil || len(key) != 32 {
		return nil, errors.New("must be 32 random bytes in base64, for instance of openssl rand -base64 32")
	}
	return key, nil
}

// Derive returns a key of 32 bytes for another purpose than tickets; nil if the key is empty.
func (k Key) Derive(purpose string) ([]byte, error) {
	if k == "" {
		return nil, nil
	}
	key, err := k.Bytes()
	if err != nil {
		return nil, err
	}
	return hkdf.Key(sha256.New, key, nil, purpose, sha256.Size)
}

// Format implements [fmt.Formatter]. It keeps the key out of logs, for every verb.
func (k Key) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("secret")) }

// MarshalText implements [encoding.TextMarshaler]. It keeps the key out of JSON.
func (k Key) MarshalText() ([]byte, error) { return []byte("secret"), nil }
