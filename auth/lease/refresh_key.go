package lease

import (
	"crypto/sha256"
	"errors"
)

// A refresh key has at least 128 bits, that is 22 characters of base64url.
const (
	MinRefreshKeyBytes = 22
	MaxRefreshKeyBytes = 256
)

// ErrWeakRefreshKey reports a refresh key that is too short to be a secret, or too long.
var ErrWeakRefreshKey = errors.New("auth: a refresh key has 22 to 256 bytes, at least 128 of their bits random")

// CheckRefreshKey returns nil or ErrWeakRefreshKey.
func CheckRefreshKey(key string) error {
	if len(key) < MinRefreshKeyBytes || len(key) > MaxRefreshKeyBytes {
		return ErrWeakRefreshKey
	}
	return nil
}

// keyHash is the hash of a refresh key: the key itself is not kept. The zero value is that of no key.
type keyHash [sha256.Size]byte

// hashKey returns zero for a weak key.
func hashKey(key string) keyHash {
	if CheckRefreshKey(key) != nil {
		return keyHash{}
	}
	return sha256.Sum256([]byte(key))
}
