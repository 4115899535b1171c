package deployment

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	"convexgateway/convex"
	"convexgateway/dev/deployment/v"
)

// maxArgs and maxResult bound a call's arguments and result, in Convex size.
const (
	maxArgs   = 16 << 20
	maxResult = 16 << 20
)

// call is one request to run a function.
type call struct {
	kind      Kind
	path      convex.Path
	args      json.RawMessage // an array of one object
	identity  *Identity
	requestID string
	began     uint64     // the store's generation
	inside    bool       // a function calls: internal functions are in reach
	key       requestKey // mutations; zero: not recorded
	at        *snapshot  // queries; nil: now
	journal   string     // queries
}

// outcome is what a call came to. With failure there is no value.
type outcome struct {
	value   any
	result  []byte // value, encoded
	failure *failure
	logs    []string
	ts      uint64  // mutations: of the commit
	reads   readSet // queries
	journal string  // queries
}

// run runs a function. Its error, a *serverError, is the deployment's, not the function's.
func (d *Deployment) run(ctx context.Context, c call) (outcome, error) {
	if c.kind == KindAction && isSystemModule(c.path) && !c.identity.isAdmin() {
		return outcome{}, &serverError{forbidden, "SystemIdentityRequired", "Operation not permitted"}
	}
	if c.kind == KindMutation {
		if record, done := d.store.request(c.key); done {
			return record.outcome(), nil
		}
	}
	if !c.inside {
		d.switches.hold(ctx)
	}
	f, args, refused := d.resolve(c)
	if refused != nil {
		if refused == errArgsNotArray && c.kind == KindAction {
			return outcome{}, errBadRequest("InvalidArguments", strings.TrimSpace(refused.text))
		}
		return outcome{failure: refused, logs: []string{}}, nil
	}
	if c.kind == KindQuery {
		return d.runQuery(ctx, c, f, args), nil
	}
	out, err := d.runMutationOrAction(ctx, c, f, args)
	if err == nil && c.began != d.store.currentGeneration() {
		return outcome{}, errInternal // it died with a restart
	}
	return out, err
}

func (d *Deployment) runMutationOrAction(ctx context.Context, c call, f Function, args Args) (outcome, error) {
	if c.kind == KindMutation {
		return d.runMutation(ctx, c, f, args)
	}
	return d.runAction(ctx, c, f, args), nil
}

func (r mutationRecord) outcome() outcome {
	value, _ := convex.Decode(r.result)
	return outcome{value: value, result: r.result, logs: r.logs, ts: r.ts}
}

// resolve finds the function and holds the call to its kind, visibility and validator, in this order and in Convex's words
// (get-convex/convex-backend crates/udf/src/validation.rs).
func (d *Deployment) resolve(c call) (Function, Args, *failure) {
	f, ok := d.functions[c.path]
	if !ok || f.Visibility == Internal && !c.inside && !c.identity.isAdmin() {
		return f, nil, refusal("Could not find public function for '%s'.", c.path)
	}
	if f.Kind != c.kind {
		return f, nil, refusal("Trying to execute %s as %s, but it is defined as %s.", c.path.Canonical(), c.kind, f.Kind)
	}
	if !strings.HasPrefix(string(c.args), "[") {
		return f, nil, errArgsNotArray
	}
	decoded, err := convex.Decode(c.args)
	if err != nil {
		return f, nil, refusal("Invalid arguments for %s: %v", c.path.Canonical(), err)
	}
	list := decoded.([]any)
	if size := convex.Size(list); size > maxArgs {
		return f, nil, refusal("Arguments for %s are too large (actual: %s, limit: %s)", c.path.Canonical(), mebibytes(size), mebibytes(maxArgs))
	}
	args, err := d.validate(f, list)
	if err != nil {
		return f, nil, refusal("ArgumentValidationError: %v", err)
	}
	return f, args, nil
}

