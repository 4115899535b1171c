package app

import (
	"convexgateway/dev/deployment/v"

	"context"
	"encoding/json"
	"strings"

	"convexgateway/convex"
	"convexgateway/dev/deployment/call"
	"convexgateway/dev/deployment/store"
)

// QueryCtx is the context of a query's handler.
type QueryCtx struct {
	context.Context
	Console
	DB      *store.Reader
	Storage StorageReader
	auth    Auth
	arg     any
	state   store.StopState
}

// MutationCtx is the context of a mutation's handler.
type MutationCtx struct {
	context.Context
	Console
	DB      store.Writer
	Storage StorageWriter
	auth    Auth
	arg     any
}

// ActionCtx is the context of an action's handler.
type ActionCtx struct {
	context.Context
	Console
	Storage StorageWriter
	auth    Auth
	arg     any
	runner  *Runner
	call    call.Call
}

// Auth is the query's `ctx.auth`.
func (c *QueryCtx) Auth() Auth { return c.auth }

// Auth is the mutation's `ctx.auth`.
func (c *MutationCtx) Auth() Auth { return c.auth }

// Auth is the action's `ctx.auth`.
func (c *ActionCtx) Auth() Auth { return c.auth }

// Argument is the query's argument as it was sent, which without a validator may be no object.
func (c *QueryCtx) Argument() any { return c.arg }

// Argument is the mutation's argument as it was sent, which without a validator may be no object.
func (c *MutationCtx) Argument() any { return c.arg }

// Argument is the action's argument as it was sent, which without a validator may be no object.
func (c *ActionCtx) Argument() any { return c.arg }

// Auth is the caller of a function.
type Auth struct{ identity *call.Identity }

// GetUserIdentity returns the attributes of the user who calls (see [call.Identity]), or nil for an anonymous caller. Like Convex's it
// throws if a claim's name can be no field's: it panics, and the function fails.
func (a Auth) GetUserIdentity() map[string]any {
	user := a.identity.User()
	if thrown, _ := call.CheckResult(user); thrown != "" {
		panic(thrownError(thrown))
	}
	return user
}

// thrownError is a panic that is the error of the function.
type thrownError string

// RunQuery calls a query of the same deployment, public or internal, as the same caller. Each call is a transaction of its
// own. A failure is an error with the function's text, its stack frames included; a ConvexError stays one. Log lines of the query
// are dropped.
func (c *ActionCtx) RunQuery(path string, args map[string]any) (any, error) {
	return c.run(call.Query, path, args)
}

// RunMutation calls a mutation; see RunQuery.
func (c *ActionCtx) RunMutation(path string, args map[string]any) (any, error) {
	return c.run(call.Mutation, path, args)
}

// RunAction calls an action; see RunQuery.
func (c *ActionCtx) RunAction(path string, args map[string]any) (any, error) {
	return c.run(call.Action, path, args)
}

func (c *ActionCtx) run(kind call.Kind, text string, args map[string]any) (any, error) {
	path, err := call.ParsePath(text)
	if err != nil {
		return nil, err
	}
	if args == nil {
		args = map[string]any{}
	}
	encoded, err := convex.Encode([]any{args})
	if err != nil {
		return nil, err
	}
	if _, exists := c.runner.Function(path); !exists {
		return nil, wording("Couldn't resolve api.%s", strings.NewReplacer("/", ".", ":", ".").Replace(path.String()))
	}
	out, err := c.runner.Run(c, call.Call{
		Kind: kind, Path: path, Args: json.RawMessage(encoded), Identity: c.auth.identity, RequestID: c.call.RequestID,
		Generation: c.call.Generation, Nested: true,
	})
	if err != nil {
		return nil, wording("%s", call.AsError(err).Message)
	}
	if out.Failure != nil {
		return nil, rethrown(out.Failure)
	}
	return out.Value, nil
}

// PaginationOptions is the validator of the argument that selects a page; see get-convex/convex-js
// src/server/pagination.ts.
func PaginationOptions() v.Validator {
	return v.Object(
		v.Field("numItems", v.Number()),
		v.Field("cursor", v.Nullable(v.String())),
		v.Field("endCursor", v.Nullable(v.String()), v.Optional),
		v.Field("id", v.Number(), v.Optional),
		v.Field("maximumRowsRead", v.Number(), v.Optional),
		v.Field("maximumBytesRead", v.Number(), v.Optional),
	)
}

// PaginationResult is the validator of a page of items. Source: get-convex/convex-js src/server/pagination.ts.
func PaginationResult(item v.Validator) v.Validator {
	return v.Object(
		v.Field("page", v.Array(item)),
		v.Field("isDone", v.Boolean()),
		v.Field("continueCursor", v.String()),
		v.Field("splitCursor", v.Nullable(v.String()), v.Optional),
		v.Field("pageStatus", v.Union(v.Literal("SplitRecommended"), v.Literal("SplitRequired"), v.Null()), v.Optional),
	)
}
