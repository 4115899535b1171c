package app

import (
	"cmp"
	"slices"
	"strings"

	"convexgateway/dev/deployment/call"
	"convexgateway/dev/deployment/v"
)

// systemFunctions are for admins: the function-spec command of Convex's npm package calls them
// (get-convex/convex-backend npm-packages/system-udfs/convex/_system/cli).
func (r *Runner) systemFunctions() []Function {
	component := v.Field("componentId", v.Nullable(v.String()), v.Optional)
	return []Function{
		InternalQuery("_system/cli/modules:apiSpec", v.Object(component), func(*QueryCtx, Args) (any, error) {
			return r.functions.Load().spec(), nil
		}),
		InternalQuery("_system/frontend/backendState:backendState", v.Object(), func(ctx *QueryCtx, _ Args) (any, error) {
			return backendState(ctx.state), nil
		}),
		InternalQuery("_system/cli/convexUrl:cloudUrl", v.Object(), func(*QueryCtx, Args) (any, error) {
			return r.cfg.URL, nil
		}),
	}
}

// spec describes the app's functions, in the order of their identifiers. (Convex's order is that of its modules table.)
func (all functions) spec() []any {
	paths := make([]call.Path, 0, len(all))
	for path := range all {
		if !path.IsSystem() {
			paths = append(paths, path)
		}
	}
	slices.SortFunc(paths, func(a, b call.Path) int { return cmp.Compare(a.Canonical(), b.Canonical()) })
	spec := make([]any, len(paths))
	for i, path := range paths {
		spec[i] = all[path].spec(path)
	}
	return spec
}

func (f Function) spec(path call.Path) map[string]any {
	args, returns := any(v.Spec(v.Any())), any(nil)
	if f.Args != nil {
		args = v.Spec(f.Args)
	}
	if f.Returns != nil {
		returns = v.Spec(f.Returns)
	}
	return map[string]any{
		"identifier": path.Canonical(), "functionType": f.Kind.String(), "args": args, "returns": returns,
		"visibility": map[string]any{"kind": strings.ToLower(f.Visibility.String())},
	}
}
