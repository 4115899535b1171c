package live

import (
	"context"
	"errors"
	"strings"

	"convexgateway/convex"
	"convexgateway/convex/live/protocol"
)

var errExpired = errors.New("the token has expired")

// outcome is what Run returns.
type outcome struct {
	result *convex.Result
	ran    bool
	err    error
}

// Run runs a mutation or action over the session of the caller's identity, if that has subscribers or unfinished
// requests. If not, or for what a session cannot run, it reports false, and nothing was done: call over HTTP instead.
//
// Mutations of a session run one at a time in the order of the calls, each exactly once over any number of reconnects,
// and return when the session's subscribers have got results that reflect them, and their listeners have shown these (for 50 ms
// a listener that has not holds a return back, no longer). Callers who share an identity
// wait for each other, so this is for identities of one user's one session, not for widely shared ones.
//
// A mutation that loses races with other writes is sent again until shortly before ctx ends, or for 30 s.
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
	s, err := c.existingSession(credential.Identity)
	if s == nil {
		return nil, err != nil, err
	}
	o := s.run(ctx, newRequest(ctx, credential, call, c.opts.random), false)
	return o.result, o.ran, o.err
}

func newRequest(ctx context.Context, credential convex.Credential, call convex.Call, random func() float64) *protocol.Request {
	return &protocol.Request{
		Kind: call.Kind, Path: call.Path, Args: call.Args, Key: call.Key, Sent: call.Sent, Credential: credential, Contention: convex.NewContention(ctx, random),
	}
}

// run runs a request, on the caller's goroutine. The session has a place for it. If it is not in use, the request does not run unless
// always is set.
func (s *session) run(ctx context.Context, r *protocol.Request, always bool) outcome {
	ended := make(chan outcome, 1) // sent to once by the session, received here
	var unshown *shows             // of a mutation that has committed; set before ended is sent to
	r.Done = func(result *convex.Result, err error) {
		if err == nil && r.Kind == convex.Mutation {
			unshown = s.subscribers.unshown()
		}
		ended <- outcome{result, true, err}
	}
	posted := s.loop.post(func() {
		if always {
			s.stopLingering()
		}
		s.joining.Add(-1)
		if always || s.inUse() {
			s.submit(r)
		} else {
			ended <- outcome{}
		}
		s.lingerIfIdle()
	})
	if !posted {
		return outcome{ran: true, err: ErrClosed}
	}
	select {
	case o := <-ended:
		if unshown != nil {
			unshown.wait(ctx)
		}
		return o
	case <-ctx.Done():
		return s.abandon(ctx, r, ended)
	}
}

// existingSession finds the session of an identity and reserves a place in it; nil if there is none.
func (c *Client) existingSession(identity convex.Identity) (*session, error) {
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

// abandon gives up a request whose context has ended, and returns the outcome as far as it is known. It runs on the caller's
// goroutine.
func (s *session) abandon(ctx context.Context, r *protocol.Request, ended <-chan outcome) outcome {
	asked := make(chan error, 1)
	posted := s.loop.post(func() {
		if stays := s.upstreams.first.machine.Abandon(r); stays && r.Left != nil {
			r.Stays()
			done, left := r.Done, r.Left
			r.Done, r.Stays = func(result *convex.Result, err error) { done(result, err); left() }, nil
		}
		asked <- r.GivenUp(ctx.Err())
		s.lingerIfIdle()
	})
	if !posted {
		return <-ended // the session's end ends all requests
	}
	err := <-asked
	select {
	case o := <-ended: // just before
		return o
	default:
		return outcome{ran: true, err: err}
	}
}
