package admin

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"convexgateway/auth/lease"
	"convexgateway/convex"
	"convexgateway/server/call"
)

// maxBlocks is how many functions may be blocked at once.
const maxBlocks = 1_000

// errTooManyBlocks is of a block over maxBlocks.
var errTooManyBlocks = errors.New("1,000 functions are blocked already")

// Blocks are the functions that are blocked. The zero value has none. Safe for concurrent use.
type Blocks struct {
	current atomic.Pointer[map[string]block] // by canonical path; not changed. nil: none

	mu sync.Mutex // held by who replaces it
}

// block is the newest command for a path. One that has ended is kept as long as an older command may arrive.
type block struct{ until, at time.Time }

// Check returns [call.ErrFunctionBlocked] if a function is blocked.
func (b *Blocks) Check(path convex.Path) error {
	blocked := b.current.Load()
	if blocked == nil {
		return nil
	}
	if time.Now().Before((*blocked)[path.Canonical()].until) {
		return call.ErrFunctionBlocked
	}
	return nil
}

// apply applies a command for a path, unless a newer one was applied.
func (b *Blocks) apply(c *lease.Command) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	next := map[string]block{}
	if old := b.current.Load(); old != nil {
		maps.Copy(next, *old)
	}
	maps.DeleteFunc(next, func(_ string, old block) bool { return now.After(old.at.Add(lease.MaxBlock)) })
	old, known := next[c.Path]
	switch {
	case old.at.After(c.At) || now.After(c.At.Add(lease.MaxBlock)):
		return nil
	case !known && len(next) >= maxBlocks:
		return errTooManyBlocks
	}
	next[c.Path] = block{c.Until, c.At}
	b.current.Store(&next)
	return nil
}

// blockedFunction is one in a list.
type blockedFunction struct {
	Path  string    `json:"path"`
	Until time.Time `json:"until"`
}

// list returns the functions that are blocked now, by path.
func (b *Blocks) list() []blockedFunction {
	found := []blockedFunction{}
	blocked := b.current.Load()
	if blocked == nil {
		return found
	}
	for path, of := range *blocked {
		if time.Now().Before(of.until) {
			found = append(found, blockedFunction{path, of.until})
		}
	}
	slices.SortFunc(found, func(a, b blockedFunction) int { return strings.Compare(a.Path, b.Path) })
	return found
}
