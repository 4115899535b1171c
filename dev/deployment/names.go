package deployment

import (
	"convexgateway/dev/deployment/call"
	"convexgateway/dev/deployment/credential"
	"convexgateway/dev/deployment/store"
)

// What an app's functions are written with, so that most users of a deployment import this package alone. Documentation is at
// the originals.

// The kinds of functions.
const (
	KindQuery    = call.Query
	KindMutation = call.Mutation
	KindAction   = call.Action
)

// Provider is [credential.Provider].
type Provider = credential.Provider

// CustomJWT is [credential.CustomJWT].
const CustomJWT = credential.CustomJWT

// Eq is [store.Eq].
func Eq(field string, value any) store.Bound { return store.Eq(field, value) }
