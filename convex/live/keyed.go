package live

import (
	"context"
	"errors"
	"sync/atomic"

	"convexgateway/convex"
	"convexgateway/convex/live/protocol"
)

// RunKeyed runs a mutation with a request key: it is committed once, however often and through whichever client of the deployment it is
// sent, and every later attempt gets the first success. It is sent again until ctx ends; a same one that is running is joined.
//
// ordered is for callers who have a session of their own: theirs run in the order of the calls, on their first socket, which is opened if
// there is none. Others have no order, and use a pool of sockets: see Options.MutationSockets.
//
// Errors are as those of Run, but AnswerLost in place of OutcomeUnknown, and where a token has ended meanwhile: the caller is to send it again.
func (c *Client) RunKeyed(ctx context.Context, credential convex.Credential, call convex.Call, ordered bool) (*convex.Result, error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	r, err := c.joinRun(ctx, credential, call, ordered)
	if err != nil {
		return nil, err
	}
	select {
	case <-r.done:
		return r.outcome.result, r.outcome.err
	case <-ctx.Done():
		c.leaveRun(*call.Key, r)
		if r.waiting.Load() && errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return nil, ErrQueueFull
		}
		return nil, &convex.DeploymentError{Class: convex.AnswerLost, Kind: call.Kind, Err: ctx.Err()}
	}
}

// keyedRun is one mutation with a key that is running. The client's mu guards callers, session and request.
type keyedRun struct {
	done    chan struct{} // closed when outcome is set
	outcome outcome
	waiting atomic.Bool // for a socket of the pool
	cancel  context.CancelFunc

	callers int
	session *session          // that runs it; nil before
	request *protocol.Request // nil before
}

// joinRun finds the run of a key, or starts it.
func (c *Client) joinRun(ctx context.Context, credential convex.Credential, call convex.Call, ordered bool) (*keyedRun, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sessions == nil {
		return nil, ErrClosed
	}
	r := c.runs[*call.Key]
	if r != nil {
		r.callers++
		r.renew(credential)
		return r, nil
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	r = &keyedRun{done: make(chan struct{}), cancel: cancel, callers: 1}
	c.runs[*call.Key] = r
	c.running.Go(func() {
		r.outcome = c.runKeyed(ctx, r, credential, call, ordered)
		cancel()
		c.mu.Lock()
		if c.runs[*call.Key] == r {
			delete(c.runs, *call.Key)
		}
		c.mu.Unlock()
		close(r.done)
	})
	return r, nil
}

// leaveRun notes that a caller does not wait any more. After the last one the run is given up, and another call starts a new one.
func (c *Client) leaveRun(key convex.RequestKey, r *keyedRun) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r.callers--; r.callers > 0 {
		return
	}
	r.cancel()
	if c.runs[key] == r {
		delete(c.runs, key)
	}
}

// renew has a run go on with the token of another attempt, if that lives longer. The caller holds the client's mu.
func (r *keyedRun) renew(credential convex.Credential) {
	s, request := r.session, r.request
	if s == nil || s.credentials.identity != credential.Identity {
		return
	}
	s.loop.post(func() {
		if credential.Expires.After(request.Credential.Expires) {
			request.Credential = credential
			s.newCredential(credential)
		}
	})
}

// runKeyed runs it, on a goroutine of its own.
func (c *Client) runKeyed(ctx context.Context, r *keyedRun, credential convex.Credential, call convex.Call, ordered bool) outcome {
	s, free, err := c.sessionFor(ctx, r, credential, call, ordered)
	if err != nil {
		return outcome{ran: true, err: err}
	}
	defer free()
	request := newRequest(ctx, credential, call, c.opts.random)
	c.mu.Lock()
	r.session, r.request = s, request
	c.mu.Unlock()
	return s.run(ctx, request, true)
}

// sessionFor returns the session on which a mutation with a key runs, with a place in it, and what is to be called at its end.
func (c *Client) sessionFor(ctx context.Context, r *keyedRun, credential convex.Credential, call convex.Call, ordered bool) (s *session, free func(), err error) {
	switch {
	case c.opts.DedicatedSockets:
		return c.dedicatedSession(credential.Identity, call.Key.SessionID)
	case ordered:
		s, err = c.session(credential.Identity)
		return s, func() {}, err
	}
	r.waiting.Store(true)
	defer r.waiting.Store(false)
	return c.pool.take(ctx, credential.Identity)
}
