package protocol

import (
	"encoding/json"
	"errors"
	"slices"

	"convexgateway/convex"
)

// ErrQueueFull is returned for a mutation or action that would be one too many on its session.
var ErrQueueFull = errors.New("convex: too many mutations or actions are waiting")

// Caps on what may wait on one session. The deployment closes a socket with more than 1,000 of either, which ends it for all
// its subscribers. Source: get-convex/convex-backend crates/sync/src/worker.rs.
const (
	MaxPendingMutations = 500
	MaxPendingActions   = 500
	maxPendingBytes     = 32 << 20 // of arguments; little enough that a new socket can be sent all of them
)

// ConnectionLost is the reason of a socket that ended without a close frame.
const ConnectionLost = "ConnectionLost"

// requestQueue is the ordered queue of mutations and actions, as querySet is the set of queries: calls and responses go in,
// messages and outcomes come out.
//
// Mutations keep their order, and their ids over reconnects: the deployment recognizes a repeated one by (session id, request
// id) and answers with the recorded result, so each is applied once however often it is sent. One has ended only when the
// queries of the session reflect it. An action is sent once: whether a lost one has run cannot be found out.
type requestQueue struct {
	session  string // whose ids they are, but for requests with a key
	lastID   uint32
	pending  []*Request // in the order of their ids
	awaiting []*Request // those without a response on this socket, as they were sent: keys of two sessions may have one id
	ended    []Outcome  // since the machine took the last ones
	paused   bool       // the contended mutation is held back
}

// Request is one mutation or action.
type Request struct {
	Kind       convex.Kind // Mutation or Action
	Path       convex.Path
	Args       []byte             // canonical
	Credential convex.Credential  // of its caller
	Contention *convex.Contention // until when it is sent again after lost races; nil for an action
	Key        *convex.RequestKey // of a mutation that is committed once over all sessions; nil: the session's own
	// Done is called by the receiver of the Outcome, and must not block. Nothing here calls it.
	Done func(*convex.Result, error)
	// Sent is called when it is first sent, and must not block; nil: nothing is.
	Sent func()
	// Stays is called by the session when nobody waits for it while it is on a socket, and Left then when it has left that; nil: nothing is.
	Stays, Left func()

	id          uint32
	sent        bool           // on any socket: it may have run
	onSocket    bool           // sent on this socket
	abandoned   bool           // no caller waits for it
	quarantined bool           // a mutation that may be poison; see classify
	failures    int            // sockets that may have ended over it
	answered    *convex.Result // success that the queries do not reflect yet

	contended  bool                    // a mutation that may have lost a race with other writes: it is sent alone until it is answered
	alone      bool                    // it was the only unanswered request of the last socket that it was on
	lost       bool                    // a socket that it was on ended without a sign of its fate: a copy may run on
	rolledBack *convex.DeploymentError // the end of the last socket that it was on says that nothing of it is committed; nil if none does
}

// MayHaveRun reports whether the request was sent, and it is not known that nothing of it is committed.
func (r *Request) MayHaveRun() bool { return r.sent && (r.onSocket || r.lost || r.rolledBack == nil) }

// RolledBack is why nothing of the request is committed; nil if it was never sent, or may have run.
func (r *Request) RolledBack() error {
	if !r.sent || r.MayHaveRun() {
		return nil
	}
	return r.rolledBack
}

// Outcome is the end of a request: a result or an error.
type Outcome struct {
	Request *Request
	Result  *convex.Result
	Err     error
}

type requestMessage struct {
	Type      string            `json:"type"` // Mutation or Action
	RequestID uint32            `json:"requestId"`
	UDFPath   string            `json:"udfPath"`
	Args      []json.RawMessage `json:"args"` // one object
}

// add takes in a request, or fails with ErrQueueFull.
func (rq *requestQueue) add(r *Request) error {
	count, size := 1, len(r.Args)
	for _, other := range rq.pending {
		size += len(other.Args)
		if other.Kind == r.Kind {
			count++
		}
	}
	limit := MaxPendingMutations
	if r.Kind == convex.Action {
		limit = MaxPendingActions
	}
	if count > limit || size > maxPendingBytes {
		return ErrQueueFull
	}
	if r.Key != nil {
		r.id = r.Key.RequestID
	} else {
		r.id = rq.lastID
		rq.lastID++
	}
	rq.pending = append(rq.pending, r)
	return nil
}

