package live

import (
	"context"
	"errors"
	"strings"

	"convexgateway/convex"
)

// Run runs a mutation or action over the session of the caller's identity, if that has subscribers or unfinished
// requests. If not, or for what a session cannot run, it reports false, and nothing was done: call over HTTP instead.
//
// Mutations of a session run one at a time in the order of the calls, each exactly once over any number of reconnects,
// and return when the session's subscribers have been given results that reflect them. Callers who share an identity
// wait for each other, so this is for identities of one user's one session, not for widely shared ones.
//
// Errors are *FunctionError, *DeploymentError (OutcomeUnknown also if ctx ends after the request was sent), ErrQueueFull,
// ErrClosed, or the context's.
func (c *Client) Run(ctx context.Context, credential convex.Credential, call convex.Call) (result *convex.Result, ran bool, err error) {
	if call.Kind == convex.Query || strings.HasPrefix(call.Path.Module(), "_system/") { // an action of the system would end the socket
		return nil, false, nil
	}
	if ctx.Err() != nil {
		return nil, true, ctx.Err()
	}
	s, err := c.liveSession(credential.Identity)
	if s == nil {
		return nil, err != nil, err
	}
	ended := make(chan outcome, 1) // sent to once by the session, received here
	r := &request{kind: call.Kind, path: call.Path, args: call.Args, credential: credential}
	r.done = func(result *convex.Result, err error) { ended <- outcome{result, true, err} }
	posted := s.post(func() {
		s.joining.Add(-1)
		if s.wanted() {
			s.submit(r)
		} else {
			ended <- outcome{}
		}
		s.lingerIfIdle()
	})
	if !posted {
		return nil, true, ErrClosed
	}
	select {
	case o := <-ended:
		return o.result, o.ran, o.err
	case <-ctx.Done():
		o := s.abandon(ctx, r, ended)
		return o.result, o.ran, o.err
	}
}

// outcome is what Run returns.
type outcome struct {
	result *convex.Result
	ran    bool
	err    error
}

// liveSession finds the session of an identity and reserves a place in it; nil if there is none.
func (c *Client) liveSession(identity convex.Identity) (*session, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sessions == nil {
		return nil, ErrClosed
	}
	s := c.sessions[identity]
	if s != nil {
		s.joining.Add(1)
	}
	return s, nil
}

// submit takes in a request.
func (s *session) submit(r *request) {
	err := s.admitRequest(r)
	if err == nil {
		err = s.requests.add(r)
	}
	if err != nil {
		r.done(nil, err)
		return
	}
	s.tokenChanged() // before it: a request runs under the token that is in force when it arrives
	s.sendRequests()
}

// admitRequest says why a request would be in vain; nil if it would not.
func (s *session) admitRequest(r *request) error {
	c := r.credential
	_, found := s.bestToken()
	switch {
	case c.Token != "" && c.Token == s.refusal.token && s.refusal.err != nil:
		return s.refusal.err
	case s.identity != (convex.Identity{}) && !found && !s.usable(c):
		return &convex.DeploymentError{Class: convex.Unauthorized, Kind: r.kind, Err: errExpired}
	default:
		return s.failFast(r.kind)
	}
}

var (
	errExpired = errors.New("the token has expired")
	errDown    = errors.New("the session has been without connection for some time")
)

// sendRequests sends the requests that wait for it, but none next to suspects.
func (s *session) sendRequests() {
	waits := s.set.isolating() || s.requests.isolating() && !s.set.confirmed()
	if s.socket != nil && !waits {
		s.send(s.requests.release())
	}
}

// responded takes the answer to a mutation or action.
func (s *session) responded(m *requestResponse) {
	s.set.maxObserved = max(s.set.maxObserved, timestamp(m.result.Timestamp))
	s.requests.respond(m, s.reached)
	s.sendRequests()
	s.lingerIfIdle()
}

// abandon lets go of a request whose caller has gone, and says what the caller may know of it.
func (s *session) abandon(ctx context.Context, r *request, ended <-chan outcome) outcome {
	sent := make(chan bool, 1)
	posted := s.post(func() {
		s.requests.abandon(r)
		sent <- r.sent
		s.lingerIfIdle()
	})
	if !posted {
		return <-ended // the session's end ends all requests
	}
	wasSent := <-sent
	select {
	case o := <-ended: // just before
		return o
	default:
	}
	if wasSent {
		return outcome{ran: true, err: &convex.DeploymentError{Class: convex.OutcomeUnknown, Kind: r.kind, Err: ctx.Err()}}
	}
	return outcome{ran: true, err: ctx.Err()}
}
