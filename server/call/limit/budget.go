package limit

import (
	"sync"
)

// Budget bounds the bytes that the gateway holds: requests, from before they are read, responses, until they are written, live queries with
// their results, and what is being read from the deployment. It bounds the sum, and the share of each caller. Safe for concurrent use.
type Budget struct {
	total, share int64 // bytes; 0: no limit
	over         error // of what is refused

	// Shares are those of callers who may hold more or less than others. Set it before the first Open.
	Shares Shares

	mu      sync.Mutex
	held    int64
	callers map[string]*account // those that hold something
	reading Reading
}

// account is what a caller holds.
type account struct {
	caller string
	held   int64 // bytes
	holds  int   // that are open
}

// NewBudget returns a budget of total bytes, of which one caller may hold share; 0 is no limit. over is the error of what is refused.
func NewBudget(total, share int64, over error) *Budget {
	b := &Budget{total: total, share: share, over: over, callers: map[string]*account{}}
	b.reading.budget = b
	return b
}

// Held returns how many bytes are held.
func (b *Budget) Held() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.held
}

// Callers returns how many callers hold something.
func (b *Budget) Callers() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.callers)
}

// Total returns the budget's size in bytes; 0: no limit.
func (b *Budget) Total() int64 { return b.total }

// Open returns an empty hold of a caller. It must be closed. A nil budget has no limit.
func (b *Budget) Open(caller string) *Hold {
	h := &Hold{budget: b}
	if b != nil {
		b.mu.Lock()
		defer b.mu.Unlock()
		h.account = b.callers[caller]
		if h.account == nil {
			h.account = &account{caller: caller}
			b.callers[caller] = h.account
		}
		h.account.holds++
	}
	return h
}

// Hold is what is held for one call, or for one part of it. Safe for concurrent use.
type Hold struct {
	budget  *Budget
	account *account
	bytes   int64
	closed  bool
}

// Take holds n more bytes, or fails and holds no more than before. A nil hold takes nothing and never fails.
func (h *Hold) Take(n int) error {
	if h == nil || h.budget == nil {
		return nil
	}
	b := h.budget
	share := b.Shares.of(h.account.caller, b.total, b.share)
	b.mu.Lock()
	defer b.mu.Unlock()
	if h.closed { // the call is over, and what it still reads is dropped
		return nil
	}
	if b.total > 0 && b.held+int64(n) > b.total || share > 0 && h.account.held+int64(n) > share {
		return b.over
	}
	h.add(int64(n))
	return nil
}

// Give gives n bytes back.
func (h *Hold) Give(n int) {
	if h == nil || h.budget == nil {
		return
	}
	h.budget.mu.Lock()
	defer h.budget.mu.Unlock()
	if !h.closed {
		h.add(-int64(n))
	}
}

// Part returns a hold of the same caller with n bytes, which may outlive this one. It never fails, because they are in memory
// already.
func (h *Hold) Part(n int) *Hold {
	if h == nil || h.budget == nil {
		return nil
	}
	part := h.budget.Open(h.account.caller)
	h.budget.mu.Lock()
	defer h.budget.mu.Unlock()
	part.add(int64(n))
	return part
}

// Close gives all bytes back. It may be called more than once.
func (h *Hold) Close() {
	if h == nil || h.budget == nil {
		return
	}
	b := h.budget
	b.mu.Lock()
	defer b.mu.Unlock()
	if h.closed {
		return
	}
	h.add(-h.bytes)
	h.closed = true
	if h.account.holds--; h.account.holds == 0 {
		delete(b.callers, h.account.caller)
	}
}

// add changes what is held. The caller holds the budget's mu.
func (h *Hold) add(n int64) {
	h.bytes += n
	h.account.held += n
	h.budget.held += n
	if n < 0 {
		h.budget.wake()
	}
}