// release returns what the socket has to be sent, in order. On a new one that is every unfinished mutation, also those
// that were answered and that no transition has covered (the repeat makes the deployment reach them), and the actions
// that were never sent. A quarantined or contended one must be answered before the next one is sent.
func (rq *requestQueue) release() [][]byte {
	var messages [][]byte
	for _, r := range rq.pending {
		if r.contended && rq.paused {
			break
		}
		if !r.onSocket {
			if !r.sent && r.Sent != nil {
				r.Sent()
			}
			r.sent, r.onSocket = true, true
			rq.awaiting = append(rq.awaiting, r)
			messages = append(messages, r.messages(rq.session)...)
		}
		if (r.quarantined || r.contended) && r.answered == nil {
			break
		}
	}
	return messages
}

// messages are those that send it. A mutation with a key of another session is sent in that session: the one in force when the
// deployment takes the message counts, and a Connect changes nothing else of a socket. Measured on convex-local-backend 94a42c3.
func (r *Request) messages(session string) [][]byte {
	kind := "Mutation"
	if r.Kind == convex.Action {
		kind = "Action"
	}
	m := encodeMessage(requestMessage{Type: kind, RequestID: r.id, UDFPath: r.Path.String(), Args: []json.RawMessage{r.Args}})
	if r.Key == nil || r.Key.SessionID == session {
		return [][]byte{m}
	}
	return [][]byte{switchTo(r.Key.SessionID), m, switchTo(session)}
}

// switchTo is a Connect on an open socket: it names the session, a UUID, of the requests that follow.
func switchTo(session string) []byte {
	return slices.Concat([]byte(`{"type":"Connect","sessionId":"`), []byte(session), []byte(`","connectionCount":0,"lastCloseReason":"InitialConnect"}`))
}

// lostError is that of a request that may have run. One with a key is safe to send again.
func (r *Request) lostError(err error) error {
	class := convex.OutcomeUnknown
	if r.Key != nil {
		class = convex.AnswerLost
	}
	return &convex.DeploymentError{Class: class, Kind: r.Kind, Err: err}
}

// GivenUp is the error of a request whose caller gives up because of err.
func (r *Request) GivenUp(err error) error {
	switch {
	case r.MayHaveRun():
		return r.lostError(err)
	case r.RolledBack() != nil:
		return r.RolledBack()
	}
	return err
}

// disconnect ends the socket. Actions on it fail. Abandoned mutations are dropped, so that none runs long after its caller got
// an unknown outcome. rolledBack is that of the Ending; with it, the first mutation without an answer is held back and returned:
// mutations run one at a time, in order.
func (rq *requestQueue) disconnect(rolledBack *convex.DeploymentError) (contended *Request) {
	rq.awaiting = nil
	unanswered := rq.unanswered()
	for _, r := range unanswered {
		r.settle(rolledBack, len(unanswered) == 1)
	}
	rq.fail(errConnectionLost, func(r *Request) bool { return r.sent && (r.Kind == convex.Action || r.abandoned) })
	for _, r := range rq.pending {
		if rolledBack != nil && contended == nil && r.onSocket && r.answered == nil {
			contended = r
			r.contended, rq.paused = true, true
		}
		r.onSocket = false
	}
	return contended
}

// settle notes what the end of a socket says of a request that had no answer on it. Answers that were on their way are lost with
// a socket, so that only a mutation that was alone on it is known to be the one that lost its race or wrote too much; too many
// requests may be those of queries, after its commit.
func (r *Request) settle(rolledBack *convex.DeploymentError, alone bool) {
	r.alone, r.rolledBack = alone, nil
	switch {
	case rolledBack == nil:
		r.lost = true
	case alone && r.Kind == convex.Mutation && (rolledBack.Class == convex.WriteConflict || rolledBack.Code == "TooManyWrites"):
		r.rolledBack = rolledBack
	}
}

