package protocol

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"convexgateway/convex"
)

// QueryID is a query's number in its query set. Ids are never used again.
type QueryID = uint32

// querySet is the set of queries: calls and transitions go in, messages come out. Nothing of a socket's state survives the
// socket: connect starts over with the whole set.
type querySet struct {
	sessionID   string // the same on all sockets, so that the deployment recognizes a resent request
	tokenType   string // User or Admin
	connections uint32 // sockets opened so far
	maxObserved Timestamp
	lastID      QueryID
	queries     map[QueryID]*liveQuery

	elsewhere           bool                // quarantined queries are tried by another machine, and not on this socket
	quarantined         []QueryID           // sent one at a time, the one that was sent last first; see classify
	newcomersTurn       bool                // the next one is a newcomer
	waiting             []QueryID           // not sent on this socket yet, in order; see sendWaiting
	later               QueryID             // the first that was not there when the socket started
	resultBytes         int                 // of the newest results
	sizes               map[convex.Path]int // that results of a function are expected to have; nil before the first
	inFlight            int                 // weight of the queries in unanswered
	maxInFlight         int                 // of which more than one may have no more
	narrows             bool                // fewer queries are under way at once when the deployment has ended a socket over them
	quarantinesAnswered bool                // also queries that were answered before may be why a socket has ended
	maxUnanswered       int                 // how many those may be; 0: no bound

	connected    bool
	sentQuerySet uint32                 // newest version of the set that was sent on this socket
	sentIdentity uint32                 // number of tokens that were sent on this socket
	remote       Version                // what its last transition reached
	unanswered   map[QueryID]*liveQuery // sent on this socket, and not covered by a transition
	gone         map[QueryID]*liveQuery // removed before that; nil if there are none
}

// liveQuery is one query that the deployment is to keep live.
type liveQuery struct {
	path    convex.Path
	args    []byte         // canonical
	journal *string        // pins the end of a paginated page; goes back to the deployment on every new socket
	result  *convex.Result // newest one, kept over reconnects; nil before the first
	dated   bool           // the result is of a time that is no more

	read    bool      // the deployment has sent an outcome on this socket
	missing bool      // it has answered without one, as while an index is built: the result may be older than the others
	known   Timestamp // up to when the result was known to hold on the last socket

	expected    int    // bytes of its first result, as another machine has seen it; 0: unknown
	sentIn      uint32 // version of the query set with which it was sent on this socket
	answered    bool   // by the deployment, on any socket
	weight      int    // with which it was sent on this socket; see sendWaiting
	quarantined bool   // it may be poison
	newcomer    bool   // it is quarantined because others were when it came
	failures    int    // sockets that may have ended over it
}

func newQuerySet(sessionID string) *querySet {
	return &querySet{sessionID: sessionID, tokenType: "User", maxInFlight: maxInFlight, queries: map[QueryID]*liveQuery{}, unanswered: map[QueryID]*liveQuery{}}
}

// connect starts a new socket and returns what to send on it, in order. token is empty for anonymous; reason is why the
// last socket ended.
func (qs *querySet) connect(token, reason string, now time.Time) [][]byte {
	hello := connectMessage{
		Type: "Connect", SessionID: qs.sessionID, ConnectionCount: qs.connections, LastCloseReason: reason,
		ClientTS: now.UnixMilli(),
	}
	if qs.maxObserved > 0 {
		hello.MaxObservedTimestamp = &qs.maxObserved
	}
	qs.connections++
	qs.connected, qs.sentQuerySet, qs.sentIdentity, qs.remote = true, 0, 0, Version{}
	clear(qs.unanswered)
	qs.inFlight, qs.gone = 0, nil
	messages := [][]byte{encodeMessage(hello)}
	if token != "" {
		messages = append(messages, qs.authenticate(token)...)
	}
	return append(messages, qs.addAll()...)
}

