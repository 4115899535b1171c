package contract

import (
	"context"
	"fmt"
	"io/fs"

	"convexgateway/convex"
	"convexgateway/convex/spec"
	"convexgateway/server/call"
	"convexgateway/server/openapi/functions"
	"convexgateway/server/typed"
)

// SpecFile is the file of a contract's folder that has the functions and their validators.
const SpecFile = "spec.json"

// API is what one reading of a contract's files has found. It is not changed any more, and safe for concurrent use.
type API struct {
	Spec     *spec.Spec // of public functions
	SpecText []byte     // the same as JSON, without the deployment's URL
	Document []byte     // the gateway's OpenAPI document with these functions in it

	Typed *typed.API // methods and descriptors of the proto files

	functions map[convex.Path]*spec.Function
}

// readAPI reads the files of a contract. Warnings are of functions that are checked less than they could be.
func readAPI(ctx context.Context, files fs.FS) (*API, []spec.Warning, error) {
	text, err := fs.ReadFile(files, SpecFile)
	if err != nil {
		return nil, nil, err
	}
	all, warnings, err := spec.Parse(text)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", SpecFile, err)
	}
	public := all.Public()
	a := &API{Spec: public, SpecText: public.JSON(), Document: functions.Added(public), functions: map[convex.Path]*spec.Function{}}
	for f := range public.All() {
		a.functions[f.Path] = f
	}
	if a.Typed, err = typed.Compile(ctx, files, public); err != nil {
		return nil, nil, err
	}
	return a, warnings, nil
}

// Function returns the public function of a path, nil if the files have none.
func (a *API) Function(path convex.Path) *spec.Function { return a.functions[path] }

// Paths returns the paths of all functions, in no order.
func (a *API) Paths() (paths []string) {
	for path := range a.functions {
		paths = append(paths, path.String())
	}
	return paths
}

// check returns why a call cannot succeed: the function is of another kind, or its validator refuses the arguments, which are canonical.
// Calls of functions that the files do not have are good unless strict is set. Errors about a function are those of a deployment that hides
// nothing, so that callers get the same.
func (a *API) check(kind convex.Kind, path convex.Path, args []byte, strict bool) error {
	f := a.functions[path]
	switch {
	case f == nil && strict:
		return convex.NoFunction(path.String())
	case f == nil:
		return nil
	case f.Kind != kind:
		return &convex.FunctionError{Message: fmt.Sprintf("Trying to execute %s as %s, but it is defined as %s.", path.Canonical(), kindNames[kind], kindNames[f.Kind])}
	}
	if m := spec.Check(f.Args, args); m != nil {
		return &call.ArgumentError{Field: m.Field, Reason: m.Reason}
	}
	return nil
}

// kindNames are the deployment's names of kinds.
var kindNames = map[convex.Kind]string{convex.Query: "Query", convex.Mutation: "Mutation", convex.Action: "Action"}
