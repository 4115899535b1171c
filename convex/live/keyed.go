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
// there is none. Others have no order, and use a pool of sockets, in which callers take turns: see Options.MutationSockets.
//
// Errors are as those of Run, but AnswerLost in place of OutcomeUnknown, where a token has ended meanwhile, and where other writes won all races,
// of which one may have been another attempt: the caller is to send it again.
func (c *Client) RunKeyed(ctx context.Context, credential convex.Credential, call convex.Call, ordered bool) (*convex.Result, error) {
	for ctx.Err() == nil {
		r, err := c.joinRun(ctx, credential, call, ordered)
		if err != nil {
			return nil, err
		}
		select {
		case <-r.done:
			if r.token == credential.Token || !isUnauthorized(r.outcome.err) {
				return r.outcome.result, r.outcome.err
			} // the token of another attempt was refused: it is this one's turn
		case <-ctx.Done():
			return nil, c.leaveRun(ctx, r, call)
		}
	}
	return nil, ctx.Err()
}

// isUnauthorized reports whether the deployment has refused a token.
func isUnauthorized(err error) bool {
	var e *convex.DeploymentError
	return errors.As(err, &e) && e.Class == convex.Unauthorized
}

// keyedRun is one mutation with a key that is running. The client's mu guards what is after callers.
type keyedRun struct {
	done    chan struct{} // closed when outcome is set
	outcome outcome
	waiting atomic.Bool // for a socket of the pool
	cancel  context.CancelCauseFunc
	token   string // with which it was begun

	callers    int
	credential convex.Credential // of the same identity, that lives longest
	contention *convex.Contention
	session    *session          // that runs it; nil before
	request    *protocol.Request // nil before
}

// joinRun finds the run of a key, or starts it.
func (c *Client) joinRun(ctx context.Context, credential convex.Credential, call convex.Call, ordered bool) (*keyedRun, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sessions == nil {
		return nil, ErrClosed
	}
	if r := c.runs[*call.Key]; r != nil {
		r.callers++
		r.join(ctx, credential)
		return r, nil
	}
	r := &keyedRun{
		done: make(chan struct{}), callers: 1, token: credential.Token, credential: credential, contention: convex.NewContention(ctx, c.opts.random),
	}
	ctx, r.cancel = context.WithCancelCause(context.WithoutCancel(ctx))
	c.runs[*call.Key] = r
	c.running.Go(func() { c.runKeyed(ctx, r, call, ordered) })
	return r, nil
}

// leaveRun notes that a caller whose context has ended does not wait any more, and returns its error. After the last one the run is given up,
// and another call starts a new one.
func (c *Client) leaveRun(ctx context.Context, r *keyedRun, call convex.Call) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r.callers--; r.callers == 0 {
		r.cancel(nil)
		if c.runs[*call.Key] == r {
			delete(c.runs, *call.Key)
		}
	}
	if r.waiting.Load() && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return ErrQueueFull
	}
	return &convex.DeploymentError{Class: convex.AnswerLost, Kind: call.Kind, Err: ctx.Err()}
}

// join has a run go on for another caller, with its token if that lives longer. The caller holds the client's mu.
func (r *keyedRun) join(ctx context.Context, credential convex.Credential) {
	same := r.credential.Identity == credential.Identity
	if same && credential.Expires.After(r.credential.Expires) {
		r.credential = credential
	}
	if r.session == nil {
		r.contention.Extend(ctx)
		return
	}
	s, request := r.session, r.request
	s.loop.post(func() {
		request.Contention.Extend(ctx)
		if same && credential.Expires.After(request.Credential.Expires) {
			request.Credential = credential
			s.newCredential(credential)
		}
	})
}

// runKeyed runs it, on a goroutine of its own.
func (c *Client) runKeyed(ctx context.Context, r *keyedRun, call convex.Call, ordered bool) {
	r.outcome = c.runInSession(ctx, r, call, ordered)
	var known *convex.DeploymentError
	if r.outcome.err != nil && errors.Is(context.Cause(ctx), ErrClosed) && !errors.As(r.outcome.err, &known) {
		r.outcome.err = ErrClosed
	}
	r.cancel(nil)
	c.mu.Lock()
	if c.runs[*call.Key] == r {
		delete(c.runs, *call.Key)
	}
	c.mu.Unlock()
	close(r.done)
}

// runInSession finds a session for a run, and runs it there.
func (c *Client) runInSession(ctx context.Context, r *keyedRun, call convex.Call, ordered bool) outcome {
	identity := r.credential.Identity
	if ordered && !c.opts.DedicatedSockets {
		s, err := c.session(identity)
		if err != nil {
			return outcome{ran: true, err: err}
		}
		return s.run(ctx, c.requestOf(r, s, call), true)
	}
	r.waiting.Store(true)
	m, err := c.pool.take(ctx, identity, call)
	r.waiting.Store(false)
	if err != nil {
		return outcome{ran: true, err: err}
	}
	request := c.requestOf(r, m.session, call)
	request.Stays, request.Left = func() { c.pool.abandon(m) }, func() { c.pool.freeAbandoned(m) }
	o := m.session.run(ctx, request, true)
	if request.Stays != nil { // otherwise Left is called when it has left the socket
		c.pool.free(m)
	}
	return o
}

// requestOf makes the request of a run.
func (c *Client) requestOf(r *keyedRun, s *session, call convex.Call) *protocol.Request {
	c.mu.Lock()
	defer c.mu.Unlock()
	r.session = s
	r.request = &protocol.Request{
		Kind: call.Kind, Path: call.Path, Args: call.Args, Key: call.Key, Sent: call.Sent, Credential: r.credential, Contention: r.contention,
	}
	return r.request
}