func (q *liveQuery) add(id QueryID) queryModification {
	return queryModification{
		Type: "Add", QueryID: id, UDFPath: q.path.String(), Args: []json.RawMessage{q.args}, Journal: q.journal,
	}
}

func (qs *querySet) modify(mods []queryModification) []byte {
	if mods == nil {
		mods = []queryModification{}
	}
	base := qs.sentQuerySet
	qs.sentQuerySet++
	for _, m := range mods {
		if q := qs.queries[m.QueryID]; q != nil {
			q.sentIn, q.read, qs.unanswered[m.QueryID] = qs.sentQuerySet, false, q
			q.weight = qs.weigh(q)
			qs.inFlight += q.weight
		}
	}
	return encodeMessage(modifyQuerySetMessage{
		Type: "ModifyQuerySet", BaseVersion: base, NewVersion: qs.sentQuerySet, Modifications: mods,
	})
}

// forgetTime starts the observed time over. Results stay the newest until the deployment sends others.
func (qs *querySet) forgetTime() {
	qs.maxObserved = 0
	for _, q := range qs.queries {
		q.dated = q.result != nil
	}
}

// disconnect ends the socket, which has reached a time. Results are kept: they are the callers' newest.
func (qs *querySet) disconnect(reached Timestamp) {
	qs.connected, qs.waiting = false, nil
	for _, q := range qs.queries {
		if !q.missing && q.read {
			q.known = reached
		}
		q.read = false
	}
}

// add makes a query live; journal may be nil.
func (qs *querySet) add(path convex.Path, args []byte, journal *string) (QueryID, [][]byte) {
	id := qs.lastID
	qs.lastID++
	q := &liveQuery{path: path, args: args, journal: journal}
	qs.queries[id] = q
	if qs.isolating() {
		qs.quarantine(id) // beside a quarantined one, the end of the socket could be due to either
		q.newcomer = true
		return id, nil
	}
	if !qs.connected {
		return id, nil
	}
	if qs.starting() || !qs.hasRoom(q, 0, 0) {
		qs.waiting = append(qs.waiting, id)
		return id, nil
	}
	return id, [][]byte{qs.modify([]queryModification{q.add(id)})}
}

// addFrom makes queries of another set live, with what is known of them.
func (qs *querySet) addFrom(other *querySet, ids []QueryID) (added []QueryID, messages [][]byte) {
	for _, id := range ids {
		from := other.queries[id]
		q := &liveQuery{path: from.path, args: from.args, journal: from.journal, result: from.result, dated: from.dated, answered: from.answered}
		added = append(added, qs.lastID)
		qs.queries[qs.lastID] = q
		qs.replaceResult(nil, q.result)
		if qs.isolating() {
			qs.quarantine(qs.lastID)
			q.newcomer = true
		} else if qs.connected {
			qs.waiting = append(qs.waiting, qs.lastID)
		}
		qs.lastID++
	}
	return added, qs.sendWaiting()
}

// restore sends queries that were quarantined and have proved not to be poison.
func (qs *querySet) restore(restored []Restored) [][]byte {
	for _, r := range restored {
		id := r.ID
		q := qs.queries[id]
		if q == nil || !q.quarantined {
			continue
		}
		q.expected = r.Size
		q.quarantined, q.newcomer, q.answered, q.failures = false, false, true, 0
		qs.quarantined = slices.DeleteFunc(qs.quarantined, func(other QueryID) bool { return other == id })
		if qs.connected && qs.unanswered[id] == nil {
			qs.waiting = append(qs.waiting, id)
		}
	}
	slices.Sort(qs.waiting)
	return qs.sendWaiting()
}

