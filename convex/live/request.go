package live

import (
	"encoding/json"
	"errors"
	"slices"

	"convexgateway/convex"
)

// ErrQueueFull is returned for a mutation or action that would be one too many on its session.
var ErrQueueFull = errors.New("convex: too many mutations or actions are waiting")

// Caps on what may wait on one session. The deployment closes a socket with more than 1,000 of either, for everybody on
// it. Source: get-convex/convex-backend crates/sync/src/worker.rs.
const (
	maxPendingMutations = 500
	maxPendingActions   = 500
	maxPendingBytes     = 32 << 20 // of arguments; less than maxQueued, so that a new socket can be sent them all
)

// requestQueue is the client's half of mutations and actions as a state machine, as querySet is of queries: calls and
// responses go in, messages and outcomes come out. It does no I/O.
//
// Mutations keep their order, and their ids over reconnects: the deployment knows a repeated one by (session id, request
// id) and answers with the recorded result, so each is applied once however often it is sent. One is done only when the
// queries of the session reflect it. An action is sent once: nobody can tell whether a lost one has run.
type requestQueue struct {
	lastID  uint32
	pending []*request // in the order of their ids
}

// request is one mutation or action.
type request struct {
	id         uint32
	kind       convex.Kind // Mutation or Action
	path       convex.Path
	args       []byte                      // canonical
	credential convex.Credential           // of its caller
	sent       bool                        // on any socket: it may have run
	onSocket   bool                        // sent on this socket
	abandoned  bool                        // its caller has gone
	suspect    bool                        // a mutation that may be what ended a socket; see judge
	strikes    int                         // sockets that may have ended over it
	answered   *convex.Result              // success that the queries do not reflect yet
	done       func(*convex.Result, error) // called once; must not block
}

type requestMessage struct {
	Type      string            `json:"type"` // Mutation or Action
	RequestID uint32            `json:"requestId"`
	UDFPath   string            `json:"udfPath"`
	Args      []json.RawMessage `json:"args"` // one object
}

// add takes in a request, or fails with ErrQueueFull.
func (rq *requestQueue) add(r *request) error {
	count, size := 1, len(r.args)
	for _, other := range rq.pending {
		size += len(other.args)
		if other.kind == r.kind {
			count++
		}
	}
	limit := maxPendingMutations
	if r.kind == convex.Action {
		limit = maxPendingActions
	}
	if count > limit || size > maxPendingBytes {
		return ErrQueueFull
	}
	r.id = rq.lastID
	rq.lastID++
	rq.pending = append(rq.pending, r)
	return nil
}

// release returns what the socket has to be sent, in order. On a new one that is every unfinished mutation, also those
// that were answered and that no transition has covered (the repeat makes the deployment reach them), and the actions
// that were never sent. A suspect must be answered before the next one is sent.
func (rq *requestQueue) release() [][]byte {
	var messages [][]byte
	for _, r := range rq.pending {
		if !r.onSocket {
			r.sent, r.onSocket = true, true
			messages = append(messages, r.message())
		}
		if r.suspect && r.answered == nil {
			break
		}
	}
	return messages
}

func (r *request) message() []byte {
	kind := "Mutation"
	if r.kind == convex.Action {
		kind = "Action"
	}
	return encodeMessage(requestMessage{Type: kind, RequestID: r.id, UDFPath: r.path.String(), Args: []json.RawMessage{r.args}})
}

// disconnect forgets the socket. Actions that were under way fail. Mutations that nobody waits for are dropped, so that
// none runs long after its caller was told that the outcome is unknown.
func (rq *requestQueue) disconnect() {
	rq.fail(errConnectionLost, func(r *request) bool { return r.sent && (r.kind == convex.Action || r.abandoned) })
	for _, r := range rq.pending {
		r.onSocket = false
	}
}

var errConnectionLost = errors.New(connectionLost)

// fail ends the requests that match. Whoever had been sent may have run.
func (rq *requestQueue) fail(err error, match func(*request) bool) {
	rq.pending = slices.DeleteFunc(rq.pending, func(r *request) bool {
		if !match(r) {
			return false
		}
		if r.sent {
			r.done(nil, &convex.DeploymentError{Class: convex.OutcomeUnknown, Kind: r.kind, Err: err})
		} else {
			r.done(nil, err)
		}
		return true
	})
}

// abandon lets go of a request whose caller has gone. On a socket it stays for as long: there it counts, and has its place.
func (rq *requestQueue) abandon(r *request) {
	r.abandoned = true
	if !r.onSocket {
		rq.pending = slices.DeleteFunc(rq.pending, func(other *request) bool { return other == r })
	}
}

// awaited reports whether anybody waits for a request.
func (rq *requestQueue) awaited() bool {
	return slices.ContainsFunc(rq.pending, func(r *request) bool { return !r.abandoned })
}

// respond takes a response; the queries reflect the deployment's state at reached. A response to a request that is not
// pending is a late repeat.
func (rq *requestQueue) respond(m *requestResponse, reached timestamp) {
	i := slices.IndexFunc(rq.pending, func(r *request) bool { return r.id == m.id })
	if i < 0 {
		return
	}
	r := rq.pending[i]
	if m.result.Err == nil && r.kind == convex.Mutation && m.result.Timestamp > uint64(reached) {
		r.answered = m.result
		return
	}
	rq.pending = slices.Delete(rq.pending, i, i+1)
	if m.result.Err != nil {
		r.done(nil, m.result.Err)
	} else {
		r.done(m.result, nil)
	}
}

// reach releases the mutations that the queries reflect at a time.
func (rq *requestQueue) reach(ts timestamp) {
	rq.pending = slices.DeleteFunc(rq.pending, func(r *request) bool {
		covered := r.answered != nil && r.answered.Timestamp <= uint64(ts)
		if covered {
			r.done(r.answered, nil)
		}
		return covered
	})
}
