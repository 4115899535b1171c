package rpc

import (
	"maps"
	"slices"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"convexgateway/auth"
	convexlive "convexgateway/convex/live"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
	"convexgateway/server/call/limit"
	"convexgateway/server/live"
)

// maxTargets is how many targets a stream may have at once.
const maxTargets = 1_000

// watchSink is a Watch or WatchSet stream, and sends its responses.
type watchSink struct {
	live.Stream
	authEvents
	stream   grpc.ServerStream
	journals *journals
	metrics  *callMetrics
	format   Format
	overREST bool

	set     *watchedSet // nil before the first
	targets map[uint32]*watchTarget
	groups  map[uint32]*watchGroup
	ended   []*watchedQuery // that have ended before the stream has begun
}

// Subscribe implements [live.Sink]. After a change of identity every target gets another outcome, whatever its client has.
func (w *watchSink) Subscribe(stream *live.Stream, samePerson bool) (live.Source, error) {
	if err := w.begin(stream.Identity(), samePerson); err != nil {
		return nil, err
	}
	set, err := stream.Watch()
	if err != nil {
		return nil, err
	}
	again := w.set != nil
	w.set = &watchedSet{Set: set}
	for _, target := range slices.Sorted(maps.Keys(w.targets)) {
		t := w.targets[target]
		if again {
			t.resume, t.journal = resumeToken{}, ""
		}
		w.follow(t)
	}
	for number, g := range w.groups {
		g.started, g.complete = false, false
		for _, at := range g.asked {
			set.Checkpoint(number, at)
		}
	}
	for _, q := range w.ended {
		if err := w.sendRemoved(q.target, q.group, q.err); err != nil {
			return nil, err
		}
	}
	w.ended = nil
	return w.set, nil
}

// take takes in a query before the stream has begun.
func (w *watchSink) take(q *watchedQuery) {
	if err := w.refusal(q); err != nil {
		q.err, q.inv = err, Invocation{}
		w.ended = append(w.ended, q)
		return
	}
	w.newTarget(q)
}

// add takes in a query.
func (w *watchSink) add(q *watchedQuery) error {
	if err := w.refusal(q); err != nil {
		return w.sendRemoved(q.target, q.group, err)
	}
	w.follow(w.newTarget(q))
	return nil
}

// refusal returns why a query is not followed.
func (w *watchSink) refusal(q *watchedQuery) error {
	if q.err == nil && len(w.targets) >= maxTargets {
		return call.ErrTooManyStreams
	}
	return q.err
}

func (w *watchSink) newTarget(q *watchedQuery) *watchTarget {
	t := &watchTarget{watchedQuery: *q}
	w.targets[t.target] = t
	w.groupOf(t.group).targets++
	return t
}

// follow follows a target's query. Its results are not older than others of its group.
func (w *watchSink) follow(t *watchTarget) {
	notBefore := max(t.resume.readTime, t.notBefore, w.groups[t.group].read)
	w.set.Add(t.target, t.group, t.inv.Path, t.inv.Args, convexlive.TargetOptions{NotBefore: notBefore, Journal: t.journal})
	t.journal = ""
}

func (w *watchSink) remove(target uint32) {
	if t := w.targets[target]; t != nil {
		w.set.Remove(target)
		w.drop(t)
	}
}

// drop forgets a target that has ended.
func (w *watchSink) drop(t *watchTarget) {
	delete(w.targets, t.target)
	w.groups[t.group].targets--
	w.dropIfEmpty(t.group)
}

func (w *watchSink) dropIfEmpty(group uint32) {
	if g := w.groups[group]; g != nil && g.empty() {
		delete(w.groups, group)
	}
}

func (w *watchSink) checkpoint(c checkpoint) {
	g := w.groupOf(c.group)
	g.asked = append(g.asked, c.notBefore)
	w.set.Checkpoint(c.group, c.notBefore)
}

func (w *watchSink) groupOf(number uint32) *watchGroup {
	g := w.groups[number]
	if g == nil {
		g = &watchGroup{}
		w.groups[number] = g
	}
	return g
}

// refused repeats the authentication state, with the reason for which a token is refused.
func (w *watchSink) refused(reason auth.Reason) error {
	m := proto.CloneOf(w.last)
	m.Reason = string(reason)
	return w.sendAuth(m)
}

// Show implements [live.Sink].
func (w *watchSink) Show(id *auth.Identity, state convexlive.State) error {
	if id != nil {
		if err := w.authEvents.Show(id, state); err != nil {
			return err
		}
	}
	for _, g := range w.set.take() {
		if err := w.showGroup(id, g); err != nil {
			return err
		}
	}
	return nil
}