// remove ends queries.
func (qs *querySet) remove(ids ...QueryID) [][]byte {
	var mods []queryModification
	for _, id := range ids {
		q, onSocket := qs.queries[id], qs.unanswered[id] != nil
		if q == nil {
			continue
		}
		delete(qs.queries, id)
		qs.replaceResult(q.result, nil)
		if onSocket {
			qs.noteGone(id)
		}
		if qs.unwait(id) {
			continue
		}
		qs.quarantined = slices.DeleteFunc(qs.quarantined, func(other QueryID) bool { return other == id })
		if qs.connected && (!q.quarantined || onSocket) {
			mods = append(mods, queryModification{Type: "Remove", QueryID: id})
		}
	}
	if len(mods) == 0 {
		return nil
	}
	return [][]byte{qs.modify(mods)}
}

// noteGone notes a query that is removed before its answer: it is still under way, and may end the socket.
func (qs *querySet) noteGone(id QueryID) {
	if qs.gone == nil {
		qs.gone = map[QueryID]*liveQuery{}
	}
	qs.gone[id] = qs.unanswered[id]
	delete(qs.unanswered, id)
}

// authenticate sends a token on the open socket. The deployment runs every query again under it.
func (qs *querySet) authenticate(token string) [][]byte {
	if !qs.connected {
		return nil
	}
	base := qs.sentIdentity
	qs.sentIdentity++
	return [][]byte{encodeMessage(authenticateMessage{
		Type: "Authenticate", BaseVersion: base, TokenType: qs.tokenType, Value: token,
	})}
}

// clear removes all queries. It needs a set that is disconnected.
func (qs *querySet) clear() {
	clear(qs.queries)
	clear(qs.unanswered)
	qs.gone = nil
	qs.quarantined, qs.waiting, qs.inFlight, qs.resultBytes = nil, nil, 0, 0
}

// confirmed reports whether the deployment has answered to all that it is to be sent on this socket.
func (qs *querySet) confirmed() bool {
	return qs.connected && len(qs.waiting) == 0 && qs.remote.QuerySet == qs.sentQuerySet && qs.identityConfirmed()
}

// identityConfirmed reports whether the deployment has accepted the last token that it was sent.
func (qs *querySet) identityConfirmed() bool {
	return qs.connected && qs.remote.Identity == qs.sentIdentity
}

// ErrProtocol marks what a correct deployment never sends; the socket is of no more use.
var ErrProtocol = errors.New("sync protocol error")

// apply takes a transition as a whole or, with an error, not at all. It returns the queries whose outcome changed, and the
// quarantined query that is cleared. Results for queries that are already removed here are dropped: the removal is still on
// its way.
func (qs *querySet) apply(t *Transition) ([]QueryID, error) {
	if t.Start != qs.remote {
		return nil, fmt.Errorf("%w: transition starts at %v, want %v", ErrProtocol, t.Start, qs.remote)
	}
	if t.End.QuerySet < t.Start.QuerySet || t.End.Identity < t.Start.Identity || t.End.TS < t.Start.TS {
		return nil, fmt.Errorf("%w: transition goes back from %v to %v", ErrProtocol, t.Start, t.End)
	}
	if t.End.QuerySet > qs.sentQuerySet || t.End.Identity > qs.sentIdentity {
		return nil, fmt.Errorf("%w: transition to %v, which was never sent", ErrProtocol, t.End)
	}
	qs.remote = t.End
	qs.maxObserved = max(qs.maxObserved, t.End.TS)
	var changed []QueryID
	for _, m := range t.Modifications {
		q := qs.queries[m.ID]
		if q == nil || m.Result == nil {
			continue
		}
		if q.missing {
			changed = append(changed, m.ID)
		}
		q.read, q.missing, q.journal = true, false, m.Journal
		qs.noteSize(q.path, len(m.Result.Value))
		m.Result.Journal = m.Journal
		m.Result.Timestamp, m.Result.Received, m.Result.Age = uint64(t.End.TS), t.Received, t.Age
		if q.dated || !q.result.SameOutcome(m.Result) {
			qs.replaceResult(q.result, m.Result)
			q.result, q.dated = m.Result, false
			changed = append(changed, m.ID)
		}
	}
	return append(changed, qs.markAnswered()...), nil
}
