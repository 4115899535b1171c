package deployment

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"slices"
	"strings"

	"convexgateway/convex"
	"convexgateway/dev/deployment/store"
)

// runnerConfig is what a runner runs functions with.
type runnerConfig struct {
	db       *store.Database
	url      string                 // of the deployment, for the URLs of files
	logger   *slog.Logger           // gets handlers' panics
	redacts  func() bool            // whether log lines are dropped
	delay    func(context.Context)  // called before each call but nested ones, and may block
	queryRan func(path convex.Path) // called at each execution of a query
}

// runner runs the functions of a deployment. Any number of goroutines may use it.
type runner struct {
	runnerConfig
	functions functions
}

// newRunner fails for a path that is none, or is there twice. The system functions come on top of those given.
func newRunner(list []Function, cfg runnerConfig) (*runner, error) {
	r := &runner{runnerConfig: cfg}
	var err error
	r.functions, err = register(append(slices.Clip(list), r.systemFunctions()...))
	return r, err
}

// function returns the function at a path, public or internal.
func (r *runner) function(path convex.Path) (Function, bool) {
	f, ok := r.functions[path]
	return f, ok
}

// run runs a function. Its error, a *serverError, is the deployment's, not the function's.
func (r *runner) run(ctx context.Context, c call) (outcome, error) {
	if c.kind == KindAction && isSystemModule(c.path) && !c.identity.isAdmin() {
		return outcome{}, &serverError{forbidden, "SystemIdentityRequired", "Operation not permitted"}
	}
	if c.kind == KindMutation {
		if record, done := r.db.RecordOf(c.key); done {
			return recordedOutcome(record), nil
		}
	}
	if !c.nested {
		r.delay(ctx)
	}
	f, args, refused := r.resolve(c)
	if refused != nil {
		if refused == errArgsNotArray && c.kind == KindAction {
			return outcome{}, errBadRequest("InvalidArguments", strings.TrimSpace(refused.text))
		}
		return outcome{failure: refused, logs: []string{}}, nil
	}
	if c.kind == KindQuery {
		return r.runQuery(ctx, c, f, args), nil
	}
	out, err := r.runMutationOrAction(ctx, c, f, args)
	if err == nil && c.generation != r.db.Generation() {
		return outcome{}, errInternal // it died with a restart
	}
	return out, err
}

func (r *runner) runMutationOrAction(ctx context.Context, c call, f Function, args Args) (outcome, error) {
	if c.kind == KindMutation {
		return r.runMutation(ctx, c, f, args)
	}
	return r.runAction(ctx, c, f, args), nil
}

// recordedOutcome is the outcome of a mutation that was done already.
func recordedOutcome(r store.MutationRecord) outcome {
	value, _ := convex.Decode(r.Result)
	return outcome{value: value, result: r.Result, logs: r.LogLines, ts: r.Ts}
}

func (r *runner) runQuery(ctx context.Context, c call, f Function, args Args) outcome {
	r.queryRan(c.path)
	if c.at == nil {
		c.at = r.db.Latest()
	}
	tx := r.db.Begin(c.at, c.generation)
	pages := &store.Journal{Before: c.journal}
	qc := &QueryCtx{ctx, newConsole(), tx.Reader(pages), r.storageIn(tx).StorageReader, Auth{c.identity}}
	out := r.finish(c.path, f, qc.Console, func() (any, error) { return f.query(qc, args) })
	out.reads, out.journal = tx.ReadSet(), pages.After
	return out
}

func (r *runner) runMutation(ctx context.Context, c call, f Function, args Args) (outcome, error) {
	for {
		tx := r.db.Begin(r.db.Latest(), c.generation)
		mc := &MutationCtx{ctx, newConsole(), tx.Writer(), r.storageIn(tx), Auth{c.identity}}
		out := r.finish(c.path, f, mc.Console, func() (any, error) { return f.mutation(mc, args) })
		if out.failure != nil {
			return out, nil
		}
		var err error
		out.ts, err = r.db.Commit(tx, c.key, store.MutationRecord{Result: out.result, LogLines: out.logs})
		if err == nil {
			return out, nil
		}
		if record, done := r.db.RecordOf(c.key); done {
			return recordedOutcome(record), nil
		}
		if ctx.Err() != nil || errors.Is(err, store.ErrRestarted) {
			return outcome{}, errInternal
		}
	}
}

func (r *runner) runAction(ctx context.Context, c call, f Function, args Args) outcome {
	ac := &ActionCtx{ctx, newConsole(), r.storageOf(c), Auth{c.identity}, r, c}
	return r.finish(c.path, f, ac.Console, func() (any, error) { return f.action(ac, args) })
}

// finish runs a handler and makes an outcome of what it returns.
func (r *runner) finish(path convex.Path, f Function, console Console, handler func() (any, error)) outcome {
	value, err := r.guard(path, handler)
	out := outcome{value: value}
	if err != nil {
		out.failure = thrown(path, err)
	} else {
		out.result, out.failure = r.encodeResult(path, f, value)
	}
	out.logs = *console.lines
	if r.redacts() {
		out.logs = []string{}
	}
	return out
}

var errPanicked = errors.New("the handler panicked")

// guard keeps a handler's panic from taking the process down. What it panicked with may be secret, and is dropped.
func (r *runner) guard(path convex.Path, handler func() (any, error)) (value any, err error) {
	defer func() {
		if recover() != nil {
			r.logger.Error("function panicked", "path", path.String(), "stack", string(debug.Stack()))
			value, err = nil, errPanicked
		}
	}()
	return handler()
}
