package app

import (
	"strings"

	"convexgateway/convex"
	"convexgateway/dev/deployment/call"
	"convexgateway/dev/deployment/store"
	"convexgateway/dev/deployment/v"
)

// maxArgs and maxResult bound a call's arguments and result, in Convex size.
const (
	maxArgs   = 16 << 20
	maxResult = 16 << 20
)

// resolve finds the function of a call, and checks visibility, kind and argument in the order of Convex
// (get-convex/convex-backend crates/udf/src/validation.rs).
func (r *Runner) resolve(c call.Call) (Function, Args, *call.Failure) {
	f, ok := r.functions[c.Path]
	if !ok || f.Visibility == Internal && !c.Nested && !c.Identity.IsAdmin() {
		return f, nil, call.Refusal("Could not find public function for '%s'.", c.Path)
	}
	if f.Kind != c.Kind {
		return f, nil, call.Refusal("Trying to execute %s as %s, but it is defined as %s.", c.Path.Canonical(), c.Kind, f.Kind)
	}
	if !strings.HasPrefix(string(c.Args), "[") {
		return f, nil, errArgsNotArray
	}
	decoded, err := convex.Decode(c.Args)
	if err != nil {
		return f, nil, call.Refusal("Invalid arguments for %s: %v", c.Path.Canonical(), err)
	}
	list := decoded.([]any)
	if size := convex.Size(list); size > maxArgs {
		return f, nil, call.Refusal("Arguments for %s are too large (actual: %s, limit: %s)", c.Path.Canonical(), store.Mebibytes(size), store.Mebibytes(maxArgs))
	}
	args, err := r.validate(f, list)
	if err != nil {
		return f, nil, call.Refusal("ArgumentValidationError: %v", err)
	}
	return f, args, nil
}

var errArgsNotArray = call.Refusal("Invalid arguments provided")

func (r *Runner) validate(f Function, list []any) (Args, error) {
	if f.Args == nil {
		var object map[string]any
		if len(list) > 0 {
			object, _ = list[0].(map[string]any)
		}
		return object, nil
	}
	if len(list) != 1 {
		return nil, wording("Expected to receive a single object as the function's argument. Instead received %d "+
			"arguments: %s", len(list), v.Show(list))
	}
	object, ok := list[0].(map[string]any)
	if !ok {
		return nil, wording("Expected to receive an object as the function's argument. Instead received: %s",
			v.Show(list[0]))
	}
	return object, v.Check(f.Args, object, r.cfg.Database.TableOf)
}

// encodeResult checks a result against the rules of values, the limit and the validator, in this order.
func (r *Runner) encodeResult(path convex.Path, f Function, value any) ([]byte, *call.Failure) {
	if _, err := convex.Encode(value); err != nil {
		return nil, call.Refusal("Function %s return value invalid: %v", path, err)
	}
	if size := convex.Size(value); size > maxResult {
		return nil, call.Refusal("Function %s return value is too large (actual: %s, limit: %s)", path, store.Mebibytes(size), store.Mebibytes(maxResult))
	}
	if f.Returns != nil {
		if err := v.Check(f.Returns, value, r.cfg.Database.TableOf); err != nil {
			return nil, call.Refusal("ReturnsValidationError: %v", err)
		}
	}
	return call.Encoded.Write(value), nil
}
