package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"convexgateway/convex"
	"convexgateway/dev/deployment/call"
	"convexgateway/dev/deployment/store"
	"convexgateway/internal/wait"
)

// Config is what a runner runs functions with.
type Config struct {
	Database *store.Database
	URL      string // of the deployment, for the URLs of files
	Slots    Slots
	Logger   *slog.Logger                     // gets handlers' panics
	Redacts  func() bool                      // whether log lines are dropped
	Delay    func(context.Context, call.Kind) // called before each call but nested ones, and may block
	QueryRan func(path call.Path)             // called at each execution of a query
}

// Runner runs the functions of a deployment. Any number of goroutines may use it.
type Runner struct {
	cfg       Config
	functions atomic.Pointer[functions]
	slots     slots
}

// NewRunner fails for an invalid path and for one that is listed twice. It adds the system functions to those listed.
func NewRunner(list []Function, cfg Config) (*Runner, error) {
	r := &Runner{cfg: cfg, slots: newSlots(cfg.Slots)}
	return r, r.replace(list)
}

// Deploy replaces the app's functions. Live queries run again; what runs already goes on. It fails like NewRunner.
func (r *Runner) Deploy(list []Function) error {
	if err := r.replace(list); err != nil {
		return err
	}
	return r.cfg.Database.Deployed()
}

func (r *Runner) replace(list []Function) error {
	all, err := register(append(slices.Clip(list), r.systemFunctions()...))
	if err == nil {
		r.functions.Store(&all)
	}
	return err
}

// Function returns the function at a path, public or internal.
func (r *Runner) Function(path call.Path) (Function, bool) {
	f, ok := (*r.functions.Load())[path]
	return f, ok
}

// Run runs a function. Its error, a [*call.Error], is the deployment's, not the function's.
func (r *Runner) Run(ctx context.Context, c call.Call) (call.Outcome, error) {
	if c.Kind == call.Action && c.Path.IsSystem() && !c.Identity.IsPlainAdmin() {
		return call.Outcome{}, call.NewError(call.Forbidden, "SystemIdentityRequired", "Operation action not permitted")
	}
	if c.Kind == call.Mutation {
		if record, done := r.cfg.Database.RecordOf(c.Key); done {
			return recordedOutcome(record), nil
		}
	}
	if !c.Nested {
		r.cfg.Delay(ctx, c.Kind)
	}
	if !c.Path.Runs() {
		return call.Outcome{}, call.ErrInternal
	}
	release, err := r.slots.take(ctx, c)
	if err != nil {
		return call.Outcome{}, err
	}
	defer release()
	if c.At == nil {
		c.At = r.cfg.Database.Latest()
	}
	tx := r.cfg.Database.Begin(c.At, c.Generation)
	f, refused := r.resolve(c, tx)
	if refused != nil {
		if refused == errArgsNotArray && c.Kind == call.Action {
			return call.Outcome{}, call.NewBadRequest("InvalidArguments", strings.TrimSpace(refused.Text))
		}
		return call.Outcome{Failure: refused, LogLines: []string{}, Reads: tx.ReadSet()}, nil
	}
	if c.Kind == call.Query {
		return r.runQuery(ctx, c, f, tx), nil
	}
	out, err := r.runMutationOrAction(ctx, c, f)
	if err == nil && c.Generation != r.cfg.Database.Generation() {
		return call.Outcome{}, call.ErrInternal // the deployment restarted meanwhile
	}
	return out, err
}

func (r *Runner) runMutationOrAction(ctx context.Context, c call.Call, f resolved) (call.Outcome, error) {
	if c.Kind == call.Mutation {
		return r.runMutation(ctx, c, f)
	}
	return r.runAction(ctx, c, f), nil
}

// recordedOutcome is the outcome of a mutation that is done already.
func recordedOutcome(r store.MutationRecord) call.Outcome {
	value, _ := convex.Decode(r.Result)
	return call.Outcome{Value: value, Encoded: r.Result, LogLines: r.LogLines, Ts: r.Ts}
}

func (r *Runner) runQuery(ctx context.Context, c call.Call, f resolved, tx *store.Transaction) call.Outcome {
	r.cfg.QueryRan(c.Path)
	if c.Journal != "" {
		if err := r.cfg.Database.CheckJournal(c.Journal); err != nil {
			return call.Outcome{Failure: call.Refusal("%v", err), LogLines: []string{}}
		}
	}
	pages := &store.Journal{Before: c.Journal}
	qc := &QueryCtx{ctx, newConsole(f.order), tx.Reader(pages), r.storageIn(tx).StorageReader, Auth{c.Identity}, f.argument, tx.StopState()}
	out := r.finish(c.Path, f, qc.Console, tx, func() (any, error) { return f.query(qc, f.args) })
	out.Reads, out.Journal = tx.ReadSet(), pages.After
	return out
}

