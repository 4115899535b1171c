package rpc

import (
	"context"
	"time"

	"google.golang.org/grpc"

	"convexgateway/auth"
	"convexgateway/convex"
	convexlive "convexgateway/convex/live"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
	"convexgateway/server/live"
)

// Subscribe streams a query's results.
func (s *functionService) Subscribe(req *gatewayv1.SubscribeRequest, stream gatewayv1.FunctionService_SubscribeServer) error {
	sink, err := s.openSubscribe(req, stream)
	if err != nil {
		return err
	}
	return sink.Run()
}

// openSubscribe opens a stream. It is apart from Subscribe so that its frame is not on the stack on which the stream waits.
func (s *functionService) openSubscribe(req *gatewayv1.SubscribeRequest, stream grpc.ServerStream) (*subscribeSink, error) {
	inv, err := ParseInvocation(req, false)
	if err != nil {
		return nil, err
	}
	return s.openInvocation(req, inv, stream)
}

// openInvocation opens the stream of a request whose invocation has been parsed.
func (s *functionService) openInvocation(req *gatewayv1.SubscribeRequest, inv Invocation, stream grpc.ServerStream) (*subscribeSink, error) {
	inv.metrics = s.metrics
	call.From(stream.Context()).Path = inv.Path.String()
	id, _ := auth.FromContext(stream.Context())
	if err := s.check.of(id, convex.Query, inv); err != nil {
		return nil, err
	}
	resume, err := parseResumeToken(req.GetResumeToken())
	if err != nil {
		return nil, err
	}
	journal := ""
	if isPage(inv.Args) {
		inv.journals = &s.journals
		journal = s.journals.open(resume.journal, inv)
	}
	notBefore, err := parseTime("min_read_time", req.GetMinReadTime())
	if err != nil {
		return nil, err
	}
	sink := &subscribeSink{stream: stream, inv: inv, anonymous: s.isAnonymous(req, inv.Path), notBefore: max(notBefore, resume.readTime), journal: journal, metrics: s.metrics}
	if resume != (resumeToken{}) {
		sink.resume = &resume
	}
	return sink, sink.Open(stream.Context(), s.streams, id, req, sink)
}

// subscribeSink is a Subscribe stream, and sends its events.
//
// What every event needs is beside the fields of the same kind of live.Stream.
type subscribeSink struct {
	journal   string // of the request; empty: none, or it was used
	notBefore uint64 // of the request and its token, as State.ReadTime; 0: none
	inv       Invocation

	resume    *resumeToken // of the request; nil once the first result was compared with it
	stream    grpc.ServerStream
	metrics   *callMetrics
	result    *convex.Result // sent last
	read      uint64         // the read time that was sent last, as State.ReadTime
	link      convexlive.LinkState
	anonymous bool // the query runs without the caller's identity
	started   bool // an event was sent under this identity
	switching bool // to another identity of the same person: the last result is not sent again while it stays the same
	live.Stream
}

// as is the identity that the query runs as.
func (s *subscribeSink) as() *auth.Identity {
	if s.anonymous {
		return nil
	}
	return s.Identity()
}

// Subscribe implements [live.Sink]. An anonymous query goes on under another identity of its caller.
func (s *subscribeSink) Subscribe(stream *live.Stream, samePerson bool) (live.Source, error) {
	switch before := stream.Source(); {
	case before == nil:
	case s.anonymous:
		return before, nil
	default:
		before.Close()
	}
	if s.switching = samePerson && s.started; !s.switching {
		s.started, s.result = false, nil
	}
	journal := s.journal
	s.journal = ""
	return stream.Subscribe(s.as(), s.inv.Path, s.inv.Args, max(s.notBefore, s.read), journal)
}

// Show implements [live.Sink]. The first state is always sent: as its result, or else as the state of the link.
func (s *subscribeSink) Show(_ *auth.Identity, state convexlive.State) error {
	if s.switching && state.Result == nil {
		return nil
	}
	fresh := state.Result != nil && state.Result != s.result
	if fresh && s.switching && state.Result.SameOutcome(s.result) {
		fresh, s.result = false, state.Result
	}
	s.switching = false
	if !s.started && fresh {
		s.link = convexlive.Connected // implied by the result
	}
	if state.Link != s.link || (!s.started && !fresh) {
		s.link = state.Link
		if err := s.send(ConnectionEvent(s.link, s.as().Tag())); err != nil {
			return err
		}
	}
	update := s.started // and not the first result, which may be older than the stream
	s.started = true
	if !fresh {
		return nil
	}
	s.result, s.read = state.Result, state.ReadTime
	err := s.sendResult(state)
	if update && err == nil {
		s.metrics.delivered(state.Result)
	}
	return err
}

// sendResult sends a result, or that the client has it already.
func (s *subscribeSink) sendResult(state convexlive.State) error {
	e := ResultEvent(state.Result, state.ReadTime, s.as(), &s.inv)
	if s.resume == nil {
		return s.send(e)
	}
	unchanged := s.resume.hash == e.resume.hash
	if s.resume = nil; unchanged {
		return s.send(UnchangedEvent(e))
	}
	return s.send(e)
}

func (s *subscribeSink) send(e any) error {
	s.Sent()
	return s.stream.SendMsg(e)
}

// TokenNeeded implements [live.Sink]. The phases of a token are no events of Subscribe.
func (s *subscribeSink) TokenNeeded(*auth.Identity, time.Time) error { return nil }

// Silent implements [live.Sink].
func (s *subscribeSink) Silent(*auth.Identity, *auth.Error) error { return nil }

// Ended implements [live.Sink].
func (s *subscribeSink) Ended(context.Context, error) error { return nil }

// Heartbeat implements [live.Sink].
func (s *subscribeSink) Heartbeat() error {
	return s.send(ConnectionEvent(s.link, s.as().Tag()))
}
