package server

import (
	"cmp"
	"crypto/sha256"
	"errors"

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

// ReplaceClusterKeys has the gateway use other cluster keys from now on, so that they can be rotated without a restart: tickets, journals of
// pages and notices to other replicas are sealed with the first, and opened with all. Without a Config.RequestIDKey the first one cannot
// be replaced: request ids follow from it, and a mutation that is sent again would run twice.
func (s *Server) ReplaceClusterKeys(keys Keys) error {
	err := s.replaceClusterKeys(keys)
	s.auditReload("cluster keys", err)
	return err
}

func (s *Server) replaceClusterKeys(keys Keys) error {
	if err := keys.Check(); err != nil {
		return err
	}
	old := s.cfg.ClusterKeys
	switch {
	case len(keys) == 0:
		return errors.New("there is none")
	case len(old) == 0:
		return errors.New("there was none at the start: this needs a restart")
	case s.cfg.RequestIDKey == "" && keys.First() != old.First():
		return &ConfigError{Field: "RequestIDKey", Err: errors.New("must be set to the present key before another is the first: request ids follow from it")}
	}
	journalKeys, err := keys.Derive(journalPurpose)
	if err != nil {
		return err
	}
	if s.cfg.ExchangeKeys != nil {
		err = s.cfg.ExchangeKeys(keys)
	}
	return errors.Join(err, s.services.ReplaceJournalKeys(journalKeys), s.tickets.Replace(keys))
}

// journalPurpose is what the keys of journals are derived for.
const journalPurpose = "convexgateway journals"

// ParseKeys reads keys with commas between.
func ParseKeys(text string) Keys { return ticket.ParseKeys(text) }

// NewKey makes a random key.
func NewKey() Key { return ticket.NewKey() }
