package deployment

import (
	devclerk "convexgateway/dev/clerk"

	"convexgateway/dev/deployment/app"
	"convexgateway/dev/deployment/call"
	"convexgateway/dev/deployment/credential"
	"convexgateway/dev/deployment/store"
	"convexgateway/dev/deployment/v"
)

// Here are names of the packages below that most users of a deployment need, so that they import this package alone.

type (
	// Function is [app.Function].
	Function = app.Function
	// QueryCtx is [app.QueryCtx].
	QueryCtx = app.QueryCtx
	// MutationCtx is [app.MutationCtx].
	MutationCtx = app.MutationCtx
	// Document is [store.Document].
	Document = store.Document
	// Args is [app.Args].
	Args = app.Args
	// ConvexError is [app.ConvexError].
	ConvexError = app.ConvexError
	// Provider is [credential.Provider].
	Provider = credential.Provider
)

// The kinds of functions, and of providers.
const (
	KindQuery    = call.Query
	KindMutation = call.Mutation
	KindAction   = call.Action
	CustomJWT    = credential.CustomJWT
)

// SampleApp is [app.Sample].
func SampleApp() []Function { return app.Sample() }

// Query is [app.Query].
func Query(path string, args v.Validator, handler func(*QueryCtx, Args) (any, error)) Function {
	return app.Query(path, args, handler)
}

// Mutation is [app.Mutation].
func Mutation(path string, args v.Validator, handler func(*MutationCtx, Args) (any, error)) Function {
	return app.Mutation(path, args, handler)
}

// Eq is [store.Eq].
func Eq(field string, value any) store.Bound { return store.Eq(field, value) }

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
