package deployment

import (
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

// Eq is [store.Eq].
func Eq(field string, value any) store.Bound { return store.Eq(field, value) }
