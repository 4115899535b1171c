package rpc

import (
	"convexgateway/auth"
	"convexgateway/convex"
	convexlive "convexgateway/convex/live"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
	"convexgateway/server/call/limit"
)

// Show implements [live.Sink].
func (w *watchSink) Show(id *auth.Identity, state convexlive.State) error {
	if id != nil {
		if err := w.authEvents.Show(id, w.sets.authState(state)); err != nil {
			return err
		}
	}
	if err := w.showSet(&w.sets.own); err != nil {
		return err
	}
	return w.showSet(&w.sets.anonymous)
}

// showSet sends what is new of the groups of a set.
func (w *watchSink) showSet(set *watchedSet) error {
	if set.Set == nil {
		return nil
	}
	for _, state := range set.take() {
		i, found := w.groupAt(state.Group)
		if !found || w.setOf(w.groups[i]) != set {
			continue // it is no longer followed
		}
		if err := w.showGroup(set, w.groups[i], state); err != nil {
			return err
		}
	}
	set.shown()
	return nil
}

// showGroup sends what is new of a group: its changes, its link, or the answer to a checkpoint.
func (w *watchSink) showGroup(set *watchedSet, g *watchGroup, state convexlive.GroupState) error {
	id := w.as(g)
	if sent, err := w.showShared(id, g, state); sent {
		return err
	}
	shown := w.changesOf(set, id, state)
	head := watchHead{group: state.Group, complete: state.Complete, tag: id.Tag()}
	if shown.results > 0 || len(shown.changes) == 0 {
		head.read, g.read = state.ReadTime, max(g.read, state.ReadTime)
	}
	if !g.started && shown.results > 0 {
		g.link = convexlive.Connected // implied by the result
	}
	var connection *gatewayv1.Connection
	if g.targets > 0 && (state.Link != g.link || !g.started && len(shown.changes) == 0) {
		connection, g.link, g.started = connectionOf(state.Link), state.Link, true
	}
	changed := len(shown.changes) > 0 || connection != nil || state.Checkpoint || state.Complete && !g.complete
	g.started, g.complete = g.started || shown.results > 0, state.Complete
	if state.Checkpoint {
		g.answered(state.ReadTime)
	}
	w.dropIfEmpty(g)
	if !changed {
		return nil
	}
	err := w.send(head, connection, shown)
	clear(shown.changes) // they are not kept until the next ones
	return err
}

// showShared sends the response that another stream has made of the same results, if there is one. It looks at no target: each has had its
// first outcome before.
func (w *watchSink) showShared(id *auth.Identity, g *watchGroup, state convexlive.GroupState) (sent bool, err error) {
	if w.unshown > 0 || !g.started || state.Link != g.link {
		return false, nil
	}
	head := watchHead{group: state.Group, read: state.ReadTime, complete: state.Complete, tag: id.Tag()}
	e := sharedWatchEvent(head, w.format, state.Changes)
	if e == nil {
		return false, nil
	}
	g.read, g.complete = max(g.read, state.ReadTime), state.Complete
	w.metrics.delivered(e.oldest)
	return true, w.sendShared(e)
}

func (w *watchSink) sendShared(e *WatchEvent) error {
	defer w.hold(e.size).Close()
	return w.sendEvent(e)
}

// shownChanges are the changes of a group as they are sent.
type shownChanges struct {
	changes []Change
	results int                      // of them
	same    []convexlive.TargetState // the results that all of the changes are; nil if some are others
	oldest  *convex.Result           // the one that was received first, first ones of a target left out; nil if there are only those
}

// changesOf returns the changes of a group as they are sent, and drops the targets that have ended. They are valid until the next call.
func (w *watchSink) changesOf(set *watchedSet, id *auth.Identity, state convexlive.GroupState) (shown shownChanges) {
	shown.changes = set.taken.changes[:0]
	unchanged := 0
	for _, c := range state.Changes {
		t := w.target(c.Target)
		switch {
		case t == nil: // it has been removed
		case c.Err != nil:
			shown.changes = append(shown.changes, removedChange(c.Target, c.Err))
			w.drop(t)
		default:
			if t.shown && (shown.oldest == nil || c.Result.Received.Before(shown.oldest.Received)) {
				shown.oldest = c.Result
			}
			change, has := w.resultOf(id, t, c, state.ReadTime)
			shown.changes = append(shown.changes, change)
			shown.results++
			if has {
				unchanged++
			}
		}
	}
	set.taken.changes = shown.changes
	if len(state.Changes) > 0 && shown.results-unchanged == len(state.Changes) {
		shown.same = state.Changes
	}
	return shown
}

// resultOf returns a result as it is sent, or that the client has it already.
func (w *watchSink) resultOf(id *auth.Identity, t *watchTarget, c convexlive.TargetState, readTime uint64) (change Change, has bool) {
	e := ResultEvent(c.Result, readTime, id, &t.inv)
	has = t.query != nil && t.query.resume != (resumeToken{}) && t.query.resume.hash == e.resume.hash
	if !t.shown {
		w.unshown--
	}
	t.shown, t.query = true, nil
	if has {
		e = UnchangedEvent(e)
	}
	return Change{Target: t.number, Outcome: e}, has
}

// send sends what is new of a group, in parts if it is large. Once begun, all are sent. The changes are not kept.
func (w *watchSink) send(head watchHead, connection *gatewayv1.Connection, shown shownChanges) error {
	w.metrics.delivered(shown.oldest)
	shareable := connection == nil && shown.same != nil
	if shareable {
		if e := sharedWatchEvent(head, w.format, shown.same); e != nil {
			return w.sendShared(e)
		}
	}
	parts, size := w.partsOf(shown.changes)
	defer w.hold(size).Close()
	for i, part := range parts {
		h := head
		h.more = i < len(parts)-1
		h.complete = head.complete && !h.more
		e := newChangesEvent(h, connection, part)
		if shareable && len(parts) == 1 {
			e.share(w.format, shown.same)
		}
		if err := w.sendEvent(e); err != nil {
			return err
		}
		connection = nil
	}
	return nil
}

// hold holds the bytes of a large state for the caller: live queries may have newer results while it is sent.
func (w *watchSink) hold(bytes int) *limit.Hold {
	if bytes <= heldState {
		return nil
	}
	return call.From(w.stream.Context()).Hold.Part(bytes)
}

const (
	maxPart   = 3 << 20  // bytes of a response with several changes: clients accept messages of 4 MiB
	heldState = 64 << 10 // bytes of a state that is not held
)

// partsOf splits changes into parts, of which there is one at least. It returns their size in all, in bytes.
func (w *watchSink) partsOf(changes []Change) (parts [][]Change, sum int) {
	begin, size := 0, 0
	for i, c := range changes {
		n := c.size(w.inJSON)
		if i > begin && size+n > maxPart {
			parts = append(parts, changes[begin:i])
			begin, size = i, 0
		}
		size += n
		sum += n
	}
	return append(parts, changes[begin:]), sum
}
