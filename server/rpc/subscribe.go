package rpc

import (
	"convexgateway/server/live"

	"context"
	"time"

	"google.golang.org/grpc"

	"convexgateway/auth"
	"convexgateway/convex"
	convexlive "convexgateway/convex/live"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
)

// Subscribe streams a query's results.
func (s *functionService) Subscribe(req *gatewayv1.SubscribeRequest, stream gatewayv1.FunctionService_SubscribeServer) error {
	f, err := s.follow(req, stream)
	if err != nil {
		return err
	}
	return f.Run()
}

// follow opens a stream. It is apart from Subscribe so that its frame is not on the stack on which the stream waits.
func (s *functionService) follow(req *gatewayv1.SubscribeRequest, stream grpc.ServerStream) (*follower, error) {
	inv, err := ParseInvocation(req, false)
	if err != nil {
		return nil, err
	}
	call.From(stream.Context()).Path = inv.Path.String()
	resume, err := parseResumeToken(req.GetResumeToken())
	if err != nil {
		return nil, err
	}
	id, _ := auth.FromContext(stream.Context())
	f := &follower{stream: stream, inv: inv, resume: resume, metrics: s.metrics}
	return f, f.Open(stream.Context(), s.streams, id, req, f)
}

// follower turns the states of a subscription into events of one Subscribe stream.
type follower struct {
	live.Stream
	stream  grpc.ServerStream
	metrics *callMetrics

	started bool // something was sent under this identity
	moving  bool // to another identity of the same person: what was sent last is told no more until it differs
	link    convexlive.LinkState
	result  *convex.Result // sent last
	read    uint64         // the read time that was sent last, as Result.Timestamp
	resume  resumeToken    // zero once it has been answered
	inv     Invocation
}

// Subscribe implements [live.Sink].
func (f *follower) Subscribe(s *live.Stream, samePerson bool) (*convexlive.Subscription, error) {
	if f.moving = samePerson && f.started; !f.moving {
		f.started, f.result = false, nil
	}
	return s.Subscribe(f.inv.Path, f.inv.Args, max(f.resume.readTime, f.read))
}

// Show sends what is new. The first state is always sent: as its result, or else as the state of the link.
func (f *follower) Show(_ *auth.Identity, state convexlive.State) error {
	if f.moving && state.Result == nil {
		return nil
	}
	fresh := state.Result != nil && state.Result != f.result
	if fresh && f.moving && state.Result.SameOutcome(f.result) {
		fresh, f.result = false, state.Result
	}
	f.moving = false
	if !f.started && fresh {
		f.link = convexlive.Connected // implied by the result
	}
	if state.Link != f.link || (!f.started && !fresh) {
		f.link = state.Link
		if err := f.stream.SendMsg(ConnectionEvent(f.link, f.Identity().Tag())); err != nil {
			return err
		}
	}
	follows := f.started // and not an older result for somebody who has just come
	f.started = true
	if !fresh {
		return nil
	}
	f.result, f.read = state.Result, state.ReadTime
	err := f.sendResult(state)
	if follows && err == nil {
		f.metrics.delivered(state.Result)
	}
	return err
}

func (f *follower) sendResult(state convexlive.State) error {
	e := ResultEvent(state.Result, state.ReadTime, f.Identity(), f.inv)
	if f.resume == (resumeToken{}) {
		return f.stream.SendMsg(e)
	}
	known := f.resume.hash == e.resume.hash
	if f.resume = (resumeToken{}); known {
		return f.stream.SendMsg(UnchangedEvent(e))
	}
	return f.stream.SendMsg(e)
}

// The phases of a token are no events of Subscribe.
func (f *follower) TokenNeeded(*auth.Identity, time.Time) error { return nil }
func (f *follower) Silent(*auth.Identity, *auth.Error) error    { return nil }
func (f *follower) Ended(context.Context, error) error          { return nil }

// Beat implements [live.Sink].
func (f *follower) Beat() error { return f.stream.SendMsg(ConnectionEvent(f.link, f.Identity().Tag())) }
