package app

import (
	"errors"
	"fmt"
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

// resolved is the function of a call with its argument.
type resolved struct {
	Function
	argument any  // as the handler gets it; nil: none
	args     Args // argument, if it is an object
	thrown   string
	order    call.KeyOrder
	size     int // of the arguments
}

// resolve finds the function of a call, and checks visibility, kind and argument in the order of Convex
// (get-convex/convex-backend crates/udf/src/validation.rs).
func (r *Runner) resolve(c call.Call, tx *store.Transaction) (f resolved, refused *call.Failure) {
	if c.Component != "" {
		return f, call.Refusal("Component path '%s' not found", c.Component)
	}
	if refused := refuseStopped(c, tx); refused != nil {
		return f, refused
	}
	if refused := r.refuseSystem(c); refused != nil {
		return f, refused
	}
	var ok bool
	f.Function, ok = r.Function(c.Path)
	if !ok || f.Visibility == Internal && !c.Nested && !c.Identity.IsAdmin() {
		return f, call.Refusal("Could not find public function for '%s'.", c.Path)
	}
	if f.Kind != c.Kind {
		return f, call.Refusal("Trying to execute %s as %s, but it is defined as %s.", c.Path.Canonical(), c.Kind, f.Kind)
	}
	decoded, err := call.DecodeArguments(c.Args)
	if errors.Is(err, call.ErrNoArguments) {
		return f, errArgsNotArray
	} else if err != nil {
		return f, call.Refusal("Invalid arguments for %s: %v", c.Path.Canonical(), err)
	}
	if f.size = convex.Size(decoded.List); f.size > maxArgs {
		return f, call.Refusal("Arguments for %s are too large (actual: %s, limit: %s)", c.Path.Canonical(), store.Mebibytes(f.size), mebibytes(maxArgs))
	}
	if err := r.validate(f.Function, decoded.List); err != nil {
		return f, call.Refusal("ArgumentValidationError: %v\n", err)
	}
	if len(decoded.List) > 0 {
		f.argument = withoutProto(decoded.List[0])
	}
	f.args, _ = f.argument.(map[string]any)
	f.thrown, f.order = decoded.Thrown, decoded.Order
	return f, nil
}

// refuseSystem refuses a system function to all but plain admins, and one that does not exist.
func (r *Runner) refuseSystem(c call.Call) *call.Failure {
	_, exists := r.Function(c.Path)
	switch {
	case !c.Path.IsSystem():
		return nil
	case !c.Identity.IsPlainAdmin():
		return call.Refusal("Operation %s not permitted", strings.ToLower(c.Kind.String()))
	case exists:
		return nil
	case r.functions.Load().haveModule(c.Path):
		return call.Refusal("Couldn't find %q in module \"%s.js\".", c.Path.Function(), c.Path.Module())
	default:
		return call.Refusal("Couldn't find system module '\"%s.js\"'.", strings.TrimPrefix(c.Path.Module(), "_system/"))
	}
}

// withoutProto drops the fields that JavaScript does not make. It changes the value.
func withoutProto(value any) any {
	switch value := value.(type) {
	case []any:
		for _, element := range value {
			withoutProto(element)
		}
	case map[string]any:
		delete(value, "__proto__")
		for _, field := range value {
			withoutProto(field)
		}
	}
	return value
}

var errArgsNotArray = call.Refusal("%v", call.ErrNoArguments)

func (r *Runner) validate(f Function, list []any) error {
	if f.Args == nil {
		return nil
	}
	if len(list) != 1 {
		return wording("Expected to receive a single object as the function's argument. Instead received %d "+
			"arguments: %s", len(list), v.Show(list))
	}
	object, ok := list[0].(map[string]any)
	if !ok {
		return wording("Expected to receive an object as the function's argument. Instead received: %s",
			v.Show(list[0]))
	}
	return v.Check(f.Args, object, r.cfg.Database.TableOf)
}

// encodeResult checks a result against the rules of values, the limit and the validator, in this order.
func (r *Runner) encodeResult(path call.Path, f Function, value any) (encoded []byte, size int, refused *call.Failure) {
	if err := call.CheckText(value); err != nil {
		return nil, 0, call.Refusal("Function %s failed. Could not parse return value as json: %v", path.Canonical(), err)
	}
	thrown, err := call.CheckResult(value)
	switch {
	case thrown != "":
		return nil, 0, &call.Failure{Text: uncaught(path, "Error", thrown)}
	case err != nil:
		return nil, 0, call.Refusal("Function %s return value invalid: %v", path.Canonical(), err)
	}
	if size = convex.Size(value); size > maxResult {
		return nil, 0, call.Refusal("Function %s return value is too large (actual: %s, limit: %s)", path.Canonical(), store.Mebibytes(size), mebibytes(maxResult))
	}
	if f.Returns != nil {
		if err := v.Check(f.Returns, value, r.cfg.Database.TableOf); err != nil {
			return nil, 0, call.Refusal("ReturnsValidationError: %v", err)
		}
	}
	return call.Encoded.Write(value), size, nil
}

// mebibytes is a limit as Convex writes it: `16 MiB`.
func mebibytes(limit int) string { return fmt.Sprintf("%d MiB", limit>>20) }
