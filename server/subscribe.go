package server

import (
	"context"
	"time"

	"google.golang.org/grpc"

	"convexgateway/auth"
	"convexgateway/convex"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
)

// Subscribe streams a query's results.
func (s *functionService) Subscribe(req *gatewayv1.SubscribeRequest, stream gatewayv1.FunctionService_SubscribeServer) error {
	f, err := s.follow(req, stream)
	if err != nil {
		return err
	}
	return f.run()
}

// follow opens a stream. It is apart from Subscribe so that its frame is not on the stack on which the stream waits.
func (s *functionService) follow(req *gatewayv1.SubscribeRequest, stream grpc.ServerStream) (*follower, error) {
	inv, err := parseInvocation(req)
	if err != nil {
		return nil, err
	}
	call.From(stream.Context()).Path = inv.path.String()
	resume, err := parseResumeToken(req.GetResumeToken())
	if err != nil {
		return nil, err
	}
	id, _ := auth.FromContext(stream.Context())
	f := &follower{stream: stream, inv: inv, resume: resume}
	return f, f.open(stream.Context(), s.streams, id, req, f)
}

// follower turns the states of a subscription into events of one Subscribe stream.
type follower struct {
	watch
	stream grpc.ServerStream

	started bool // something was sent under this identity
	moving  bool // to another identity of the same person: what was sent last is told no more until it differs
	link    convex.LinkState
	result  *convex.Result // sent last
	resume  resumeToken    // zero once it has been answered
	inv     invocation
}

func (f *follower) subscribe(w *watch, samePerson bool) (*convex.Subscription, error) {
	if f.moving = samePerson && f.started; !f.moving {
		f.started, f.result = false, nil
	}
	return w.live.Subscribe(call.CredentialOf(w.identity), f.inv.path, f.inv.args, convex.SubscribeOptions{
		NotBefore: f.resume.readTime, Reader: w,
	})
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
		if err := f.stream.SendMsg(connectionEvent(f.link, f.identity.Tag())); err != nil {
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
	e := resultEvent(r, f.identity, f.inv)
	if f.resume == (resumeToken{}) {
		return f.stream.SendMsg(e)
	}
	known := f.resume.hash == e.resume.hash
	if f.resume = (resumeToken{}); known {
		return f.stream.SendMsg(unchangedEvent(e))
	}
	return f.stream.SendMsg(e)
}

// The rest of a token's life is nothing to tell a follower.
func (f *follower) tokenNeeded(*auth.Identity, time.Time) error { return nil }
func (f *follower) silent(*auth.Identity, *auth.Error) error    { return nil }
func (f *follower) ended(context.Context, error) error          { return nil }

func (f *follower) beat() error { return f.stream.SendMsg(connectionEvent(f.link, f.identity.Tag())) }
