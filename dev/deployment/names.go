package deployment

import (
	"convexgateway/dev/deployment/app"
	"convexgateway/dev/deployment/call"
	"convexgateway/dev/deployment/credential"
	"convexgateway/dev/deployment/store"
	"convexgateway/dev/deployment/v"
)

// Names of the packages below that most users of a deployment need, so that they import this one alone. Documentation is at the
// originals.
type (
	Function    = app.Function
	QueryCtx    = app.QueryCtx
	Args        = app.Args
	ConvexError = app.ConvexError
	Provider    = credential.Provider
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
