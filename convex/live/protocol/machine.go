package protocol

import (
	"iter"
	"slices"
	"time"

	"convexgateway/convex"
)

// Machine is one client of the protocol over all of its sockets, of which it has one at a time. Each event is a method; what
// it returns is to be done in the order of Effects. Calls must not overlap.
type Machine struct {
	queries  querySet
	requests requestQueue

	started     uint32 // version of the query set that has all queries with which the socket started
	established bool   // the deployment has answered to all that the socket started with
	reached     Timestamp

	asked           uint32 // version of the query set that was last sent to ask for the time
	nothingReceived bool   // the deployment has sent nothing on the socket
	behind          int    // sockets in a row that it ended as if its time were behind; see Close
}

// Effects are what follows from an event.
type Effects struct {
	Changed   []QueryID // queries with a new outcome, or no longer quarantined
	Failed    []QueryID // culprits, which are removed: their subscribers get the error of the Ending
	FailedAll bool      // all queries are removed: every subscriber gets the error of the Ending
	Outcomes  []Outcome // requests that have ended; after the subscribers, so that a caller reads its own write
	Messages  [][]byte  // to be sent on the socket
	TimeReset bool      // the deployment's time has gone back: what was observed of it starts over
	Contended *Request  // a mutation that is held back until Resume, which is to be called after a pause, or until GiveUp; may be nil
}

// Ending is how a socket ended. The zero value is an end that has nothing to do with what was sent on it.
type Ending struct {
	Err   error // of what is found to be poison; nil if nothing that was sent can be
	Fatal bool  // the deployment sent a FatalError; otherwise the fault may be its own

	Internal bool // the deployment closed it as an internal error
	TooLarge bool // the deployment sent more at once than is taken; Fatal is set as well

	early bool // an internal error before any message: it may be one of time, see timeIsBehind

	// RolledBack is why the deployment gave up what it was running: a lost race of a mutation, or too much to do. No request is
	// poison then, and what is not committed by now is not committed later. Nil for other ends.
	RolledBack *convex.DeploymentError
}

// NewMachine makes the client of a session id, a UUID: by that the deployment recognizes repeated mutations.
func NewMachine(sessionID string) *Machine {
	return &Machine{queries: *newQuerySet(sessionID), requests: requestQueue{session: sessionID}}
}

// UseAdminKeys has the deployment take the machine's tokens for deploy keys. It is for a machine that has not been opened.
func (m *Machine) UseAdminKeys() { m.queries.tokenType = "Admin" }

// effects adds the requests that an event has ended.
func (m *Machine) effects(e Effects) Effects {
	e.Outcomes, m.requests.ended = m.requests.ended, nil
	return e
}

// Open starts a socket. token is empty for anonymous; reason is why the last socket ended.
func (m *Machine) Open(token, reason string, now time.Time) Effects {
	messages := m.queries.connect(token, reason, now)
	m.started, m.established, m.nothingReceived, m.asked = m.queries.sentQuerySet, false, true, 0
	return m.effects(Effects{Messages: append(messages, m.unsent()...)})
}

// Close ends the socket, classifies what was on it if it may be poison, and keeps the rest for the next socket.
func (m *Machine) Close(end Ending) Effects {
	var d diagnosis
	if end.Err != nil {
		end.early = end.Internal && m.nothingReceived
		d = classify(&m.queries, &m.requests, end)
	}
	m.established = false
	m.queries.disconnect(m.reached)
	contended := m.requests.disconnect(end.RolledBack)
	for _, id := range d.queries {
		m.queries.remove(id)
	}
	if d.all {
		m.queries.clear() // no later subscriber meets what may have been poison
	}
	m.requests.fail(end.Err, d.failed)
	return m.effects(Effects{Failed: d.queries, FailedAll: d.all, TimeReset: m.timeIsBehind(end), Contended: contended})
}

// maxBehind is after how many sockets in a row the observed time starts over.
const maxBehind = 2

// timeIsBehind counts the end of a socket by which the deployment may say that it is given a time that it has not reached, which
// happens if older data was put back: it is an internal error, before anything else. It reports whether what was observed of its
// time has been forgotten. Source: get-convex/convex-backend crates/sync/src/worker.rs.
func (m *Machine) timeIsBehind(end Ending) bool {
	if m.behind++; !end.Internal || !m.nothingReceived || m.queries.maxObserved == 0 {
		m.behind = 0
	}
	if m.behind < maxBehind {
		return false
	}
	m.behind, m.reached = 0, 0
	m.queries.forgetTime()
	return true
}

// Resume sends the mutation again that was held back after a lost race.
func (m *Machine) Resume() Effects {
	m.requests.paused = false
	return m.Flush()
}

// GiveUp ends a mutation that lost its races. It reports false if another attempt has to show first whether it is committed.
func (m *Machine) GiveUp(r *Request) (Effects, bool) {
	ended := m.requests.giveUp(r)
	return m.effects(Effects{}), ended
}

