package live

import (
	"cmp"
	"slices"
	"time"

	"convexgateway/convex"
)

// group is a part of a set. What the reader takes is guarded by the set's mu, all else is for the session's loop.
//
// After a lost socket the deployment answers little by little. What was given before is then older than the answers, so that a group waits: it
// is filled when all of its targets have been answered again, or when something new has waited for the set's MaxWait.
type group struct {
	set     *Set
	at      *upstream // that serves it; nil if it has no targets
	number  uint32
	queued  bool // it is to be filled
	whole   bool // with all of its targets, not only those in touched
	settled bool // all targets had outcomes that held when it was filled last
	overdue bool // it has waited for long enough
	away    bool // it has lost its socket, and has not been complete since

	awaiting bool // it is among those that wait for a time
	slot     groupSlot
	one      struct{ changed, touched, targets [1]*target } // of the lists, until they are longer

	touched []*target    // whose queries have other outcomes
	targets []*target    // in the order in which they were added
	next    *upstream    // that it moves to; nil if it does not
	slow    time.Time    // until then it is kept on a slow socket, or on the way there
	limit   *time.Timer  // of its wait for answers; nil unless there is something to be given
	behind  *awaitedTime // its upstream has not reached the time that was given last; nil if it has

	checkpoints []*checkpoint
}

// groupSlot is what is taken of a group next.
type groupSlot struct {
	queued      bool // it is in changed of the set
	linkIsNew   bool
	timed       bool // readTime is to be taken
	complete    bool
	link        LinkState
	readTime    uint64    // given last, or to be taken
	changed     []*target // that are fresh, or have ended
	checkpoints int       // that are to be taken
}

func (s *session) newGroup(w *Set, number uint32) *group {
	g := &w.firstGroup
	if g.set != nil {
		g = &group{}
	}
	g.set, g.number, g.whole = w, number, true
	g.slot = groupSlot{link: s.upstreams.first.status.Link, linkIsNew: true, changed: g.one.changed[:0]}
	g.targets, g.touched = g.one.targets[:0], g.one.touched[:0]
	return g
}

// lost notes that the group's socket has ended.
func (g *group) lost() {
	g.settled, g.overdue, g.away = false, false, true
	stop(g.limit)
	g.limit = nil
}

// fill puts what is new into the slot. The caller is in the set's update.
func (g *group) fill() {
	back := false
	switch {
	case len(g.targets) == 0:
		g.slot.timed, g.slot.linkIsNew, g.slot.readTime = false, false, 0
	case g.settled && !g.whole:
		g.fillTouched()
	default:
		back = g.fillWhole()
	}
	clear(g.touched)
	g.touched, g.whole = g.touched[:0], false
	g.answerCheckpoints(back)
}

func (g *group) fillTouched() {
	for _, t := range g.touched {
		g.put(t)
	}
}

// fillWhole looks at all targets. It reports whether their results are held back.
func (g *group) fillWhole() (back bool) {
	l := g.look()
	g.settled = false
	switch {
	case g.isBehind():
		g.slot.complete = g.slot.complete && l.none == 0
		g.putLink()
		return true
	case l.old > 0 && !g.overdue:
		g.slot.complete = false
		if l.fresh || g.at.status.Link == Connected {
			g.wait()
		}
		if g.at.status.Link != Connected {
			g.putLink()
		}
		return true
	case l.old == 0:
		g.endWait()
	}
	g.settled = l.holding == len(g.targets)
	g.putLink()
	for _, t := range g.targets {
		was := t.current
		if t.current = t.holds(); t.current {
			g.put(t)
		}
		if t.fresh && t.current && !was {
			g.putTime() // it was not taken
		}
	}
	g.putComplete(g.settled)
	return false
}

// look is what the targets of a group have.
type look struct {
	holding int  // outcomes that hold now
	old     int  // that were given, and are not known to hold
	none    int  // without an outcome
	fresh   bool // some that hold are others than were given
}

func (g *group) look() (l look) {
	for _, t := range g.targets {
		t.held = t.held && !g.at.reached(t.until)
		switch {
		case t.holds():
			l.holding++
			_, differs := t.newest()
			l.fresh = l.fresh || differs
		case t.result != nil:
			l.old++
		}
		if t.result == nil {
			l.none++
		}
	}
	return l
}

// isBehind reports whether the upstream is yet to reach the time that was given last, and has it asked for that.
func (g *group) isBehind() bool {
	given := g.slot.readTime
	switch {
	case uint64(g.at.machine.At()) >= given:
		g.behind = nil
	case g.behind == nil:
		g.behind = newAwaited(given)
	case g.at.reached(*g.behind): // the deployment's time has gone back
		g.behind, g.slot.readTime = nil, 0
	}
	return g.behind != nil
}

