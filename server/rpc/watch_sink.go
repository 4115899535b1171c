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
	sets    watchedSets
	first   struct { // in the same piece of memory
		group  watchGroup
		target watchTarget
	}
	one struct { // of the lists, until they are longer
		targets [1]*watchTarget
		groups  [1]*watchGroup
	}
	live.Stream
}

// Subscribe implements [live.Sink]. After a change of identity every target of the caller's own gets another outcome, whatever its client has.
func (w *watchSink) Subscribe(stream *live.Stream, samePerson bool) (live.Source, error) {
	again := stream.Source() != nil
	if err := w.begin(stream.Identity(), samePerson); err != nil {
		return nil, err
	}
	if again {
		w.sets.closeOwn()
		return &w.sets, w.followAgain()
	}
	if err := w.followAll(); err != nil {
		w.sets.Close()
		return nil, err
	}
	return &w.sets, nil
}

// followAll follows the queries that were taken in before the stream has begun.
func (w *watchSink) followAll() error {
	for _, t := range w.targets {
		if err := w.follow(t); err != nil {
			return err
		}
	}
	for _, q := range w.ended {
		if err := w.sendRemoved(q, q.err); err != nil {
			return err
		}
	}
	w.ended = nil
	return nil
}

// followAgain follows the caller's own queries for another identity.
func (w *watchSink) followAgain() error {
	for _, t := range w.targets {
		if t.of.anonymous {
			continue
		}
		if t.query != nil {
			t.query.resume, t.query.journal = resumeToken{}, ""
		}
		if err := w.follow(t); err != nil {
			return err
		}
	}
	for _, g := range w.groups {
		if g.anonymous {
			continue
		}
		g.started, g.complete = false, false
		for _, at := range g.asked {
			w.setOf(g).Checkpoint(g.number, at)
		}
	}
	return nil
}

// take takes in a query before the stream has begun.
func (w *watchSink) take(q *watchedQuery) error {
	if err := w.checkGroup(q); err != nil {
		return err
	}
	q.err = w.refusal(q)
	if q.err == nil {
		w.newTarget(q)
	} else {
		q.inv = Invocation{}
		w.ended = append(w.ended, q)
	}
	return nil
}

// add takes in a query.
func (w *watchSink) add(q *watchedQuery) error {
	if err := w.checkGroup(q); err != nil {
		return err
	}
	if err := w.refusal(q); err != nil {
		return w.sendRemoved(q, err)
	}
	return w.follow(w.newTarget(q))
}

// checkGroup returns why a query cannot be in its group. The stream ends then.
func (w *watchSink) checkGroup(q *watchedQuery) error {
	if i, found := w.groupAt(q.group); found && w.groups[i].anonymous != q.anonymous {
		return call.InvalidField("anonymous", "must be the same for all queries of a group")
	}
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
	*t = watchTarget{number: q.target, of: w.groupOf(q), inv: q.inv, query: q}
	w.targets = append(w.targets, t) // its number is greater than all others
	t.of.targets++
	w.unshown++
	return t
}

// follow follows a target's query. Its results are not older than others of its group.
func (w *watchSink) follow(t *watchTarget) error {
	set, err := w.openSet(t.of)
	if err != nil {
		return err
	}
	opts := convexlive.TargetOptions{NotBefore: t.of.read}
	if q := t.query; q != nil {
		opts = convexlive.TargetOptions{NotBefore: max(q.resume.readTime, q.notBefore, t.of.read), Journal: q.journal}
		q.journal = ""
	}
	set.Add(t.number, t.of.number, t.inv.Path, t.inv.Args, opts)
	return nil
}

// as is the identity that a group's queries run as; nil: none.
func (w *watchSink) as(g *watchGroup) *auth.Identity {
	if g.anonymous {
		return nil
	}
	return w.Identity()
}

// setOf returns the set of a group. All of an anonymous caller are in that of anonymous queries.
func (w *watchSink) setOf(g *watchGroup) *watchedSet {
	if w.as(g) == nil {
		return &w.sets.anonymous
	}
	return &w.sets.own
}

// openSet returns the set of a group, which it opens if it is the first there.
func (w *watchSink) openSet(g *watchGroup) (set *watchedSet, err error) {
	set = w.setOf(g)
	if set.Set == nil {
		set.Set, err = w.Watch(w.as(g))
	}
	return set, err
}

func (w *watchSink) remove(target uint32) {
	if t := w.target(target); t != nil {
		set := w.setOf(t.of)
		set.Remove(target)
		set.forget(target)
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

// checkpoint has a checkpoint answered by the group's set, or at once where there is no such group.
func (w *watchSink) checkpoint(c checkpoint) error {
	i, found := w.groupAt(c.group)
	if !found {
		return w.send(watchHead{group: c.group, tag: w.Identity().Tag()}, nil, shownChanges{})
	}
	g := w.groups[i]
	g.asked = append(g.asked, c.notBefore)
	w.setOf(g).Checkpoint(c.group, c.notBefore)
	return nil
}

// groupOf returns the group of a query, and makes it if there is none.
func (w *watchSink) groupOf(q *watchedQuery) *watchGroup {
	i, found := w.groupAt(q.group)
	if !found {
		w.groups = slices.Insert(w.groups, i, w.newGroup(q))
	}
	return w.groups[i]
}

func (w *watchSink) newGroup(q *watchedQuery) *watchGroup {
	g := &w.first.group
	if g.made {
		g = &watchGroup{}
	}
	g.made, g.number, g.anonymous = true, q.group, q.anonymous
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
func (w *watchSink) sendRemoved(q *watchedQuery, err error) error {
	head := watchHead{group: q.group}
	if !q.anonymous {
		head.tag = w.Identity().Tag()
	}
	return w.send(head, nil, shownChanges{changes: []Change{removedChange(q.target, err)}})
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

// Follows reports whether a target is of a function, named by its canonical path.
func (w *watchSink) Follows(path string) bool {
	return slices.ContainsFunc(w.targets, func(t *watchTarget) bool { return t.inv.Path.Canonical() == path })
}

// Heartbeat implements [live.Sink]. It repeats the link of the lowest group.
func (w *watchSink) Heartbeat() error {
	head, link := watchHead{tag: w.Identity().Tag()}, w.sets.link()
	if len(w.groups) > 0 {
		g := w.groups[0]
		head, link = watchHead{group: g.number, tag: w.as(g).Tag()}, g.link
	}
	return w.send(head, connectionOf(link), shownChanges{})
}
