package deployment

import (
	devclerk "convexgateway/dev/clerk"
	"convexgateway/dev/deployment/credential"
	"convexgateway/dev/deployment/store"
)

// Store is what outlasts a deployment: its database, its token issuer and its admin key. One deployment at a time uses a store.
type Store struct {
	db    *store.Database
	clerk *devclerk.Instance // the token issuer
	admin credential.AdminKey
}

// NewStore returns an empty store.
func NewStore() *Store { return NewStoreOf(devclerk.Config{}) }

// NewStoreOf is NewStore with settings for the token issuer. Its Clock is the database's, whatever is set.
func NewStoreOf(issuer devclerk.Config) *Store {
	db := store.New()
	issuer.Clock = db.Now
	return &Store{db: db, clerk: devclerk.New(issuer), admin: credential.NewAdminKey(InstanceName)}
}

// AdminKey is the key that permits everything: `convexgateway-dev|<secret>`.
func (s *Store) AdminKey() string { return string(s.admin) }

// Clerk is the token issuer.
func (s *Store) Clerk() *devclerk.Instance { return s.clerk }
