package rpc

import (
	"cmp"
	"slices"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"convexgateway/auth"
	convexlive "convexgateway/convex/live"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
	"convexgateway/server/live"
)

// maxTargets is how many targets a stream may have at once.
const maxTargets = 1_000

// watchSink is a Watch or WatchSet stream, and sends its responses.
//
// What every response needs is beside the fields of the same kind of live.Stream.
type watchSink struct {
	ended  []*watchedQuery // that have ended before the stream has begun
	format Format
	inJSON bool
	authEvents

	stream  grpc.ServerStream
	metrics *callMetrics
	targets []*watchTarget // by number
	unshown int            // targets without an outcome
	groups  []*watchGroup  // by number
	set     watchedSet     // empty before the first
	first   struct {       // in the same piece of memory
		group  watchGroup
		target watchTarget
	}
	one struct { // of the lists, until they are longer
		targets [1]*watchTarget
		groups  [1]*watchGroup
	}
	live.Stream
}

// Subscribe implements [live.Sink]. After a change of identity every target gets another outcome, whatever its client has.
func (w *watchSink) Subscribe(stream *live.Stream, samePerson bool) (live.Source, error) {
	if err := w.begin(stream.Identity(), samePerson); err != nil {
		return nil, err
	}
	if before := stream.Source(); before != nil {
		before.Close()
	}
	set, err := stream.Watch(stream.Identity())
	if err != nil {
		return nil, err
	}
	again := w.set.Set != nil
	w.set = watchedSet{Set: set}
	for _, t := range w.targets {
		if again && t.query != nil {
			t.query.resume, t.query.journal = resumeToken{}, ""
		}
		w.follow(t)
	}
	for _, g := range w.groups {
		g.started, g.complete = false, false
		for _, at := range g.asked {
			set.Checkpoint(g.number, at)
		}
	}
	for _, q := range w.ended {
		if err := w.sendRemoved(q.target, q.group, q.err); err != nil {
			return nil, err
		}
	}
	w.ended = nil
	return &w.set, nil
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
	t := &w.first.target
	if t.of != nil {
		t = &watchTarget{}
	}
	*t = watchTarget{number: q.target, of: w.groupOf(q.group), inv: q.inv, query: q}
	w.targets = append(w.targets, t) // its number is greater than all others
	t.of.targets++
	w.unshown++
	return t
}

// follow follows a target's query. Its results are not older than others of its group.
func (w *watchSink) follow(t *watchTarget) {
	opts := convexlive.TargetOptions{NotBefore: t.of.read}
	if q := t.query; q != nil {
		opts = convexlive.TargetOptions{NotBefore: max(q.resume.readTime, q.notBefore, t.of.read), Journal: q.journal}
		q.journal = ""
	}
	w.set.Add(t.number, t.of.number, t.inv.Path, t.inv.Args, opts)
}

func (w *watchSink) remove(target uint32) {
	if t := w.target(target); t != nil {
		w.set.Remove(target)
		w.set.forget(target)
		w.drop(t)
	}
}

// target returns the target of a number; nil if there is none.
func (w *watchSink) target(number uint32) *watchTarget {
	i, found := slices.BinarySearchFunc(w.targets, number, func(t *watchTarget, n uint32) int { return cmp.Compare(t.number, n) })
	if !found {
		return nil
	}
	return w.targets[i]
}

// drop forgets a target that has ended.
func (w *watchSink) drop(t *watchTarget) {
	w.targets = slices.DeleteFunc(w.targets, func(other *watchTarget) bool { return other == t })
	t.of.targets--
	if !t.shown {
		w.unshown--
	}
	w.dropIfEmpty(t.of)
}

func (w *watchSink) dropIfEmpty(g *watchGroup) {
	if g.empty() {
		w.groups = slices.DeleteFunc(w.groups, func(other *watchGroup) bool { return other == g })
	}
}

func (w *watchSink) checkpoint(c checkpoint) {
	g := w.groupOf(c.group)
	g.asked = append(g.asked, c.notBefore)
	w.set.Checkpoint(c.group, c.notBefore)
}

// groupOf returns the group of a number, and makes it if there is none.
func (w *watchSink) groupOf(number uint32) *watchGroup {
	i, found := w.groupAt(number)
	if !found {
		w.groups = slices.Insert(w.groups, i, w.newGroup(number))
	}
	return w.groups[i]
}

func (w *watchSink) newGroup(number uint32) *watchGroup {
	g := &w.first.group
	if g.made {
		g = &watchGroup{}
	}
	g.made, g.number = true, number
	return g
}

func (w *watchSink) groupAt(number uint32) (at int, found bool) {
	return slices.BinarySearchFunc(w.groups, number, func(g *watchGroup, n uint32) int { return cmp.Compare(g.number, n) })
}

// refused repeats the authentication state, with the reason for which a token is refused.
func (w *watchSink) refused(reason auth.Reason) error {
	m := proto.CloneOf(w.last)
	m.Reason = string(reason)
	return w.sendAuth(m)
}

// sendRemoved sends that a target has ended before its query was followed.
func (w *watchSink) sendRemoved(target, group uint32, err error) error {
	return w.send(watchHead{group: group, tag: w.Identity().Tag()}, nil, shownChanges{changes: []Change{removedChange(target, err)}})
}

func (w *watchSink) sendAuth(m *gatewayv1.AuthStateResponse) error {
	if m == noCredentials {
		return w.sendEvent(noCredentialsEvent)
	}
	return w.sendEvent(newWatchEvent(&gatewayv1.WatchResponse{Auth: m}, nil))
}

// noCredentialsEvent is encoded once for all streams.
var noCredentialsEvent = newWatchEvent(&gatewayv1.WatchResponse{Auth: noCredentials}, nil)

func (w *watchSink) sendEvent(e *WatchEvent) error {
	w.Sent()
	return w.stream.SendMsg(e)
}

// Heartbeat implements [live.Sink]. It repeats the link of the lowest group.
func (w *watchSink) Heartbeat() error {
	number, link := uint32(0), w.set.link
	if len(w.groups) > 0 {
		number, link = w.groups[0].number, w.groups[0].link
	}
	return w.send(watchHead{group: number, tag: w.Identity().Tag()}, connectionOf(link), shownChanges{})
}
