package contract

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path"
	"sync"
	"sync/atomic"
	"time"

	"convexgateway/convex"
	"convexgateway/internal/wait"
	"convexgateway/server/typed"
)

// Interval is how often the files are looked at for changes.
const Interval = 2 * time.Second

// Options are what a contract is made of.
type Options struct {
	Files  fs.FS // nil: there are none, and nothing is checked
	Strict bool  // calls of functions that are not in the files are refused
	Logger *slog.Logger
}

// Contract is an app's contract, as its files are at the moment. Safe for concurrent use.
type Contract struct {
	options Options
	current atomic.Pointer[API] // nil without files

	mu     sync.Mutex // held by who reads
	listed string     // the files as they were read last, or tried
}

// Open reads the files of a contract for the first time.
func Open(o Options) (*Contract, error) {
	c := &Contract{options: o}
	if o.Files == nil {
		return c, nil
	}
	c.listed, _ = list(o.Files)
	return c, c.read()
}

// API returns what the files had when they could be read last; nil if there are none, or no contract.
func (c *Contract) API() *API {
	if c == nil {
		return nil
	}
	return c.current.Load()
}

// Methods returns the methods of the proto files, nil if there are none.
func (c *Contract) Methods() *typed.API {
	if api := c.API(); api != nil {
		return api.Typed
	}
	return nil
}

// Method returns the method of the proto files that has a full name, nil if there is none.
func (c *Contract) Method(name string) *typed.Method {
	return c.Methods().Method(name)
}

// Check returns why a call cannot succeed; see [API]. The arguments are canonical.
func (c *Contract) Check(kind convex.Kind, path convex.Path, args []byte) error {
	if api := c.API(); api != nil {
		return api.check(kind, path, args, c.options.Strict)
	}
	return nil
}

// Follow reads the files again when they have changed, until ctx ends, and calls reloaded with the error of that.
func (c *Contract) Follow(ctx context.Context, reloaded func(error)) {
	if c.options.Files == nil {
		return
	}
	wait.Every(ctx, Interval, func() {
		if c.changed() {
			reloaded(c.Reload())
		}
	})
}

// changed reports whether the files are others than those that were read, or tried, last.
func (c *Contract) changed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	listed, err := list(c.options.Files)
	changed := err == nil && listed != c.listed
	if changed {
		c.listed = listed
	}
	return changed
}

// Reload reads the files again. If they cannot be read, those that were read before stay in use. Calls and streams go on.
func (c *Contract) Reload() error {
	if c.options.Files == nil {
		c.options.Logger.Info("there is no --api to read again")
		return nil
	}
	err := c.read()
	if err != nil {
		c.options.Logger.Error("the files of --api cannot be read again, and the old ones stay in use", "error", err)
	}
	return err
}

func (c *Contract) read() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	api, warnings, err := readAPI(context.Background(), c.options.Files)
	if err != nil {
		return err
	}
	for _, w := range warnings {
		c.options.Logger.Warn("a function of --api is checked less than it could be", "reason", w.String())
	}
	if c.current.Swap(api) != nil {
		c.options.Logger.Info("the files of --api were read again", "functions", len(api.functions))
	}
	return nil
}

// list returns the names, sizes and times of a contract's files.
func list(files fs.FS) (listed string, err error) {
	err = fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if ext := path.Ext(name); err != nil || ext != ".json" && ext != ".proto" {
			return err
		}
		info, err := fs.Stat(files, name) // and not of a link to it
		if errors.Is(err, fs.ErrNotExist) {
			return nil // it has just been removed
		}
		if err != nil {
			return err
		}
		listed += fmt.Sprintln(name, info.Size(), info.ModTime().UnixNano(), entry.Type())
		return nil
	})
	return listed, err
}
