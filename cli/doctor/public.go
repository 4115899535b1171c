package doctor

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"convexgateway/convex"
	"convexgateway/convex/spec"
	"convexgateway/server/contract"
)

const publicFix = "take them off --public-functions, or have them not ask for the caller: there they always get null"

// publicFunctions runs the queries of --public-functions with the token and without, and finds those that answer differently.
func (r *runner) publicFunctions(ctx context.Context) Finding {
	if len(r.PublicFunctions) == 0 {
		return skip("no --public-functions")
	}
	functions, err := r.knownFunctions(ctx)
	switch {
	case err != nil:
		return fail("the functions cannot be listed: "+err.Error(), "give --api, or --deploy-key-file")
	case functions == nil:
		return skip("not tried: give --api or --deploy-key-file, by which the functions are known")
	case r.Token == "":
		return skip("not tried: give a JWT with --token")
	}
	patterns, err := convex.ParsePathPatterns(r.PublicFunctions)
	if err != nil {
		return fail(err.Error(), "see --help")
	}
	client, err := convex.NewHTTPClient(r.ConvexURL, convex.HTTPOptions{Attempts: 1})
	if err != nil {
		return skip("not tried: no deployment")
	}
	defer client.Close()
	t := publicTrial{client: client, token: r.Token}
	for f := range functions.Public().All() {
		if f.Kind == convex.Query && patterns.Match(f.Path) {
			if err := t.add(ctx, f); err != nil {
				return fail(f.Path.String()+": "+err.Error(), r.deploymentFix())
			}
		}
	}
	return t.finding()
}

// knownFunctions returns the functions of --api, or those that the deployment names; nil if neither can be asked.
func (r *runner) knownFunctions(ctx context.Context) (*spec.Spec, error) {
	switch {
	case r.API != "":
		files, err := contract.Open(contract.Options{Files: os.DirFS(r.API), Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			return nil, err
		}
		return files.API().Spec, nil
	case r.DeployKey != "":
		return r.deployedSpec(ctx)
	}
	return nil, nil
}

// publicTrial is what came of the functions that were tried.
type publicTrial struct {
	client                     *convex.HTTPClient
	token                      string
	same, different, notCalled []string // paths
}

// add tries a query without arguments. One that needs some is not called.
func (t *publicTrial) add(ctx context.Context, f *spec.Function) error {
	if needsArguments(f) {
		t.notCalled = append(t.notCalled, f.Path.String())
		return nil
	}
	differs, err := t.differs(ctx, f.Path)
	if err != nil {
		return err
	}
	if differs {
		t.different = append(t.different, f.Path.String())
	} else {
		t.same = append(t.same, f.Path.String())
	}
	return nil
}

func needsArguments(f *spec.Function) bool {
	args, declared := f.Args.(spec.Object)
	if !declared {
		return false
	}
	for _, field := range args.Fields {
		if !field.Optional {
			return true
		}
	}
	return false
}

// differs reports whether a query answers the token's owner otherwise than nobody. Where two answers to nobody differ, as while somebody
// writes, that is no reason.
func (t *publicTrial) differs(ctx context.Context, path convex.Path) (bool, error) {
	before, err := t.call(ctx, path, "")
	if err != nil {
		return false, err
	}
	owners, err := t.call(ctx, path, t.token)
	if err != nil || owners.SameOutcome(before) {
		return false, err
	}
	after, err := t.call(ctx, path, "")
	if err != nil {
		return false, err
	}
	return after.SameOutcome(before), nil
}

// call returns what a query answers, also if it throws.
func (t *publicTrial) call(ctx context.Context, path convex.Path, token string) (*convex.Result, error) {
	result, err := t.client.Call(ctx, convex.Call{Kind: convex.Query, Path: path, Args: []byte("{}"), Token: token})
	if thrown, ok := errors.AsType[*convex.FunctionError](err); ok {
		return &convex.Result{Err: thrown}, nil
	}
	return result, err
}

func (t *publicTrial) finding() Finding {
	switch {
	case len(t.different) > 0:
		return fail("with and without a token these answer differently: "+strings.Join(t.different, ", "), publicFix)
	case len(t.notCalled) > 0:
		return warn("not tried, as they need arguments: "+strings.Join(t.notCalled, ", "), "call them with a token and without, and compare")
	case len(t.same) == 0:
		return warn("no query has such a path", "look at --public-functions: only queries are concerned")
	}
	return ok(fmt.Sprintf("%d queries answer the token's owner as they answer nobody", len(t.same)))
}