// giveUp ends a mutation that was held back, but for one that was not alone on its socket.
func (rq *requestQueue) giveUp(r *Request) bool {
	if r.alone {
		err := errConnectionLost
		if r.rolledBack != nil {
			err = r.rolledBack
		}
		rq.fail(err, func(other *Request) bool { return other == r })
	}
	return r.alone
}

var errConnectionLost = errors.New(ConnectionLost)

// finish notes the outcome of a request that leaves the queue.
func (rq *requestQueue) finish(r *Request, result *convex.Result, err error) {
	rq.ended = append(rq.ended, Outcome{Request: r, Result: result, Err: r.Failure(err)})
}

// Failure is the error of a request that ends with err. One with a key whose token has ended is to be sent again with another, and that one
// has lost its races does not say that a copy of it, of an earlier call or another replica, has: it may have lost them to that.
func (r *Request) Failure(err error) error {
	var e *convex.DeploymentError
	if r.Key == nil || !errors.As(err, &e) {
		return err
	}
	if e.Class == convex.Unauthorized && e.Code == "" || e == r.rolledBack {
		return r.lostError(err)
	}
	return err
}

// fail ends the requests that match. Those that were sent may have run.
func (rq *requestQueue) fail(err error, match func(*Request) bool) {
	rq.pending = slices.DeleteFunc(rq.pending, func(r *Request) bool {
		switch {
		case !match(r):
			return false
		case r.answered != nil: // it is committed, which is worth more than that the queries reflect it
			rq.finish(r, r.answered, nil)
		case r.MayHaveRun():
			rq.finish(r, nil, r.lostError(err))
		default:
			rq.finish(r, nil, err)
		}
		return true
	})
}

// abandon drops a request that no caller waits for. On a socket it stays until that ends: there it counts, and has its place.
// It reports whether it stays.
func (rq *requestQueue) abandon(r *Request) (stays bool) {
	r.abandoned = true
	if !r.onSocket {
		rq.pending = slices.DeleteFunc(rq.pending, func(other *Request) bool { return other == r })
	}
	return slices.Contains(rq.pending, r)
}

// awaited reports whether a caller waits for a request.
func (rq *requestQueue) awaited() bool {
	return slices.ContainsFunc(rq.pending, func(r *Request) bool { return !r.abandoned })
}

// respond takes a response; the queries reflect the deployment's state at reached. A response to a request that is not
// pending is a late repeat.
func (rq *requestQueue) respond(m *Response, reached Timestamp) {
	i := slices.IndexFunc(rq.awaiting, func(r *Request) bool { return r.id == m.ID })
	if i < 0 {
		return
	}
	r := rq.awaiting[i]
	rq.awaiting = slices.Delete(rq.awaiting, i, i+1)
	if i = slices.Index(rq.pending, r); i < 0 {
		return // it has ended
	}
	if m.Result.Err == nil && r.Kind == convex.Mutation && m.Result.Timestamp > uint64(reached) {
		r.answered = m.Result
		return
	}
	rq.pending = slices.Delete(rq.pending, i, i+1)
	if m.Result.Err != nil {
		rq.finish(r, nil, m.Result.Err)
	} else {
		rq.finish(r, m.Result, nil)
	}
}

// reach ends the mutations that the queries reflect at a time.
func (rq *requestQueue) reach(ts Timestamp) {
	rq.pending = slices.DeleteFunc(rq.pending, func(r *Request) bool {
		covered := r.answered != nil && r.answered.Timestamp <= uint64(ts)
		if covered {
			rq.finish(r, r.answered, nil)
		}
		return covered
	})
}

// unanswered are the requests that were sent on this socket and are not answered.
func (rq *requestQueue) unanswered() (list []*Request) {
	for _, r := range rq.pending {
		if r.onSocket && r.answered == nil {
			list = append(list, r)
		}
	}
	return list
}

// isolating reports whether requests are sent one at a time.
func (rq *requestQueue) isolating() bool {
	return slices.ContainsFunc(rq.pending, func(r *Request) bool { return r.quarantined && r.answered == nil })
}