var errArgsNotArray = refusal("Invalid arguments provided")

func (d *Deployment) validate(f Function, list []any) (Args, error) {
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
	return object, v.Check(f.Args, object, d.store.tableOf)
}

func mebibytes(size int) string {
	return strings.TrimSuffix(fmt.Sprintf("%.2f", float64(size)/(1<<20)), ".00") + " MiB"
}

func (d *Deployment) runQuery(ctx context.Context, c call, f Function, args Args) outcome {
	d.stats.queryRan(c.path)
	if c.at == nil {
		c.at = d.store.latest()
	}
	tx := d.store.begin(c.at)
	pages := &journal{before: c.journal}
	qc := &QueryCtx{ctx, newConsole(), &Reader{tx, d.store.cursors, pages}, d.storageIn(tx).StorageReader, Auth{c.identity}}
	out := d.finish(c.path, f, qc.Console, func() (any, error) { return f.query(qc, args) })
	tx.reads.seal()
	out.reads, out.journal = tx.reads, pages.after
	return out
}

func (d *Deployment) runMutation(ctx context.Context, c call, f Function, args Args) (outcome, error) {
	for {
		tx := d.store.begin(d.store.latest())
		tx.began = c.began
		mc := &MutationCtx{ctx, newConsole(), Writer{&Reader{tx, d.store.cursors, nil}}, d.storageIn(tx), Auth{c.identity}}
		out := d.finish(c.path, f, mc.Console, func() (any, error) { return f.mutation(mc, args) })
		if out.failure != nil {
			return out, nil
		}
		var err error
		out.ts, err = d.store.commit(tx, c.key, mutationRecord{result: out.result, logs: out.logs})
		if err == nil {
			return out, nil
		}
		if record, done := d.store.request(c.key); done {
			return record.outcome(), nil
		}
		if ctx.Err() != nil || errors.Is(err, errRestarted) {
			return outcome{}, errInternal
		}
	}
}

func (d *Deployment) runAction(ctx context.Context, c call, f Function, args Args) outcome {
	ac := &ActionCtx{ctx, newConsole(), d.storageOf(c), Auth{c.identity}, d, c}
	return d.finish(c.path, f, ac.Console, func() (any, error) { return f.action(ac, args) })
}

// finish runs a handler and makes an outcome of what it returns.
func (d *Deployment) finish(path convex.Path, f Function, console Console, handler func() (any, error)) outcome {
	value, err := d.guard(path, handler)
	out := outcome{value: value}
	if err != nil {
		out.failure = thrown(path, err)
	} else {
		out.result, out.failure = d.encodeResult(path, f, value)
	}
	out.logs = *console.lines
	if d.redacts() {
		out.logs = []string{}
	}
	return out
}

// encodeResult holds a result to the rules of values, the limit and the validator, in this order.
func (d *Deployment) encodeResult(path convex.Path, f Function, value any) ([]byte, *failure) {
	if _, err := convex.Encode(value); err != nil {
		return nil, refusal("Function %s return value invalid: %v", path, err)
	}
	if size := convex.Size(value); size > maxResult {
		return nil, refusal("Function %s return value is too large (actual: %s, limit: %s)", path, mebibytes(size), mebibytes(maxResult))
	}
	if f.Returns != nil {
		if err := v.Check(f.Returns, value, d.store.tableOf); err != nil {
			return nil, refusal("ReturnsValidationError: %v", err)
		}
	}
	return formatEncoded.write(value), nil
}

var errPanicked = errors.New("the handler panicked")

// guard keeps a handler's panic from taking the process down. What it panicked with may be secret, and is dropped.
func (d *Deployment) guard(path convex.Path, handler func() (any, error)) (value any, err error) {
	defer func() {
		if recover() != nil {
			d.logger.Error("function panicked", "path", path.String(), "stack", string(debug.Stack()))
			value, err = nil, errPanicked
		}
	}()
	return handler()
}
