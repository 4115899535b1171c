package limit

import "sync"

// Places bound how much of one kind callers have open at once: each of them, and all together. Safe for concurrent use. A nil
// *Places has no limit.
type Places struct {
	perCaller, inAll int   // 0: no limit
	over, full       error // of a caller with too many, and of all when there are too many in all

	// Shares are those of callers who may have more or less than others. Set it before the first Take.
	Shares Shares

	mu    sync.Mutex
	all   int
	taken map[string]int // by caller; no entry for 0
}

// NewPlaces returns free places. over is the error of a caller with too many, full that of all when there are too many in all.
func NewPlaces(perCaller, inAll int, over, full error) *Places {
	return &Places{perCaller: perCaller, inAll: inAll, over: over, full: full, taken: map[string]int{}}
}

// Take takes a place for a caller. Each place must be freed once.
func (p *Places) Take(caller string) error {
	if p == nil {
		return nil
	}
	perCaller := int(p.Shares.of(caller, int64(p.inAll), int64(p.perCaller)))
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case perCaller > 0 && p.taken[caller] >= perCaller:
		return p.over
	case p.inAll > 0 && p.all >= p.inAll:
		return p.full
	}
	p.all++
	p.taken[caller]++
	return nil
}

// Free frees a place of a caller.
func (p *Places) Free(caller string) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.all--
	if p.taken[caller]--; p.taken[caller] == 0 {
		delete(p.taken, caller)
	}
}

// Taken returns how many places are taken.
func (p *Places) Taken() int {
	if p == nil {
		return 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.all
}
