package live

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"convexgateway/convex"
)

type queryID = uint32

// querySet is the client's half of the sync protocol as a state machine: calls and server messages go in, client
// messages come out. It does no I/O, reads no clock and starts no goroutine. Nothing of a socket's state survives the
// socket: connect starts over with the whole set.
type querySet struct {
	sessionID   string // one for the life of the client, so that the deployment knows a resent request
	connections uint32 // sockets opened so far
	maxObserved timestamp
	lastID      queryID
	queries     map[queryID]*liveQuery

	suspects []queryID // queries that are sent one at a time, the next one first; see judge

	connected    bool
	sentQuerySet uint32                 // version of the set that the deployment was last told
	sentIdentity uint32                 // number of tokens that it was sent on this socket
	remote       version                // what its last transition reached
	unanswered   map[queryID]*liveQuery // sent on this socket, and not covered by a transition
}

// liveQuery is one query that the deployment is to keep live.
type liveQuery struct {
	path    convex.Path
	args    []byte         // canonical
	journal *string        // pins the end of a paginated page; goes back to the deployment on every new socket
	result  *convex.Result // newest known, kept over reconnects; nil before the first

	sentIn  uint32 // version of the query set with which it was sent on this socket
	proven  bool   // the deployment has answered to it
	suspect bool   // it may be what ended a socket
	strikes int    // sockets that may have ended over it
}

func newQuerySet(sessionID string) *querySet {
	return &querySet{sessionID: sessionID, queries: map[queryID]*liveQuery{}, unanswered: map[queryID]*liveQuery{}}
}

// maxModifyBytes is where a large query set is split over several messages: the deployment takes frames of 16 MiB.
const maxModifyBytes = 8 << 20

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
	qs.connected, qs.sentQuerySet, qs.sentIdentity, qs.remote = true, 0, 0, version{}
	clear(qs.unanswered)
	messages := [][]byte{encodeMessage(hello)}
	if token != "" {
		messages = append(messages, qs.authenticate(token)...)
	}
	return append(messages, qs.addAll()...)
}

// addAll tells the whole set but for the suspects, in the order the queries were made, even if it is empty.
func (qs *querySet) addAll() [][]byte {
	var messages [][]byte
	var mods []queryModification
	size := 0
	for _, id := range slices.Sorted(maps.Keys(qs.queries)) {
		if qs.queries[id].suspect {
			continue
		}
		m := qs.queries[id].add(id)
		if size += m.size(); size > maxModifyBytes && len(mods) > 0 {
			messages = append(messages, qs.modify(mods))
			mods, size = nil, m.size()
		}
		mods = append(mods, m)
	}
	return append(messages, qs.modify(mods))
}

func (q *liveQuery) add(id queryID) queryModification {
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
			q.sentIn, qs.unanswered[m.QueryID] = qs.sentQuerySet, q
		}
	}
	return encodeMessage(modifyQuerySetMessage{
		Type: "ModifyQuerySet", BaseVersion: base, NewVersion: qs.sentQuerySet, Modifications: mods,
	})
}

// disconnect forgets the socket. Results are kept: they are what the callers last saw.
func (qs *querySet) disconnect() { qs.connected = false }

// add makes a query live. Ids are never used again.
func (qs *querySet) add(path convex.Path, args []byte) (queryID, [][]byte) {
	id := qs.lastID
	qs.lastID++
	q := &liveQuery{path: path, args: args}
	qs.queries[id] = q
	if qs.isolating() {
		qs.suspectOne(id) // next to a suspect nobody could tell which of them it was
		return id, nil
	}
	if !qs.connected {
		return id, nil
	}
	return id, [][]byte{qs.modify([]queryModification{q.add(id)})}
}

// remove ends a query.
func (qs *querySet) remove(id queryID) [][]byte {
	q, onTrial := qs.queries[id], qs.unanswered[id] != nil
	delete(qs.queries, id)
	delete(qs.unanswered, id)
	qs.suspects = slices.DeleteFunc(qs.suspects, func(other queryID) bool { return other == id })
	if !qs.connected || q.suspect && !onTrial {
		return nil
	}
	return [][]byte{qs.modify([]queryModification{{Type: "Remove", QueryID: id}})}
}

// authenticate sends a token on the open socket. The deployment runs every query again under it.
func (qs *querySet) authenticate(token string) [][]byte {
	if !qs.connected {
		return nil
	}
	base := qs.sentIdentity
	qs.sentIdentity++
	return [][]byte{encodeMessage(authenticateMessage{
		Type: "Authenticate", BaseVersion: base, TokenType: "User", Value: token,
	})}
}

// confirmed reports whether the deployment has answered to all that it was sent on this socket.
func (qs *querySet) confirmed() bool {
	return qs.connected && qs.remote.QuerySet == qs.sentQuerySet && qs.identityConfirmed()
}

// identityConfirmed reports whether the deployment has accepted the last token that it was sent.
func (qs *querySet) identityConfirmed() bool {
	return qs.connected && qs.remote.Identity == qs.sentIdentity
}

// errProtocol marks what a correct deployment never sends; the socket is of no more use.
var errProtocol = errors.New("sync protocol error")

// apply takes a transition as a whole or, with an error, not at all. It returns the queries whose outcome changed, and the
// suspects that are none any more.
// Results for queries that are already removed here are dropped: the removal is still on its way.
func (qs *querySet) apply(t *transition) ([]queryID, error) {
	if t.start != qs.remote {
		return nil, fmt.Errorf("%w: transition starts at %v, want %v", errProtocol, t.start, qs.remote)
	}
	if t.end.QuerySet < t.start.QuerySet || t.end.Identity < t.start.Identity || t.end.TS < t.start.TS {
		return nil, fmt.Errorf("%w: transition goes back from %v to %v", errProtocol, t.start, t.end)
	}
	if t.end.QuerySet > qs.sentQuerySet || t.end.Identity > qs.sentIdentity {
		return nil, fmt.Errorf("%w: transition to %v, which was never sent", errProtocol, t.end)
	}
	qs.remote = t.end
	qs.maxObserved = max(qs.maxObserved, t.end.TS)
	var changed []queryID
	for _, m := range t.modifications {
		q := qs.queries[m.id]
		if q == nil || m.result == nil {
			continue
		}
		q.journal = m.journal
		m.result.Timestamp, m.result.Received = uint64(t.end.TS), t.received
		if !q.result.SameOutcome(m.result) {
			q.result = m.result
			changed = append(changed, m.id)
		}
	}
	return append(changed, qs.prove()...), nil
}