func (r *Runner) runMutation(ctx context.Context, c call.Call, f resolved) (call.Outcome, error) {
	for attempt := 0; ; attempt++ {
		tx := r.cfg.Database.Begin(r.cfg.Database.Latest(), c.Generation)
		tx.Committed, tx.Source = c.Committed, c.Path.Canonical()
		mc := &MutationCtx{ctx, newConsole(f.order), tx.Writer(), r.storageIn(tx), Auth{c.Identity}, f.argument}
		out := r.finish(c.Path, f, mc.Console, tx, func() (any, error) { return f.mutation(mc, f.args) })
		if out.Failure != nil {
			return out, nil
		}
		if ctx.Err() != nil {
			return call.Outcome{}, call.ErrInternal // the caller is gone: nothing is committed
		}
		var err error
		out.Ts, err = r.cfg.Database.Commit(tx, c.Key, store.MutationRecord{Result: out.Encoded, LogLines: out.LogLines})
		if err == nil {
			return out, nil
		}
		if record, done := r.cfg.Database.RecordOf(c.Key); done {
			return recordedOutcome(record), nil
		}
		if ctx.Err() != nil || errors.Is(err, store.ErrRestarted) {
			return call.Outcome{}, call.ErrInternal
		}
		if attempt == maxRetries {
			return call.Outcome{}, writeConflict(c.Path, err)
		}
		_ = wait.For(ctx, retryPause(attempt))
	}
}

// maxRetries is how often a mutation runs again after a conflict with another commit.
const maxRetries = 4

// retryPause is how long it waits before: a random part of 100 ms, 200 ms … at most 2 s.
func retryPause(attempt int) time.Duration {
	longest := min(100*time.Millisecond<<attempt, 2*time.Second)
	return time.Duration(rand.Float64() * float64(longest))
}

// writeConflict is the error of a mutation that has lost every race.
func writeConflict(path call.Path, err error) error {
	table, who := "some table", ""
	if c, ok := errors.AsType[*store.Conflict](err); ok {
		table = fmt.Sprintf("the %q table", c.Table)
		switch c.Source {
		case "":
		case path.Canonical():
			who = fmt.Sprintf("Another call to this mutation changed the document with ID %q. ", c.ID)
		default:
			who = fmt.Sprintf("A call to %q changed the document with ID %q. ", c.Source, c.ID)
		}
	}
	return call.NewError(call.OCC, "OptimisticConcurrencyControlFailure", fmt.Sprintf("Documents read from or written to %s changed while "+
		"this mutation was being run and on every subsequent retry. %sSee https://docs.convex.dev/error#1", table, who))
}

func (r *Runner) runAction(ctx context.Context, c call.Call, f resolved) call.Outcome {
	ac := &ActionCtx{ctx, newConsole(f.order), r.storageOf(c), Auth{c.Identity}, f.argument, r, c}
	return r.finish(c.Path, f, ac.Console, nil, func() (any, error) { return f.action(ac, f.args) })
}

// finish runs a handler and makes an outcome of its result. A transaction adds its warnings to the log lines.
func (r *Runner) finish(path call.Path, f resolved, console Console, tx *store.Transaction, handler func() (any, error)) call.Outcome {
	if f.thrown != "" {
		handler = func() (any, error) { return nil, wording("%s", f.thrown) }
	}
	value, err := r.guard(path, handler)
	out := call.Outcome{Value: value}
	size := 0
	if err != nil {
		out.Failure = thrown(path, f.order, err)
	} else {
		out.Encoded, size, out.Failure = r.encodeResult(path, f.Function, value)
	}
	console.warnOfLimits(f.size, size, tx)
	out.LogLines = *console.lines
	if r.cfg.Redacts() {
		out.LogLines = []string{}
	}
	return out
}

var errPanicked = errors.New("the handler panicked")

// guard turns a handler's panic into an error. The value of the panic may be secret, and is dropped.
func (r *Runner) guard(path call.Path, handler func() (any, error)) (value any, err error) {
	defer func() {
		panicked := recover()
		if thrown, ok := panicked.(thrownError); ok {
			value, err = nil, wording("%s", string(thrown))
		} else if panicked != nil {
			r.cfg.Logger.Error("function panicked", "path", path.String(), "stack", string(debug.Stack()))
			value, err = nil, errPanicked
		}
	}()
	return handler()
}