// showGroup sends what is new of a group: its changes, its link, or the answer to a checkpoint.
func (w *watchSink) showGroup(id *auth.Identity, state convexlive.GroupState) error {
	g := w.groups[state.Group]
	if g == nil {
		return nil // it is no longer followed
	}
	changes := w.changesOf(id, state)
	results := slices.ContainsFunc(changes, Change.isResult)
	r := &gatewayv1.WatchResponse{Group: state.Group, Complete: state.Complete, IdentityTag: id.Tag()}
	if results || len(changes) == 0 {
		r.ReadTime, g.read = timeOf(state.ReadTime), max(g.read, state.ReadTime)
	}
	if !g.started && results {
		g.link = convexlive.Connected // implied by the result
	}
	if g.targets > 0 && (state.Link != g.link || !g.started && len(changes) == 0) {
		r.Connection, g.link, g.started = connectionOf(state.Link), state.Link, true
	}
	changed := len(changes) > 0 || r.Connection != nil || state.Checkpoint || state.Complete && !g.complete
	g.started, g.complete = g.started || results, state.Complete
	if state.Checkpoint {
		g.answered(state.ReadTime)
	}
	w.dropIfEmpty(state.Group)
	if !changed {
		return nil
	}
	return w.send(r, changes)
}

// changesOf returns the changes of a group as they are sent, and drops the targets that have ended.
func (w *watchSink) changesOf(id *auth.Identity, state convexlive.GroupState) []Change {
	changes := make([]Change, 0, len(state.Changes))
	for _, c := range state.Changes {
		t := w.targets[c.Target]
		switch {
		case t == nil: // it has been removed
		case c.Err != nil:
			changes = append(changes, removedChange(c.Target, c.Err))
			w.drop(t)
		default:
			changes = append(changes, w.resultOf(id, t, c, state.ReadTime))
		}
	}
	return changes
}

// resultOf returns a result as it is sent, or that the client has it already.
func (w *watchSink) resultOf(id *auth.Identity, t *watchTarget, c convexlive.TargetState, readTime uint64) Change {
	e := ResultEvent(c.Result, readTime, id, t.inv)
	if t.shown {
		w.metrics.delivered(c.Result)
	}
	unchanged := t.resume != (resumeToken{}) && t.resume.hash == e.resume.hash
	t.shown, t.resume = true, resumeToken{}
	if unchanged {
		e = UnchangedEvent(e)
	}
	return Change{Target: t.target, Outcome: e}
}

// sendRemoved sends that a target has ended before its query was followed.
func (w *watchSink) sendRemoved(target, group uint32, err error) error {
	return w.send(&gatewayv1.WatchResponse{Group: group, IdentityTag: w.Identity().Tag()}, []Change{removedChange(target, err)})
}

func (w *watchSink) sendAuth(m *gatewayv1.AuthStateResponse) error {
	return w.stream.SendMsg(newWatchEvent(&gatewayv1.WatchResponse{Auth: m}, nil))
}

// send sends a response with its changes, in parts if it is large. Once begun, all are sent.
func (w *watchSink) send(r *gatewayv1.WatchResponse, changes []Change) error {
	parts, hold := w.partsOf(changes)
	defer hold.Close()
	for i, part := range parts {
		last := i == len(parts)-1
		m := &gatewayv1.WatchResponse{
			Group: r.Group, ReadTime: r.ReadTime, IdentityTag: r.IdentityTag, More: !last, Complete: last && r.Complete,
		}
		if i == 0 {
			m.Connection = r.Connection
		}
		if err := w.stream.SendMsg(newWatchEvent(m, part)); err != nil {
			return err
		}
	}
	return nil
}

const (
	maxPart   = 3 << 20  // bytes of a response with several changes: clients accept messages of 4 MiB
	heldState = 64 << 10 // bytes of changes that are held for the caller while they are sent: live queries may have newer results meanwhile
)

// partsOf splits changes into parts, of which there is one at least, and holds their bytes.
func (w *watchSink) partsOf(changes []Change) (parts [][]Change, held *limit.Hold) {
	begin, size, sum := 0, 0, 0
	for i, c := range changes {
		n := c.size(w.overREST)
		if i > begin && size+n > maxPart {
			parts = append(parts, changes[begin:i])
			begin, size = i, 0
		}
		size += n
		sum += n
	}
	if sum > heldState {
		held = call.From(w.stream.Context()).Hold.Part(sum)
	}
	return append(parts, changes[begin:]), held
}

// Heartbeat implements [live.Sink]. It repeats the link of the lowest group.
func (w *watchSink) Heartbeat() error {
	number, link := uint32(0), w.set.link
	if len(w.groups) > 0 {
		number = slices.Min(slices.Collect(maps.Keys(w.groups)))
		link = w.groups[number].link
	}
	return w.send(&gatewayv1.WatchResponse{
		Group: number, Connection: connectionOf(link), IdentityTag: w.Identity().Tag(),
	}, nil)
}
