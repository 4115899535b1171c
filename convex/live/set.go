package live

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"convexgateway/convex"
)

// Set follows many queries of one identity, its targets, in groups. It has one slot for what is new of all of them. All that a group has in
// the slot holds at one time of the deployment: a reader that lags skips whole states of a group, and never gets parts of two. Its methods
// may be called concurrently; commands take effect in the order of the calls. Add, Remove and Checkpoint return when that is so.
//
// What every event needs comes first, so that it is in few lines of the processor's cache; the first group and its first target are in the
// same piece of memory.
type Set struct {
	mu          sync.Mutex
	checkpoints int // that were asked for and not taken
	versions    versions
	changed     []*group
	one         struct { // of the lists, until they are longer
		changed, touched, groups [1]*group
		targets                  [1]*target
	}
	status   setStatus
	listener Listener
	notifier Notifier
	joined   bool // only on the session's loop, as all of what follows

	firstTarget target
	firstGroup  group
	touched     []*group  // that are to be filled
	groups      []*group  // those with targets, by number
	targets     []*target // by number
	maxWait     time.Duration
	caller      string
	credential  convex.Credential

	ready   chan struct{}
	session *session
}

// setStatus is what a set has of the state of its session, and why it has ended.
type setStatus struct {
	link                         LinkState
	confirmed, issuerUnreachable bool
	err                          error // nil until the set has ended
}

func setStatusOf(s State) setStatus {
	return setStatus{link: s.Link, confirmed: s.Confirmed, issuerUnreachable: s.IssuerUnreachable, err: s.Err}
}

// TargetOptions change what a target gets. The zero value is good.
type TargetOptions struct {
	NotBefore uint64 // holds its first result back, as SubscribeOptions.NotBefore; the others of its group go on
	Journal   string // as SubscribeOptions.Journal; where the page cannot go on, the target ends with ErrPageRestart
}

// SetState is what is new of a set.
type SetState struct {
	Link              LinkState // of the session
	Confirmed         bool      // as State.Confirmed
	IssuerUnreachable bool      // as State.IssuerUnreachable
	Err               error     // not nil: the set has ended with this, and nothing changes any more
	// Groups are those with something new, by number. A group is there once with its changes or another link, and then once for each of its
	// checkpoints.
	Groups []GroupState
}

// GroupState is what is new of a group. Its changes, and the earlier results of its targets that are not among them, hold at ReadTime.
// Without Complete those that were not given since Link was Reconnecting may be older.
type GroupState struct {
	Group      uint32
	Link       LinkState     // of the socket that it is on
	ReadTime   uint64        // ns since 1970, by the deployment's clock; 0: none is stated, and nothing is new but Link and the ends of targets
	Complete   bool          // each target that was added so far has an outcome as of ReadTime
	Checkpoint bool          // this answers a checkpoint, and there are no changes
	Changes    []TargetState // by target
}

// TargetState is a newer result of a target, or its end.
type TargetState struct {
	Target uint32
	Result *convex.Result // nil at its end
	Err    error          // not nil: the target has ended with this, and is in its group no more
}

// Ready is sent to when anything is new since Take was called. It is nil for a set with a Listener.
func (w *Set) Ready() <-chan struct{} { return w.ready }

// Take returns what is new since the last call.
func (w *Set) Take() SetState {
	var state SetState
	w.TakeInto(&state)
	return state
}

// TakeInto is Take into a state whose lists are used again: it must not be in use.
func (w *Set) TakeInto(state *SetState) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.versions.read = w.versions.put
	state.Link, state.Confirmed, state.IssuerUnreachable, state.Err = w.status.link, w.status.confirmed, w.status.issuerUnreachable, w.status.err
	state.Groups = state.Groups[:0]
	if len(w.changed) > 1 {
		slices.SortStableFunc(w.changed, func(a, b *group) int { return cmp.Compare(a.number, b.number) })
	}
	for _, g := range w.changed {
		w.checkpoints -= g.slot.checkpoints
		state.Groups = g.take(state.Groups)
	}
	clear(w.changed)
	w.changed = w.changed[:0]
}

