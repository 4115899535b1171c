package server

import (
	"cmp"
	"crypto/sha256"

	"convexgateway/server/ticket"
)

// fingerprintSize is the length of a fingerprint in bytes: enough to compare keys by, and too little to be used as one.
const fingerprintSize = 8

// requestIDSecret returns the 32 bytes, the same on all replicas, under which request ids are used; nil without a key. A
// RequestIDKey that was a cluster key before gives the same bytes as that did, so that cluster keys can be rotated.
func (c Config) requestIDSecret() ([]byte, error) {
	key, field := c.requestIDRoot()
	secret, err := key.Derive("convexgateway request ids")
	if err != nil {
		return nil, &ConfigError{Field: field, Err: err}
	}
	return secret, nil
}

// requestIDRoot returns the key that request ids are derived from, and its field; empty without one.
func (c Config) requestIDRoot() (key Key, field string) {
	if c.RequestIDKey != "" {
		return c.RequestIDKey, "RequestIDKey"
	}
	return c.ClusterKeys.First(), "ClusterKeys"
}

// AcceptsRequestIDs reports whether there is a key that request ids need.
func (c Config) AcceptsRequestIDs() bool { return cmp.Or(c.RequestIDKey, c.ClusterKeys.First()) != "" }

// RequestIDFingerprint returns a hash by which replicas find out whether their request ids have the same secret, which does not
// follow from it; nil without a key.
func (c Config) RequestIDFingerprint() ([]byte, error) {
	secret, err := c.requestIDSecret()
	if secret == nil {
		return nil, err
	}
	hash := sha256.Sum256(append([]byte("convexgateway fingerprint of request ids "), secret...))
	return hash[:fingerprintSize], nil
}

// ParseKeys reads keys with commas between.
func ParseKeys(text string) Keys { return ticket.ParseKeys(text) }

// NewKey makes a random key.
func NewKey() Key { return ticket.NewKey() }
