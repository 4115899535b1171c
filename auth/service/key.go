package service

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
)

// KeyPrefix begins every API key.
const KeyPrefix = "cgk_"

const (
	keyBytes   = 32
	hashPrefix = "sha256:"
)

// NewKey makes an API key, and returns it with what the services file has of it: sha256: and the hash in hexadecimal digits.
func NewKey() (key, entry string) {
	random := make([]byte, keyBytes)
	rand.Read(random)
	key = KeyPrefix + base64.RawURLEncoding.EncodeToString(random)
	hash := hashKey(key)
	return key, hashPrefix + hex.EncodeToString(hash[:])
}

// isKey reports whether a credential is an API key, and no token.
func isKey(credential string) bool { return strings.HasPrefix(credential, KeyPrefix) }

// keyHash is the SHA-256 of an API key. Keys are found by it: how long that takes says nothing about the key itself, and a random key needs
// no slower hash.
type keyHash [sha256.Size]byte

func hashKey(key string) keyHash { return sha256.Sum256([]byte(key)) }

// parseKeyHash reads what NewKey returns for the file. Errors do not quote it: it may be the key itself.
func parseKeyHash(text string) (hash keyHash, err error) {
	if isKey(text) {
		return hash, fmt.Errorf("a key itself: the file has its hash, as convexgateway services new prints it")
	}
	digits, found := strings.CutPrefix(text, hashPrefix)
	n, err := hex.Decode(hash[:], []byte(digits[:min(len(digits), 2*len(hash))]))
	if !found || err != nil || n != len(hash) || len(digits) != 2*len(hash) {
		return keyHash{}, fmt.Errorf("not of the form sha256: and 64 hexadecimal digits")
	}
	return hash, nil
}
