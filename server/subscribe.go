package server

import (
	"context"
	"time"

	"convexgateway/auth"
	"convexgateway/convex"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// Subscribe streams a query's results.
func (s *functionService) Subscribe(req *gatewayv1.SubscribeRequest, stream gatewayv1.FunctionService_SubscribeServer) error {
	inv, err := parseInvocation(req)
	if err != nil {
		return err
	}
	callFrom(stream.Context()).path = inv.path.String()
	resume, err := parseResumeToken(req.GetResumeToken())
	if err != nil {
		return err
	}
	id, _ := auth.FromContext(stream.Context())
	watch, err := s.streams.watch(stream.Context(), id, req.GetRefreshKey(), req.GetHeartbeat())
	if err != nil {
		return err
	}
	f := &follower{
		inv: inv, resume: resume, metrics: s.streams.metrics, send: func(e *event) error { return stream.SendMsg(e) },
	}
	return watch.run(f)
}

// follower turns the states of a subscription into events of one Subscribe stream.
type follower struct {
	inv    invocation
	resume resumeToken // zero once it has been answered
	send   func(*event) error

	metrics  *metrics
	identity convex.Identity
	tag      string
	started  bool // something was sent under this identity
	moving   bool // to another identity of the same person: what was sent last is told no more until it differs
	link     convex.LinkState
	result   *convex.Result // sent last
}

func (f *follower) subscribe(live liveQueries, id *auth.Identity, samePerson bool) (*convex.Subscription, error) {
	f.identity, f.tag = id.Key(), id.Tag()
	if f.moving = samePerson && f.started; !f.moving {
		f.started, f.result = false, nil
	}
	return live.Subscribe(credentialOf(id), f.inv.path, f.inv.args, convex.SubscribeOptions{NotBefore: f.resume.readTime})
}

// show sends what is new. The first state is always told: as its result, or else as the state of the link.
func (f *follower) show(_ *auth.Identity, state convex.State) error {
	if f.moving && state.Result == nil {
		return nil
	}
	fresh := state.Result != nil && state.Result != f.result
	if fresh && f.moving && state.Result.SameOutcome(f.result) {
		fresh, f.result = false, state.Result
	}
	f.moving = false
	if !f.started && fresh {
		f.link = convex.Connected // implied by the result
	}
	if state.Link != f.link || (!f.started && !fresh) {
		f.link = state.Link
		if err := f.send(connectionEvent(f.link, f.tag)); err != nil {
			return err
		}
	}
	live := f.started // and not an older result for somebody who has just come
	f.started = true
	if !fresh {
		return nil
	}
	f.result = state.Result
	err := f.sendResult(state.Result)
	if live && err == nil {
		f.metrics.delivered(state.Result)
	}
	return err
}

func (f *follower) sendResult(r *convex.Result) error {
	e := resultEvent(r, f.identity, f.tag, f.inv)
	if f.resume == (resumeToken{}) {
		return f.send(e)
	}
	now, err := parseResumeToken(e.message.ResumeToken) // made once for all who share the result
	if err != nil {
		return err
	}
	known := f.resume.hash == now.hash
	if f.resume = (resumeToken{}); known {
		return f.send(unchangedEvent(e))
	}
	return f.send(e)
}

// The rest of a token's life is nothing to tell a follower.
func (f *follower) tokenNeeded(*auth.Identity, time.Time) error { return nil }
func (f *follower) silent(*auth.Identity, *auth.Error) error    { return nil }
func (f *follower) ended(context.Context, error) error          { return nil }

func (f *follower) beat() error { return f.send(connectionEvent(f.link, f.tag)) }
