package limit

// Reading holds bytes of messages while they are read that nobody can be refused for: those of the deployment. It waits for room instead,
// but for one at a time, so that reading goes on, however full the budget is. It has no share. Safe for concurrent use.
type Reading struct {
	budget *Budget
	held   int64         // bytes
	freed  chan struct{} // closed when bytes are given back; nil unless somebody waits
}

// Reading returns the budget's; there is one of a budget. A nil budget has no limit.
func (b *Budget) Reading() *Reading {
	if b == nil {
		return nil
	}
	return &b.reading
}

// Await waits until n bytes of a message may be held, and holds them.
func (r *Reading) Await(n int) {
	if r == nil {
		return
	}
	b := r.budget
	b.mu.Lock()
	for b.total > 0 && r.held > 0 && b.held+int64(n) > b.total {
		if r.freed == nil {
			r.freed = make(chan struct{})
		}
		freed := r.freed
		b.mu.Unlock()
		<-freed
		b.mu.Lock()
	}
	r.add(int64(n))
	b.mu.Unlock()
}

// Add holds n more bytes of a message that Await has held bytes of.
func (r *Reading) Add(n int) {
	if r == nil {
		return
	}
	r.budget.mu.Lock()
	defer r.budget.mu.Unlock()
	r.add(int64(n))
}

// Give gives n bytes back.
func (r *Reading) Give(n int) { r.Add(-n) }

// add changes what is held. The caller holds the budget's mu.
func (r *Reading) add(n int64) {
	r.held += n
	r.budget.held += n
	if n < 0 {
		r.budget.wake()
	}
}

// wake wakes those that wait for room. The caller holds mu.
func (b *Budget) wake() {
	if b.reading.freed != nil {
		close(b.reading.freed)
		b.reading.freed = nil
	}
}
