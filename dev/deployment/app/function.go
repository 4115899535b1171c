package app

import (
	"fmt"

	"convexgateway/dev/deployment/call"
	"convexgateway/dev/deployment/v"
)

// Visibility is who may call a function.
type Visibility int

const (
	Public   Visibility = iota
	Internal            // functions and admins only; other callers get the error of a function that does not exist
)

func (v Visibility) String() string { return [...]string{"Public", "Internal"}[v] }

// Function is one function of a deployment: made by Query, Mutation or Action, and their Internal forms.
type Function struct {
	Path       string // `messages:list`
	Kind       call.Kind
	Visibility Visibility
	Args       v.Validator // what the one argument must match; nil: any object
	Returns    v.Validator // what the result must match; nil: anything

	query    func(*QueryCtx, Args) (any, error)
	mutation func(*MutationCtx, Args) (any, error)
	action   func(*ActionCtx, Args) (any, error)
}

// Query makes a public query. Its handler runs again whenever what it read has changed, so it must depend on nothing else.
//
// Of all kinds of handlers: the result is a value of package convex. An error of type *ConvexError is the function's own,
// with data; any other is thrown as `Error`, and its text is sent to the client unless the deployment redacts. A handler
// may block; its context ends with the deployment, and a query's with its socket or request, too.
func Query(path string, args v.Validator, handler func(*QueryCtx, Args) (any, error)) Function {
	return Function{Path: path, Kind: call.Query, Args: args, query: handler}
}

// Mutation makes a public mutation. Its handler runs again if another commit changed what it read before it could commit.
func Mutation(path string, args v.Validator, handler func(*MutationCtx, Args) (any, error)) Function {
	return Function{Path: path, Kind: call.Mutation, Args: args, mutation: handler}
}

// Action makes a public action.
func Action(path string, args v.Validator, handler func(*ActionCtx, Args) (any, error)) Function {
	return Function{Path: path, Kind: call.Action, Args: args, action: handler}
}

// InternalQuery makes a query that only functions and admins may call.
func InternalQuery(path string, args v.Validator, handler func(*QueryCtx, Args) (any, error)) Function {
	return internal(Query(path, args, handler))
}

// InternalMutation makes a mutation that only functions and admins may call.
func InternalMutation(path string, args v.Validator, handler func(*MutationCtx, Args) (any, error)) Function {
	return internal(Mutation(path, args, handler))
}

// InternalAction makes an action that only functions and admins may call.
func InternalAction(path string, args v.Validator, handler func(*ActionCtx, Args) (any, error)) Function {
	return internal(Action(path, args, handler))
}

func internal(f Function) Function {
	f.Visibility = Internal
	return f
}

// Returning adds a validator of the function's result.
func (f Function) Returning(returns v.Validator) Function {
	f.Returns = returns
	return f
}

// Args is a function's argument, which has passed its validator. The getters return the zero value for a field that is absent
// or of another type.
type Args map[string]any

// Has reports whether the field is there.
func (a Args) Has(name string) bool { _, ok := a[name]; return ok }

// String is a String field.
func (a Args) String(name string) string { s, _ := a[name].(string); return s }

// Float is a Float64 field.
func (a Args) Float(name string) float64 { f, _ := a[name].(float64); return f }

// Int is an Int64 field.
func (a Args) Int(name string) int64 { i, _ := a[name].(int64); return i }

// Bool is a Boolean field.
func (a Args) Bool(name string) bool { b, _ := a[name].(bool); return b }

// Object is an Object field.
func (a Args) Object(name string) map[string]any { o, _ := a[name].(map[string]any); return o }

// StringOr is String, or otherwise if the field is absent.
func (a Args) StringOr(name, otherwise string) string {
	if !a.Has(name) {
		return otherwise
	}
	return a.String(name)
}

// FloatOr is Float, or otherwise if the field is absent.
func (a Args) FloatOr(name string, otherwise float64) float64 {
	if !a.Has(name) {
		return otherwise
	}
	return a.Float(name)
}

// functions is a deployment's functions by path.
type functions map[call.Path]Function

// haveModule reports whether any function is in the module of a path.
func (all functions) haveModule(path call.Path) bool {
	for other := range all {
		if other.Module() == path.Module() {
			return true
		}
	}
	return false
}

func register(list []Function) (functions, error) {
	all := functions{}
	for _, f := range list {
		path, err := call.ParsePath(f.Path)
		if err != nil {
			return nil, fmt.Errorf("function %q: %w", f.Path, err)
		}
		if _, twice := all[path]; twice {
			return nil, fmt.Errorf("function %q is registered twice", f.Path)
		}
		all[path] = f
	}
	return all, nil
}