// Apply takes a transition as a whole or, with an error that is ErrProtocol, not at all.
func (m *Machine) Apply(t *Transition) (Effects, error) {
	changed, err := m.queries.apply(t)
	if err != nil {
		return Effects{}, err
	}
	m.nothingReceived = false
	messages := m.sendWaiting()
	if m.queries.remote.QuerySet >= m.started && m.TokenAccepted() {
		m.established = true
	}
	if m.established && !m.queries.isolating() {
		m.reached = max(m.reached, m.queries.remote.TS)
	}
	m.requests.reach(m.reached)
	return m.effects(Effects{Changed: changed, Messages: slices.Concat(messages, m.queries.probe(), m.unsent())}), nil
}

// Respond takes the answer to a request.
func (m *Machine) Respond(r *Response) Effects {
	m.nothingReceived = false
	m.queries.maxObserved = max(m.queries.maxObserved, Timestamp(r.Result.Timestamp))
	m.requests.respond(r, m.reached)
	return m.effects(Effects{Messages: m.unsent()})
}

// Add makes a query live; args are canonical.
func (m *Machine) Add(path convex.Path, args []byte) (QueryID, Effects) {
	return m.AddWithJournal(path, args, nil)
}

// AddWithJournal makes a query live, which goes on with a journal of an earlier result; nil is none.
func (m *Machine) AddWithJournal(path convex.Path, args []byte, journal *string) (QueryID, Effects) {
	id, messages := m.queries.add(path, args, journal)
	return id, m.effects(Effects{Messages: messages})
}

// AddFrom makes queries of another machine live, with their journals and results, and returns their ids here in the same order. They stay
// live there.
func (m *Machine) AddFrom(other *Machine, ids []QueryID) ([]QueryID, Effects) {
	added, messages := m.queries.addFrom(&other.queries, ids)
	return added, m.effects(Effects{Messages: messages})
}

// Narrow has fewer queries sent at once when the deployment has ended a socket over them.
func (m *Machine) Narrow() { m.queries.narrows = true }

// QuarantineAnswered has queries quarantined that the deployment has answered before, too, when it has ended sockets over them.
func (m *Machine) QuarantineAnswered() { m.queries.quarantinesAnswered = true }

// TryElsewhere says whether another machine tries the queries that may be poison. They then stay off this one's sockets until Restore or
// Remove.
func (m *Machine) TryElsewhere(other bool) Effects {
	m.queries.elsewhere = other
	return m.effects(Effects{Messages: m.queries.probe()})
}

// QuarantineUnanswered quarantines a query that the deployment has never answered. Others are not changed.
func (m *Machine) QuarantineUnanswered(id QueryID) {
	if q := m.queries.queries[id]; q != nil && !q.answered && !q.quarantined && !m.queries.connected {
		m.queries.quarantine(id)
	}
}

// QuarantinedQueries are those that may be poison, in the order in which they were quarantined.
func (m *Machine) QuarantinedQueries() []QueryID { return slices.Clone(m.queries.quarantined) }

// Restored is a query that is not poison, and the bytes of its result where it was tried.
type Restored struct {
	ID   QueryID
	Size int
}

// Restore sends queries that were quarantined and are not poison. Others are not changed.
func (m *Machine) Restore(restored []Restored) Effects {
	messages := m.queries.restore(restored)
	changed := make([]QueryID, len(restored))
	for i, r := range restored {
		changed[i] = r.ID
	}
	return m.effects(Effects{Changed: changed, Messages: messages})
}

// ResultBytes is what the newest results of all queries have in bytes: a transition may bring all of them.
func (m *Machine) ResultBytes() int { return m.queries.resultBytes }

// Remove ends queries.
func (m *Machine) Remove(ids ...QueryID) Effects {
	messages := m.queries.remove(ids...)
	return m.effects(Effects{Messages: slices.Concat(messages, m.sendWaiting(), m.unsent())})
}

// sendWaiting sends the queries for which there is room now.
func (m *Machine) sendWaiting() [][]byte {
	starting := m.queries.starting()
	messages := m.queries.sendWaiting()
	if starting {
		m.started = m.queries.sentQuerySet
	}
	return messages
}

// Authenticate sends a newer token on the open socket.
func (m *Machine) Authenticate(token string) Effects {
	return m.effects(Effects{Messages: m.queries.authenticate(token)})
}

// Enqueue takes in a request, or fails with ErrQueueFull. Flush sends it.
func (m *Machine) Enqueue(r *Request) error { return m.requests.add(r) }

// Flush sends the requests that are not on the socket yet.
func (m *Machine) Flush() Effects { return m.effects(Effects{Messages: m.unsent()}) }

// Abandon notes that no caller waits for a request any more. It reports whether it has an Outcome nevertheless: it is on the socket.
func (m *Machine) Abandon(r *Request) (stays bool) { return m.requests.abandon(r) }