// wait starts the time after which the group is filled although answers are missing.
func (g *group) wait() {
	if g.limit != nil {
		return
	}
	s := g.at.session
	g.limit = s.loop.postAfter(g.set.maxWait, func() {
		if g.limit != nil {
			g.limit, g.overdue, g.whole = nil, true, true
			s.subscribers.touch(g)
		}
	})
}

func (g *group) endWait() {
	stop(g.limit)
	g.limit, g.overdue = nil, false
}

// link is that of the upstream. A group of which all queries are quarantined has none.
func (g *group) link() LinkState {
	link := g.at.status.Link
	off := func(t *target) bool {
		return t.query != nil && t.query.at == g.at && g.at.machine.Quarantined(t.query.id)
	}
	if link == Connected && len(g.targets) > 0 && !slices.ContainsFunc(g.targets, func(t *target) bool { return !off(t) }) {
		return Reconnecting
	}
	return link
}

// newest returns the newest result of a target, and whether it is another than was given or is to be taken.
func (t *target) newest() (result *convex.Result, differs bool) {
	result = t.query.at.machine.Result(t.query.id)
	return result, t.result != result && !t.result.SameOutcome(result)
}

// put has the newest result of a target taken, if it is another. Like the other puts it is for callers in the set's update.
func (g *group) put(t *target) {
	result, differs := t.newest()
	if !differs {
		t.result = result // an equal one, which others have as well
		return
	}
	if t.fresh {
		g.set.session.stats.conflated.Add(1)
	} else {
		g.slot.changed = append(g.slot.changed, t)
	}
	t.result, t.fresh = result, true
	g.putTime()
}

// putTime states the time at which all that was given holds.
func (g *group) putTime() {
	g.slot.readTime, g.slot.timed = uint64(g.at.machine.At()), true
	g.note()
}

func (g *group) putLink() {
	if link := g.link(); g.slot.link != link {
		g.slot.link, g.slot.linkIsNew = link, true
	}
	if g.slot.linkIsNew {
		g.note()
	}
}

// putComplete states whether all targets have outcomes; that they do is new, also again on another socket.
func (g *group) putComplete(complete bool) {
	back := g.away && g.at.link.socket != nil
	if complete && (back || !g.slot.complete) {
		g.putTime()
	}
	if complete && back {
		g.away = false
	}
	g.slot.complete = complete
}

// putEnd has the end of a target taken in place of its result.
func (g *group) putEnd(t *target, err error) {
	if !t.fresh {
		g.slot.changed = append(g.slot.changed, t)
	}
	t.err, t.fresh = err, true
	g.note()
}

// forget has nothing taken of a target.
func (g *group) forget(t *target) {
	g.slot.changed = slices.DeleteFunc(g.slot.changed, func(other *target) bool { return other == t })
}

// note notes that there is something to be taken.
func (g *group) note() {
	if !g.slot.queued {
		g.slot.queued = true
		g.set.changed = append(g.set.changed, g)
	}
	g.set.note()
}

// take appends what is new to a list. The caller holds the set's mu.
func (g *group) take(list []GroupState) []GroupState {
	slot := &g.slot
	list, changes := nextState(list)
	changes = g.takeChanges(changes)
	timed := GroupState{Group: g.number, Link: slot.link, ReadTime: slot.readTime, Complete: slot.complete && slot.readTime > 0}
	state := &list[len(list)-1]
	*state = GroupState{Group: g.number, Link: slot.link, Changes: changes}
	if slot.timed {
		state.ReadTime, state.Complete = timed.ReadTime, timed.Complete
	}
	if !slot.timed && !slot.linkIsNew && len(changes) == 0 {
		list = list[:len(list)-1]
	}
	timed.Checkpoint = true
	for range slot.checkpoints {
		list = append(list, timed)
	}
	slot.queued, slot.timed, slot.linkIsNew, slot.checkpoints = false, false, false, 0
	return list
}

// nextState makes a list longer, and returns the list of changes that was there, to be used again.
func nextState(list []GroupState) ([]GroupState, []TargetState) {
	if n := len(list); n < cap(list) {
		list = list[:n+1]
		return list, list[n].Changes[:0]
	}
	return append(list, GroupState{}), nil
}

// takeChanges appends the newest outcomes of the targets to a list, by target. What does not hold at the group's time is left.
func (g *group) takeChanges(list []TargetState) []TargetState {
	left := g.slot.changed[:0]
	for _, t := range g.slot.changed {
		switch {
		case t.err != nil:
			list = append(list, TargetState{Target: t.number, Err: t.err})
		case t.current:
			list = append(list, TargetState{Target: t.number, Result: t.result})
		default:
			left = append(left, t)
			continue
		}
		t.fresh = false
	}
	clear(g.slot.changed[len(left):])
	g.slot.changed = left
	if len(list) > 1 {
		slices.SortFunc(list, func(a, b TargetState) int { return cmp.Compare(a.Target, b.Target) })
	}
	return list
}