// Shown is called by the listener when it has passed on what Take returned last, or has decided not to: a mutation's answer waits for it.
func (w *Set) Shown() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.versions.show()
}

// Add adds a target to a group; args are canonical, as CanonicalArguments returns them. It does nothing if the number is that of a target of
// the set. A group begins with its first target, and ends with its last. How many targets there are, and ends of them that were not taken, is for
// the caller to bound.
func (w *Set) Add(number, group uint32, path convex.Path, args []byte, opts TargetOptions) {
	w.session.do(func(s *session) { s.addTarget(w, number, group, queryKey{path, string(args)}, opts) })
}

// Remove ends a target. Nothing more is taken of it. It does nothing if there is none of this number, as after its end, which is taken all the
// same.
func (w *Set) Remove(number uint32) {
	w.session.do(func(s *session) {
		if t := w.target(number); t != nil {
			s.removeTarget(t)
		}
	})
}

// Checkpoint has a state of a group made when its socket has reached a time of the deployment (ns since 1970), but within
// WatchOptions.MaxWait. 0 is the deployment's latest commit. A group without targets has it at once, with no time. A set with over 1,000
// checkpoints that were not taken ends with ErrTooManyCheckpoints.
func (w *Set) Checkpoint(group uint32, notBefore uint64) {
	w.session.do(func(s *session) { s.checkpoint(w, group, notBefore) })
}

// Renew replaces the set's token by a newer one of the same identity.
func (w *Set) Renew(credential convex.Credential) {
	s := w.session
	s.loop.post(func() { s.renewSet(w, credential) })
}

// Close ends the set. It may be called twice.
func (w *Set) Close() {
	if w.update(func() { w.end(ErrClosed) }) {
		w.signal()
	}
	s := w.session
	s.loop.post(func() { s.leaveSet(w) })
}

// target returns the target of a number; nil if there is none. It is for the session's loop, as group is.
func (w *Set) target(number uint32) *target {
	at, found := w.targetAt(number)
	if !found {
		return nil
	}
	return w.targets[at]
}

func (w *Set) targetAt(number uint32) (at int, found bool) {
	return slices.BinarySearchFunc(w.targets, number, func(t *target, n uint32) int { return cmp.Compare(t.number, n) })
}

// group returns the group of a number; nil if it has no targets.
func (w *Set) group(number uint32) *group {
	at, found := w.groupAt(number)
	if !found {
		return nil
	}
	return w.groups[at]
}

func (w *Set) groupAt(number uint32) (at int, found bool) {
	return slices.BinarySearchFunc(w.groups, number, func(g *group, n uint32) int { return cmp.Compare(g.number, n) })
}

// update changes what is taken next, unless the set has ended. It reports whether that is new, and nothing was since Take was called.
func (w *Set) update(change func()) (first bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.status.err != nil {
		return false
	}
	before := w.versions
	change()
	return w.versions.firstSince(before)
}

// fill fills the groups that were touched. The caller is in update.
func (w *Set) fill() {
	for _, g := range w.touched {
		g.fill()
	}
}

// note notes that something is new. The caller of this, end and put is in update.
func (w *Set) note() { w.versions.put++ }

// end notes why the set has ended. Nothing else of it is taken any more.
func (w *Set) end(err error) {
	w.status.err = err
	w.changed = nil
	w.note()
	w.versions.release(func(uint32) bool { return true })
}

// signal sends to Ready. It never blocks.
func (w *Set) signal() {
	select {
	case w.ready <- struct{}{}:
	default:
	}
}

// awaitShown has shows wait until the listener has shown the present state.
func (w *Set) awaitShown(s *shows) {
	if w.listener == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.status.err == nil {
		w.versions.await(s)
	}
}