// FailRequests ends the requests that match. Those that were sent fail with an unknown outcome, as they may have run.
func (m *Machine) FailRequests(err error, match func(*Request) bool) Effects {
	m.requests.fail(err, match)
	return m.effects(Effects{})
}

// unsent returns the requests that may be sent now: none beside quarantined queries, and none beside quarantined requests
// before everything else is answered.
func (m *Machine) unsent() [][]byte {
	held := m.queries.isolating() || m.requests.isolating() && !m.queries.confirmed()
	if !m.queries.connected || held {
		return nil
	}
	return m.requests.release()
}

// Result returns the newest outcome of a query; nil before the first.
func (m *Machine) Result(id QueryID) *convex.Result { return m.queries.queries[id].result }

// Keep has a query keep a result that it had elsewhere, if its own is equal, so that it is the same for those who compare.
func (m *Machine) Keep(id QueryID, result *convex.Result) {
	if q := m.queries.queries[id]; result != nil && q.result.SameOutcome(result) {
		q.result = result
	}
}

// Quarantined reports whether a query is off the socket, or alone on it, because it may be poison.
func (m *Machine) Quarantined(id QueryID) bool {
	q := m.queries.queries[id]
	return q != nil && q.quarantined
}

// At is the time of all outcomes that Holds reports: that of the socket's last transition or, without a socket, of what the last one has
// reached. It goes back at a TimeReset only.
func (m *Machine) At() Timestamp {
	if m.queries.connected {
		return max(m.reached, m.queries.remote.TS)
	}
	return m.reached
}

// Holds reports whether the newest outcome of a query is known to hold at the time that At returns.
func (m *Machine) Holds(id QueryID) bool {
	if m.queries.connected {
		return m.Answered(id)
	}
	q := m.queries.queries[id]
	if q == nil || q.result == nil || q.dated || q.missing || q.quarantined {
		return false
	}
	return q.known == m.reached && Timestamp(q.result.Timestamp) <= m.reached
}

// Missing reports whether the results of this socket are without an outcome of the query: it is quarantined, was sent after the
// others, or was left out of the answer. Its result is then known to hold up to a time before Reached.
func (m *Machine) Missing(id QueryID) (known Timestamp, missing bool) {
	q := m.queries.queries[id]
	return q.known, q.missing || q.result != nil && m.established && (q.quarantined || !q.read && !m.queries.isolating())
}

// Answered reports whether the deployment has answered with an outcome of the query on this socket.
func (m *Machine) Answered(id QueryID) bool {
	q := m.queries.queries[id]
	return q != nil && m.queries.connected && q.read && !q.quarantined && m.queries.unanswered[id] == nil
}

// Established reports whether the deployment has answered to all that the socket started with.
func (m *Machine) Established() bool { return m.established }

// CaughtUp reports whether it has answered to all that it was sent, and nothing is quarantined.
func (m *Machine) CaughtUp() bool {
	return m.queries.confirmed() && !m.queries.isolating() && !m.requests.isolating()
}

// TokenAccepted reports whether the deployment has accepted the last token that it was sent on the socket.
func (m *Machine) TokenAccepted() bool { return m.queries.identityConfirmed() }

// TokensSent is the number of tokens that were sent on the socket.
func (m *Machine) TokensSent() uint32 { return m.queries.sentIdentity }

// Reached is the time of the deployment's state that the results reflect. It goes back at a TimeReset only.
func (m *Machine) Reached() Timestamp { return m.reached }

// AskTime sends a change of the query set that changes nothing, whose transition is at the deployment's latest commit. It sends none
// while another is under way, on a socket that is not open, or beside quarantined queries, and then reports false.
func (m *Machine) AskTime() (Effects, bool) {
	if !m.queries.connected || m.queries.isolating() || m.asked > m.queries.remote.QuerySet {
		return Effects{}, false
	}
	messages := [][]byte{m.queries.modify(nil)}
	m.asked = m.queries.sentQuerySet
	return m.effects(Effects{Messages: messages}), true
}

// QuerySetSent is the newest version of the query set that was sent on the socket.
func (m *Machine) QuerySetSent() uint32 { return m.queries.sentQuerySet }

// Covers reports whether the results reflect a time after a version of the query set was sent.
func (m *Machine) Covers(version uint32) bool {
	return m.established && !m.queries.isolating() && m.queries.remote.QuerySet >= version
}

// Awaited reports whether a caller waits for a request.
func (m *Machine) Awaited() bool { return m.requests.awaited() }

// AwaitedRequests are those whose callers wait.
func (m *Machine) AwaitedRequests() iter.Seq[*Request] {
	return func(yield func(*Request) bool) {
		for _, r := range m.requests.pending {
			if !r.abandoned && !yield(r) {
				return
			}
		}
	}
}
